//! What an import looks up and writes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{User, Value};
use tenure_lifecycle::expression::fold;
use tenure_lifecycle::ports::{FeedMatch, NewUser, PersonWrite, StoreError, WriteError};

use super::db::{self, Connection, OptionalExtension, Row};
use super::members::Origin;
use super::rows::{database, json_numbers};
use super::sql;
use super::users::{self, USER, USER_COLUMNS, user};

/// What a query finds for each of these texts, if anything; it is asked for one, which it has as `?1`.
fn for_each<T>(
    connection: &Connection,
    query: &str,
    texts: &[&str],
    read: impl Fn(&Row<'_>) -> db::Result<T>,
) -> Result<Vec<Option<T>>, StoreError> {
    let steps = || -> db::Result<Vec<Option<T>>> {
        if !sql::IS_FAR {
            let mut statement = connection.prepare_cached(query)?;
            return texts.iter().map(|text| statement.query_row([text], &read).optional()).collect();
        }
        // What it does not keep it has not, and it cannot be asked for it either.
        let is_kept = |text: &&str| !text.contains('\0');
        let asked: Vec<&str> = texts.iter().map(|text| if is_kept(text) { *text } else { "" }).collect();
        let query = query.replace("?1", "n.value");
        let mut statement = connection.prepare_cached(&format!(
            "SELECT q.*, n.key FROM {}(?1) n CROSS JOIN LATERAL ({query}) q",
            sql::ELEMENTS
        ))?;
        let last = statement.column_count() - 1;
        let mut found: Vec<Option<T>> = texts.iter().map(|_| None).collect();
        let mut rows = statement.query([serde_json::to_string(&asked).unwrap_or_default()])?;
        while let Some(row) = rows.next()? {
            let place = row.get::<_, i64>(last)? as usize;
            if texts.get(place).is_some_and(is_kept) {
                found[place] = Some(read(row)?);
            }
        }
        Ok(found)
    };
    steps().map_err(database)
}

/// The people whom employee ids name.
pub(super) fn people_by_employee_id(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<Option<FeedMatch>>, StoreError> {
    let query = format!(
        "SELECT {USER}, m.employee_id, u.feed
           FROM users u LEFT JOIN users m ON m.number = u.manager
          WHERE u.employee_id = ?1 AND u.deleted IS NULL
          ORDER BY u.number LIMIT 1"
    );
    for_each(connection, &query, ids, |row| {
        Ok(FeedMatch {
            user: user(row, 0)?,
            manager_employee_id: row.get(USER_COLUMNS)?,
            feed: row.get(USER_COLUMNS + 1)?,
        })
    })
}

/// The numbers of the people whom employee ids name.
pub(super) fn numbers_by_employee_id(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<Option<i64>>, StoreError> {
    let query = "SELECT number FROM users WHERE employee_id = ?1 AND deleted IS NULL ORDER BY number LIMIT 1";
    for_each(connection, query, ids, |row| row.get(0))
}

/// The people who hold user principal names, by folded name.
pub(super) fn holders(connection: &Connection, names: &[&str]) -> Result<Vec<(String, i64)>, StoreError> {
    let folded: Vec<Cow<'_, str>> = names.iter().map(|name| fold(name)).collect();
    let asked: Vec<&str> = folded.iter().map(Cow::as_ref).collect();
    let query = "SELECT number FROM users WHERE principal_name = ?1";
    let holders = for_each(connection, query, &asked, |row| row.get(0))?;
    Ok(asked.into_iter().zip(holders).filter_map(|(name, holder)| Some((name.to_owned(), holder?))).collect())
}

/// Those of the employee ids that name somebody who is deleted, and nobody who is not.
pub(super) fn employee_ids_of_deleted(
    connection: &Connection,
    ids: &[&str],
) -> Result<Vec<String>, StoreError> {
    let query = "SELECT max(CASE WHEN deleted IS NULL THEN 1 ELSE 0 END) FROM users
                  WHERE employee_id = ?1 AND employee_id IS NOT NULL";
    let are_there = for_each(connection, query, ids, |row| row.get::<_, Option<bool>>(0))?;
    let are_gone = ids.iter().zip(are_there).filter(|(_, is_there)| *is_there == Some(Some(false)));
    Ok(are_gone.map(|(id, _)| (*id).to_owned()).collect())
}

/// The employee id of somebody new.
fn employee_id(new: &NewUser) -> Option<&str> {
    new.set.iter().rev().find_map(|(attribute, value)| match value {
        Value::Text(text) if attribute.name == "employeeId" => Some(text.as_str()),
        _ => None,
    })
}

/// Whether an employee id is that of two, or of somebody, deleted or not, who is there.
fn is_any_taken(connection: &Connection, ids: &[&str]) -> Result<bool, StoreError> {
    let each: HashSet<&str> = ids.iter().copied().collect();
    let query = "SELECT 1 FROM users WHERE employee_id = ?1 AND employee_id IS NOT NULL LIMIT 1";
    let found = for_each(connection, query, ids, |_| Ok(()))?;
    Ok(each.len() < ids.len() || found.iter().any(Option::is_some))
}

/// Writes a chunk, all or nothing.
pub(super) fn write_people(
    connection: &Connection,
    writes: &[PersonWrite],
    at: Timestamp,
    who: Actor,
) -> Result<(), WriteError> {
    let new: Vec<&NewUser> = writes
        .iter()
        .filter_map(|write| if let PersonWrite::Create(new) = write { Some(new) } else { None })
        .collect();
    // Somebody may have been created, deleted or restored since the import looked.
    let ids: Vec<&str> = new.iter().filter_map(|new| employee_id(new)).collect();
    if is_any_taken(connection, &ids)? {
        return Err(WriteError::Missing);
    }
    if !new.is_empty() {
        let next = users::next_number(connection).map_err(database)?;
        for (number, new) in (next..).zip(&new) {
            users::create(connection, number, new, at, who)?;
        }
        users::population(connection, new.len() as i64).map_err(database)?;
    }
    let origin = Origin { at: at.as_millisecond(), who, task: None };
    let mut people = people(connection, writes).map_err(database)?;
    let mut managers = Vec::new();
    for write in writes {
        match write {
            PersonWrite::Create(_) => {}
            PersonWrite::Update { user, patch, feed } => {
                if let Some(person) = people.remove(user) {
                    let updated = users::update(connection, person, patch, Some(feed), origin)?;
                    people.insert(*user, updated);
                }
            }
            PersonWrite::Complete { user, manager } => managers.push([*user, *manager]),
        }
    }
    users::complete(connection, &managers, origin).map_err(database)?;
    users::write_out(connection)
}

/// Those who are changed and are not deleted.
fn people(connection: &Connection, writes: &[PersonWrite]) -> db::Result<HashMap<i64, User>> {
    let changed = writes.iter().filter_map(|write| match write {
        PersonWrite::Update { user, .. } => Some(*user),
        _ => None,
    });
    let changed: Vec<i64> = changed.collect();
    if changed.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT {USER} FROM json_each(?1) n CROSS JOIN users u ON u.number = n.value WHERE u.deleted IS NULL"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([json_numbers(&changed)], |row| user(row, 0))?;
    found.map(|one| one.map(|user| (user.number, user))).collect()
}
