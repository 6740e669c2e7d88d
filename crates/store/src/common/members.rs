//! Memberships.

use tenure_lifecycle::audit::{Activity, Actor};

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, params};

/// Where a membership change comes from.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) at: i64,
    pub(super) who: Actor,
    /// Run, seq and ordinal of the task result that made it.
    pub(super) task: Option<(i64, i64, i64)>,
}

impl Origin {
    /// The audit row of a change of a person.
    pub(super) fn row(&self, user: i64) -> AuditRow<'static> {
        AuditRow {
            target: Some(user),
            run: self.task.map(|task| task.0),
            seq: self.task.map(|task| task.1),
            ordinal: self.task.map(|task| task.2),
            ..AuditRow::default()
        }
    }
}

/// Puts a person into a group; false if they are in it. The person's version is the caller's to raise.
pub(super) fn add(connection: &Connection, group: i64, user: i64, origin: Origin) -> db::Result<bool> {
    let changed = connection
        .prepare_cached("INSERT INTO memberships (user, grp) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![user, group])?;
    if changed > 0 {
        record(connection, Activity::AddMember, group, user, origin)?;
    }
    Ok(changed > 0)
}

/// Takes a person out of a group; false if they are not in it. The person's version is the caller's to raise.
pub(super) fn remove(connection: &Connection, group: i64, user: i64, origin: Origin) -> db::Result<bool> {
    let changed = connection
        .prepare_cached("DELETE FROM memberships WHERE user = ?1 AND grp = ?2")?
        .execute(params![user, group])?;
    if changed > 0 {
        record(connection, Activity::RemoveMember, group, user, origin)?;
    }
    Ok(changed > 0)
}

/// Puts on record that somebody came into a group or left it.
pub(super) fn record(
    connection: &Connection,
    activity: Activity,
    group: i64,
    user: i64,
    origin: Origin,
) -> db::Result<()> {
    let row = AuditRow { object: Some(group), ..origin.row(user) };
    append(connection, origin.at, origin.who, activity, row).map(drop)
}

/// Raises a person's version.
pub(super) fn touch(connection: &Connection, user: i64) -> db::Result<()> {
    connection.prepare_cached("UPDATE users SET version = version + 1 WHERE number = ?1")?.execute([user])?;
    Ok(())
}
