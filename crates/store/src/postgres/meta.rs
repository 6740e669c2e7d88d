//! What there is to know about the store itself.

use uuid::Uuid;

use super::db::types::{FromSql, ToSql};
use super::db::{self, Connection, OptionalExtension as _, params};

fn get<T: FromSql>(connection: &Connection, column: &str, key: &str) -> db::Result<Option<T>> {
    connection
        .query_row(&format!("SELECT {column} FROM meta WHERE key = ?1"), [key], |row| row.get(0))
        .optional()
}

fn set(connection: &Connection, column: &str, key: &str, value: &dyn ToSql) -> db::Result<()> {
    let sql = format!(
        "INSERT INTO meta (key, {column}) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET {column} = excluded.{column}"
    );
    connection.execute(&sql, params![key, value]).map(drop)
}

pub(super) fn number(connection: &Connection, key: &str) -> db::Result<Option<i64>> {
    get(connection, "number", key)
}

pub(super) fn set_number(connection: &Connection, key: &str, number: i64) -> db::Result<()> {
    set(connection, "number", key, &number)
}

/// Adds to a number that is there.
pub(super) fn add(connection: &Connection, key: &str, by: i64) -> db::Result<()> {
    connection
        .prepare_cached("UPDATE meta SET number = number + ?2 WHERE key = ?1")?
        .execute(params![key, by])
        .map(drop)
}

pub(super) fn text(connection: &Connection, key: &str) -> db::Result<Option<String>> {
    get(connection, "value", key)
}

pub(super) fn set_text(connection: &Connection, key: &str, text: &str) -> db::Result<()> {
    set(connection, "value", key, &text)
}

/// The id of the organisation.
pub(super) fn organization(connection: &Connection) -> db::Result<Uuid> {
    let found: Option<[u8; 16]> = get(connection, "bytes", "organization")?;
    found.map(Uuid::from_bytes).ok_or(db::Error::QueryReturnedNoRows)
}

/// Puts in what a new store knows of itself; what is there stays.
pub(super) fn begin(connection: &Connection, epoch: u32, organization: Uuid) -> db::Result<()> {
    let sql = "INSERT INTO meta (key, number, bytes)
               VALUES ('epoch', ?1, NULL), ('population', 0, NULL), ('organization', NULL, ?2)
               ON CONFLICT DO NOTHING";
    connection.execute(sql, params![epoch, organization.as_bytes()]).map(drop)
}
