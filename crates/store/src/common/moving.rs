//! Rows as a move reads them.

use super::db::types::Value;
use super::db::{Connection, OptionalExtension as _, Result, params_from_iter};
use crate::open_error::MOVING;
use crate::transfer::{Begun, Outcome, PIECE, Row, Table};

/// Rows behind a key, in the order of keys.
pub(super) fn page(connection: &Connection, table: &Table, after: Option<&[Value]>) -> Outcome<Vec<Row>> {
    let mut statement = connection.prepare_cached(&table.select(after.is_some(), PIECE))?;
    let rows = statement.query_map(params_from_iter(after.into_iter().flatten()), |row| {
        (0..table.columns.len()).map(|column| row.get(column)).collect()
    })?;
    Ok(rows.collect::<Result<_>>()?)
}

/// Whether there is a store, or the beginning of one that is being moved.
pub(super) fn is_begun(connection: &Connection) -> Outcome<Begun> {
    let has = |key: &str| {
        let found = connection.query_row("SELECT 1 FROM meta WHERE key = ?1", [key], |_| Ok(())).optional();
        found.map(|found| found.is_some())
    };
    Ok(match (has(MOVING)?, has("epoch")?) {
        (true, _) => Begun::Move,
        (false, true) => Begun::Store,
        (false, false) => Begun::Nothing,
    })
}

/// The key of the last row of a table that has been moved; all rows of what is derived go.
pub(super) fn resume(connection: &Connection, table: &Table) -> Outcome<Option<Vec<Value>>> {
    if table.is_derived() {
        connection.execute(&format!("DELETE FROM {}", table.name), [])?;
        return Ok(None);
    }
    let key = table.key_columns();
    let descending = key.replace(", ", " DESC, ");
    let sql = format!("SELECT {key} FROM {} ORDER BY {descending} DESC LIMIT 1", table.name);
    let found = connection
        .query_row(&sql, [], |row| (0..table.key.len()).map(|column| row.get(column)).collect::<Result<_>>());
    Ok(found.optional()?)
}
