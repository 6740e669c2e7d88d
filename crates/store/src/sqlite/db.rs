//! What `common` calls the database.

pub(super) use rusqlite::{
    CachedStatement, Connection, Error, OptionalExtension, Result, Row, Rows, ToSql, params,
    params_from_iter, types,
};

/// The number that the last row got that was given one.
pub(super) fn last_number(connection: &Connection) -> Result<i64> {
    Ok(connection.last_insert_rowid())
}
