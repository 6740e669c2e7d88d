//! Writing what a file says, once it has been looked through.

use std::collections::HashMap;

use super::super::{Lifecycle, OperationError};
use super::Import;
use super::rows::{Row, each_chunk, open};
use super::survey::{Survey, Write};
use crate::audit::Actor;
use crate::directory::UserPatch;
use crate::directory::feed::FeedPerson;
use crate::ids::UserId;
use crate::ports::{NewUser, PersonWrite, WriteError};

/// Writes the rows that make somebody other than they are. A manager whose own row comes later is set at the end.
pub(super) fn write(
    lifecycle: &Lifecycle,
    import: &Import<'_>,
    feed: &str,
    survey: &Survey,
    actor: Actor,
) -> Result<(), OperationError> {
    let mut forward = Vec::new();
    let mut writes = survey.writes.iter().filter(|one| !survey.rejected.contains(&one.line)).peekable();
    let chosen = open(import)?.rows.filter(|row| {
        let is_next = |one: &&Write| row.as_ref().is_ok_and(|person| person.line == one.line);
        writes.peek().is_some_and(is_next) && writes.next().is_some()
    });
    let users: HashMap<u64, i64> =
        survey.writes.iter().filter_map(|one| Some((one.line, one.user?))).collect();
    each_chunk(chosen, |rows| {
        let people = rows.into_iter().filter_map(Result::ok).collect::<Vec<_>>();
        let managers = managers(lifecycle, &people)?;
        let writes = people.into_iter().map(|mut person| {
            let set = std::mem::take(&mut person.set);
            let manager = match Manager::of(&person, &managers) {
                Manager::Unsaid => None,
                Manager::Is(manager) => Some(manager),
                Manager::Unknown => {
                    forward.push(person.line);
                    None
                }
            };
            match users.get(&person.line) {
                None => PersonWrite::Create(NewUser {
                    id: UserId(lifecycle.ids.fresh()),
                    set,
                    manager: manager.flatten(),
                    protected: false,
                    feed: Some(feed.to_owned()),
                    sponsors: vec![],
                }),
                Some(user) => PersonWrite::Update {
                    user: *user,
                    patch: UserPatch { set, manager, ..UserPatch::default() },
                    feed: feed.to_owned(),
                },
            }
        });
        write_people(lifecycle, &writes.collect::<Vec<_>>(), actor)
    })?;
    write_managers(lifecycle, import, feed, (&forward, &users), actor)
}

/// Sets the managers of these lines, now that everybody is known; `users` are those who are not new.
fn write_managers(
    lifecycle: &Lifecycle,
    import: &Import<'_>,
    feed: &str,
    (lines, users): (&[u64], &HashMap<u64, i64>),
    actor: Actor,
) -> Result<(), OperationError> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut lines = lines.iter().peekable();
    let chosen = open(import)?.rows.filter(|row: &Row| {
        let is_next = |line: &&u64| row.as_ref().is_ok_and(|person| person.line == **line);
        lines.peek().is_some_and(is_next) && lines.next().is_some()
    });
    each_chunk(chosen, |rows| {
        let people: Vec<FeedPerson> = rows.into_iter().filter_map(Result::ok).collect();
        let managers = managers(lifecycle, &people)?;
        let ids: Vec<&str> = people.iter().map(|person| person.employee_id.as_str()).collect();
        let numbers = lifecycle.store.numbers_by_employee_id(&ids)?;
        let writes = people.iter().zip(numbers).filter_map(|(person, number)| {
            // If the manager's own row was rejected, the manager stays who it was.
            let Manager::Is(manager) = Manager::of(person, &managers) else { return None };
            Some(match users.get(&person.line) {
                None => PersonWrite::Complete { user: number?, manager: manager? },
                Some(user) => {
                    let patch = UserPatch { manager: Some(manager), ..UserPatch::default() };
                    PersonWrite::Update { user: *user, patch, feed: feed.to_owned() }
                }
            })
        });
        write_people(lifecycle, &writes.collect::<Vec<_>>(), actor)
    })
}

/// The managers of these people who are in the directory, by employee id.
fn managers(lifecycle: &Lifecycle, people: &[FeedPerson]) -> Result<HashMap<String, i64>, OperationError> {
    let ids = people.iter().filter_map(|person| person.manager_employee_id.as_ref()?.as_deref());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let numbers = lifecycle.store.numbers_by_employee_id(&ids)?;
    Ok(ids.into_iter().zip(numbers).filter_map(|(id, number)| Some((id.to_owned(), number?))).collect())
}

/// What a row says of the manager.
enum Manager {
    /// Nothing.
    Unsaid,
    /// That it is this person, or nobody.
    Is(Option<i64>),
    /// That it is somebody who is not in the directory, or not yet.
    Unknown,
}

impl Manager {
    fn of(person: &FeedPerson, managers: &HashMap<String, i64>) -> Self {
        match &person.manager_employee_id {
            None => Self::Unsaid,
            Some(None) => Self::Is(None),
            Some(Some(id)) => managers.get(id).map_or(Self::Unknown, |number| Self::Is(Some(*number))),
        }
    }
}

fn write_people(lifecycle: &Lifecycle, writes: &[PersonWrite], actor: Actor) -> Result<(), OperationError> {
    if writes.is_empty() {
        return Ok(());
    }
    lifecycle.store.write_people(writes, lifecycle.now(), actor).map_err(|error| match error {
        // Looked through before; somebody else wrote in between.
        WriteError::Taken { .. } | WriteError::Holds { .. } | WriteError::Missing => OperationError::Changed,
        WriteError::Store(cause) => OperationError::Store(cause),
    })
}
