//! Between rows and the domain's types.

use jiff::Timestamp;
use rusqlite::{ErrorCode, Row};
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::ports::StoreError;
use uuid::Uuid;

/// A database error as the port has it.
pub(super) fn database(error: rusqlite::Error) -> StoreError {
    Cause::of(&error).store_error(error.into())
}

/// Who is to blame for a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// There is no room.
    Full,
    /// The disk does not take what is written to it.
    Unwritable,
    /// Anything else.
    Other,
}

impl Cause {
    pub(super) fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            // Of an I/O error it is not said whether somebody read or wrote; SQLite reads again what it could not.
            Some(ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Self::Unwritable
            }
            _ => Self::Other,
        }
    }

    pub(super) fn store_error(self, source: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
        match self {
            Self::Full => StoreError::Full(source),
            Self::Unwritable => StoreError::Unwritable(source),
            Self::Other => StoreError::Database(source),
        }
    }
}

/// A row that cannot be understood.
pub(super) fn corrupt(table: &'static str, column: &'static str, row: impl ToString) -> StoreError {
    StoreError::Corrupt { table, column, row: row.to_string() }
}

/// A time.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(from_millis)
}

/// A time that may be absent.
pub(super) fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(from_millis))
}

/// An id of 16 bytes.
pub(super) fn guid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// An id of 16 bytes that may be absent.
pub(super) fn maybe_guid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
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
