//! Loading people as a batch would, without one.

use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{Before, LoadedPeople, LoadedPerson, LoadedUser, StoreError};
use tenure_lifecycle::run::{Status, TaskCounts};
use tenure_lifecycle::task::Holdings;
use tenure_lifecycle::workflow::Task;

use super::super::db::Connection;
use super::super::rows::{database, json_numbers};
use super::super::users::{USER, find, user};
use super::{Whose, holdings, load_groups, load_people};

/// Somebody who is not deleted, with all that planning of these tasks needs to know.
pub(in super::super) fn person(
    connection: &Connection,
    id: UserId,
    tasks: &[Task],
) -> Result<Option<LoadedPerson>, StoreError> {
    let found = find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?;
    let Some(found) = found else { return Ok(None) };
    let LoadedPeople { mut users, people } = persons(connection, &[found.number], tasks)?;
    Ok(users.pop().map(|LoadedUser { groups, holdings, .. }| LoadedPerson {
        user: found,
        groups,
        holdings,
        people,
    }))
}

/// Those of these people who are not deleted, with all that planning of these tasks needs to know.
pub(in super::super) fn persons(
    connection: &Connection,
    numbers: &[i64],
    tasks: &[Task],
) -> Result<LoadedPeople, StoreError> {
    let whose = Whose::These(json_numbers(numbers));
    let mut users = Vec::with_capacity(numbers.len());
    let join = "CROSS JOIN users u ON u.number = r.subject AND u.deleted IS NULL";
    whose.each(connection, USER, join, "r.seq", |row| {
        let user = user(row, 0).map_err(database)?;
        users.push(LoadedUser {
            seq: user.number,
            user: Some(user),
            groups: Vec::new(),
            holdings: Holdings::default(),
            before: Before { status: Status::Queued, tasks: TaskCounts::default(), change: 0 },
            started: None,
            done: Vec::new(),
            pending: None,
            event: None,
            sponsor_count: 0,
            chosen: None,
            history: None,
        });
        Ok(())
    })?;
    load_groups(connection, &whose, &mut users)?;
    holdings::load(connection, &whose, tasks.iter(), &mut users)?;
    let people = load_people(connection, &mut users, tasks.iter(), &[])?;
    Ok(LoadedPeople { users, people })
}
