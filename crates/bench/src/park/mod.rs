//! Users who wait to be called back: parked by a process that is killed, resumed by the next one.
//!
//! ```text
//! this process ─► makes the people, an extension that waits and the workflow
//!     child 1  ─► activates, calls, parks everybody; killed with SIGKILL when all wait
//!     child 2  ─► opens what is left, answers for everybody, processes them to the end
//! this process ─► looks whether everybody is there once
//! ```

mod phase;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use tenure_lifecycle::extension::CallbackPatch;
use tenure_lifecycle::workflow::Argument;

use crate::measure::{Output, database_bytes, place, print, rounded};
use crate::setup::{Work, extension, open, people, workflow};

use phase::Phase;
pub(crate) use phase::{Arguments as PhaseArguments, run as run_phase};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many users wait.
    #[arg(long, default_value_t = 100_000)]
    users: u64,
    #[command(flatten)]
    output: Output,
}

/// What a phase says when it is through.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    seconds: f64,
    calls: u64,
    peak_rss_mi_b: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    users: u64,
    parked_per_second: f64,
    resumed_per_second: f64,
    bytes_per_parked_user: f64,
    peak_rss_mi_b: f64,
}

/// The most memory that a process may use, however many people wait.
const MOST_MI_B: f64 = 500.0;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let (data, users) = (place.path(), arguments.users);
    let number = {
        let (store, lifecycle) = open(data)?;
        people(store.as_ref(), users, Work::Mixed)?;
        let callback =
            CallbackPatch { timeout_duration: Some("PT3H".to_owned()), ..CallbackPatch::default() };
        let named = Argument {
            name: "customTaskExtensionID".to_owned(),
            value: extension(&lifecycle, Some(callback))?,
        };
        let tasks = vec![
            ("Run a custom task extension".to_owned(), vec![named]),
            ("Enable user account".to_owned(), Vec::new()),
        ];
        let workflow = workflow(&lifecycle, "wait", tasks)?;
        store.checkpoint()?;
        workflow.number
    };
    let before = database_bytes(data)?;
    let parked = phase(Phase::Wait, data, users, number)?;
    let grown = bytes_in(data)?.saturating_sub(before);
    let resumed = phase(Phase::Resume, data, users, number)?;
    everybody_is_there_once(data, users)?;
    anyhow::ensure!(
        (parked.calls, resumed.calls) == (users, 0),
        "{} calls were made, and {} after the kill",
        parked.calls,
        resumed.calls
    );
    let peak_rss_mi_b = rounded(parked.peak_rss_mi_b.max(resumed.peak_rss_mi_b));
    anyhow::ensure!(peak_rss_mi_b < MOST_MI_B, "{peak_rss_mi_b} MiB were used, {MOST_MI_B} are allowed");
    let figures = Figures {
        users,
        parked_per_second: (users as f64 / parked.seconds).round(),
        resumed_per_second: (users as f64 / resumed.seconds).round(),
        bytes_per_parked_user: rounded(grown as f64 / users as f64),
        peak_rss_mi_b,
    };
    print(&figures, arguments.output.json)
}

/// Lets a process of its own do a phase, and kills it with SIGKILL as soon as it has said what it has to say.
fn phase(phase: Phase, data: &Path, users: u64, workflow: i64) -> anyhow::Result<Said> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["park-phase", "--phase", phase.as_str()])
        .arg("--data")
        .arg(data)
        .args(["--users", &users.to_string(), "--workflow", &workflow.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    if let Some(stdout) = child.stdout.take() {
        BufReader::new(stdout).read_line(&mut said)?;
    }
    child.kill()?;
    child.wait()?;
    serde_json::from_str(&said).with_context(|| format!("the phase {} came to no end", phase.as_str()))
}

/// Bytes of the database and of what is not yet in it.
fn bytes_in(data: &Path) -> anyhow::Result<u64> {
    let log = std::fs::metadata(data.join("tenure.db-wal")).map_or(0, |log| log.len());
    Ok(database_bytes(data)?.max(log))
}

/// What has to hold when everybody is through, and what counts those for whom it does.
const EVERYBODY: [(&str, &str); 5] = [
    ("completed", "SELECT count(*) FROM user_results WHERE status = 2 AND failed = 0 AND unprocessed = 0"),
    ("counted as completed", "SELECT sum(users_successful) FROM runs WHERE status = 2"),
    ("answered once", "SELECT count(*) FROM audit WHERE activity = 58"),
    ("enabled", "SELECT count(*) FROM users WHERE account_enabled = 1"),
    (
        "done with both tasks",
        "SELECT count(*) FROM (SELECT 1 FROM task_results WHERE status = 2 GROUP BY run, seq HAVING count(*) = 2)",
    ),
];

fn everybody_is_there_once(data: &Path, users: u64) -> anyhow::Result<()> {
    let connection = Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
    for (what, sql) in EVERYBODY {
        let found = count(sql)?.unwrap_or_default();
        anyhow::ensure!(found == users as i64, "{found} of {users} are {what}");
    }
    let left = count(
        "SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM requeued) + (SELECT count(*) FROM in_flight)",
    )?;
    anyhow::ensure!(left == Some(0), "{left:?} are left over");
    Ok(())
}
