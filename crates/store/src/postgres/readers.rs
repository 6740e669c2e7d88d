//! Connections that read: some are kept, and no more than so many are there, however many ask.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tenure_lifecycle::ports::StoreError;

use super::db::Connection;

/// How many read at a time.
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
        let state = Mutex::new(Reading { idle: Vec::new(), left: READERS });
        Self { state, one_is_through: Condvar::new() }
    }
}

impl Readers {
    /// Waits for a turn.
    pub(super) fn turn(&self) -> Result<Turning<'_>, StoreError> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .one_is_through
            .wait_timeout_while(state, PATIENCE, |state| state.left == 0)
            .unwrap_or_else(PoisonError::into_inner);
        state.left = state.left.checked_sub(1).ok_or_else(|| {
            StoreError::Database("all connections to PostgreSQL that read have been busy for too long".into())
        })?;
        Ok(Turning { readers: self, idle: state.idle.pop() })
    }
}

/// Somebody who reads, until it is dropped.
pub(super) struct Turning<'a> {
    readers: &'a Readers,
    /// A connection that is to be had again.
    pub(super) idle: Option<Connection>,
}

impl Drop for Turning<'_> {
    fn drop(&mut self) {
        let mut state = self.readers.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.left += 1;
        state.idle.extend(self.idle.take());
        self.readers.one_is_through.notify_one();
    }
}
