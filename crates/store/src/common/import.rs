//! What an import looks up and writes.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::Value;
use tenure_lifecycle::expression::fold;
use tenure_lifecycle::ports::{FeedMatch, NewUser, PersonWrite, StoreError, WriteError};

use super::db::{self, Connection, OptionalExtension};
use super::members::Origin;
use super::rows::database;
use super::users::{self, USER, USER_COLUMNS, find, user};

/// The people whom employee ids name.
pub(super) fn people_by_employee_id(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<Option<FeedMatch>>, StoreError> {
    let sql = format!(
        "SELECT {USER}, m.employee_id, u.feed
           FROM users u LEFT JOIN users m ON m.number = u.manager
          WHERE u.employee_id = ?1 AND u.deleted IS NULL
          ORDER BY u.number LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let one = statement
            .query_row([id], |row| {
                Ok(FeedMatch {
                    user: user(row, 0)?,
                    manager_employee_id: row.get(USER_COLUMNS)?,
                    feed: row.get(USER_COLUMNS + 1)?,
                })
            })
            .optional()
            .map_err(database)?;
        found.push(one);
    }
    Ok(found)
}

/// The numbers of the people whom employee ids name.
pub(super) fn numbers_by_employee_id(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<Option<i64>>, StoreError> {
    let steps = || -> db::Result<Vec<Option<i64>>> {
        let mut statement = connection.prepare_cached(
            "SELECT number FROM users WHERE employee_id = ?1 AND deleted IS NULL ORDER BY number LIMIT 1",
        )?;
        ids.iter().map(|id| statement.query_row([id], |row| row.get(0)).optional()).collect()
    };
    steps().map_err(database)
}

/// The people who hold user principal names, by folded name.
pub(super) fn holders(connection: &Connection, names: &[&str]) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT number FROM users WHERE principal_name = ?1").map_err(database)?;
    let mut found = Vec::new();
    for name in names {
        let folded = fold(name).into_owned();
        let holder = statement.query_row([&folded], |row| row.get(0)).optional().map_err(database)?;
        found.extend(holder.map(|number| (folded, number)));
    }
    Ok(found)
}

/// Those of the employee ids that name somebody who is deleted, and nobody who is not.
pub(super) fn employee_ids_of_deleted(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<String>, StoreError> {
    let steps = || -> db::Result<Vec<String>> {
        let mut statement = connection.prepare_cached(
            "SELECT max(CASE WHEN deleted IS NULL THEN 1 ELSE 0 END) FROM users WHERE employee_id = ?1 AND employee_id IS NOT NULL",
        )?;
        let mut found = Vec::new();
        for id in ids {
            if statement.query_row([id], |row| row.get::<_, Option<bool>>(0))? == Some(false) {
                found.push((*id).to_owned());
            }
        }
        Ok(found)
    };
    steps().map_err(database)
}

/// Whether somebody, deleted or not, has the employee id of somebody new.
fn is_taken(connection: &Connection, new: &NewUser) -> db::Result<bool> {
    let id = new.set.iter().rev().find_map(|(attribute, value)| match value {
        Value::Text(text) if attribute.name == "employeeId" => Some(text),
        _ => None,
    });
    let Some(id) = id else { return Ok(false) };
    connection
        .prepare_cached("SELECT 1 FROM users WHERE employee_id = ?1 AND employee_id IS NOT NULL")?
        .exists([id])
}

/// Writes a chunk, all or nothing.
pub(super) fn write_people(
    connection: &Connection,
    writes: &[PersonWrite],
    at: Timestamp,
    who: Actor,
) -> Result<(), WriteError> {
    let mut created = 0;
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    for write in writes {
        match write {
            PersonWrite::Create(new) => {
                // Somebody may have been created, deleted or restored since the import looked.
                if is_taken(connection, new).map_err(database)? {
                    return Err(WriteError::Missing);
                }
                users::create(connection, new, at, who)?;
                created += 1;
            }
            PersonWrite::Update { user: number, patch, feed } => {
                let person =
                    find(connection, "u.number = ?1 AND u.deleted IS NULL", number).map_err(database)?;
                if let Some(person) = person {
                    users::update(connection, person, patch, Some(feed), origin)?;
                }
            }
            PersonWrite::Complete { user, manager } => {
                users::complete(connection, *user, *manager, origin).map_err(database)?;
            }
        }
    }
    if created > 0 {
        users::population(connection, created).map_err(database)?;
    }
    Ok(())
}
