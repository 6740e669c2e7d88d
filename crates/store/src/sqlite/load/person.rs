//! Loading one person as a batch would.

use rusqlite::Connection;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{Before, LoadedPerson, LoadedUser, StoreError};
use tenure_lifecycle::run::{Status, TaskCounts};
use tenure_lifecycle::task::Holdings;
use tenure_lifecycle::workflow::Task;

use super::super::rows::database;
use super::super::users::find;
use super::{Whose, holdings, load_groups, load_people};

/// Somebody who is not deleted, with all that planning of these tasks needs to know.
pub(in crate::sqlite) fn person(
    connection: &Connection,
    id: UserId,
    tasks: &[Task],
) -> Result<Option<LoadedPerson>, StoreError> {
    let found = find(connection, "u.id = ?1 AND u.deleted IS NULL", &id.0.as_bytes()).map_err(database)?;
    let Some(user) = found else { return Ok(None) };
    let whose = Whose::One(user.number);
    let mut users = vec![LoadedUser {
        seq: 0,
        user: Some(user.clone()),
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
    }];
    load_groups(connection, &whose, &mut users)?;
    holdings::load(connection, &whose, tasks.iter(), &mut users)?;
    let people = load_people(connection, &mut users, tasks.iter(), &[])?;
    let loaded = users.pop();
    Ok(loaded.map(|LoadedUser { groups, holdings, .. }| LoadedPerson { user, groups, holdings, people }))
}
