//! Transactions of those who write: one after the other, whatever process they are in.

use super::db::{Connection, Result};
use super::failure::Cause;

/// A connection that breaks is no fault of the disk.
pub(super) const LOST: Cause = Cause::Other;

/// Begins when nobody else writes, in this schema.
pub(super) fn begin(connection: &Connection) -> Result<()> {
    connection.begin(
        "BEGIN; SELECT pg_advisory_xact_lock(CAST(CAST(current_schema() AS regnamespace) AS oid)::bigint::integer, 1)",
    )
}

/// Makes everything durable. Of a transaction that has failed PostgreSQL says that it is committed, and rolls it back: so it
/// is asked something first, which then fails.
pub(super) fn commit(connection: &Connection) -> Result<()> {
    connection.end("SELECT 1; COMMIT")
}

pub(super) fn roll_back(connection: &Connection) -> Result<()> {
    connection.end("ROLLBACK")
}
