//! Writing audit entries, which are the change log too.

use tenure_lifecycle::audit::{Activity, Actor, Entry};

use super::db::{self, Connection, last_number, params};
use super::rows::actor;

/// An entry as it is stored; what does not apply is left out.
#[derive(Clone, Copy, Default)]
pub(super) struct AuditRow<'a> {
    pub(super) target: Option<i64>,
    pub(super) attribute: Option<i64>,
    pub(super) object: Option<i64>,
    pub(super) run: Option<i64>,
    pub(super) seq: Option<i64>,
    pub(super) ordinal: Option<i64>,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
}

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

/// Keeps the personal values of an entry, apart from it.
pub(super) fn keep_values(
    connection: &Connection,
    number: i64,
    before: Option<&str>,
    after: Option<&str>,
) -> db::Result<()> {
    connection
        .prepare_cached("INSERT INTO audit_values (number, before, after) VALUES (?1, ?2, ?3)")?
        .execute(params![number, before, after])?;
    Ok(())
}

/// Appends an entry about something that is not a person.
pub(super) fn append_entry(
    connection: &Connection,
    entry: &Entry,
    target: i64,
    run: Option<i64>,
) -> db::Result<()> {
    append(
        connection,
        entry.at.as_millisecond(),
        entry.actor,
        entry.activity,
        AuditRow {
            target: Some(target),
            run,
            before: entry.before.as_deref(),
            after: entry.after.as_deref(),
            ..AuditRow::default()
        },
    )?;
    Ok(())
}
