//! People coming in from a feed: looked through first, written only when not too much is wrong.

mod rows;
mod survey;
mod write;

use std::io::Read;
use std::sync::PoisonError;

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::Value;
use crate::directory::feed::{FeedError, FeedPerson, FeedReader, ImportReport};
use crate::ports::Apart;
use crate::token::Caller;
use crate::words::counted;

use rows::Row;
use survey::Survey;

/// An import: a file that can be opened again, the map, and what is wanted.
pub struct Import<'a> {
    /// Turns the file into people.
    pub reader: &'a dyn FeedReader,
    /// The map.
    pub map: &'a str,
    /// Opens the file. It is read once to look it through and once more to write it, and again where a row names a manager whose
    /// own row comes later.
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
        let mut report = ImportReport { dry_run: import.dry_run, ..ImportReport::default() };
        let survey = Survey::of(self, import, &mut report)?;
        report.stopped = self.too_much(&report);
        if report.stopped.is_none() && !report.dry_run && !survey.writes.is_empty() {
            let no_sweep = self.importing.lock().unwrap_or_else(PoisonError::into_inner);
            let nor_elsewhere = self.store.keep_apart(Apart::Import)?;
            write::write(self, import, &report.feed, &survey, Actor::Caller(caller.id))?;
            drop((nor_elsewhere, no_sweep));
            self.changes.ring();
        }
        Ok(report)
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
}

/// Whose row it is, if that can be read.
fn employee_id(row: &Row) -> Option<&str> {
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
