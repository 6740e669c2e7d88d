//! `process` on PostgreSQL: the same work by one process and by several, beside plain UNNEST inserts of the same final rows.
//!
//! ```text
//! this process ─► makes the people, the groups and the workflow in a database, and copies of it
//!     children ─► for each count: that many processes work on a copy, which this process activates the workflow in
//! this process ─► the raw limit, in the last copy
//! ```

mod database;
mod raw;

use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Serialize;
use tenure_lifecycle::clock::RandomIds;
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::{Threads, WORKERS};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{
    Bell, CallOut, CallReply, CallRequest, Cluster as _, Failure, SendMail, Together,
};
use tenure_lifecycle::workflow::Workflow;
use tenure_store::PostgresStore;

use self::database::Database;
use self::raw::Raw;
use crate::child::Child;
use crate::measure::{print, rounded};
use crate::process::{Arguments, PER_RUN};
use crate::setup::{Work, caller, company, on, user_id};

/// How long a mail takes, and a call.
const OUTSIDE: Duration = Duration::from_millis(20);
/// Mails that a process sends at a time: four turns of sixteen.
const MAILS: f64 = 64.0;
/// Calls of one extension that a process makes at a time: one turn.
const CALLS: f64 = 16.0;

/// What one of the processes is to do.
#[derive(clap::Args)]
pub(crate) struct PhaseArguments {
    #[arg(long)]
    database: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    work: &'static str,
    users: u64,
    runs: Vec<Run>,
    /// Plain inserts, by one connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_users_per_second: Option<f64>,
    /// What the database grew by.
    bytes_per_user: f64,
    /// What was written to the log of the server.
    wal_bytes_per_user: f64,
    /// What the people, and all else that is there before, take.
    bytes_per_person: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    processes: usize,
    users_per_second: f64,
    /// To the raw limit; of what goes outside, to what mails or calls alone take.
    ratio: f64,
    /// To the first of the runs.
    to_first: f64,
}

pub(crate) fn run(server: &str, arguments: &Arguments) -> anyhow::Result<()> {
    let (work, users) = (arguments.work, arguments.users);
    let company_database = Database::create(server, "company")?;
    let workflow = {
        let store = Arc::new(PostgresStore::open(company_database.url(), &RandomIds)?);
        let lifecycle = on(store.clone(), Arc::new(RandomIds));
        company(store.as_ref(), &lifecycle, users, work, false)?
    };
    company_database.settle_down()?;

    let bytes_per_person = rounded(company_database.bytes()? as f64 / users as f64);
    let mut rates = Vec::new();
    let (mut bytes_per_user, mut wal_bytes_per_user) = (0.0, 0.0);
    for processes in &arguments.processes {
        let database = company_database.copy(&format!("engine_{processes}"))?;
        let before = (database.bytes()?, database.wal_bytes()?);
        let seconds = process(&database, &workflow, users, *processes)?;
        let each = |before: u64, after: u64| rounded(after.saturating_sub(before) as f64 / users as f64);
        bytes_per_user = each(before.0, database.bytes()?);
        wal_bytes_per_user = each(before.1, database.wal_bytes()?);
        rates.push((*processes, users as f64 / seconds));
    }
    let at_once = match work {
        Work::Mail => Some(MAILS),
        Work::Call => Some(CALLS),
        Work::Bookkeeping | Work::Mixed => None,
    };
    let raw_rate = if at_once.is_some() {
        None
    } else {
        let database = company_database.copy("raw")?;
        let begun = Instant::now();
        Raw { work, users, workflow: workflow.number }.write(&mut database.client()?)?;
        Some(users as f64 / begun.elapsed().as_secs_f64())
    };
    let first = rates.first().map_or(f64::NAN, |(_, rate)| *rate);
    let outside = at_once.unwrap_or_default() / OUTSIDE.as_secs_f64();
    let limit = |processes: usize| raw_rate.unwrap_or(processes as f64 * outside);
    let runs = rates.iter().map(|(processes, rate)| Run {
        processes: *processes,
        users_per_second: rate.round(),
        ratio: rounded(rate / limit(*processes)),
        to_first: rounded(rate / first),
    });
    let figures = Figures {
        work: work.name(),
        users,
        runs: runs.collect(),
        raw_users_per_second: raw_rate.map(f64::round),
        bytes_per_user,
        wal_bytes_per_user,
        bytes_per_person,
    };
    print(&figures, arguments.output.json)
}

/// Has so many processes do the work, and says how long they took, from the first activation to the last result.
fn process(database: &Database, workflow: &Workflow, users: u64, processes: usize) -> anyhow::Result<f64> {
    let mut children = Vec::new();
    for _ in 0..processes {
        let mut command = Child::command("process-phase")?;
        command.args(["--database", database.url()]);
        children.push(Child::start(command)?);
    }
    for child in &mut children {
        child.hears("ready")?;
    }
    let store = Arc::new(PostgresStore::open(database.url(), &RandomIds)?);
    let lifecycle = on(store.clone(), Arc::new(RandomIds));
    // Those who serve tell each other; this process does not serve, and tells them itself.
    store.hear(Box::new(|_| ()));
    let mut unfinished = database.client()?;
    let begun = Instant::now();
    for from in (1..=users).step_by(PER_RUN as usize) {
        let ids: Vec<_> = (from..=(from + PER_RUN - 1).min(users)).map(user_id).collect();
        lifecycle.activate(&caller(), workflow.id, &ids)?;
        store.tell(Bell::Work);
    }
    let is_through = unfinished.prepare("SELECT count(*) FROM runs WHERE workflow = $1 AND status <> 2")?;
    while unfinished.query_one(&is_through, &[&workflow.number])?.get::<_, i64>(0) > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let seconds = begun.elapsed().as_secs_f64();
    for child in children {
        child.kill()?;
    }
    let done: i64 = unfinished
        .query_one(
            "SELECT count(*) FROM user_results u JOIN runs r ON r.number = u.run WHERE r.workflow = $1 AND u.status = 2",
            &[&workflow.number],
        )?
        .get(0);
    anyhow::ensure!(done as u64 == users, "{done} of {users} are completed");
    Ok(seconds)
}

/// A mail server and an endpoint that take their time.
struct Slow;

impl SendMail for Slow {
    fn send(&self, _mail: &Mail, _key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        std::thread::sleep(OUTSIDE);
        Ok(())
    }
}

impl CallOut for Slow {
    fn call(
        &self,
        _request: CallRequest<'_>,
        _key: EffectKey,
        _deadline: Duration,
    ) -> Result<CallReply, Failure> {
        std::thread::sleep(OUTSIDE);
        Ok(CallReply { body: None })
    }
}

/// One of the processes. It does not end by itself: it is killed.
pub(crate) fn run_phase(arguments: &PhaseArguments) -> anyhow::Result<()> {
    let store = Arc::new(PostgresStore::open(&arguments.database, &RandomIds)?);
    let performer = Arc::new(Together { mail: Slow, calls: Slow });
    let _threads = Threads::start(on(store, Arc::new(RandomIds)), performer, WORKERS, false)?;
    println!("ready");
    std::io::stdin().read_exact(&mut [0]).context("nobody kills this process")
}
