//! What the users of a range are to have taken back, and what it takes to do so.

use std::collections::BTreeSet;

use tenure_lifecycle::audit::{Activity, TargetKind};
use tenure_lifecycle::directory::User;
use tenure_lifecycle::effect::{History, Recorded};
use tenure_lifecycle::ids::{MethodId, Ordinal};
use tenure_lifecycle::ports::{LoadedUser, StoreError};
use tenure_lifecycle::task::People;

use super::super::assignments::{ASSIGNMENT, assignment};
use super::super::db::{self, Connection, Row};
use super::super::package_requests::{REQUEST, request};
use super::super::rows::{corrupt, database, guid, time};
use super::super::users::name_key;
use super::{Whose, people};

fn recorded(row: &Row<'_>) -> Result<Recorded, StoreError> {
    let number: i64 = row.get(1).map_err(database)?;
    let activity = Activity::from_code(row.get(4).map_err(database)?)
        .ok_or_else(|| corrupt("audit", "activity", number))?;
    let build = || -> db::Result<Recorded> {
        let attribute: Option<i64> = row.get(6)?;
        let (before, after): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
        let is_kept: bool = row.get(10)?;
        Ok(Recorded {
            at: time(row, 2)?,
            ordinal: row.get(3)?,
            activity,
            target: row.get(5)?,
            attribute,
            object: row.get(7)?,
            // What stands in the entry itself is never erased.
            is_erased: attribute.is_some() && !is_kept && before.is_none() && after.is_none(),
            before,
            after,
        })
    };
    build().map_err(database)
}

/// Loads what the users of a range are to have taken back.
pub(super) fn load(
    connection: &Connection,
    whose: &Whose<'_>,
    users: &mut [LoadedUser],
) -> Result<(), StoreError> {
    let places = super::places(users);
    for user in users.iter_mut() {
        user.history = Some(Box::default());
    }
    let mut each =
        |columns: &str,
         joined: &str,
         look: &mut dyn FnMut(&mut History, &Row<'_>) -> Result<(), StoreError>| {
            whose.each(connection, &format!("r.seq, {columns}"), joined, "r.seq, 2", |row| {
                let place = places.get(&row.get(0).map_err(database)?);
                match place.and_then(|place| users[*place].history.as_mut()) {
                    Some(history) => look(history, row),
                    None => Ok(()),
                }
            })
        };
    each(
        "a.number, a.at, a.ordinal, a.activity, a.target, a.attribute, a.object,
         coalesce(a.before, v.before), coalesce(a.after, v.after), v.number IS NOT NULL",
        "CROSS JOIN undo_changes d ON d.run = r.run AND d.seq = r.seq
         CROSS JOIN audit a ON a.number = d.change
         LEFT JOIN audit_values v ON v.number = a.number",
        &mut |history, row| {
            history.records.push(recorded(row)?);
            Ok(())
        },
    )?;
    each(
        ASSIGNMENT,
        "CROSS JOIN package_assignments a ON a.user = r.subject
           JOIN access_packages k ON k.number = a.package AND k.deleted IS NULL
           JOIN assignment_policies y ON y.number = a.policy AND y.deleted IS NULL",
        &mut |history, row| {
            history.assignments.push(assignment(row, 1).map_err(database)?);
            Ok(())
        },
    )?;
    each(
        REQUEST,
        "CROSS JOIN package_requests q ON q.user = r.subject
            AND (q.policy IS NULL OR EXISTS (SELECT 1 FROM assignment_policies y WHERE y.number = q.policy AND y.deleted IS NULL))
           JOIN access_packages k ON k.number = q.package AND k.deleted IS NULL",
        &mut |history, row| {
            history.requests.push(request(row, 1)?);
            Ok(())
        },
    )?;
    each(
        "p.number, p.ordinal, p.id",
        "CROSS JOIN passes p ON p.user = r.subject
            AND p.run = (SELECT o.undoes FROM runs o WHERE o.number = r.run)",
        &mut |history, row| {
            let pass = || -> db::Result<(Ordinal, MethodId)> { Ok((row.get(2)?, MethodId(guid(row, 3)?))) };
            history.passes.push(pass().map_err(database)?);
            Ok(())
        },
    )?;
    whose.each(
        connection,
        "r.seq",
        "CROSS JOIN role_assignments h ON h.user = r.subject",
        "r.seq",
        |row| {
            if let Some(place) = places.get(&row.get(0).map_err(database)?) {
                users[*place].holdings.has_role = true;
            }
            Ok(())
        },
    )?;
    for user in users.iter_mut() {
        if let (Some(person), Some(history)) = (&user.user, &mut user.history)
            && person.deleted.is_some()
        {
            restorable(connection, person, history).map_err(database)?;
        }
    }
    Ok(())
}

/// What keeps somebody who is deleted from being restored.
fn restorable(connection: &Connection, person: &User, history: &mut History) -> db::Result<()> {
    history.is_purged = connection
        .prepare_cached("SELECT 1 FROM users WHERE number = ?1 AND purged IS NOT NULL")?
        .exists([person.number])?;
    history.name_is_taken = connection
        .prepare_cached("SELECT 1 FROM users WHERE principal_name = ?1")?
        .exists([name_key(&person.attributes)])?;
    Ok(())
}

/// Adds what the entries name.
pub(super) fn named(
    connection: &Connection,
    users: &[LoadedUser],
    found: &mut People,
) -> Result<(), StoreError> {
    let records =
        || users.iter().filter_map(|user| user.history.as_ref()).flat_map(|history| &history.records);
    let of = |kind: TargetKind| -> BTreeSet<i64> {
        let objects = records().filter(|record| record.activity.object() == kind);
        let targets = records().filter(|record| record.activity.target() == kind);
        objects.filter_map(|record| record.object).chain(targets.map(|record| record.target)).collect()
    };
    people::groups(connection, &of(TargetKind::Group), found)?;
    people::skus(connection, &of(TargetKind::Sku), found)?;
    people::packages(connection, &of(TargetKind::AccessPackage), found)?;
    people::users(connection, &of(TargetKind::User), found)?;
    people::agents(connection, &of(TargetKind::Agent), found)
}
