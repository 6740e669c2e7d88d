//! Appending to the audit.

use tenure_lifecycle::audit::{Activity, Actor};

use super::audit::AuditRow;
use super::db::{self, Connection, last_number, params};
use super::rows::actor;

/// Appends an entry and gives its number.
pub(super) fn append(
    connection: &Connection,
    at: i64,
    who: Actor,
    activity: Activity,
    row: AuditRow<'_>,
) -> db::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO audit (at, actor, activity, target, attribute, object, run, seq, ordinal, before, after)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
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
    last_number(connection)
}
