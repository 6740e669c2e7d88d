//! Brings the schema up to date, one numbered step at a time, each in its own transaction.

use rusqlite::Connection;

use super::open::OpenError;

/// Steps, in order; append only.
const STEPS: &[&str] = &[include_str!("migrations/0001.sql")];

/// Applies the steps the database has not seen.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let seen: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    if seen > STEPS.len() {
        return Err(OpenError::Newer { found: seen, known: STEPS.len() });
    }
    for (step, sql) in STEPS.iter().enumerate().skip(seen) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
