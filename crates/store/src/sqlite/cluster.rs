//! The processes that share a store: of a file there is one at a time.

use jiff::Timestamp;
use tenure_lifecycle::extension::Sealed;
use tenure_lifecycle::ports::{Apart, Bell, Cluster, StoreError, Told};

use super::engine::OWNERS;
use super::failure::database;
use super::{SqliteStore, lease};

impl Cluster for SqliteStore {
    fn process(&self) -> i64 {
        self.process
    }

    /// The lock on the directory proves that every process before this one is dead.
    fn take_over(&self, now: Timestamp) -> Result<u64, StoreError> {
        let lost = format!("l.owner / {OWNERS} <> {}", self.process);
        if !self.read(|connection| lease::is_any_lost(connection, &lost))? {
            return Ok(0);
        }
        self.writer.write(move |connection| lease::take_over(connection, now, &lost))
    }

    fn lead(&self) -> Result<bool, StoreError> {
        Ok(true)
    }

    fn answers(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(database))
    }

    /// Nobody else is there.
    fn keep_apart(&self, _: Apart) -> Result<Box<dyn Send>, StoreError> {
        Ok(Box::new(()))
    }

    fn agree(&self, sealed: &Sealed) -> Result<Sealed, StoreError> {
        Ok(sealed.clone())
    }

    fn tell(&self, _: Bell) {}

    fn hear(&self, _: Told) {}
}
