//! A day that was played, and all of them together, as they are told.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::words::{self, counted};

use super::feeds::Imported;
use crate::output::Page;

/// Skipped people of a day, workflow and reason who are named to people.
const NAMED: usize = 3;

/// What happened on a day, of UTC.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Day {
    pub(super) date: Date,
    pub(super) imports: Vec<Imported>,
    /// People who are through.
    pub(super) results: Vec<Told>,
    /// People who were due and are not processed.
    pub(super) skipped: Vec<Skipped>,
    /// Workflows that are held back from then on.
    pub(super) quarantined: Vec<Quarantined>,
}

/// What became of somebody.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) at: String,
    pub(super) workflow: String,
    pub(super) subject: Option<Person>,
    pub(super) status: &'static str,
    pub(super) changes: Vec<Changed>,
    /// Tasks that failed, and why.
    pub(super) failures: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: UserId,
    pub(super) display_name: String,
}

/// One change, as the audit has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    pub(super) activity: &'static str,
    /// With what: a group, a licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recipients: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) properties: Vec<Property>,
}

#[derive(Debug, Serialize)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) before: Json,
    pub(super) after: Json,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Skipped {
    pub(super) workflow: String,
    pub(super) subject: Person,
    #[serde(rename = "dueDateTime")]
    pub(super) due: String,
    pub(super) reason: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Quarantined {
    pub(super) workflow: String,
    pub(super) reason: String,
}

/// Everything together.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Totals {
    days: u64,
    /// Days on which something happened.
    days_told: u64,
    /// People there are at the end.
    pub(super) people: u64,
    created: u64,
    changed: u64,
    /// By workflow, how many people ended how.
    workflows: BTreeMap<String, Numbers>,
    /// People who are not through at the end.
    pub(super) waiting: u64,
    pub(super) mails: u64,
    pub(super) calls: u64,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    processed: u64,
    by_status: BTreeMap<&'static str, u64>,
    skipped: u64,
    quarantines: u64,
}

impl Day {
    pub(super) fn new(date: Date) -> Self {
        Self { date, imports: vec![], results: vec![], skipped: vec![], quarantined: vec![] }
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { imports, results, skipped, quarantined, .. } = self;
        imports.is_empty() && results.is_empty() && skipped.is_empty() && quarantined.is_empty()
    }

    /// The day for people.
    pub(crate) fn tell(&self, page: &mut Page) {
        page.line(self.date.strftime("%a %Y-%m-%d").to_string());
        for import in &self.imports {
            import.tell(page);
        }
        for one in &self.quarantined {
            page.line(format!("  {}: HELD BACK in quarantine: {}", one.workflow, one.reason));
        }
        for told in &self.results {
            let mut parts: Vec<String> = told.changes.iter().map(Changed::words).collect();
            parts.extend(told.failures.iter().map(|failure| format!("FAILED {failure}")));
            if parts.is_empty() {
                parts.push("nothing to do".to_owned());
            }
            let who = told.subject.as_ref().map(|person| person.display_name.as_str()).unwrap_or_default();
            page.line(format!("  {}: {who} {}: {}", told.workflow, told.status, parts.join(", ")));
        }
        let mut skipped: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for one in &self.skipped {
            let names = skipped.entry((&one.workflow, one.reason)).or_default();
            names.push(&one.subject.display_name);
        }
        for ((workflow, reason), names) in skipped {
            let more = match names.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let first = names[..names.len().min(NAMED)].join(", ");
            page.line(format!("  {workflow}: skipped, {reason}: {first}{more}"));
        }
    }
}

impl Imported {
    fn tell(&self, page: &mut Page) {
        let Self { file, created, changed, unchanged, rejected, missing, .. } = self;
        match &self.stopped {
            Some(reason) => page.line(format!("  {file} was STOPPED and changed nothing: {reason}")),
            None => page.line(format!(
                "  {file}: {created} created, {changed} changed, {unchanged} unchanged, {rejected} rejected, \
                 {missing} missing"
            )),
        };
    }
}

impl Changed {
    fn words(&self) -> String {
        if let Some(recipients) = &self.recipients {
            return format!("mail to {recipients}");
        }
        if !self.properties.is_empty() && self.target.is_none() {
            let value =
                |value: &Json| if value.is_null() { "(not set)".to_owned() } else { value.to_string() };
            let told =
                |one: &Property| format!("{}: {} → {}", one.name, value(&one.before), value(&one.after));
            return self.properties.iter().map(told).collect::<Vec<_>>().join(", ");
        }
        match &self.target {
            Some(target) => format!("{} '{target}'", self.activity),
            None => self.activity.to_owned(),
        }
    }
}

impl Totals {
    /// Adds a day.
    pub(super) fn add(&mut self, day: &Day) {
        self.days += 1;
        self.days_told += u64::from(!day.is_empty());
        for import in &day.imports {
            if import.stopped.is_none() {
                self.created += import.created;
                self.changed += import.changed;
            }
        }
        for told in &day.results {
            let numbers = self.workflows.entry(told.workflow.clone()).or_default();
            numbers.processed += 1;
            *numbers.by_status.entry(told.status).or_default() += 1;
        }
        for one in &day.skipped {
            self.workflows.entry(one.workflow.clone()).or_default().skipped += 1;
        }
        for one in &day.quarantined {
            self.workflows.entry(one.workflow.clone()).or_default().quarantines += 1;
        }
    }

    /// The totals for people.
    pub(crate) fn tell(&self, page: &mut Page) {
        let Self { days, days_told, people, created, changed, mails, calls, waiting, .. } = self;
        page.line("").line(format!(
            "{}, {days_told} of them with something to tell; {} at the end ({created} created, {} by files).",
            counted(*days, "day", "days"),
            words::people(*people),
            counted(*changed, "change", "changes"),
        ));
        let row = |(name, numbers): (&String, &Numbers)| {
            let of = |statuses: &[&str]| -> u64 {
                statuses.iter().filter_map(|status| numbers.by_status.get(status)).sum()
            };
            [
                name.clone(),
                numbers.processed.to_string(),
                of(&["completed"]).to_string(),
                of(&["failed", "completedWithErrors"]).to_string(),
                of(&["canceled"]).to_string(),
                numbers.skipped.to_string(),
                numbers.quarantines.to_string(),
            ]
        };
        page.table(
            ["workflow", "processed", "completed", "failed", "canceled", "skipped", "held back"],
            self.workflows.iter().map(row).collect(),
        );
        let (mails, calls) = (counted(*mails, "mail", "mails"), counted(*calls, "call", "calls"));
        page.line(format!("Accepted, and gone nowhere: {mails} and {calls}."));
        if *waiting > 0 {
            page.line(format!(
                "{} not through: to be called back, or to have a turn, is what is waited for.",
                counted(*waiting, "person is", "people are")
            ));
        }
    }
}
