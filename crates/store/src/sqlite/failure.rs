//! Failures of SQLite as the port has them.

use rusqlite::ErrorCode;
use tenure_lifecycle::ports::StoreError;

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
