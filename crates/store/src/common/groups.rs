//! Groups: reading rows and writing them.

use std::borrow::Cow;

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::{Group, GroupPatch};
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::ports::{NewGroup, StoreError, WriteError};

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, Row, params};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::members::{self, Origin, touch};
use super::rows::{corrupt, database, guid, maybe_time, time};
use super::users;

/// The columns of a group, of a table called `g`.
pub(super) const GROUP: &str =
    "g.number, g.id, g.version, g.display_name, g.description, g.mail, g.mail_nickname,
       g.mail_enabled, g.security_enabled, g.group_types, g.membership_rule, g.is_assignable_to_role,
       g.on_premises_sync_enabled, g.visibility, g.created, g.deleted, g.protected, g.is_team";

/// Reads a group from [`GROUP`] columns.
pub(super) fn group(row: &Row<'_>) -> Result<Group, StoreError> {
    let kinds: String = row.get(9).map_err(database)?;
    let number: i64 = row.get(0).map_err(database)?;
    let group_types = serde_json::from_str(&kinds).map_err(|_| corrupt("groups", "group_types", number))?;
    let build = || -> db::Result<Group> {
        Ok(Group {
            number,
            id: GroupId(guid(row, 1)?),
            version: row.get(2)?,
            display_name: row.get(3)?,
            description: row.get(4)?,
            mail: row.get(5)?,
            mail_nickname: row.get(6)?,
            mail_enabled: row.get(7)?,
            security_enabled: row.get(8)?,
            group_types,
            membership_rule: row.get(10)?,
            is_assignable_to_role: row.get(11)?,
            on_premises_sync_enabled: row.get(12)?,
            visibility: row.get(13)?,
            created: time(row, 14)?,
            deleted: maybe_time(row, 15)?,
            protected: row.get(16)?,
            is_team: row.get(17)?,
        })
    };
    build().map_err(database)
}

/// Where the properties of a group are, in a table called `g`.
pub(super) struct GroupColumns;

impl Columns for GroupColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("g.id", ColumnKind::GuidBlob),
            "displayName" => ("g.display_name", ColumnKind::Text),
            "description" => ("g.description", ColumnKind::Text),
            "mail" => ("g.mail", ColumnKind::Text),
            "mailNickname" => ("g.mail_nickname", ColumnKind::Text),
            "mailEnabled" => ("g.mail_enabled", ColumnKind::Boolean),
            "resourceProvisioningOptions" => {
                ("CASE WHEN g.is_team = 1 THEN '[\"Team\"]' ELSE '[]' END", ColumnKind::JsonStrings)
            }
            "securityEnabled" => ("g.security_enabled", ColumnKind::Boolean),
            "groupTypes" => ("g.group_types", ColumnKind::JsonStrings),
            "membershipRule" => ("g.membership_rule", ColumnKind::Text),
            "isAssignableToRole" => ("g.is_assignable_to_role", ColumnKind::Boolean),
            "onPremisesSyncEnabled" => ("g.on_premises_sync_enabled", ColumnKind::Boolean),
            "visibility" => ("g.visibility", ColumnKind::Text),
            "createdDateTime" => ("g.created", ColumnKind::TimestampMillis),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Groups as a collection.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: GROUP, key: &["g.number"], columns: &GroupColumns, segment }
}

/// A list of groups by number; `source` is `FROM … WHERE …`.
pub(super) fn groups_segment(source: &str, parameters: Vec<db::types::Value>, mark: Option<&Key>) -> Segment {
    let mut parameters = parameters;
    parameters.push(mark.map_or(0, |mark| mark[0]).into());
    Segment {
        source: format!("{source} AND g.number > ?"),
        parameters,
        order: "g.number",
        then: None,
        dense: None,
    }
}

/// One group that is not deleted.
pub(super) fn find(connection: &Connection, id: GroupId) -> Result<Option<Group>, StoreError> {
    let sql = format!("SELECT {GROUP} FROM groups g WHERE g.id = ?1 AND g.deleted IS NULL");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([id.0.as_bytes()]).map_err(database)?;
    rows.next().map_err(database)?.map(group).transpose()
}

fn apply(group: &mut Group, patch: &GroupPatch) {
    fn set<T: Clone>(value: &mut T, wanted: Option<&T>) {
        if let Some(wanted) = wanted {
            value.clone_from(wanted);
        }
    }
    set(&mut group.display_name, patch.display_name.as_ref());
    set(&mut group.description, patch.description.as_ref());
    set(&mut group.mail, patch.mail.as_ref());
    set(&mut group.mail_nickname, patch.mail_nickname.as_ref());
    set(&mut group.mail_enabled, patch.mail_enabled.as_ref());
    set(&mut group.security_enabled, patch.security_enabled.as_ref());
    set(&mut group.group_types, patch.group_types.as_ref());
    set(&mut group.membership_rule, patch.membership_rule.as_ref());
    set(&mut group.is_assignable_to_role, patch.is_assignable_to_role.as_ref());
    set(&mut group.on_premises_sync_enabled, patch.on_premises_sync_enabled.as_ref());
    set(&mut group.visibility, patch.visibility.as_ref());
    set(&mut group.protected, patch.protected.as_ref());
    set(&mut group.is_team, patch.is_team.as_ref());
}

fn write(connection: &Connection, group: &Group) -> db::Result<()> {
    connection.execute(
        "INSERT INTO groups (number, id, version, display_name, description, mail, mail_nickname, mail_enabled,
                             security_enabled, group_types, membership_rule, is_assignable_to_role,
                             on_premises_sync_enabled, visibility, created, protected, is_team)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT (number) DO UPDATE
            SET version = excluded.version, display_name = excluded.display_name,
                description = excluded.description, mail = excluded.mail, mail_nickname = excluded.mail_nickname,
                mail_enabled = excluded.mail_enabled, security_enabled = excluded.security_enabled,
                group_types = excluded.group_types, membership_rule = excluded.membership_rule,
                is_assignable_to_role = excluded.is_assignable_to_role,
                on_premises_sync_enabled = excluded.on_premises_sync_enabled, visibility = excluded.visibility,
                protected = excluded.protected, is_team = excluded.is_team",
        params![
            group.number,
            group.id.0.as_bytes(),
            group.version,
            group.display_name,
            group.description,
            group.mail,
            group.mail_nickname,
            group.mail_enabled,
            group.security_enabled,
            serde_json::to_string(&group.group_types).unwrap_or_else(|_| "[]".to_owned()),
            group.membership_rule,
            group.is_assignable_to_role,
            group.on_premises_sync_enabled,
            group.visibility,
            group.created.as_millisecond(),
            group.protected,
            group.is_team
        ],
    )?;
    Ok(())
}

/// A group's definition for the audit.
fn described(group: &Group) -> String {
    serde_json::json!({
        "displayName": group.display_name, "description": group.description, "mail": group.mail,
        "mailNickname": group.mail_nickname, "visibility": group.visibility,
        "mailEnabled": group.mail_enabled, "securityEnabled": group.security_enabled,
        "groupTypes": group.group_types, "membershipRule": group.membership_rule,
        "isAssignableToRole": group.is_assignable_to_role,
        "onPremisesSyncEnabled": group.on_premises_sync_enabled, "protected": group.protected, "isTeam": group.is_team,
    })
    .to_string()
}

/// Creates a group.
pub(super) fn create(
    connection: &Connection,
    new: &NewGroup,
    at: Timestamp,
    who: Actor,
) -> Result<Group, WriteError> {
    let number = connection
        .query_row("SELECT coalesce(max(number), 0) + 1 FROM groups", [], |row| row.get(0))
        .map_err(database)?;
    let mut group = Group {
        number,
        id: new.id,
        version: 1,
        display_name: String::new(),
        description: None,
        mail: None,
        mail_nickname: None,
        mail_enabled: false,
        security_enabled: true,
        group_types: Vec::new(),
        membership_rule: None,
        is_assignable_to_role: false,
        on_premises_sync_enabled: false,
        visibility: None,
        created: at,
        deleted: None,
        protected: false,
        is_team: false,
    };
    apply(&mut group, &new.patch);
    write(connection, &group).map_err(database)?;
    let after = described(&group);
    let row = AuditRow { target: Some(number), after: Some(&after), ..AuditRow::default() };
    append(connection, at.as_millisecond(), who, Activity::CreateGroup, row).map_err(database)?;
    add_members(connection, number, &new.patch.add_members, at, who)?;
    Ok(group)
}

/// Puts people into a group.
fn add_members(
    connection: &Connection,
    group: i64,
    members: &[UserId],
    at: Timestamp,
    who: Actor,
) -> Result<(), WriteError> {
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    for member in members {
        let person = users::find(connection, "u.id = ?1 AND u.deleted IS NULL", &member.0.as_bytes());
        let person = person.map_err(database)?.ok_or(WriteError::Missing)?;
        if !members::add(connection, group, person.number, origin).map_err(database)? {
            return Err(WriteError::Holds { property: "members" });
        }
        touch(connection, person.number).map_err(database)?;
    }
    Ok(())
}

/// Changes a group.
pub(super) fn update(
    connection: &Connection,
    id: GroupId,
    patch: &GroupPatch,
    at: Timestamp,
    who: Actor,
) -> Result<Group, WriteError> {
    let before = find(connection, id)?.ok_or(WriteError::Missing)?;
    let mut group = before.clone();
    apply(&mut group, patch);
    add_members(connection, group.number, &patch.add_members, at, who)?;
    if group == before {
        return Ok(group);
    }
    group.version += 1;
    write(connection, &group).map_err(database)?;
    let (old, new) = (described(&before), described(&group));
    let row =
        AuditRow { target: Some(group.number), before: Some(&old), after: Some(&new), ..AuditRow::default() };
    append(connection, at.as_millisecond(), who, Activity::UpdateGroup, row).map_err(database)?;
    Ok(group)
}

/// Makes whatever was planned from a membership of the group stale.
fn touch_members(connection: &Connection, group: i64) -> db::Result<()> {
    connection
        .prepare_cached(
            "UPDATE users SET version = version + 1
              WHERE deleted IS NULL AND number IN (SELECT user FROM memberships WHERE grp = ?1)",
        )?
        .execute([group])?;
    Ok(())
}

/// Soft-deletes a group. Memberships are kept for a restore; to everybody else they are gone.
pub(super) fn delete(
    connection: &Connection,
    id: GroupId,
    at: Timestamp,
    who: Actor,
) -> Result<(), WriteError> {
    let group = find(connection, id)?.ok_or(WriteError::Missing)?;
    let steps = || -> db::Result<()> {
        let at = at.as_millisecond();
        connection.execute(
            "UPDATE groups SET deleted = ?2, version = version + 1 WHERE number = ?1",
            params![group.number, at],
        )?;
        touch_members(connection, group.number)?;
        let row = AuditRow { target: Some(group.number), ..AuditRow::default() };
        append(connection, at, who, Activity::DeleteGroup, row)?;
        Ok(())
    };
    steps().map_err(|error| WriteError::Store(database(error)))
}

/// One group that is deleted and can be restored.
pub(super) fn find_deleted(connection: &Connection, id: GroupId) -> Result<Option<Group>, StoreError> {
    let sql = format!(
        "SELECT {GROUP} FROM groups g WHERE g.id = ?1 AND g.deleted IS NOT NULL AND g.purged IS NULL"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([id.0.as_bytes()]).map_err(database)?;
    rows.next().map_err(database)?.map(group).transpose()
}

/// Brings a deleted group back, with its members.
pub(super) fn restore(
    connection: &Connection,
    id: GroupId,
    at: Timestamp,
    who: Actor,
) -> Result<Group, WriteError> {
    let mut group = find_deleted(connection, id)?.ok_or(WriteError::Missing)?;
    (group.deleted, group.version) = (None, group.version + 1);
    let steps = || -> db::Result<()> {
        connection.execute(
            "UPDATE groups SET deleted = NULL, version = ?2 WHERE number = ?1",
            params![group.number, group.version],
        )?;
        touch_members(connection, group.number)?;
        let row = AuditRow { target: Some(group.number), ..AuditRow::default() };
        append(connection, at.as_millisecond(), who, Activity::RestoreGroup, row)?;
        Ok(())
    };
    steps().map_err(|error| WriteError::Store(database(error)))?;
    Ok(group)
}

/// Deletes a deleted group for good; number and id stay.
pub(super) fn purge(connection: &Connection, group: i64, at: i64, who: Actor) -> db::Result<()> {
    connection
        .prepare_cached(
            "UPDATE groups
                SET purged = ?2, version = version + 1, display_name = '', description = NULL, mail = NULL,
                    mail_nickname = NULL, membership_rule = NULL
              WHERE number = ?1",
        )?
        .execute([group, at])?;
    connection.prepare_cached("DELETE FROM memberships WHERE grp = ?1")?.execute([group])?;
    let row = AuditRow { target: Some(group), ..AuditRow::default() };
    append(connection, at, who, Activity::HardDeleteGroup, row)?;
    Ok(())
}

/// Numbers of groups by id.
pub(super) fn number(connection: &Connection, id: GroupId) -> db::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM groups WHERE id = ?1 AND deleted IS NULL")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()
}
