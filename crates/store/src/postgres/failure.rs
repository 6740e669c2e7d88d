//! Failures of PostgreSQL as the port has them.

use postgres::error::SqlState;
use tenure_lifecycle::ports::StoreError;

use super::db::{Error, is_about_a_zero_byte, refused};

/// A database error as the port has it.
pub(super) fn database(error: Error) -> StoreError {
    Cause::of(&error).store_error(error.into())
}

/// Who is to blame for a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// There is no room.
    Full,
    /// It does not take what is written to it.
    Unwritable,
    /// It does not keep such a text.
    Unsuitable,
    /// Anything else.
    Other,
}

impl Cause {
    pub(super) fn of(error: &Error) -> Self {
        if is_about_a_zero_byte(error) {
            return Self::Unsuitable;
        }
        let code = refused(error).and_then(|refused| refused.code.as_ref());
        match code {
            Some(code) if *code == SqlState::DISK_FULL => Self::Full,
            // A standby, or a primary that was told to take no more.
            Some(code) if *code == SqlState::READ_ONLY_SQL_TRANSACTION => Self::Unwritable,
            _ => Self::Other,
        }
    }

    pub(super) fn store_error(self, source: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
        match self {
            Self::Full => StoreError::Full(source),
            Self::Unwritable => StoreError::Unwritable(source),
            Self::Unsuitable => StoreError::Unsuitable(source),
            Self::Other => StoreError::Database(source),
        }
    }
}
