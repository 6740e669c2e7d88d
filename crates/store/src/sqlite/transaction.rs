//! Transactions of the one who writes.

use rusqlite::Connection;

use super::failure::Cause;
use super::writer::Turn;

/// SQLite gives up a whole transaction only if the disk fails under it.
pub(super) const LOST: Cause = Cause::Unwritable;

/// Begins; there is one process, and so no turns.
pub(super) fn begin(connection: &Connection, _: Turn) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")
}

pub(super) fn commit(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("COMMIT")
}

pub(super) fn roll_back(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("ROLLBACK")
}

/// Makes a place to go back to; the last one is meant.
pub(super) fn savepoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("SAVEPOINT here")?.execute([]).map(drop)
}

/// Goes back to it.
pub(super) fn go_back(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("ROLLBACK TO here")?.execute([]).map(drop)
}

/// Lets go of it.
pub(super) fn release(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("RELEASE here")?.execute([]).map(drop)
}

/// Writes what waits to be written: nothing does.
pub(super) fn write_out(_: &Connection) -> rusqlite::Result<()> {
    Ok(())
}
