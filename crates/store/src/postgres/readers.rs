//! Connections that read: some are kept, and no more than so many are there, however many ask.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tenure_lifecycle::ports::StoreError;

use super::db::{Connection, Connector};
use super::failure::database;

/// How many read at a time, and one more who only asks whether the database answers.
const READERS: usize = 8;
/// How long somebody waits for one of those who read to be through.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections that read.
pub(super) struct Readers {
    state: Mutex<Reading>,
    one_is_through: Condvar,
}

struct Reading {
    idle: Vec<Connection>,
    /// How many more may read.
    left: usize,
}

impl Default for Readers {
    fn default() -> Self {
        let state = Mutex::new(Reading { idle: Vec::new(), left: READERS + 1 });
        Self { state, one_is_through: Condvar::new() }
    }
}

impl Readers {
    /// Waits for a turn; whoever only asks whether the database answers does not wait for others.
    pub(super) fn turn(&self, only_asks: bool) -> Result<Turning<'_>, StoreError> {
        let reserved = usize::from(!only_asks);
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .one_is_through
            .wait_timeout_while(state, PATIENCE, |state| state.left <= reserved)
            .unwrap_or_else(PoisonError::into_inner);
        if state.left <= reserved {
            let busy = "all connections to PostgreSQL that read have been busy for too long";
            return Err(StoreError::Database(busy.into()));
        }
        state.left -= 1;
        Ok(Turning { readers: self, idle: state.idle.pop() })
    }
}

/// Somebody who reads, until it is dropped.
pub(super) struct Turning<'a> {
    readers: &'a Readers,
    /// A connection that is to be had again.
    pub(super) idle: Option<Connection>,
}

impl Turning<'_> {
    /// The connection to read on.
    pub(super) fn connection(&mut self, connector: &Connector) -> Result<Connection, StoreError> {
        match self.idle.take().filter(|idle| !idle.is_closed()) {
            Some(idle) => Ok(idle),
            None => connector.connect().map_err(database),
        }
    }
}

impl Drop for Turning<'_> {
    fn drop(&mut self) {
        let mut state = self.readers.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.left += 1;
        state.idle.extend(self.idle.take());
        self.readers.one_is_through.notify_one();
    }
}
