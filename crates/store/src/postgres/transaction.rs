//! Transactions of those who write, whatever process they are in: one after the other, or beside those who agree to it.

use super::cluster::PLACE;
use super::db::{Connection, Result};
use super::failure::Cause;
use super::writer::Turn;

/// A connection that breaks is no fault of the disk.
pub(super) const LOST: Cause = Cause::Other;

/// Begins when nobody else writes in this schema, or nobody who has to be alone.
pub(super) fn begin(connection: &Connection, turn: Turn) -> Result<()> {
    let lock = match turn {
        Turn::Alone => "pg_advisory_xact_lock",
        Turn::Beside => "pg_advisory_xact_lock_shared",
    };
    // Whatever the database is set to: who has waited for the lock has to see what was done meanwhile.
    let sql = format!("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT {lock}({PLACE}, 1)");
    connection.begin(&sql, turn)
}
/// Makes everything durable. Of a transaction that has failed PostgreSQL says that it is committed, and rolls it back: so it
/// is asked something first, which then fails.
pub(super) fn commit(connection: &Connection) -> Result<()> {
    connection.flush()?;
    connection.end(&format!("{}; COMMIT", connection.unused_numbers()))
}

pub(super) fn roll_back(connection: &Connection) -> Result<()> {
    connection.end("ROLLBACK")
}

/// Makes a place to go back to.
#[expect(clippy::unnecessary_wraps, reason = "as on SQLite, where it can fail")]
pub(super) fn savepoint(connection: &Connection) -> Result<()> {
    connection.savepoint();
    Ok(())
}

/// Goes back to it.
pub(super) fn go_back(connection: &Connection) -> Result<()> {
    connection.go_back()
}

/// Lets go of it.
pub(super) fn release(connection: &Connection) -> Result<()> {
    connection.release()
}

/// Writes what waits to be written.
pub(super) fn write_out(connection: &Connection) -> Result<()> {
    connection.flush()
}
