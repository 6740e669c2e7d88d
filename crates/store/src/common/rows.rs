//! Between rows and the domain's types.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::ports::StoreError;
use uuid::Uuid;

pub(super) use super::failure::database;

use super::db::{self, Row};

/// A row that cannot be understood.
pub(super) fn corrupt(table: &'static str, column: &'static str, row: impl ToString) -> StoreError {
    StoreError::Corrupt { table, column, row: row.to_string() }
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: usize) -> db::Result<Timestamp> {
    row.get(column).map(from_millis)
}

/// A time that may be absent.
pub(super) fn maybe_time(row: &Row<'_>, column: usize) -> db::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(from_millis))
}

/// An id of 16 bytes.
pub(super) fn guid(row: &Row<'_>, column: usize) -> db::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// An id of 16 bytes that may be absent.
pub(super) fn maybe_guid(row: &Row<'_>, column: usize) -> db::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

/// Who did something, as stored: null is Tenure itself.
pub(super) fn actor(actor: Actor) -> Option<[u8; 16]> {
    match actor {
        Actor::Caller(CallerId(id)) => Some(id.into_bytes()),
        Actor::Engine => None,
    }
}

/// Numbers as a JSON array, for `json_each`.
pub(super) fn json_numbers(numbers: &[i64]) -> String {
    let mut text = String::with_capacity(numbers.len() * 8 + 2);
    text.push('[');
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push(']');
    text
}
