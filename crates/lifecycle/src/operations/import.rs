//! People coming in from a feed: looked through first, written only when not too much is wrong.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::sync::PoisonError;

use super::directory::check_attributes;
use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::feed::{Feed, FeedError, FeedPerson, FeedReader, ImportReport, Rejection};
use crate::directory::{UserPatch, Value, changes};
use crate::expression::fold;
use crate::ids::UserId;
use crate::ports::{FeedMatch, NewUser, PersonWrite, WriteError};
use crate::token::Caller;
use crate::words::counted;

/// Rows looked at, or written, in one step.
const CHUNK: usize = 1_000;
/// Rejected rows that are kept; an import with more is stopped anyway unless the file is very long.
const REJECTIONS: usize = 10_000;

/// An import: a file that can be opened again, the map, and what is wanted.
pub struct Import<'a> {
    /// Turns the file into people.
    pub reader: &'a dyn FeedReader,
    /// The map.
    pub map: &'a str,
    /// Opens the file; it is read twice or three times.
    pub open: &'a dyn Fn() -> std::io::Result<Box<dyn Read + Send>>,
    /// Only say what would be done.
    pub dry_run: bool,
}

impl From<FeedError> for OperationError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Map(rule) => Self::invalid("map", format!("is not valid: {rule}")),
            FeedError::File(rule) => Self::invalid("file", format!("is not valid: {rule}")),
        }
    }
}

impl Lifecycle {
    /// Imports people. Nothing is changed if too many rows are rejected or too many people are missing.
    pub fn import(&self, caller: &Caller, import: &Import<'_>) -> Result<ImportReport, OperationError> {
        let mut survey = Survey::default();
        let mut report = ImportReport { dry_run: import.dry_run, ..ImportReport::default() };
        survey.employees = Self::employee_ids(import)?;
        let feed = Self::read(import)?;
        report.feed.clone_from(&feed.name);
        report.header.clone_from(&feed.header);
        let columns: HashMap<&str, String> = feed.columns.iter().cloned().collect();
        // Of this feed and in the file; and rows of which it cannot be read whose they are.
        let mut found = HashSet::new();
        let mut anybodys = 0;
        Self::each_chunk(feed, |rows| {
            report.rows += rows.len() as u64;
            let known = self.known(rows.iter().filter_map(employee_id))?;
            found.extend(
                known
                    .values()
                    .filter(|one| one.feed.as_deref() == Some(&report.feed))
                    .map(|one| one.user.number),
            );
            let mut people = Vec::with_capacity(rows.len());
            for row in rows {
                match row {
                    Ok(person) => people.push(person),
                    Err(rejection) => {
                        anybodys += u64::from(rejection.employee_id.is_none());
                        survey.reject(&mut report, rejection);
                    }
                }
            }
            let deleted = self.deleted(&people, &known)?;
            let holders = self.holders(&people)?;
            let strangers = self.managers_outside(&people, &survey)?;
            for person in people {
                if deleted.contains(&person.employee_id) {
                    report.deleted += 1;
                    continue;
                }
                let existing = known.get(&person.employee_id);
                if let Err((property, reason)) =
                    survey.check(&person, &report.feed, existing, &holders, &strangers)
                {
                    let column = columns.get(property.as_str()).cloned().unwrap_or(property);
                    let FeedPerson { line, row, employee_id, .. } = person;
                    let rejection = Rejection { line, column, reason, row, employee_id: Some(employee_id) };
                    survey.reject(&mut report, rejection);
                    continue;
                }
                match existing {
                    None => report.created += 1,
                    Some(one) if differs(one, &person, &report.feed) => report.changed += 1,
                    Some(_) => report.unchanged += 1,
                }
            }
            Ok(())
        })?;
        // Somebody whose row is rejected is not missing: there is a row.
        let found = found.len() as u64 + anybodys;
        report.missing = self.store.feed_population(&report.feed)?.saturating_sub(found);
        report.stopped = self.too_much(&report);
        if report.stopped.is_none() && !report.dry_run {
            let no_sweep = self.importing.lock().unwrap_or_else(PoisonError::into_inner);
            self.apply(caller, import, &report.feed, &survey)?;
            drop(no_sweep);
            self.changes.ring();
        }
        Ok(report)
    }

    fn read<'a>(import: &Import<'a>) -> Result<Feed<'a>, OperationError> {
        let file = (import.open)()
            .map_err(|error| OperationError::invalid("file", format!("cannot be read: {error}")))?;
        Ok(import.reader.read(import.map, file)?)
    }

    fn each_chunk(
        feed: Feed<'_>,
        mut look: impl FnMut(Vec<Result<FeedPerson, Rejection>>) -> Result<(), OperationError>,
    ) -> Result<(), OperationError> {
        let mut chunk = Vec::with_capacity(CHUNK);
        for row in feed.rows {
            chunk.push(row);
            if chunk.len() == CHUNK {
                look(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)))?;
            }
        }
        if chunk.is_empty() { Ok(()) } else { look(chunk) }
    }

    /// Everybody in the file, so that a manager may come after those they manage.
    fn employee_ids(import: &Import<'_>) -> Result<HashSet<u64>, OperationError> {
        let mut ids = HashSet::new();
        for person in Self::read(import)?.rows.flatten() {
            ids.insert(digest(&person.employee_id));
        }
        Ok(ids)
    }

    fn known<'a>(
        &self,
        ids: impl Iterator<Item = &'a str>,
    ) -> Result<HashMap<String, FeedMatch>, OperationError> {
        let ids: Vec<&str> = ids.collect();
        Ok(self.store.people_by_employee_id(&ids)?.into_iter().collect())
    }

    /// Employee ids of people whom somebody has deleted and who can be restored. A file does not undo that: they are
    /// neither restored nor created anew, or every import would bring back whom an administrator or a task took out.
    fn deleted(
        &self,
        people: &[FeedPerson],
        known: &HashMap<String, FeedMatch>,
    ) -> Result<HashSet<String>, OperationError> {
        let ids = people.iter().map(|person| person.employee_id.as_str());
        let unknown: Vec<&str> = ids.filter(|id| !known.contains_key(*id)).collect();
        Ok(self.store.employee_ids_of_deleted(&unknown)?.into_iter().collect())
    }

    fn holders(&self, people: &[FeedPerson]) -> Result<HashMap<String, i64>, OperationError> {
        let names: Vec<&str> = people.iter().filter_map(principal_name).collect();
        Ok(self.store.holders_of_principal_names(&names)?.into_iter().collect())
    }

    /// Employee ids of managers who are not in the file but in the directory.
    fn managers_outside(
        &self,
        people: &[FeedPerson],
        survey: &Survey,
    ) -> Result<HashSet<String>, OperationError> {
        let ids: Vec<&str> = people
            .iter()
            .filter_map(|person| person.manager_employee_id.as_ref()?.as_deref())
            .filter(|id| !survey.employees.contains(&digest(id)))
            .collect();
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        Ok(self.store.people_by_employee_id(&ids)?.into_iter().map(|(id, _)| id).collect())
    }

    fn too_much(&self, report: &ImportReport) -> Option<String> {
        let bears = self.limits.import_bears(report.rows);
        if report.rejected > bears {
            return Some(format!(
                "{} of {} rows are rejected; at most {bears} may be",
                report.rejected, report.rows
            ));
        }
        let population = report.missing + report.rows;
        let bears = self.limits.import_bears(population);
        (report.missing > bears).then(|| {
            let missing = counted(report.missing, "person of this feed is", "people of this feed are");
            format!("{missing} not in the file; at most {bears} may be")
        })
    }

    fn apply(
        &self,
        caller: &Caller,
        import: &Import<'_>,
        feed: &str,
        survey: &Survey,
    ) -> Result<(), OperationError> {
        let actor = Actor::Caller(caller.id);
        let mut with_manager = false;
        Self::each_chunk(Self::read(import)?, |rows| {
            let people: Vec<FeedPerson> = survey.accepted(rows);
            with_manager |= people.iter().any(|person| person.manager_employee_id.is_some());
            let known = self.known(people.iter().map(|person| person.employee_id.as_str()))?;
            let deleted = self.deleted(&people, &known)?;
            let mut writes = Vec::new();
            for person in people.into_iter().filter(|person| !deleted.contains(&person.employee_id)) {
                match known.get(&person.employee_id) {
                    None => writes.push(PersonWrite::Create(NewUser {
                        id: UserId(self.ids.fresh()),
                        set: person.set,
                        manager: None,
                        protected: false,
                        feed: Some(feed.to_owned()),
                        sponsors: vec![],
                    })),
                    Some(one) => {
                        let patch = UserPatch { set: person.set, ..UserPatch::default() };
                        if !changes(&one.user, &patch).is_empty() || one.feed.as_deref() != Some(feed) {
                            writes.push(PersonWrite::Update {
                                user: one.user.number,
                                patch,
                                feed: feed.to_owned(),
                            });
                        }
                    }
                }
            }
            self.write_people(&writes, actor)
        })?;
        if !with_manager {
            return Ok(());
        }
        // Everybody is known by now, so every manager can be found.
        Self::each_chunk(Self::read(import)?, |rows| {
            let people: Vec<FeedPerson> = survey.accepted(rows);
            let known = self.known(people.iter().map(|person| person.employee_id.as_str()))?;
            let managers: Vec<&str> =
                people.iter().filter_map(|person| person.manager_employee_id.as_ref()?.as_deref()).collect();
            let numbers: HashMap<String, i64> = self
                .store
                .people_by_employee_id(&managers)?
                .into_iter()
                .map(|(id, one)| (id, one.user.number))
                .collect();
            let mut writes = Vec::new();
            for person in &people {
                let (Some(one), Some(wanted)) = (known.get(&person.employee_id), &person.manager_employee_id)
                else {
                    continue;
                };
                let manager = match wanted.as_ref().map(|id| numbers.get(id)) {
                    None => None,
                    Some(Some(number)) => Some(*number),
                    // The manager's own row was rejected: the manager stays who it was.
                    Some(None) => continue,
                };
                if one.user.manager != manager {
                    let patch = UserPatch { manager: Some(manager), ..UserPatch::default() };
                    writes.push(PersonWrite::Update { user: one.user.number, patch, feed: feed.to_owned() });
                }
            }
            self.write_people(&writes, actor)
        })
    }

    fn write_people(&self, writes: &[PersonWrite], actor: Actor) -> Result<(), OperationError> {
        if writes.is_empty() {
            return Ok(());
        }
        self.store.write_people(writes, self.now(), actor).map_err(|error| match error {
            // Looked through before; somebody else wrote in between.
            WriteError::Taken { .. } | WriteError::Holds { .. } | WriteError::Missing => {
                OperationError::Changed
            }
            WriteError::Store(cause) => OperationError::Store(cause),
        })
    }
}

/// Whose row it is, if that can be read.
fn employee_id(row: &Result<FeedPerson, Rejection>) -> Option<&str> {
    match row {
        Ok(person) => Some(&person.employee_id),
        Err(rejection) => rejection.employee_id.as_deref(),
    }
}

fn principal_name(person: &FeedPerson) -> Option<&str> {
    person.set.iter().find_map(|(attribute, value)| match value {
        Value::Text(text) if attribute.name == "userPrincipalName" => Some(text.as_str()),
        _ => None,
    })
}

fn differs(one: &FeedMatch, person: &FeedPerson, feed: &str) -> bool {
    let patch = UserPatch { set: person.set.clone(), ..UserPatch::default() };
    let manager =
        person.manager_employee_id.as_ref().is_some_and(|wanted| *wanted != one.manager_employee_id);
    manager || one.feed.as_deref() != Some(feed) || !changes(&one.user, &patch).is_empty()
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What the first look found; 8 bytes a row.
#[derive(Default)]
struct Survey {
    employees: HashSet<u64>,
    principal_names: HashMap<u64, u64>,
    rejected: HashSet<u64>,
}

impl Survey {
    fn reject(&mut self, report: &mut ImportReport, rejection: Rejection) {
        report.rejected += 1;
        self.rejected.insert(rejection.line);
        if report.rejections.len() < REJECTIONS {
            report.rejections.push(rejection);
        }
    }

    fn accepted(&self, rows: Vec<Result<FeedPerson, Rejection>>) -> Vec<FeedPerson> {
        rows.into_iter()
            .filter_map(Result::ok)
            .filter(|person| !self.rejected.contains(&person.line))
            .collect()
    }

    /// What the reader could not know: other rows, and the people who are there.
    fn check(
        &mut self,
        person: &FeedPerson,
        feed: &str,
        existing: Option<&FeedMatch>,
        holders: &HashMap<String, i64>,
        managers_outside: &HashSet<String>,
    ) -> Result<(), (String, String)> {
        check_attributes(&person.set).map_err(|invalid| (invalid.property, invalid.rule))?;
        let states = |name: &str| {
            person.set.iter().any(|(attribute, value)| attribute.name == name && *value != Value::Null)
        };
        for needed in ["displayName", "userPrincipalName"] {
            if existing.is_none() && !states(needed) {
                return Err((needed.to_owned(), "is needed for somebody new".to_owned()));
            }
        }
        if let Some(other) = existing.and_then(|one| one.feed.as_deref()).filter(|other| *other != feed) {
            return Err(("employeeId".to_owned(), format!("belongs to somebody of the feed '{other}'")));
        }
        if let Some(name) = principal_name(person) {
            let folded = fold(name);
            if holders
                .get(folded.as_ref())
                .is_some_and(|holder| Some(*holder) != existing.map(|one| one.user.number))
            {
                return Err(("userPrincipalName".to_owned(), format!("'{name}' belongs to somebody else")));
            }
            if let Some(line) = self.principal_names.insert(digest(&folded), person.line)
                && line != person.line
            {
                return Err(("userPrincipalName".to_owned(), format!("'{name}' is also on line {line}")));
            }
        }
        if let Some(Some(manager)) = &person.manager_employee_id {
            if *manager == person.employee_id {
                return Err(("manager".to_owned(), "nobody is their own manager".to_owned()));
            }
            if !self.employees.contains(&digest(manager)) && !managers_outside.contains(manager) {
                return Err(("manager".to_owned(), format!("nobody has the employee id '{manager}'")));
            }
        }
        Ok(())
    }
}
