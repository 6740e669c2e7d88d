//! Who keeps others away, in all processes, for as long as something takes that is many transactions: by the lock of a transaction
//! in which something is said every few seconds. Whoever stalls says nothing, and PostgreSQL ends it.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tenure_lifecycle::ports::{Apart, StoreError};

use super::cluster::PLACE;
use super::db::{Connection, Connector};
use super::failure::database;
use super::writer::Turn;

/// The number of the lock.
const LOCK: i64 = 4;
/// How often something is said; a transaction in which nothing is said lasts ten seconds.
const SAYS: Duration = Duration::from_secs(3);

/// A connection that nobody uses just now.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Option<Connection>>>);

impl Idle {
    pub(super) fn keep_apart(&self, connector: &Connector, what: Apart) -> Result<Box<dyn Send>, StoreError> {
        let lock = match what {
            Apart::Import => "pg_advisory_xact_lock_shared",
            Apart::Sweep => "pg_advisory_xact_lock",
        };
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = match idle {
            Some(idle) => idle,
            None => connector.connect().map_err(database)?,
        };
        connection
            .begin(&format!("BEGIN; SELECT {lock}({PLACE}, {LOCK})"), Turn::Beside)
            .map_err(database)?;
        let (kept, until) = channel::<()>();
        let idle = self.clone();
        let thread = std::thread::Builder::new()
            .name("store-apart".to_owned())
            .spawn(move || {
                while until.recv_timeout(SAYS) == Err(RecvTimeoutError::Timeout) {
                    if let Err(error) = connection.send("SELECT 1") {
                        tracing::warn!(%error, "what others are to keep away from goes on without the lock for it");
                        return;
                    }
                }
                if connection.end("COMMIT").is_ok() {
                    *idle.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
                }
            })
            .map_err(|error| StoreError::Database(error.into()))?;
        Ok(Box::new(Kept { until: Some(kept), thread: Some(thread) }))
    }
}

/// Keeps others away until it is dropped.
struct Kept {
    until: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.until = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
