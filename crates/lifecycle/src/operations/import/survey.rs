//! The first look at a file: what is wrong with it, and which rows make somebody other than they are.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::directory::check_attributes;
use super::super::{Lifecycle, OperationError};
use super::rows::{Row, each_chunk, open};
use super::{Import, employee_id, principal_name};
use crate::directory::feed::{FeedPerson, ImportReport, Rejection};
use crate::directory::{UserPatch, Value, changes};
use crate::expression::fold;
use crate::ports::FeedMatch;

/// Rejected rows that are kept; an import with more is stopped anyway unless the file is very long.
const REJECTIONS: usize = 10_000;

/// What the first look found; some 30 bytes for each row.
#[derive(Default)]
pub(super) struct Survey {
    /// Rows that are to be written, ascending.
    pub(super) writes: Vec<Write>,
    /// Lines that are not to be written after all.
    pub(super) rejected: HashSet<u64>,
    employees: HashSet<u64>,
    principal_names: HashMap<u64, u64>,
    /// Rows whose manager was neither in the directory nor on a line before.
    forward: Vec<Forward>,
}

/// A row, and who is there already under its employee id.
type Known = (FeedPerson, Option<FeedMatch>);

/// A row that is to be written.
pub(super) struct Write {
    pub(super) line: u64,
    /// Whose record it changes; `None` for somebody new.
    pub(super) user: Option<i64>,
}

struct Forward {
    line: u64,
    /// Digest of the manager's employee id.
    manager: u64,
    counted: Counted,
}

/// As what a row is counted.
#[derive(Clone, Copy)]
enum Counted {
    Created,
    Changed,
    Unchanged,
}

impl Counted {
    fn of(self, report: &mut ImportReport) -> &mut u64 {
        match self {
            Self::Created => &mut report.created,
            Self::Changed => &mut report.changed,
            Self::Unchanged => &mut report.unchanged,
        }
    }
}

impl Survey {
    /// Looks a file through; counts, and what is rejected, are in the report.
    pub(super) fn of(
        lifecycle: &Lifecycle,
        import: &Import<'_>,
        report: &mut ImportReport,
    ) -> Result<Self, OperationError> {
        let mut survey = Self::default();
        let feed = open(import)?;
        report.feed.clone_from(&feed.name);
        report.header.clone_from(&feed.header);
        let columns: HashMap<&str, String> = feed.columns.iter().cloned().collect();
        // Of this feed and in the file; and rows of which it cannot be read whose they are.
        let (mut found, mut anybodys) = (HashSet::new(), 0);
        each_chunk(feed.rows, |rows| {
            report.rows += rows.len() as u64;
            survey.look(lifecycle, rows, &columns, report, (&mut found, &mut anybodys))
        })?;
        survey.look_for_managers(import, &columns, report)?;
        // Somebody whose row is rejected is not missing: there is a row.
        let found = found.len() as u64 + anybodys;
        report.missing = lifecycle.store.feed_population(&report.feed)?.saturating_sub(found);
        Ok(survey)
    }

    fn look(
        &mut self,
        lifecycle: &Lifecycle,
        rows: Vec<Row>,
        columns: &HashMap<&str, String>,
        report: &mut ImportReport,
        (found, anybodys): (&mut HashSet<i64>, &mut u64),
    ) -> Result<(), OperationError> {
        let ids: Vec<&str> = rows.iter().filter_map(employee_id).collect();
        let mut known = lifecycle.store.people_by_employee_id(&ids)?.into_iter();
        let mut people = Vec::with_capacity(rows.len());
        for row in rows {
            let existing = if employee_id(&row).is_some() { known.next().flatten() } else { None };
            let of_feed = existing.as_ref().filter(|one| one.feed.as_deref() == Some(&report.feed));
            found.extend(of_feed.map(|one| one.user.number));
            match row {
                Ok(person) => {
                    self.employees.insert(digest(&person.employee_id));
                    people.push((person, existing));
                }
                Err(rejection) => {
                    *anybodys += u64::from(rejection.employee_id.is_none());
                    self.reject(report, rejection);
                }
            }
        }
        let deleted = deleted(lifecycle, &people)?;
        let holders = holders(lifecycle, &people)?;
        let outside = self.managers_outside(lifecycle, &people)?;
        for (mut person, existing) in people {
            if deleted.contains(&person.employee_id) {
                report.deleted += 1;
                continue;
            }
            let existing = existing.as_ref();
            if let Err(fault) = self.check(&person, &report.feed, existing, &holders) {
                self.reject(report, rejection(person, columns, fault));
                continue;
            }
            let (line, user) = (person.line, existing.map(|one| one.user.number));
            let manager = person.manager_employee_id.as_ref().and_then(Option::as_deref).map(digest);
            let counted = match existing {
                None => Counted::Created,
                Some(one) if differs(one, &mut person, &report.feed) => Counted::Changed,
                Some(_) => Counted::Unchanged,
            };
            *counted.of(report) += 1;
            if !matches!(counted, Counted::Unchanged) {
                self.writes.push(Write { line, user });
            }
            if let Some(manager) = manager
                && !self.employees.contains(&manager)
                && !outside.contains(&manager)
            {
                self.forward.push(Forward { line, manager, counted });
            }
        }
        Ok(())
    }

    /// Digests of the employee ids of managers who are in the directory and, so far, not in the file.
    fn managers_outside(
        &self,
        lifecycle: &Lifecycle,
        people: &[Known],
    ) -> Result<HashSet<u64>, OperationError> {
        let managers =
            people.iter().filter_map(|(person, _)| person.manager_employee_id.as_ref()?.as_deref());
        let mut ids: Vec<&str> = managers.filter(|id| !self.employees.contains(&digest(id))).collect();
        ids.sort_unstable();
        ids.dedup();
        let numbers = lifecycle.store.numbers_by_employee_id(&ids)?;
        Ok(ids.iter().zip(numbers).filter(|(_, number)| number.is_some()).map(|(id, _)| digest(id)).collect())
    }

    /// Rejects the rows whose manager is on no line at all, now that all are known; the file is read again for what they said.
    fn look_for_managers(
        &mut self,
        import: &Import<'_>,
        columns: &HashMap<&str, String>,
        report: &mut ImportReport,
    ) -> Result<(), OperationError> {
        let employees = &self.employees;
        let nowhere = self.forward.drain(..).filter(|one| !employees.contains(&one.manager));
        let nowhere: HashMap<u64, Counted> = nowhere.map(|one| (one.line, one.counted)).collect();
        if nowhere.is_empty() {
            return Ok(());
        }
        for person in open(import)?.rows.flatten() {
            let Some(counted) = nowhere.get(&person.line) else { continue };
            *counted.of(report) -= 1;
            let manager = person.manager_employee_id.clone().flatten().unwrap_or_default();
            let fault = ("manager".to_owned(), format!("nobody has the employee id '{manager}'"));
            self.reject(report, rejection(person, columns, fault));
        }
        report.rejections.sort_by_key(|rejection| rejection.line);
        Ok(())
    }

    fn reject(&mut self, report: &mut ImportReport, rejection: Rejection) {
        report.rejected += 1;
        self.rejected.insert(rejection.line);
        if report.rejections.len() < REJECTIONS {
            report.rejections.push(rejection);
        }
    }

    /// What the reader could not know: other rows, and the people who are there.
    fn check(
        &mut self,
        person: &FeedPerson,
        feed: &str,
        existing: Option<&FeedMatch>,
        holders: &HashMap<String, i64>,
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
            if holders.contains_key(folded.as_ref()) {
                return Err(("userPrincipalName".to_owned(), format!("'{name}' belongs to somebody else")));
            }
            if let Some(line) = self.principal_names.insert(digest(&folded), person.line)
                && line != person.line
            {
                return Err(("userPrincipalName".to_owned(), format!("'{name}' is also on line {line}")));
            }
        }
        if let Some(Some(manager)) = &person.manager_employee_id
            && *manager == person.employee_id
        {
            return Err(("manager".to_owned(), "nobody is their own manager".to_owned()));
        }
        Ok(())
    }
}

/// Employee ids of people whom somebody has deleted and who can be restored. A file does not undo that: they are
/// neither restored nor created anew, or every import would bring back whom an administrator or a task took out.
fn deleted(lifecycle: &Lifecycle, people: &[Known]) -> Result<HashSet<String>, OperationError> {
    let unknown = people.iter().filter(|(_, existing)| existing.is_none());
    let unknown: Vec<&str> = unknown.map(|(person, _)| person.employee_id.as_str()).collect();
    Ok(lifecycle.store.employee_ids_of_deleted(&unknown)?.into_iter().collect())
}

/// Who holds the user principal names that are not the person's own already, by folded name.
fn holders(lifecycle: &Lifecycle, people: &[Known]) -> Result<HashMap<String, i64>, OperationError> {
    let wanted = people.iter().filter_map(|(person, existing)| {
        let name = principal_name(person)?;
        let own = existing.as_ref().and_then(|one| one.user.text("userPrincipalName"));
        (own.is_none_or(|own| fold(own) != fold(name))).then_some(name)
    });
    let names: Vec<&str> = wanted.collect();
    Ok(lifecycle.store.holders_of_principal_names(&names)?.into_iter().collect())
}

fn rejection(
    person: FeedPerson,
    columns: &HashMap<&str, String>,
    (property, reason): (String, String),
) -> Rejection {
    let column = columns.get(property.as_str()).cloned().unwrap_or(property);
    let FeedPerson { line, row, employee_id, .. } = person;
    Rejection { line, column, reason, row: row.to_vec(), employee_id: Some(employee_id) }
}

/// Whether a row makes somebody other than they are; what it sets is used up.
fn differs(one: &FeedMatch, person: &mut FeedPerson, feed: &str) -> bool {
    let patch = UserPatch { set: std::mem::take(&mut person.set), ..UserPatch::default() };
    let manager =
        person.manager_employee_id.as_ref().is_some_and(|wanted| *wanted != one.manager_employee_id);
    manager || one.feed.as_deref() != Some(feed) || !changes(&one.user, &patch).is_empty()
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
