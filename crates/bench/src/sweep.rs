//! Sweeps over a large directory: with nobody due, with a day's people due, and from a change of an attribute to its effect.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::SignedDuration;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{Attribute, UserPatch, Value, attribute};
use tenure_lifecycle::engine::{Threads, WORKERS, sweep_all};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{
    Directory as _, Engine as _, NewRun, NewUser, PersonWrite, Subject, Workflows as _,
};
use tenure_lifecycle::run::ExecutionType;
use tenure_lifecycle::workflow::{
    Category, ExecutionConditions, NewTask, NewWorkflow, Offset, Scope, TimeAttribute, Trigger, Workflow,
};
use tenure_store::SqliteStore;

use crate::measure::{Output, place, print, rounded};
use crate::setup::{caller, nothing, now, open, user_id};

/// How often what is quick is measured.
const TIMES: usize = 21;
/// People admitted in one step by a sweep.
const CHUNK: usize = 2_000;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// People in the directory.
    #[arg(long, default_value_t = 1_000_000)]
    users: u64,
    /// Share of them that falls due.
    #[arg(long, default_value_t = 0.0075)]
    share: f64,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    users: u64,
    due: u64,
    /// Nobody due: the median of a sweep, and of the bare index query.
    idle_milliseconds: f64,
    idle_raw_milliseconds: f64,
    /// A share due: the whole sweep, the admission of the same people by itself, what the sweep took beyond it, and the bare index
    /// query.
    due_milliseconds: f64,
    admission_milliseconds: f64,
    beyond_milliseconds: f64,
    due_raw_milliseconds: f64,
    /// From a change of an attribute to its effect: the median, and the longest.
    change_milliseconds: f64,
    longest_change_milliseconds: f64,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let data = place.path();
    let due = (arguments.users as f64 * arguments.share) as u64;
    let (store, lifecycle) = open(data)?;
    people(store.as_ref(), arguments.users, due)?;
    let hire = Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(0) };
    workflow(&lifecycle, "hired", hire)?;
    sweep_all(&lifecycle, now())?;
    store.checkpoint()?;

    let soon = |minutes: i64| now() + SignedDuration::from_mins(minutes);
    let raw = Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut idle = Vec::new();
    let mut idle_raw = Vec::new();
    for minute in 1..=TIMES as i64 {
        let (report, took) = timed(|| sweep_all(&lifecycle, soon(minute)));
        anyhow::ensure!(report?.admitted == 0, "nobody was due");
        idle.push(took);
        let (found, took) = timed(|| between(&raw, soon(minute - 1), soon(minute)));
        anyhow::ensure!(found?.is_empty(), "nobody was due");
        idle_raw.push(took);
    }

    let (found, due_raw) = timed(|| between(&raw, soon(TIMES as i64), soon(120)));
    let numbers = found?;
    anyhow::ensure!(numbers.len() as u64 == due, "{} of {due} are due", numbers.len());
    let admission = admission(data, &numbers)?;
    let (report, whole) = timed(|| sweep_all(&lifecycle, soon(120)));
    anyhow::ensure!(report?.admitted == due, "not everybody who was due was admitted");

    let changes = changes(&lifecycle)?;
    let figures = Figures {
        users: arguments.users,
        due,
        idle_milliseconds: milliseconds(median(idle)),
        idle_raw_milliseconds: milliseconds(median(idle_raw)),
        due_milliseconds: milliseconds(whole),
        admission_milliseconds: milliseconds(admission),
        beyond_milliseconds: milliseconds(whole) - milliseconds(admission),
        due_raw_milliseconds: milliseconds(due_raw),
        change_milliseconds: milliseconds(median(changes.clone())),
        longest_change_milliseconds: milliseconds(changes.into_iter().max().unwrap_or_default()),
    };
    print(&figures, arguments.output.json)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1_000.0)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn known(name: &str) -> anyhow::Result<&'static Attribute> {
    attribute(name).with_context(|| format!("there is no attribute {name}"))
}

/// People who are hired over the next ten years, and some, spread over the directory, within the hour.
fn people(store: &SqliteStore, users: u64, due: u64) -> anyhow::Result<()> {
    let (name, principal) = (known("displayName")?, known("userPrincipalName")?);
    let (hire, department) = (known("employeeHireDate")?, known("department")?);
    let every = users.checked_div(due).unwrap_or(u64::MAX).max(1);
    let mut left = due;
    for from in (1..=users).step_by(5_000) {
        let writes = (from..=(from + 4_999).min(users)).map(|number| {
            let is_due = number % every == 0 && left > 0;
            left -= u64::from(is_due);
            let minutes = if is_due { 60 } else { 1_440 + i64::try_from(number % 5_256_000).unwrap_or(0) };
            PersonWrite::Create(NewUser {
                id: user_id(number),
                set: vec![
                    (name, Value::Text(format!("Person {number}"))),
                    (principal, Value::Text(format!("person{number}@example.com"))),
                    (department, Value::Text("Sales".to_owned())),
                    (hire, Value::DateTime(now() + SignedDuration::from_mins(minutes))),
                ],
                manager: None,
                protected: false,
                feed: None,
                sponsors: vec![],
            })
        });
        let writes: Vec<PersonWrite> = writes.collect();
        store.write_people(&writes, now(), Actor::Engine)?;
    }
    Ok(())
}

fn workflow(lifecycle: &Lifecycle, name: &str, trigger: Trigger) -> anyhow::Result<Workflow> {
    let enable = tenure_lifecycle::task::task_definitions()
        .find(|task| task.display_name == "Enable user account")
        .context("there is no task that enables accounts")?;
    let new = NewWorkflow {
        category: Category::Joiner,
        display_name: name.to_owned(),
        description: None,
        is_enabled: true,
        is_scheduling_enabled: true,
        is_by_interval: None,
        quarantine_configuration: None,
        conditions: ExecutionConditions::TriggerAndScope {
            scope: Scope::Rule { rule: "department eq 'Sales'".to_owned() },
            trigger,
        },
        tasks: vec![NewTask {
            task_definition_id: enable.id(),
            display_name: "Enable".to_owned(),
            description: None,
            is_enabled: true,
            continue_on_error: None,
            execution_sequence: None,
            arguments: vec![],
            retry: None,
        }],
    };
    Ok(lifecycle.create_workflow(&caller(), new)?)
}

/// The index query that a sweep cannot do without.
fn between(
    connection: &Connection,
    after: jiff::Timestamp,
    until: jiff::Timestamp,
) -> rusqlite::Result<Vec<i64>> {
    connection
        .prepare_cached(
            "SELECT number FROM users WHERE deleted IS NULL AND hire IS NOT NULL AND hire > ?1 AND hire <= ?2",
        )?
        .query_map([after.as_millisecond(), until.as_millisecond()], |row| row.get(0))?
        .collect()
}

/// How long admitting these people takes by itself, in a copy of the data.
fn admission(data: &Path, numbers: &[i64]) -> anyhow::Result<Duration> {
    let copy = tempfile::tempdir_in(data)?;
    for file in ["tenure.db", "tenure.db-wal"] {
        if data.join(file).exists() {
            std::fs::copy(data.join(file), copy.path().join(file))?;
        }
    }
    let (store, _) = open(copy.path())?;
    let workflow = store.workflows(false)?.pop().context("there is no workflow")?;
    let run = NewRun {
        workflow: workflow.number,
        version: workflow.version,
        tasks: 1,
        execution_type: ExecutionType::Scheduled,
        scheduled: now(),
        activated_on: None,
    };
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let subjects: Vec<Subject> = store
        .users_by_number(&numbers)?
        .into_iter()
        .map(|user| Subject { user: user.number, change: user.hire_change })
        .collect();
    let (done, took) = timed(|| -> anyhow::Result<()> {
        for chunk in subjects.chunks(CHUNK) {
            store.admit_chunk(&run, chunk, now())?;
        }
        store.finish_sweep(workflow.number, workflow.revision, workflow.cursor, now())?;
        Ok(())
    });
    done?;
    Ok(took)
}

/// From the change of an attribute of one person to the effect on them, with the engine's own threads, several times.
fn changes(lifecycle: &Arc<Lifecycle>) -> anyhow::Result<Vec<Duration>> {
    let trigger = Trigger::AttributeChange { attributes: vec!["jobTitle".to_owned()] };
    workflow(lifecycle, "changed", trigger)?;
    let threads = Threads::start(lifecycle.clone(), Arc::new(nothing()), WORKERS, true)?;
    let mut took = Vec::new();
    let title = known("jobTitle")?;
    for number in 1..=TIMES as u64 {
        let id: UserId = user_id(number * 7);
        // Whatever was queued before is through.
        while !is_idle(lifecycle)? {
            std::thread::yield_now();
        }
        let patch = UserPatch { set: vec![(title, Value::Text("Lead".to_owned()))], ..UserPatch::default() };
        let begun = Instant::now();
        lifecycle.update_user(&caller(), id, &patch)?;
        while lifecycle.store.user(id)?.is_none_or(|user| user.account_enabled != Some(true)) {
            anyhow::ensure!(begun.elapsed() < Duration::from_mins(1), "nothing came of a change");
            std::thread::yield_now();
        }
        took.push(begun.elapsed());
    }
    threads.stop();
    Ok(took)
}

fn is_idle(lifecycle: &Lifecycle) -> anyhow::Result<bool> {
    let lane = tenure_lifecycle::ports::Lane::Any;
    Ok(lifecycle.store.queued_work(now(), &lane)? == tenure_lifecycle::ports::QueuedWork::Nothing)
}
