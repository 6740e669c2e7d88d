//! People who are deleted, come back, or are deleted for good.

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::WriteError;

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, params};
use super::members::Origin;
use super::rows::database;
use super::users::{find, name_key, population, taken};
use super::{
    authentication_methods, dates, licenses, package_assignments, passes, role_assignments, sponsorships,
};

/// Groups that are not deleted, of which somebody is a member.
fn groups_of(connection: &Connection, user: i64) -> db::Result<Vec<i64>> {
    connection
        .prepare_cached(
            "SELECT m.grp FROM memberships m JOIN groups g ON g.number = m.grp
              WHERE m.user = ?1 AND g.deleted IS NULL
              ORDER BY m.grp",
        )?
        .query_map([user], |row| row.get(0))?
        .collect()
}

/// Soft-deletes a person. Memberships, licences and sponsorships are kept for a restore; to everybody else they are gone.
pub(super) fn delete(
    connection: &Connection,
    id: UserId,
    at: Timestamp,
    who: Actor,
) -> Result<(), WriteError> {
    let Some(user) =
        find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?
    else {
        return Err(WriteError::Missing);
    };
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    delete_by_number(connection, user.number, origin).map_err(|error| WriteError::Store(database(error)))?;
    Ok(())
}

/// The same by number; false if the person is deleted.
pub(super) fn delete_by_number(connection: &Connection, user: i64, origin: Origin) -> db::Result<bool> {
    let deleted = connection
        .prepare_cached(
            "UPDATE users SET deleted = ?2, principal_name = NULL, version = version + 1
              WHERE number = ?1 AND deleted IS NULL",
        )?
        .execute([user, origin.at])?;
    if deleted == 0 {
        return Ok(false);
    }
    for group in groups_of(connection, user)? {
        let row = AuditRow { object: Some(group), ..origin.row(user) };
        append(connection, origin.at, origin.who, Activity::RemoveMember, row)?;
    }
    sponsorships::touch_sponsored(connection, user)?;
    let change = append(connection, origin.at, origin.who, Activity::DeleteUser, origin.row(user))?;
    sponsorships::note_of_sponsored(connection, user, change)?;
    population(connection, -1)?;
    Ok(true)
}

/// The condition on `u` for somebody who is deleted and can be restored.
pub(super) const RESTORABLE: &str = "u.deleted IS NOT NULL AND u.purged IS NULL";

/// Brings a deleted person back, with the memberships that are left.
pub(super) fn restore(
    connection: &Connection,
    id: UserId,
    at: Timestamp,
    who: Actor,
) -> Result<User, WriteError> {
    let condition = format!("u.id = ?1 AND {RESTORABLE}");
    let found = find(connection, &condition, &id.0.as_bytes()).map_err(database)?;
    restore_found(connection, found, Origin { at: at.as_millisecond(), who, task: None })
}

/// The same by number.
pub(super) fn restore_by_number(
    connection: &Connection,
    user: i64,
    origin: Origin,
) -> Result<User, WriteError> {
    let condition = format!("u.number = ?1 AND {RESTORABLE}");
    let found = find(connection, &condition, &user).map_err(database)?;
    restore_found(connection, found, origin)
}

fn restore_found(connection: &Connection, found: Option<User>, origin: Origin) -> Result<User, WriteError> {
    let mut user = found.ok_or(WriteError::Missing)?;
    (user.deleted, user.version) = (None, user.version + 1);
    connection
        .execute(
            "UPDATE users SET deleted = NULL, principal_name = ?2, version = ?3 WHERE number = ?1",
            params![user.number, name_key(&user.attributes), user.version],
        )
        .map_err(taken)?;
    let steps = || -> db::Result<()> {
        append(connection, origin.at, origin.who, Activity::RestoreUser, origin.row(user.number))?;
        for group in groups_of(connection, user.number)? {
            let row = AuditRow { object: Some(group), ..origin.row(user.number) };
            append(connection, origin.at, origin.who, Activity::AddMember, row)?;
        }
        sponsorships::touch_sponsored(connection, user.number)?;
        population(connection, 1)
    };
    steps().map_err(|error| WriteError::Store(database(error)))?;
    Ok(user)
}

/// Deletes a deleted person for good; number and id stay. Licences are free for others.
pub(super) fn purge(connection: &Connection, user: i64, at: i64, who: Actor) -> db::Result<()> {
    connection
        .prepare_cached(
            "UPDATE users
                SET purged = ?2, version = version + 1, account_enabled = NULL, hire = NULL, leave = NULL,
                    manager = NULL, feed = NULL, principal_name = NULL, employee_id = NULL, attributes = '{}',
                    changes = NULL
              WHERE number = ?1",
        )?
        .execute([user, at])?;
    connection.prepare_cached("DELETE FROM memberships WHERE user = ?1")?.execute([user])?;
    let origin = Origin { at, who, task: None };
    licenses::free(connection, user, origin)?;
    sponsorships::forget(connection, user)?;
    dates::forget(connection, user)?;
    package_assignments::forget(connection, user, origin)?;
    passes::forget(connection, user, origin)?;
    authentication_methods::forget(connection, user, origin)?;
    role_assignments::forget(connection, user, origin)?;
    let row = AuditRow { target: Some(user), ..AuditRow::default() };
    append(connection, at, who, Activity::HardDeleteUser, row)?;
    Ok(())
}
