//! Who becomes due, as people and workflows are now: found by their dates, judged as a sweep would judge them then.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use super::due::{Due, DueDate};
use super::evaluation::{Evaluated, Evaluation};
use super::interval::{next_interval, this_interval};
use super::quarantine::held_back;
use crate::clock::millis;
use crate::directory::User;
use crate::operations::Lifecycle;
use crate::ports::{StoreError, Subject};
use crate::workflow::{APPROVED, TimeAttribute, Workflow};

/// People looked at in one step.
const CHUNK: usize = 2_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A place among the people that a forecast looks at: the date, and whose it is.
pub type Mark = (Timestamp, i64);

/// Somebody who becomes due.
#[derive(Clone, Debug)]
pub struct Foreseen {
    /// The person.
    pub user: User,
    /// The date that the trigger follows.
    pub date: Timestamp,
    /// When the trigger says so, and for which occasion.
    pub due: DueDate,
    /// When the workflow is looked at then: at once, or when the organisation's interval is over.
    pub runs: Timestamp,
    /// Whether they are in scope as they are now.
    pub in_scope: bool,
    /// Whether the workflow was run for this very occasion already.
    pub used: bool,
}

impl Foreseen {
    /// Whether the workflow will be run for them if nothing changes and nothing keeps it back.
    pub fn is_processed(&self) -> bool {
        self.in_scope && !self.used
    }

    fn subject(&self) -> Subject {
        Subject { user: self.user.number, change: self.due.change }
    }
}

/// Why the workflow would be held back, were it looked at now; `due` tells how many people are due.
pub(crate) fn held_back_now(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    due: impl FnOnce() -> Result<u64, StoreError>,
) -> Result<Option<String>, StoreError> {
    Ok(held_back(lifecycle, workflow, lifecycle.now(), due)?.map(|quarantine| quarantine.reason))
}

/// The days to come, as one workflow sees them.
pub(crate) struct Forecast<'a> {
    workflow: &'a Workflow,
    /// As of the end: whoever is due by then is due for it, so that it says who is in scope.
    evaluation: Evaluation<'a>,
    attribute: TimeAttribute,
    /// Dates that can make somebody due in between.
    dates: (Timestamp, Timestamp),
    now: Timestamp,
    until: Timestamp,
    hours: i64,
}

impl<'a> Forecast<'a> {
    /// Until that moment; `None` where the workflow follows no date, so that nobody can know.
    pub(crate) fn new(
        lifecycle: &'a Lifecycle,
        workflow: &'a Workflow,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(at_present) = Evaluation::new(lifecycle, workflow, now)? else { return Ok(None) };
        let Some(evaluation) = Evaluation::new(lifecycle, workflow, until)? else { return Ok(None) };
        let Some((rule, calendar)) = at_present.date_rule() else { return Ok(None) };
        // Who is due waits only where nobody has looked yet.
        let waits = !workflow.is_scheduled()
            || workflow.is_by_interval
            || workflow.cursor.full > 0
            || workflow.cursor.due_until.is_none();
        let first = if waits { at_present.earliest(&rule) } else { calendar.reach(rule.opens, now).0 };
        let dates = (first, calendar.reach(rule.opens, until).1);
        let attribute = rule.attribute;
        let hours = lifecycle.store.settings()?.workflow_schedule_interval_in_hours;
        Ok(Some(Self { workflow, evaluation, attribute, dates, now, until, hours }))
    }

    /// The date that the workflow follows.
    pub(crate) fn attribute(&self) -> TimeAttribute {
        self.attribute
    }

    /// Shows those who become due behind a place to `look`, by date, until it has seen enough or `left` people were looked
    /// at, which is counted down; says where to go on.
    pub(crate) fn each(
        &self,
        after: Option<Mark>,
        left: &mut usize,
        mut look: impl FnMut(Foreseen) -> bool,
    ) -> Result<Option<Mark>, StoreError> {
        let store = &self.evaluation.lifecycle.store;
        let mut mark = after;
        loop {
            if *left == 0 {
                return Ok(Some(mark.unwrap_or((self.dates.0, i64::MIN))));
            }
            let step = CHUNK.min(*left);
            let page = store.due_page(self.attribute, self.dates.0, self.dates.1, mark, step)?;
            let mut foreseen = self.of(&page)?;
            for (date, number) in &page {
                mark = Some((*date, *number));
                *left -= 1;
                if let Some(one) = foreseen.remove(number)
                    && !look(one)
                {
                    return Ok(mark);
                }
            }
            if page.len() < step {
                return Ok(None);
            }
        }
    }

    /// Those of the people who become due, by number.
    fn of(&self, page: &[Mark]) -> Result<HashMap<i64, Foreseen>, StoreError> {
        let lifecycle = self.evaluation.lifecycle;
        let numbers: Vec<i64> = page.iter().map(|(_, number)| *number).collect();
        let dates: HashMap<i64, Timestamp> = page.iter().map(|(date, number)| (*number, *date)).collect();
        let from = self.workflow.catches_up_from(self.now);
        let mut found = Vec::new();
        for Evaluated { user, date: due, in_scope, .. } in self.evaluation.of(&numbers)? {
            let state = due.state(self.now, from, lifecycle.limits.catch_up_days);
            // Who is due now and out of scope is skipped, whatever comes.
            let is_meant = due.at <= self.until && (state == Due::Later || state == Due::Now && in_scope);
            if let Some(date) = dates.get(&user.number).copied().filter(|_| is_meant) {
                let runs = self.runs(due.at);
                found.push(Foreseen { user, date, due, runs, in_scope, used: false });
            }
        }
        let subjects: Vec<Subject> = found.iter().map(Foreseen::subject).collect();
        let unused = lifecycle.store.unused_occasions(self.workflow.number, &subjects)?;
        let unused: HashSet<Subject> = unused.into_iter().collect();
        for one in &mut found {
            one.used = !unused.contains(&one.subject());
        }
        // Who was processed is not due any more.
        found.retain(|one| !one.used || one.due.at > self.now);
        Ok(found.into_iter().map(|one| (one.user.number, one)).collect())
    }

    /// When the workflow is looked at for somebody who is due then.
    fn runs(&self, due: Timestamp) -> Timestamp {
        match (self.workflow.is_by_interval, due > self.now) {
            (false, _) => due.max(self.now),
            (true, true) => this_interval(due, self.hours),
            (true, false) => next_interval(self.now, self.hours),
        }
    }

    /// On which day the workflow would be held back, and why, if people are processed at these moments, in order.
    pub(crate) fn held_back(&self, runs: &[Timestamp]) -> Result<Option<(Timestamp, String)>, StoreError> {
        // What counts is what there is at once: of each day, when the most people of 24 hours come together.
        let mut most: BTreeMap<i64, (u64, Timestamp)> = BTreeMap::new();
        let mut first = 0;
        for (place, at) in runs.iter().enumerate() {
            while at.duration_since(runs[first]) >= APPROVED {
                first += 1;
            }
            let within = (place + 1 - first) as u64;
            let day = most.entry(millis(*at).div_euclid(DAY)).or_default();
            if within > day.0 {
                *day = (within, *at);
            }
        }
        let mut borne = 0;
        // What was let through counts for a day.
        let settled = self.now.checked_add(APPROVED).unwrap_or(Timestamp::MAX);
        for (within, at) in most.into_values() {
            if within <= borne && at > settled {
                continue;
            }
            let held = held_back(self.evaluation.lifecycle, self.workflow, at, || Ok(within))?;
            if let Some(quarantine) = held {
                return Ok(Some((at, quarantine.reason)));
            }
            borne = if at > settled { within } else { 0 };
        }
        Ok(None)
    }
}
