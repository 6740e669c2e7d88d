//! Where the results of runs are: of a file, all in one table.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

/// Makes room for the results of a run that is about to be made.
pub(super) fn make_room(_: &Connection, _: i64) -> rusqlite::Result<()> {
    Ok(())
}

/// A run that is not kept any more and whose results are to be taken away now.
pub(super) fn rest(connection: &Connection, _: Option<Timestamp>) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM past_runs WHERE rest = 1 ORDER BY number LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()
}

/// Drops the table of a run's results with it: there is one for all runs, so never.
pub(super) fn drop_with(_: &Connection, _: i64) -> rusqlite::Result<bool> {
    Ok(false)
}
