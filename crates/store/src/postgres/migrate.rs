//! Brings the schema up to date, one numbered step at a time, each in its own transaction.

use super::db::{self, Connection, OptionalExtension as _};
use super::writer::Turn;
use super::{functions, meta, transaction};
use crate::open_error::{COMPATIBLE, OpenError};

/// The first step: the schema as SQLite has it after as many.
const FIRST: usize = 13;

/// Steps from there on, in order; append only.
const STEPS: &[&str] = &[
    include_str!("migrations/0013.sql"),
    include_str!("migrations/0014.sql"),
    include_str!("migrations/0015.sql"),
];

/// The oldest schema whose Tenure may work with data that are as this one leaves them. A step that only adds leaves it, so that
/// for one release old and new servers work together and a server can be put back; a step that takes away what the release
/// before needs raises it to the number of the step.
const OLDEST: usize = 14;

/// Applies the steps that the database has not seen, while nobody else does.
pub(super) fn migrate(connection: &Connection) -> Result<(), OpenError> {
    transaction::begin(connection, Turn::Alone)?;
    connection.execute_batch("CREATE TABLE IF NOT EXISTS schema_steps (step bigint PRIMARY KEY)")?;
    let seen: Option<i64> = connection
        .query_row("SELECT max(step) FROM schema_steps", [], |row| row.get(0))
        .optional()?
        .flatten();
    transaction::commit(connection)?;
    let known = FIRST + STEPS.len() - 1;
    let seen = seen.map_or(0, |step| usize::try_from(step).unwrap_or(usize::MAX));
    if seen > known {
        let oldest = meta::number(connection, COMPATIBLE)?;
        if oldest.is_some_and(|oldest| oldest <= known as i64) {
            // The newer ones work on, with their functions.
            return Ok(());
        }
        return Err(OpenError::Newer { found: seen, known });
    }
    for (step, sql) in (FIRST..).zip(STEPS) {
        transaction::begin(connection, Turn::Alone)?;
        // Another process may have been quicker.
        let is_new = connection
            .execute("INSERT INTO schema_steps (step) VALUES (?1) ON CONFLICT DO NOTHING", [step as i64])?
            == 1;
        if is_new {
            connection.execute_batch(sql)?;
        }
        transaction::commit(connection)?;
    }
    register_functions(connection)?;
    Ok(())
}

/// Has the functions there as this version has them.
fn register_functions(connection: &Connection) -> db::Result<()> {
    transaction::begin(connection, Turn::Alone)?;
    functions::register(connection)?;
    if meta::number(connection, COMPATIBLE)? != Some(OLDEST as i64) {
        meta::set_number(connection, COMPATIBLE, OLDEST as i64)?;
    }
    transaction::commit(connection)
}
