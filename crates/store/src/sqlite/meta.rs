//! What there is to know about the store itself.

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

fn get<T: FromSql>(connection: &Connection, key: &str) -> rusqlite::Result<Option<T>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

fn set(connection: &Connection, key: &str, value: &dyn ToSql) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.execute(sql, params![key, value]).map(drop)
}

pub(super) fn number(connection: &Connection, key: &str) -> rusqlite::Result<Option<i64>> {
    get(connection, key)
}

pub(super) fn set_number(connection: &Connection, key: &str, number: i64) -> rusqlite::Result<()> {
    set(connection, key, &number)
}

/// Adds to a number that is there.
pub(super) fn add(connection: &Connection, key: &str, by: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE meta SET value = value + ?2 WHERE key = ?1")?
        .execute(params![key, by])
        .map(drop)
}

pub(super) fn text(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    get(connection, key)
}

pub(super) fn set_text(connection: &Connection, key: &str, text: &str) -> rusqlite::Result<()> {
    set(connection, key, &text)
}

/// The id of the organisation.
pub(super) fn organization(connection: &Connection) -> rusqlite::Result<Uuid> {
    let found: Option<[u8; 16]> = get(connection, "organization")?;
    found.map(Uuid::from_bytes).ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Puts in what a new store knows of itself; what is there stays.
pub(super) fn begin(connection: &Connection, epoch: u32, organization: Uuid) -> rusqlite::Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES ('epoch', ?1), ('population', 0), ('organization', ?2)
               ON CONFLICT DO NOTHING";
    connection.execute(sql, params![epoch, organization.as_bytes()]).map(drop)
}
