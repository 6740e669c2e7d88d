//! The one writer: takes whatever waits, does it in one transaction, answers when it is on disk. No timer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tenure_lifecycle::ports::StoreError;

use super::failure::{Cause, database};
use crate::watch::{Moment, Watch};

/// Most jobs of one transaction.
const TOGETHER: usize = 256;

type Answer = Box<dyn FnOnce(Result<(), NotCommitted>) + Send>;

/// Why nothing of a transaction is kept.
#[derive(Clone)]
struct NotCommitted {
    cause: Cause,
    text: String,
}

/// The second value says that other jobs share the transaction.
type Write = Box<dyn FnOnce(&Connection, bool) -> Answer + Send>;

enum Job {
    Write(Write),
    Checkpoint(Box<dyn FnOnce(&Connection) + Send>),
}

/// The writing thread.
pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    pub(super) watch: Option<Arc<dyn Watch>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, &waiting))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), watch: None })
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
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Job::Write(Box::new(job))).map_err(|_| StoreError::Closed)?;
        let answer = answer.recv();
        self.reached(Moment::Written);
        answer.map_err(|_| StoreError::Closed)?
    }

    /// Has a setting of the connection changed, outside of any transaction.
    #[cfg(test)]
    pub(super) fn set(&self, pragma: &'static str) {
        let (sender, answer) = sync_channel(1);
        let job = move |connection: &Connection| {
            drop(sender.send(connection.execute_batch(&format!("PRAGMA {pragma}"))));
        };
        self.jobs.as_ref().unwrap().send(Job::Checkpoint(Box::new(job))).unwrap();
        answer.recv().unwrap().unwrap();
    }

    /// Tells whoever watches.
    pub(super) fn reached(&self, moment: Moment) {
        if let Some(watch) = &self.watch {
            watch.reached(moment);
        }
    }

    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        let (sender, answer) = sync_channel(1);
        let job = move |connection: &Connection| {
            let done =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(database);
            drop(sender.send(done));
        };
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Job::Checkpoint(Box::new(job))).map_err(|_| StoreError::Closed)?;
        answer.recv().map_err(|_| StoreError::Closed)?
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

fn run(connection: &Connection, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut jobs = vec![first];
        while jobs.len() < TOGETHER
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        together(connection, jobs);
    }
}

fn together(connection: &Connection, jobs: Vec<Job>) {
    let mut answers = Vec::with_capacity(jobs.len());
    let mut after = Vec::new();
    let shared = jobs.len() > 1;
    let begun = connection.execute_batch("BEGIN IMMEDIATE");
    for job in jobs {
        match job {
            Job::Write(job) => answers.push(job(connection, shared)),
            Job::Checkpoint(job) => after.push(job),
        }
    }
    // A full disk or an I/O error ends the transaction: then nothing of the batch is kept. The failure of a job that
    // has the transaction for itself ends it too, and its answer says so already.
    let end = if !shared && connection.is_autocommit() { "" } else { "COMMIT" };
    let lost = shared && begun.is_ok() && connection.is_autocommit();
    let committed = begun.and_then(|()| connection.execute_batch(end)).map_err(|error| NotCommitted {
        // SQLite gives up a whole transaction only if the disk fails under it.
        cause: if lost { Cause::Unwritable } else { Cause::of(&error) },
        text: error.to_string(),
    });
    if committed.is_err() && !connection.is_autocommit() {
        drop(connection.execute_batch("ROLLBACK"));
    }
    if let Err(NotCommitted { text, .. }) = &committed {
        tracing::error!(cause = text, "a transaction could not be committed");
    }
    for answer in answers {
        answer(committed.clone());
    }
    for job in after {
        job(connection);
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
        connection.execute_batch("ROLLBACK").map_err(|error| E::from(database(error)))?;
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
    let step = |sql| connection.execute_batch(sql).map_err(|error| E::from(database(error)));
    step("SAVEPOINT job")?;
    let result = guarded(connection, job);
    if result.is_err() && !connection.is_autocommit() {
        step("ROLLBACK TO job")?;
    }
    if !connection.is_autocommit() {
        step("RELEASE job")?;
    }
    result
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a write panicked".to_owned())
}
