//! Directory roles that people hold. Whoever writes here raises the person's version afterwards, with
//! [`super::members::touch`].

use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::directory::RoleAssignment;
use tenure_lifecycle::ids::RoleAssignmentId;

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension, params};
use super::members::Origin;
use super::rows::guid;

/// Gives somebody a role; false if they hold it there.
pub(super) fn add(connection: &Connection, role: &RoleAssignment, origin: Origin) -> db::Result<bool> {
    let made = connection
        .prepare_cached(
            "INSERT INTO role_assignments (id, user, role, scope, created) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (user, role, scope) DO NOTHING",
        )?
        .execute(params![
            role.id.0.as_bytes(),
            role.user,
            role.role.as_bytes(),
            role.scope,
            role.created.as_millisecond()
        ])?;
    if made > 0 {
        let after = role.role.to_string();
        let row = AuditRow { after: Some(&after), ..origin.row(role.user) };
        append(connection, origin.at, origin.who, Activity::AddRole, row)?;
    }
    Ok(made > 0)
}

/// Takes a role away and says whose it was; `None` if there is no such assignment.
pub(super) fn remove(
    connection: &Connection,
    id: RoleAssignmentId,
    origin: Origin,
) -> db::Result<Option<i64>> {
    let gone: Option<(i64, uuid::Uuid)> = connection
        .prepare_cached("DELETE FROM role_assignments WHERE id = ?1 RETURNING user, role")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, guid(row, 1)?)))
        .optional()?;
    let Some((user, role)) = gone else { return Ok(None) };
    let before = role.to_string();
    let row = AuditRow { before: Some(&before), ..origin.row(user) };
    append(connection, origin.at, origin.who, Activity::RemoveRole, row)?;
    Ok(Some(user))
}

/// Takes away what somebody holds who is deleted for good.
pub(super) fn forget(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    let ids: Vec<RoleAssignmentId> = connection
        .prepare_cached("SELECT id FROM role_assignments WHERE user = ?1 ORDER BY number")?
        .query_map([user], |row| guid(row, 0).map(RoleAssignmentId))?
        .collect::<db::Result<_>>()?;
    for id in ids {
        remove(connection, id, origin)?;
    }
    Ok(())
}
