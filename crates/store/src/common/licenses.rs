//! Licences: who has one. Whoever writes here raises the person's version afterwards, with [`super::members::touch`].

use tenure_lifecycle::audit::Activity;

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension as _, params};
use super::members::Origin;

/// What became of giving somebody a licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// They have it now.
    Changed,
    /// They had it.
    AsBefore,
    /// There is none left.
    UsedUp,
}

/// Gives a person a licence, if one is left.
pub(super) fn assign(connection: &Connection, sku: i64, user: i64, origin: Origin) -> db::Result<Given> {
    let has = connection
        .prepare_cached("SELECT 1 FROM licenses WHERE user = ?1 AND sku = ?2")?
        .query_row([user, sku], |_| Ok(()))
        .optional()?;
    if has.is_some() {
        return Ok(Given::AsBefore);
    }
    let taken = connection
        .prepare_cached(
            "UPDATE skus SET consumed = consumed + 1
              WHERE number = ?1 AND deleted IS NULL AND (enabled IS NULL OR consumed < enabled)",
        )?
        .execute([sku])?;
    if taken == 0 {
        return Ok(Given::UsedUp);
    }
    connection
        .prepare_cached("INSERT INTO licenses (user, sku, assigned) VALUES (?1, ?2, ?3)")?
        .execute(params![user, sku, origin.at])?;
    let row = AuditRow { object: Some(sku), ..origin.row(user) };
    append(connection, origin.at, origin.who, Activity::AssignLicense, row)?;
    Ok(Given::Changed)
}

/// Takes a licence from a person; false if they have none of that kind.
pub(super) fn remove(connection: &Connection, sku: i64, user: i64, origin: Origin) -> db::Result<bool> {
    let gone = connection
        .prepare_cached("DELETE FROM licenses WHERE user = ?1 AND sku = ?2")?
        .execute([user, sku])?;
    if gone > 0 {
        connection
            .prepare_cached("UPDATE skus SET consumed = consumed - 1 WHERE number = ?1")?
            .execute([sku])?;
        let row = AuditRow { object: Some(sku), ..origin.row(user) };
        append(connection, origin.at, origin.who, Activity::RemoveLicense, row)?;
    }
    Ok(gone > 0)
}

/// Frees the licences of a person who is deleted for good.
pub(super) fn free(connection: &Connection, user: i64, origin: Origin) -> db::Result<()> {
    let held: Vec<i64> = connection
        .prepare_cached("SELECT sku FROM licenses WHERE user = ?1 ORDER BY sku")?
        .query_map([user], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    for sku in held {
        remove(connection, sku, user, origin)?;
    }
    Ok(())
}
