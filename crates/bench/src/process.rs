//! Users admitted, leased, planned and settled, beside the raw limit.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tenure_lifecycle::clock::SystemClock;
use tenure_lifecycle::engine::{Threads, WORKERS};
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{Engine, NoCalls, Perform, Query, QueuedWork, Results, Together};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Workflow;
use tenure_notify::Outbox;
use tenure_store::SqliteStore;

use crate::history;
use crate::measure::{Output, database_bytes, peak_rss_mib, place, print, rounded};
use crate::postgres;
use crate::raw::Raw;
use crate::setup::{NOW, Work, caller, company, now, open, user_id};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many users there are.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) users: u64,
    /// Which share of them is processed: one in so many, scattered over the directory.
    #[arg(long, default_value_t = 1.0)]
    share: f64,
    /// Results of days gone by that are there before, five tasks each.
    #[arg(long, default_value_t = 0)]
    history: u64,
    /// What is done for each.
    #[arg(long, value_enum, default_value = "bookkeeping")]
    pub(crate) work: Work,
    /// A PostgreSQL on which databases may be made, such as `postgresql://postgres@127.0.0.1/postgres`: everything is kept
    /// there, and the raw limit is UNNEST.
    #[arg(long, conflicts_with_all = ["share", "history"])]
    database: Option<String>,
    /// How many processes share the work there, one figure each.
    #[arg(long, value_delimiter = ',', default_value = "1", requires = "database")]
    pub(crate) processes: Vec<usize>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    work: &'static str,
    /// How many were processed.
    users: u64,
    /// How many there are.
    people: u64,
    history: u64,
    users_per_second: f64,
    tasks_per_second: f64,
    raw_users_per_second: f64,
    ratio: f64,
    bytes_per_user: f64,
    peak_rss_mi_b: f64,
    /// The same work with a welcome mail to `outbox/`, over at most 20,000 users.
    #[serde(skip_serializing_if = "Option::is_none")]
    with_mail_users_per_second: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_users: Option<u64>,
}

/// Users of one activate call, and so of one run.
pub(crate) const PER_RUN: u64 = 100_000;
/// Each mail is a file that is synced: a part of the users tells how long that takes.
const MAILS: u64 = 20_000;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(database) = &arguments.database {
        return postgres::run(database, arguments);
    }
    anyhow::ensure!(
        matches!(arguments.work, Work::Bookkeeping | Work::Mixed),
        "what goes outside is measured with --database"
    );
    let place = place(arguments.output.directory.as_deref())?;
    let (engine, raw) = (place.path().join("engine"), place.path().join("raw"));
    std::fs::create_dir(&engine)?;
    std::fs::create_dir(&raw)?;
    let (work, people) = (arguments.work, arguments.users);
    anyhow::ensure!(arguments.share > 0.0 && arguments.share <= 1.0, "a share is more than 0, and at most 1");
    let every = (1.0 / arguments.share).round() as u64;
    let users = people.div_ceil(every);

    let workflow = {
        let (store, lifecycle) = open(&engine)?;
        let workflow = company(store.as_ref(), &lifecycle, people, work, false)?;
        store.checkpoint()?;
        workflow
    };
    history::write(&engine, workflow.number, people, arguments.history)?;
    open(&engine)?.0.checkpoint()?;
    std::fs::copy(engine.join("tenure.db"), raw.join("tenure.db"))?;
    let before = database_bytes(&engine)?;

    let (store, lifecycle) = open(&engine)?;
    let seconds = process(&store, &lifecycle, &workflow, (users, every), &engine)?;
    let peak = peak_rss_mib();
    store.checkpoint()?;
    drop((store, lifecycle));
    let grown = database_bytes(&engine)?.saturating_sub(before);

    let begun = Instant::now();
    let limit = Raw {
        work,
        users,
        every,
        at: NOW,
        per_run: PER_RUN,
        workflow: workflow.number,
        actor: caller().id.0.into_bytes(),
    };
    limit.write(&raw)?;
    let raw_seconds = begun.elapsed().as_secs_f64();

    let with_mail = match work {
        Work::Bookkeeping | Work::Mail | Work::Call => None,
        Work::Mixed => Some(with_mail(place.path(), users.min(MAILS))?),
    };
    let (rate, raw_rate) = (users as f64 / seconds, users as f64 / raw_seconds);
    let figures = Figures {
        work: work.name(),
        users,
        people,
        history: arguments.history,
        users_per_second: rate.round(),
        tasks_per_second: (rate * workflow.tasks.len() as f64).round(),
        raw_users_per_second: raw_rate.round(),
        ratio: rounded(rate / raw_rate),
        bytes_per_user: rounded(grown as f64 / users as f64),
        peak_rss_mi_b: rounded(peak),
        with_mail_users_per_second: with_mail.map(f64::round),
        mail_users: with_mail.map(|_| users.min(MAILS)),
    };
    print(&figures, arguments.output.json)
}

fn with_mail(place: &Path, users: u64) -> anyhow::Result<f64> {
    let directory = place.join("mail");
    std::fs::create_dir(&directory)?;
    let (store, lifecycle) = open(&directory)?;
    let workflow = company(store.as_ref(), &lifecycle, users, Work::Mixed, true)?;
    let seconds = process(&store, &lifecycle, &workflow, (users, 1), &directory)?;
    let mails = std::fs::read_dir(directory.join("outbox"))?.count() as u64;
    anyhow::ensure!(mails == users, "{mails} mails for {users} users");
    Ok(users as f64 / seconds)
}

/// Activates the workflow for so many, each so many places from the one before, and waits until everybody is through.
fn process(
    store: &Arc<SqliteStore>,
    lifecycle: &Arc<Lifecycle>,
    workflow: &Workflow,
    (users, every): (u64, u64),
    directory: &Path,
) -> anyhow::Result<f64> {
    let performer: Arc<dyn Perform> = Arc::new(Together {
        mail: Outbox::new(directory.join("outbox"), Arc::new(SystemClock)),
        calls: NoCalls,
    });
    let begun = Instant::now();
    let threads = Threads::start(lifecycle.clone(), performer, WORKERS, false)?;
    let caller = caller();
    for from in (1..=users).step_by(PER_RUN as usize) {
        let places = from..=(from + PER_RUN - 1).min(users);
        let ids: Vec<_> = places.map(|place| user_id((place - 1) * every + 1)).collect();
        lifecycle.activate(&caller, workflow.id, &ids)?;
    }
    loop {
        let unfinished = |store: &SqliteStore| -> anyhow::Result<bool> {
            if store.queued_work(now(), &tenure_lifecycle::ports::Lane::Any)? != QueuedWork::Nothing {
                return Ok(true);
            }
            let query = Query { limit: 100, ..Query::default() };
            Ok(store
                .list_runs(workflow.number, &query)?
                .items
                .iter()
                .any(|run| run.status != Status::Completed))
        };
        if !unfinished(store)? {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = begun.elapsed().as_secs_f64();
    threads.stop();
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// Every table as text, rows in key order.
    fn tables(directory: &Path) -> Vec<(String, Vec<String>)> {
        let connection = Connection::open(directory.join("tenure.db")).unwrap();
        let mut names = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .unwrap();
        let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        names
            .into_iter()
            .map(|name| {
                // How often the data were opened is not work.
                let counted = if name == "meta" { "WHERE key <> 'process'" } else { "" };
                let mut statement = connection.prepare(&format!("SELECT * FROM {name} {counted}")).unwrap();
                // Where the audit stood, and the place in the line: the raw limit has neither.
                let is_ours = |name: &str| !["change_from", "change_to", "turn"].contains(&name);
                let named = statement.column_names().enumerate();
                let columns: Vec<usize> =
                    named.filter(|(_, name)| is_ours(name)).map(|(column, _)| column).collect();
                let mut rows: Vec<String> = statement
                    .query_map([], |row| {
                        let cells =
                            columns.iter().map(|column| format!("{:?}", row.get_ref(*column).unwrap()));
                        Ok(cells.collect::<Vec<_>>().join("|"))
                    })
                    .unwrap()
                    .map(Result::unwrap)
                    .collect();
                rows.sort();
                (name, rows)
            })
            .collect()
    }

    fn both_end_with_equal_tables(work: Work) {
        let place = tempfile::tempdir().unwrap();
        let (engine, raw) = (place.path().join("engine"), place.path().join("raw"));
        std::fs::create_dir(&engine).unwrap();
        std::fs::create_dir(&raw).unwrap();
        let users = 2_500;
        let workflow = {
            let (store, lifecycle) = open(&engine).unwrap();
            let workflow = company(store.as_ref(), &lifecycle, users, work, false).unwrap();
            store.checkpoint().unwrap();
            workflow
        };
        std::fs::copy(engine.join("tenure.db"), raw.join("tenure.db")).unwrap();
        {
            // One worker: then the audit entries come in order too.
            let (_store, lifecycle) = open(&engine).unwrap();
            let ids: Vec<_> = (1..=users).map(user_id).collect();
            lifecycle.activate(&caller(), workflow.id, &ids).unwrap();
            let outbox =
                Together { mail: Outbox::new(engine.join("outbox"), Arc::new(SystemClock)), calls: NoCalls };
            tenure_lifecycle::engine::Worker::new(&lifecycle, &outbox, 1).drain().unwrap();
        }
        let limit = Raw {
            work,
            users,
            every: 1,
            at: NOW,
            per_run: PER_RUN,
            workflow: workflow.number,
            actor: caller().id.0.into_bytes(),
        };
        limit.write(&raw).unwrap();
        for (engine, raw) in tables(&engine).into_iter().zip(tables(&raw)) {
            assert_eq!(engine.0, raw.0);
            assert_eq!(engine.1.len(), raw.1.len(), "rows of {}", raw.0);
            for (engine, raw) in engine.1.iter().zip(&raw.1) {
                assert_eq!(engine, raw);
            }
        }
    }

    #[test]
    fn bookkeeping_ends_with_the_rows_of_the_raw_limit() {
        both_end_with_equal_tables(Work::Bookkeeping);
    }

    #[test]
    fn mixed_work_ends_with_the_rows_of_the_raw_limit() {
        both_end_with_equal_tables(Work::Mixed);
    }
}
