//! What `common` calls the database.

pub(super) use rusqlite::{
    Connection, Error, OptionalExtension, Result, Row, Rows, ToSql, params, params_from_iter, types,
};

/// The number that the last row got that was given one.
pub(super) fn last_number(connection: &Connection) -> Result<i64> {
    Ok(connection.last_insert_rowid())
}

/// A statement that is run for many rows, and whose outcome nobody asks for.
pub(super) struct Later<'a>(rusqlite::CachedStatement<'a>);

/// Prepares one.
pub(super) fn later<'a>(connection: &'a Connection, sql: &str) -> Result<Later<'a>> {
    connection.prepare_cached(sql).map(Later)
}

impl Later<'_> {
    pub(super) fn execute(&mut self, row: impl rusqlite::Params) -> Result<()> {
        self.0.execute(row).map(drop)
    }
}
