//! The released binary with a long history: how soon it is ready, what it serves to many at once, and how much memory it takes.
//!
//! ```text
//!  this process ─► makes the people, the history and a token
//!                  opens the file with SQLite alone: the raw limit of getting ready
//!  tenure serve ─► with an empty file cache: ready, first page
//!  tenure serve ─► with a warm one: the same; then clients ask for a while, all at once
//!  tenure serve ─► with everybody queued: clients ask until everybody is processed
//! ```

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde_json::Value as Json;

use crate::history;
use crate::measure::{Output, peak_rss_mib_of, place, print, quantile, rounded};
use crate::serve::token;
use crate::setup::{caller, open, user_id};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// People of the directory, who are all processed in the end.
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
    /// Results of days gone by, five tasks each.
    #[arg(long, default_value_t = 10_000_000)]
    results: u64,
    /// How many ask at once.
    #[arg(long, default_value_t = 8)]
    clients: u64,
    /// For how long.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// The binary; by default that beside this one.
    #[arg(long)]
    tenure: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    users: u64,
    results: u64,
    file_mi_b: f64,
    /// SQLite alone, from opening the file to having read a row.
    raw_ready_millis: f64,
    /// With an empty file cache; nothing where the machine does not let it be emptied.
    cold: Option<Start>,
    warm: Start,
    load: Load,
    while_processing: Load,
    processed_per_second: f64,
}

/// How a server begins.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    /// From the start of the process until `/readyz` says so.
    ready_millis: f64,
    /// A page of 100 failed results, the first request of all.
    first_page_millis: f64,
}

/// What is answered while all clients ask.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Load {
    requests_per_second: f64,
    median_millis: f64,
    p99_millis: f64,
    peak_rss_mi_b: f64,
}

const PER_RUN: u64 = 100_000;
const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let data = place.path();
    let workflow = history::with_failures(data, arguments.users, arguments.results, 20)?;
    let token = {
        let (store, lifecycle) = open(data)?;
        let token = token(&lifecycle)?;
        store.checkpoint()?;
        token
    };
    let workflow_path = format!("{WORKFLOWS}/{}", workflow.id);
    let mut asked = Asked { token, workflow: workflow_path, users: arguments.users, results: vec![] };
    let raw_ready_millis = raw(data)?;
    let binary = match &arguments.tenure {
        Some(binary) => binary.clone(),
        None => std::env::current_exe()?.with_file_name("tenure"),
    };
    let cold = if is_cache_emptied() { Some(Server::start(&binary, data, &asked)?.1) } else { None };
    let (server, warm) = Server::start(&binary, data, &asked)?;
    let end = Instant::now() + Duration::from_secs(arguments.seconds);
    asked.results = Client::new(&server.url, &asked).failed(&asked)?;
    let load = server.load(&asked, arguments.clients, || Ok(Instant::now() >= end))?;
    drop(server);

    queue(data, arguments.users, &workflow)?;
    let (server, _) = Server::start(&binary, data, &asked)?;
    let connection = Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut left =
        connection.prepare("SELECT sum(users_queued + users_in_progress) FROM runs WHERE workflow = ?1")?;
    let begun = Instant::now();
    let while_processing = server.load(&asked, arguments.clients, || {
        Ok(left.query_row([workflow.number], |row| row.get::<_, i64>(0))? == 0)
    })?;
    let processed_per_second = (arguments.users as f64 / begun.elapsed().as_secs_f64()).round();
    drop(server);

    let file = std::fs::metadata(data.join("tenure.db"))?.len();
    let figures = Figures {
        users: arguments.users,
        results: arguments.results,
        file_mi_b: (file as f64 / (1024.0 * 1024.0)).round(),
        raw_ready_millis,
        cold,
        warm,
        load,
        while_processing,
        processed_per_second,
    };
    print(&figures, arguments.output.json)
}

/// Everybody is to be processed.
fn queue(data: &Path, users: u64, workflow: &tenure_lifecycle::workflow::Workflow) -> anyhow::Result<()> {
    let (_store, lifecycle) = open(data)?;
    for from in (1..=users).step_by(PER_RUN as usize) {
        let ids: Vec<_> = (from..=(from + PER_RUN - 1).min(users)).map(user_id).collect();
        lifecycle.activate(&caller(), workflow.id, &ids)?;
    }
    Ok(())
}

/// SQLite alone.
fn raw(data: &Path) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let connection = Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.query_row("SELECT * FROM user_results LIMIT 1", [], |_| Ok(()))?;
    Ok(millis_since(begun))
}

/// Empties the cache of files, where that is allowed.
fn is_cache_emptied() -> bool {
    Command::new("sync").status().is_ok_and(|status| status.success())
        && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn millis_since(begun: Instant) -> f64 {
    rounded(begun.elapsed().as_secs_f64() * 1_000.0)
}

/// A server, until it is dropped.
struct Server {
    process: std::process::Child,
    url: String,
}

impl Server {
    fn start(binary: &Path, data: &Path, asked: &Asked) -> anyhow::Result<(Self, Start)> {
        let begun = Instant::now();
        let mut process = Command::new(binary)
            .args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let said = process.stdout.take().context("the server says nothing")?;
        let mut server = Self { process, url: String::new() };
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        let said: Json = serde_json::from_str(&line).context("the server does not start")?;
        said["url"].as_str().context("the server does not say where it is")?.clone_into(&mut server.url);
        let client = Client::new(&server.url, asked);
        while client.get("/readyz").is_err() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let ready_millis = millis_since(begun);
        let begun = Instant::now();
        client.get(&asked.failed())?;
        Ok((server, Start { ready_millis, first_page_millis: millis_since(begun) }))
    }

    /// All clients ask until it is enough.
    fn load(
        &self,
        asked: &Asked,
        clients: u64,
        mut is_enough: impl FnMut() -> anyhow::Result<bool>,
    ) -> anyhow::Result<Load> {
        let is_over = AtomicBool::new(false);
        let begun = Instant::now();
        let times = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..clients)
                .map(|number| {
                    let client = Client::new(&self.url, asked);
                    let is_over = &is_over;
                    scope.spawn(move || client.ask(asked, number, is_over))
                })
                .collect();
            let enough = loop {
                std::thread::sleep(Duration::from_millis(50));
                match is_enough() {
                    Ok(false) => {}
                    enough => break enough,
                }
            };
            is_over.store(true, Ordering::Relaxed);
            let times = asking
                .into_iter()
                .map(|client| client.join().map_err(|_| anyhow::anyhow!("a client panicked"))?);
            let times = times.collect::<anyhow::Result<Vec<_>>>()?.concat();
            enough.map(|_| times)
        })?;
        Ok(Load {
            requests_per_second: (times.len() as f64 / begun.elapsed().as_secs_f64()).round(),
            median_millis: rounded(quantile(times.clone(), 0.5)),
            p99_millis: rounded(quantile(times, 0.99)),
            peak_rss_mi_b: rounded(peak_rss_mib_of(&self.process.id().to_string())),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is gone either way.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// What is asked for, and by whom.
struct Asked {
    token: String,
    workflow: String,
    users: u64,
    /// Some that have failed.
    results: Vec<String>,
}

impl Asked {
    fn failed(&self) -> String {
        format!("{}/userProcessingResults?$filter=processingStatus%20eq%20'failed'&$top=100", self.workflow)
    }
}

struct Client {
    agent: ureq::Agent,
    url: String,
    token: String,
}

impl Client {
    fn new(url: &str, asked: &Asked) -> Self {
        let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
        Self { agent, url: url.to_owned(), token: format!("Bearer {}", asked.token) }
    }

    fn get(&self, path: &str) -> anyhow::Result<String> {
        let request = self.agent.get(format!("{}{path}", self.url)).header("authorization", &self.token);
        Ok(request.call().with_context(|| path.to_owned())?.body_mut().read_to_string()?)
    }

    /// Some results that have failed.
    fn failed(&self, asked: &Asked) -> anyhow::Result<Vec<String>> {
        let page: Json = serde_json::from_str(&self.get(&asked.failed())?)?;
        let ids = page["value"].as_array().into_iter().flatten().filter_map(|result| result["id"].as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// Asks for this and that, and gives how many milliseconds each answer took.
    fn ask(&self, asked: &Asked, number: u64, is_over: &AtomicBool) -> anyhow::Result<Vec<f64>> {
        let (workflow, results) = (&asked.workflow, &asked.results);
        let some = |place: u64| results.get(place as usize % results.len().max(1));
        let (mut times, mut next) = (vec![], None);
        let mut place = number * 7_919;
        while !is_over.load(Ordering::Relaxed) {
            place += 104_729;
            let path = match times.len() % 8 {
                0 => asked.failed(),
                1 => next.take().unwrap_or_else(|| format!("{workflow}/userProcessingResults?$top=100")),
                2 => {
                    let result = some(place).context("nobody has failed")?;
                    format!("{workflow}/userProcessingResults/{result}/taskProcessingResults")
                }
                3 => format!(
                    "{workflow}/userProcessingResults/summary(startDateTime=2026-02-0{}T05:00:00Z,endDateTime=2026-02-2{}T07:00:00Z)",
                    place % 9 + 1,
                    place % 9
                ),
                4 => format!("/v1.0/users/{}", user_id(place % asked.users + 1).0),
                5 => format!(
                    "/v1.0/users?$filter=startswith(displayName,'Person%20{}')&$top=100",
                    place % asked.users
                ),
                6 => format!("{workflow}/runs?$top=20"),
                _ => format!("{workflow}/taskReports?$top=20"),
            };
            let begun = Instant::now();
            let answer = self.get(&path)?;
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            if times.len() % 8 == 2 {
                let page: Json = serde_json::from_str(&answer)?;
                let link = page["@odata.nextLink"].as_str();
                next = link.and_then(|link| link.strip_prefix(&self.url)).map(str::to_owned);
            }
        }
        Ok(times)
    }
}
