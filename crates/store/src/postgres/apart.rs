//! Who keeps others away, in all processes, for as long as something takes that is many transactions: by a lock that a connection
//! has, and loses when the process is gone.

use std::sync::{Arc, Mutex, PoisonError};

use tenure_lifecycle::ports::Apart;

use super::cluster::PLACE;
use super::db::{Connection, Connector, Result};

/// The number of the lock.
const LOCK: i64 = 4;

/// A connection that nobody uses just now.
#[derive(Clone, Default)]
pub(super) struct Idle(Arc<Mutex<Option<Connection>>>);

/// Keeps others away until it is dropped.
struct Kept {
    connection: Option<Connection>,
    idle: Idle,
}

impl Idle {
    pub(super) fn keep_apart(&self, connector: &Connector, what: Apart) -> Result<Box<dyn Send>> {
        let lock = match what {
            Apart::Import => "pg_advisory_lock_shared",
            Apart::Sweep => "pg_advisory_lock",
        };
        let sql = format!("SELECT 1 FROM {lock}({PLACE}, {LOCK})");
        let take = |connection: &Connection| connection.query_row(&sql, [], |row| row.get::<_, i64>(0));
        let idle = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = match idle {
            // It may have broken since.
            Some(idle) if take(&idle).is_ok() => idle,
            _ => {
                let fresh = connector.connect()?;
                take(&fresh)?;
                fresh
            }
        };
        Ok(Box::new(Kept { connection: Some(connection), idle: self.clone() }))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let given =
            connection.query_row("SELECT 1 FROM pg_advisory_unlock_all()", [], |row| row.get::<_, i64>(0));
        if given.is_ok() {
            *self.idle.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        }
    }
}
