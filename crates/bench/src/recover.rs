//! Many people are queued when the process is killed; how soon the next one goes on.
//!
//! ```text
//! this process ─► makes the people, the history and the workflow
//!     child 1  ─► activates for everybody and begins; killed with SIGKILL in the middle
//! this process ─► opens a copy by itself: the raw limit, what SQLite takes to have the log back
//!     child 2  ─► opens what is left, says when it is ready and when the first people are settled; killed too
//!     child 3  ─► the same, and processes everybody to the end
//! ```

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use tenure_lifecycle::engine::{Threads, WORKERS};
use tenure_lifecycle::ports::{Cluster as _, Workflows as _};

use crate::child::Child;
use crate::history;
use crate::measure::{Output, peak_rss_mib, place, print, rounded};
use crate::setup::{Work, caller, company, nothing, now, open, user_id};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many users are queued.
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
    /// Results of days gone by that are there before, five tasks each.
    #[arg(long, default_value_t = 0)]
    history: u64,
    #[command(flatten)]
    output: Output,
}

/// What one of the processes is to do.
#[derive(clap::Args)]
pub(crate) struct PhaseArguments {
    #[arg(long)]
    data: PathBuf,
    #[arg(long)]
    users: u64,
    #[arg(long)]
    workflow: i64,
    /// Activates the workflow first.
    #[arg(long)]
    activate: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    users: u64,
    history: u64,
    /// How many were still queued when the process was killed.
    queued: u64,
    database_mi_b: f64,
    /// From the start of the process until the store is open, and until the first people are settled.
    ready_millis: f64,
    working_millis: f64,
    /// SQLite alone: opening what was left of the killed process and reading a row.
    raw_millis: f64,
    peak_rss_mi_b: f64,
}

const PER_RUN: u64 = 100_000;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let (data, users) = (place.path().join("data"), arguments.users);
    std::fs::create_dir(&data)?;
    let workflow = {
        let (store, lifecycle) = open(&data)?;
        let workflow = company(store.as_ref(), &lifecycle, users, Work::Bookkeeping, false)?;
        store.checkpoint()?;
        workflow.number
    };
    history::write(&data, workflow, users, arguments.history)?;
    open(&data)?.0.checkpoint()?;

    let mut first = phase(&data, users, workflow, true)?;
    first.hears("ready")?;
    first.hears("settled")?;
    first.kill()?;
    let database_mi_b = std::fs::metadata(data.join("tenure.db"))?.len() as f64 / (1024.0 * 1024.0);
    let (raw_millis, queued) = raw(&data, &place.path().join("copy"), workflow)?;

    let begun = Instant::now();
    let mut second = phase(&data, users, workflow, false)?;
    second.hears("ready")?;
    let ready = begun.elapsed();
    second.hears("settled")?;
    let working = begun.elapsed();
    second.kill()?;

    let mut third = phase(&data, users, workflow, false)?;
    let peak = loop {
        if let Some(peak) = third.line()?.strip_prefix("through ") {
            break peak.trim().parse::<f64>()?;
        }
    };
    third.kill()?;
    everybody_is_there_once(&data, workflow, users + arguments.history)?;
    let millis = |time: Duration| rounded(time.as_secs_f64() * 1_000.0);
    let figures = Figures {
        users,
        history: arguments.history,
        queued,
        database_mi_b: rounded(database_mi_b),
        ready_millis: millis(ready),
        working_millis: millis(working),
        raw_millis: rounded(raw_millis),
        peak_rss_mi_b: peak,
    };
    print(&figures, arguments.output.json)
}

fn phase(data: &Path, users: u64, workflow: i64, activate: bool) -> anyhow::Result<Child> {
    let mut command = Child::command("recover-phase")?;
    command.arg("--data").arg(data);
    command.args(["--users", &users.to_string(), "--workflow", &workflow.to_string()]);
    if activate {
        command.arg("--activate");
    }
    Child::start(command)
}

/// Opens a copy of what is left: how long that takes, and how many are queued.
fn raw(data: &Path, copy: &Path, workflow: i64) -> anyhow::Result<(f64, u64)> {
    std::fs::create_dir(copy)?;
    for name in ["tenure.db", "tenure.db-wal"] {
        std::fs::copy(data.join(name), copy.join(name))?;
    }
    let begun = Instant::now();
    let connection = Connection::open(copy.join("tenure.db"))?;
    let queued = connection.query_row(
        "SELECT sum(users_queued) FROM runs WHERE workflow = ?1",
        [workflow],
        |row| row.get::<_, i64>(0),
    )?;
    let millis = begun.elapsed().as_secs_f64() * 1_000.0;
    drop(connection);
    std::fs::remove_dir_all(copy)?;
    Ok((millis, queued as u64))
}

fn everybody_is_there_once(data: &Path, workflow: i64, results: u64) -> anyhow::Result<()> {
    let connection = Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    for (what, sql) in [
        (
            "are completed",
            "SELECT count(*) FROM user_results q JOIN runs r ON r.number = q.run
                            WHERE r.workflow = ?1 AND q.status = 2",
        ),
        ("are counted", "SELECT sum(users_successful) FROM runs WHERE workflow = ?1 AND status = 2"),
    ] {
        let found: i64 = connection.query_row(sql, [workflow], |row| row.get(0))?;
        anyhow::ensure!(found as u64 == results, "{found} of {results} {what}");
    }
    Ok(())
}

/// One of the processes. It does not end by itself: it says where it is, and is killed.
pub(crate) fn run_phase(arguments: &PhaseArguments) -> anyhow::Result<()> {
    let (store, lifecycle) = open(&arguments.data)?;
    store.take_over(now())?;
    println!("ready");
    if arguments.activate {
        let workflow = store.workflow_by_number(arguments.workflow)?.context("there is no workflow")?;
        for from in (1..=arguments.users).step_by(PER_RUN as usize) {
            let ids: Vec<_> = (from..=(from + PER_RUN - 1).min(arguments.users)).map(user_id).collect();
            lifecycle.activate(&caller(), workflow.id, &ids)?;
        }
    }
    let connection =
        Connection::open_with_flags(arguments.data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut queued = connection.prepare("SELECT sum(users_queued) FROM runs WHERE workflow = ?1")?;
    let mut queued = || queued.query_row([arguments.workflow], |row| row.get::<_, i64>(0));
    let before = queued()?;
    let _threads = Threads::start(lifecycle, Arc::new(nothing()), WORKERS, false)?;
    while queued()? == before {
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("settled");
    while queued()? > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Those who are leased last are counted as in progress no more when they are settled.
    let mut left = connection.prepare("SELECT count(*) FROM leases")?;
    while left.query_row([], |row| row.get::<_, i64>(0))? > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("through {}", rounded(peak_rss_mib()));
    std::io::stdin().read_exact(&mut [0]).context("nobody kills this process")
}
