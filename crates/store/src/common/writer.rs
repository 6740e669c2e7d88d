//! A writer, of several that are beside one another or the only one: takes whatever waits, does it in one transaction, answers when it is on disk. No timer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;

use tenure_lifecycle::ports::StoreError;

use super::db::Connection;
use super::failure::{Cause, database};
use super::transaction;
use crate::watch::{Moment, Watch};

/// Most jobs of one transaction.
const TOGETHER: usize = 256;

pub(super) type Answer = Box<dyn FnOnce(Result<(), NotCommitted>) + Send>;

/// Why nothing of a transaction is kept.
#[derive(Clone)]
pub(super) struct NotCommitted {
    cause: Cause,
    text: String,
}

/// The second value says that other jobs share the transaction.
type Work = Box<dyn FnOnce(&Connection, bool) -> Answer + Send>;

/// Whether the transactions of a writer have the store for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nobody else writes.
    Alone,
    /// Others may write who take this turn too: each locks the rows that several may want.
    Beside,
}

/// What the writing thread is asked for.
struct Job {
    work: Work,
    /// What changes the connection itself is done behind the transaction, by itself.
    is_inside: bool,
}

/// The writing thread.
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// How many wait for an answer.
    pub(super) waiting: AtomicUsize,
    pub(super) watch: Option<Arc<dyn Watch>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, turn: Turn) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, turn, &waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), waiting: AtomicUsize::new(0), watch: None })
    }

    /// Does `job` in a transaction and returns when it is durable; nothing of it is left if it fails.
    pub(super) fn write<T, E>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.reached(Moment::Write);
        let (sender, answer) = sync_channel(1);
        let job = move |connection: &Connection, shared: bool| -> Answer {
            let result = if shared { in_savepoint(connection, job) } else { alone(connection, job) };
            Box::new(move |committed: Result<(), NotCommitted>| {
                let result = match committed {
                    Ok(()) => result,
                    Err(NotCommitted { cause, text }) => Err(E::from(cause.store_error(text.into()))),
                };
                // Nobody waits any more: the caller is gone.
                drop(sender.send(result));
            })
        };
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let answer = self.send(Box::new(job), true).map(|()| answer.recv());
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let answer = answer?;
        self.reached(Moment::Written);
        answer.map_err(|_| StoreError::Closed)?
    }

    /// Tells whoever watches.
    pub(super) fn reached(&self, moment: Moment) {
        if let Some(watch) = &self.watch {
            watch.reached(moment);
        }
    }

    pub(super) fn send(&self, work: Work, is_inside: bool) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Job { work, is_inside }).map_err(|_| StoreError::Closed)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(connection: &Connection, turn: Turn, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        while jobs.len() < TOGETHER
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        together(connection, turn, jobs);
    }
}

fn together(connection: &Connection, turn: Turn, jobs: Vec<Job>) {
    let mut answers = Vec::with_capacity(jobs.len());
    let mut after = Vec::new();
    let shared = jobs.len() > 1;
    let begun = transaction::begin(connection, turn);
    for Job { work, is_inside } in jobs {
        if is_inside {
            answers.push(work(connection, shared));
        } else {
            after.push(work);
        }
    }
    // A full disk or an I/O error ends the transaction: then nothing of the batch is kept. The failure of a job that
    // has the transaction for itself ends it too, and its answer says so already.
    let ended = !shared && connection.is_autocommit();
    let lost = shared && begun.is_ok() && connection.is_autocommit();
    let committed = begun
        .and_then(|()| if ended { Ok(()) } else { transaction::commit(connection) })
        .map_err(|error| NotCommitted {
            cause: if lost { transaction::LOST } else { Cause::of(&error) },
            text: error.to_string(),
        });
    if committed.is_err() && !connection.is_autocommit() {
        drop(transaction::roll_back(connection));
    }
    if let Err(NotCommitted { text, .. }) = &committed {
        tracing::error!(cause = text, "a transaction could not be committed");
    }
    for answer in answers {
        answer(committed.clone());
    }
    for work in after {
        work(connection, false)(Ok(()));
    }
}

/// Does a job that has the transaction for itself: if it fails, the transaction is ended.
fn alone<T, E: From<StoreError>>(
    connection: &Connection,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    if connection.is_autocommit() {
        return Err(E::from(StoreError::Database("there is no transaction".into())));
    }
    let result = guarded(connection, job);
    if result.is_err() && !connection.is_autocommit() {
        transaction::roll_back(connection).map_err(|error| E::from(database(error)))?;
    } else if result.is_ok() && connection.is_autocommit() {
        return Err(E::from(StoreError::Database("the transaction ended early".into())));
    }
    result
}

fn guarded<T, E: From<StoreError>>(
    connection: &Connection,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(|| job(connection)))
        .unwrap_or_else(|panic| Err(E::from(StoreError::Database(text_of(panic.as_ref()).into()))))
}

fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    if connection.is_autocommit() {
        return Err(E::from(StoreError::Database("there is no transaction".into())));
    }
    let failed = |error| E::from(database(error));
    transaction::savepoint(connection).map_err(failed)?;
    let result = guarded(connection, job);
    if result.is_err() && !connection.is_autocommit() {
        transaction::go_back(connection).map_err(failed)?;
    }
    if !connection.is_autocommit() {
        transaction::release(connection).map_err(failed)?;
    }
    result
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a write panicked".to_owned())
}
