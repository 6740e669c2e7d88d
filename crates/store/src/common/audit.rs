//! Writing audit entries, which are the change log too.

use tenure_lifecycle::audit::Entry;

use super::append::append;
use super::db::{self, Connection, later, params};
use super::sql;

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

/// Keeps the personal values of an entry, apart from it.
pub(super) fn keep_values(
    connection: &Connection,
    number: i64,
    before: Option<&str>,
    after: Option<&str>,
) -> db::Result<()> {
    later(connection, sql::INSERT_VALUES)?.execute(params![number, before, after])
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
