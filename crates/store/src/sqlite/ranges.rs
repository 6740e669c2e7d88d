//! Where the results of runs are: of a file, all in one table.

use rusqlite::Connection;

/// Makes room for the results of a run that is about to be made.
pub(super) fn make_room(_: &Connection, _: i64) -> rusqlite::Result<()> {
    Ok(())
}
