//! What each of the two processes does. Neither ends by itself: it says one line, and is killed.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::Connection;
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::{Threads, WORKERS};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{
    Answer, CallOut, CallReply, CallRequest, Cluster as _, Engine, Failure, Perform, Query, QueuedWork,
    Results, SendMail, Workflows,
};
use tenure_lifecycle::run::Run;
use tenure_store::SqliteStore;

use super::Said;
use crate::measure::peak_rss_mib;
use crate::setup::{caller, now, open, user_id};

/// Users of one activate call, and so of one run.
const PER_RUN: u64 = 100_000;
/// Callers who answer at once.
const CALLERS: usize = 8;

#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Phase {
    /// Everybody is called about, and waits.
    Wait,
    /// Everybody is answered for.
    Resume,
}

impl Phase {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Resume => "resume",
        }
    }
}

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, value_enum)]
    phase: Phase,
    #[arg(long)]
    data: PathBuf,
    #[arg(long)]
    users: u64,
    #[arg(long)]
    workflow: i64,
}

/// Accepts every call at once, and counts.
#[derive(Default)]
struct Accepting(AtomicU64);

impl CallOut for Accepting {
    fn call(&self, _: CallRequest<'_>, _: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(CallReply { body: None })
    }
}

impl SendMail for Accepting {
    fn send(&self, _: &Mail, _: EffectKey, _: Duration) -> Result<(), Failure> {
        Ok(())
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let (store, lifecycle) = open(&arguments.data)?;
    store.take_over(now())?;
    let calls = Arc::new(Accepting::default());
    let performer: Arc<dyn Perform> = calls.clone();
    let begun = Instant::now();
    // They go on until this process is killed.
    let _threads = Threads::start(lifecycle.clone(), performer, WORKERS, false)?;
    match arguments.phase {
        Phase::Wait => wait(arguments, &store, &lifecycle, &calls)?,
        Phase::Resume => resume(arguments, &store, &lifecycle)?,
    }
    let said = Said {
        seconds: begun.elapsed().as_secs_f64(),
        calls: calls.0.load(Ordering::Relaxed),
        peak_rss_mi_b: peak_rss_mib(),
    };
    println!("{}", serde_json::to_string(&said)?);
    std::io::stdin().read_exact(&mut [0]).context("nobody kills this process")
}

fn runs(arguments: &Arguments, store: &SqliteStore) -> anyhow::Result<Vec<Run>> {
    let query = Query { limit: 1_000, ..Query::default() };
    Ok(store.list_runs(arguments.workflow, &query)?.items)
}

/// Activates for everybody and waits until everybody waits.
fn wait(
    arguments: &Arguments,
    store: &SqliteStore,
    lifecycle: &Lifecycle,
    calls: &Accepting,
) -> anyhow::Result<()> {
    let workflow = store.workflow_by_number(arguments.workflow)?.context("there is no workflow")?;
    for from in (1..=arguments.users).step_by(PER_RUN as usize) {
        let ids: Vec<_> = (from..=(from + PER_RUN - 1).min(arguments.users)).map(user_id).collect();
        lifecycle.activate(&caller(), workflow.id, &ids)?;
    }
    let connection = Connection::open(arguments.data.join("tenure.db"))?;
    until(|| {
        if calls.0.load(Ordering::Relaxed) < arguments.users {
            return Ok(false);
        }
        let parked: i64 = connection.query_row(
            "SELECT count(*) FROM pending WHERE waits_until IS NOT NULL",
            [],
            |row| row.get(0),
        )?;
        Ok(parked as u64 == arguments.users)
    })
}

/// Answers for everybody, several callers at a time, and waits until everybody is through.
fn resume(arguments: &Arguments, store: &SqliteStore, lifecycle: &Lifecycle) -> anyhow::Result<()> {
    let places: Vec<_> = runs(arguments, store)?
        .iter()
        .flat_map(|run| (1..=run.counters.users.total).map(|seq| (run.number, seq, 1)))
        .collect();
    let lost = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for part in 0..CALLERS {
            let (places, lost) = (&places, &lost);
            scope.spawn(move || {
                for place in places.iter().skip(part).step_by(CALLERS) {
                    if !matches!(lifecycle.resume(&caller(), *place, Answer::Completed), Ok(true)) {
                        lost.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let lost = lost.into_inner();
    anyhow::ensure!(lost == 0, "{lost} do not wait any more");
    until(|| {
        let through = runs(arguments, store)?.iter().all(|run| run.status.is_finished());
        Ok(through && store.queued_work(now(), &tenure_lifecycle::ports::Lane::Any)? == QueuedWork::Nothing)
    })
}

fn until(mut done: impl FnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    while !done()? {
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
