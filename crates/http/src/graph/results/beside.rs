//! What stands inside results and is kept elsewhere: people and tasks, loaded once for a whole page.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value as Json;
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ids::{Ordinal, UserId};
use tenure_lifecycle::ports::{Store, StoreError};
use tenure_lifecycle::run::TaskResult;
use tenure_lifecycle::workflow::{Task, Workflow};

use super::shape::subject_reference;
use crate::errors::GraphError;
use crate::graph::users::licenses::Licenses;
use crate::graph::users::read::{MANAGER, Managers, respond_one};
use crate::graph::users::shape::{USER, user_item};
use crate::odata::{Expanded, Item, Navigation};
use crate::request::Request;
use crate::response::Response;

/// Whom a result is about.
pub(crate) const SUBJECT: Navigation = Navigation::one("subject", || &USER).with(&[MANAGER]);

/// The people of a page who are not deleted, as an expanded `subject` shows them.
pub(crate) struct People(HashMap<UserId, Item>);

impl People {
    /// Loads the people of a page.
    pub(crate) fn load(
        store: &dyn Store,
        asked: &Expanded,
        subjects: impl Iterator<Item = Option<UserId>>,
    ) -> Result<Self, GraphError> {
        let selection = asked.selection()?;
        let mut ids: Vec<UserId> = subjects.flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        let numbers: Vec<i64> = store.user_numbers(&ids)?.into_iter().flatten().collect();
        let users = store.users_by_number(&numbers)?;
        let managers = Managers::of(store, &users, &asked.inside)?;
        let licenses = Licenses::shown(store, &selection, &users)?;
        let shown = |user: &User| {
            let mut item = user_item(user, &selection, &licenses);
            managers.expand(&mut item, user, &asked.inside)?;
            Ok((user.id, item))
        };
        Ok(Self(users.iter().map(shown).collect::<Result<_, GraphError>>()?))
    }

    /// The subject: whole if there still is such a person, otherwise the id.
    pub(crate) fn get(&self, subject: Option<UserId>) -> Json {
        let person = subject.and_then(|subject| self.0.get(&subject));
        person.map_or_else(|| subject_reference(subject), |person| Json::Object(person.clone()))
    }
}

/// One person as the answer; 404 when nobody is set, or the person was deleted.
pub(crate) fn person(request: &Request, subject: Option<UserId>) -> Result<Response, GraphError> {
    let Some(subject) = subject else { return Err(GraphError::not_found("the subject")) };
    match request.lifecycle().store.user(subject)? {
        Some(user) => respond_one(request, "users", &user),
        None => Err(GraphError::not_found(format!("the subject '{subject}'"))),
    }
}

/// The tasks of the versions of one workflow.
pub(crate) struct Tasks<'a> {
    store: &'a dyn Store,
    workflow: &'a Workflow,
    older: HashMap<i64, Vec<Task>>,
}

impl<'a> Tasks<'a> {
    /// The tasks of this workflow; its current version is there, others are loaded when they are met, or before.
    pub(crate) fn of(store: &'a dyn Store, workflow: &'a Workflow) -> Self {
        Self { store, workflow, older: HashMap::new() }
    }

    /// Loads the tasks of all versions that a page is about at once.
    pub(crate) fn load(&mut self, versions: impl Iterator<Item = i64>) -> Result<(), StoreError> {
        let known = |version: &i64| *version == self.workflow.version || self.older.contains_key(version);
        let mut wanted: Vec<i64> = versions.filter(|version| !known(version)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if !wanted.is_empty() {
            let found = self.store.versions_among(self.workflow.number, &wanted)?;
            self.older.extend(found.into_iter().map(|version| (version.number, version.tasks)));
        }
        Ok(())
    }

    /// The task at that place of a version.
    pub(crate) fn get(&mut self, version: i64, ordinal: Ordinal) -> Result<Option<&Task>, StoreError> {
        let tasks = if version == self.workflow.version {
            &self.workflow.tasks
        } else {
            match self.older.entry(version) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    let found = self.store.version(self.workflow.number, version)?;
                    place.insert(found.map(|found| found.tasks).unwrap_or_default())
                }
            }
        };
        Ok(tasks.iter().find(|task| task.execution_sequence == ordinal))
    }

    /// The task of a task result; a reported one has none.
    pub(crate) fn of_result(&mut self, result: &TaskResult) -> Result<Option<&Task>, StoreError> {
        match result.version {
            Some(version) => self.get(version, result.ordinal),
            None => Ok(None),
        }
    }
}
