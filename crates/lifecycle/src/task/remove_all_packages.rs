//! "Remove all access package assignments for user". Undone by letting the
//! assignments go on, with the ends of before.

use jiff::{SignedDuration, Timestamp};
use uuid::uuid;

use super::{ArgumentError, Arguments, Parameter, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition};
use crate::clock::whole_millis;
use crate::effect::{Change, Effect};
use crate::workflow::Category;

const DAYS: &str = "daysUntilExpiration";
/// Ten years.
const MOST_DAYS: i64 = 3_650;

pub(super) struct RemoveAllPackages;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("42ae2956-193d-4f39-be06-691b8ac4fa1d"),
    display_name: "Remove all access package assignments for user",
    description: "Removes every access package assignment.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[Parameter::text(DAYS, false)],
    version: 1,
};

impl PlanTask for RemoveAllPackages {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        match arguments.get(DAYS) {
            Some(text) if days(text).is_none() => {
                Err(ArgumentError::new(DAYS, format!("must be a number of days from 0 to {MOST_DAYS}")))
            }
            _ => Ok(()),
        }
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Packages]
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let days = arguments.get(DAYS).and_then(days).filter(|days| *days > 0);
        let at = days.map(|days| {
            let after = SignedDuration::from_hours(days * 24);
            whole_millis(subject.now.checked_add(after).unwrap_or(Timestamp::MAX))
        });
        // One that ends earlier by itself is left as it is.
        let meant = subject.holdings.assignments.iter().filter(|assignment| match (at, assignment.expires) {
            (Some(at), Some(expires)) => expires > at,
            _ => true,
        });
        let effects: Vec<Effect> = meant
            .map(|assignment| {
                let request = subject.fresh_request();
                let (id, package, policy) = (assignment.id, assignment.package, assignment.policy);
                Change::EndAssignment { id, request, package, policy, at }.into()
            })
            .collect();
        let nothing = if subject.holdings.assignments.is_empty() {
            "the user has no access package"
        } else {
            "every access package of the user ends earlier by itself"
        };
        Ok(Plan::each(effects, nothing))
    }
}

fn days(text: &str) -> Option<i64> {
    text.parse().ok().filter(|days| (0..=MOST_DAYS).contains(days))
}
