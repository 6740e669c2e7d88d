//! What `common` calls the database: a connection to PostgreSQL in the shape of one to SQLite.
//!
//! Values travel as SQLite's: a number, a text, bytes or nothing. PostgreSQL says of each parameter what it is there, and
//! it is sent as that; so what is 1 in SQLite may be true here.

mod connection;
mod connector;
mod later;
mod parameters;
mod row;
#[cfg(test)]
mod tests;

pub(super) use connection::Connection;
pub(super) use connector::Connector;
pub(super) use later::{Kind, Later, Many, later};
pub(super) use parameters::params_from_iter;
pub(super) use row::{Row, Rows};
pub(super) use rusqlite::{Error, OptionalExtension, Result, ToSql, params, types};

/// What PostgreSQL said, in words that hold no values but those of a key that is taken.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct Refused {
    text: String,
    pub(super) code: Option<postgres::error::SqlState>,
    #[source]
    cause: postgres::Error,
}

/// A failure of PostgreSQL where SQLite's are expected.
pub(super) fn failed(error: postgres::Error) -> Error {
    let code = error.code().cloned();
    let text = match error.as_db_error() {
        Some(refused) => format!("PostgreSQL: {}", refused.message()),
        None => "PostgreSQL does not answer".to_owned(),
    };
    Error::ToSqlConversionFailure(Box::new(Refused { text, code, cause: error }))
}

/// Whether a text could not be sent because of a zero byte in it.
pub(super) fn is_about_a_zero_byte(error: &Error) -> bool {
    if matches!(error, Error::ToSqlConversionFailure(cause) if cause.is::<parameters::ZeroByte>()) {
        return true;
    }
    let causes = std::iter::successors(
        refused(error).map(|refused| &refused.cause as &dyn std::error::Error),
        |cause| cause.source(),
    );
    causes.into_iter().any(<dyn std::error::Error>::is::<parameters::ZeroByte>)
}

/// What PostgreSQL said, if it was it who did.
pub(super) fn refused(error: &Error) -> Option<&Refused> {
    match error {
        Error::ToSqlConversionFailure(cause) => cause.downcast_ref(),
        _ => None,
    }
}

/// The number that the last row got that was given one.
pub(super) fn last_number(connection: &Connection) -> Result<i64> {
    connection.query_row("SELECT lastval()", [], |row| row.get(0))
}
