//! Who becomes due in the days to come, as people, workflows and settings are now.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::explain::{Reason, of_workflow};
use super::{Lifecycle, OperationError};
use crate::engine::{Forecast, Foreseen, Mark};
use crate::workflow::{TimeAttribute, Workflow};

/// A place in a forecast: the number of a workflow, and behind whom of its people.
pub type Place = (i64, Mark);

/// People who become due, and where to go on if not everybody was looked at.
#[derive(Clone, Debug, Default)]
pub struct ForeseenPeople {
    /// Workflow by workflow, each by date, with the place of the workflow among those that were asked about.
    pub found: Vec<(usize, Foreseen)>,
    /// Behind whom to go on.
    pub next: Option<Place>,
}

/// What the days to come hold for a workflow.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The workflow.
    pub workflow: Workflow,
    /// What keeps the workflow from being run by itself now, or why nobody can know when it is; the days say what would be
    /// if it were not for that.
    pub reasons: Vec<Reason>,
    /// The date that it follows.
    pub attribute: Option<TimeAttribute>,
    /// How many people would be processed.
    pub people: u64,
    /// The days of UTC on which somebody becomes due.
    pub days: Vec<OutlookDay>,
    /// When so many people would be due that the workflow is held back, and why.
    pub held_back: Option<(Timestamp, String)>,
    /// Everybody was looked at.
    pub is_complete: bool,
}

/// What a day holds for a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutlookDay {
    /// The day, of UTC.
    pub date: Date,
    /// How many people would be processed.
    pub people: u64,
    /// How many are due and out of scope, as they are now.
    pub out_of_scope: u64,
    /// How many are due for an occasion that the workflow was run for already.
    pub used: u64,
}

impl Lifecycle {
    /// Who becomes due for these workflows within so many days: behind a place, at most `limit` people, and at most
    /// `examine` are looked at.
    pub fn forecast(
        &self,
        workflows: &[Workflow],
        days: u32,
        after: Option<Place>,
        limit: usize,
        examine: usize,
    ) -> Result<ForeseenPeople, OperationError> {
        let now = self.now();
        let until = later(now, days);
        let mut foreseen = ForeseenPeople::default();
        let mut left = examine;
        for (place, workflow) in workflows.iter().enumerate() {
            let behind = match after {
                Some((number, _)) if workflow.number < number => continue,
                Some((number, mark)) if workflow.number == number => Some(mark),
                _ => None,
            };
            let Some(forecast) = Forecast::new(self, workflow, now, until)? else { continue };
            let found = &mut foreseen.found;
            let next = forecast.each(behind, &mut left, |one| {
                found.push((place, one));
                found.len() < limit
            })?;
            if let Some(mark) = next {
                foreseen.next = Some((workflow.number, mark));
                break;
            }
        }
        Ok(foreseen)
    }

    /// How many people become due for these workflows within so many days, day by day; at most `examine` people are looked
    /// at in all.
    pub fn outlook(
        &self,
        workflows: Vec<Workflow>,
        days: u32,
        examine: usize,
    ) -> Result<Vec<Outlook>, OperationError> {
        let now = self.now();
        let (until, mut left) = (later(now, days), examine);
        workflows.into_iter().map(|workflow| self.outlook_of(workflow, now, until, &mut left)).collect()
    }

    fn outlook_of(
        &self,
        workflow: Workflow,
        now: Timestamp,
        until: Timestamp,
        left: &mut usize,
    ) -> Result<Outlook, OperationError> {
        let mut reasons = of_workflow(&workflow);
        let (mut attribute, mut held_back, mut is_complete) = (None, None, true);
        let mut days: BTreeMap<Date, OutlookDay> = BTreeMap::new();
        let mut runs = Vec::new();
        match Forecast::new(self, &workflow, now, until)? {
            None if workflow.conditions.trigger_and_scope().is_some() => reasons.push(Reason::NotForeseeable),
            None => {}
            Some(forecast) => {
                attribute = Some(forecast.attribute());
                let next = forecast.each(None, left, |one| {
                    let date = TimeZone::UTC.to_datetime(one.runs).date();
                    let day =
                        days.entry(date).or_insert(OutlookDay { date, people: 0, out_of_scope: 0, used: 0 });
                    if one.is_processed() {
                        runs.push(one.runs);
                        day.people += 1;
                    } else if one.used {
                        day.used += 1;
                    } else {
                        day.out_of_scope += 1;
                    }
                    true
                })?;
                is_complete = next.is_none();
                // By date they come nearly in this order.
                runs.sort_unstable();
                if workflow.quarantine.is_none() {
                    held_back = forecast.held_back(&runs)?;
                }
            }
        }
        let people = runs.len() as u64;
        let days = days.into_values().collect();
        Ok(Outlook { workflow, reasons, attribute, people, days, held_back, is_complete })
    }
}

fn later(now: Timestamp, days: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX)
}
