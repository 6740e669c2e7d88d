//! Appending to the audit.

use tenure_lifecycle::audit::{Activity, Actor};

use super::audit::AuditRow;
use super::db::{Connection, Result, later, params};
use super::rows::actor;
use super::sql;

/// Appends an entry and gives its number.
pub(super) fn append(
    connection: &Connection,
    at: i64,
    who: Actor,
    activity: Activity,
    row: AuditRow<'_>,
) -> Result<i64> {
    let number = connection.audit_number()?;
    later(connection, sql::INSERT_AUDIT)?.execute(params![
        number,
        at,
        actor(who),
        activity.code(),
        row.target,
        row.attribute,
        row.object,
        row.run,
        row.seq,
        row.ordinal,
        row.before,
        row.after
    ])?;
    Ok(number)
}
