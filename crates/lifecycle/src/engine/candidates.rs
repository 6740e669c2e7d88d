//! Whom a sweep looks at: those whose date fell due, those who changed, those to whom something happened. Never everybody,
//! but for the first time.

use jiff::{SignedDuration, Timestamp};

use super::due::DateRule;
use super::evaluation::{Evaluated, Evaluation};
use super::interval::next_look;
use crate::directory::attribute;
use crate::ports::{Event, Happenings, StoreError};
use crate::workflow::{MANAGER, MembershipChange, Scope, Trigger, Workflow};

/// The people to look at.
pub(crate) enum Candidates {
    /// Because of who they are: numbers, ascending.
    People(Vec<i64>),
    /// Because of what happened to them: each person once, ascending.
    Events(Vec<Event>),
}

impl Candidates {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::People(numbers) => numbers.len(),
            Self::Events(events) => events.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the person at that place.
    pub(crate) fn nth(&self, place: usize) -> Option<i64> {
        match self {
            Self::People(numbers) => numbers.get(place).copied(),
            Self::Events(events) => events.get(place).map(|event| event.user),
        }
    }

    /// Those behind a person.
    pub(crate) fn behind(self, user: i64) -> Self {
        self.filtered(|number| number > user)
    }

    fn filtered(mut self, is_meant: impl Fn(i64) -> bool) -> Self {
        match &mut self {
            Self::People(numbers) => numbers.retain(|number| is_meant(*number)),
            Self::Events(events) => events.retain(|event| is_meant(event.user)),
        }
        self
    }

    /// The first so many of them.
    pub(crate) fn first(&self, count: usize) -> Self {
        match self {
            Self::People(numbers) => Self::People(numbers.iter().take(count).copied().collect()),
            Self::Events(events) => Self::Events(events.iter().take(count).copied().collect()),
        }
    }

    /// How they stand, in portions of at most that many people.
    pub(crate) fn each(
        &self,
        evaluation: &Evaluation<'_>,
        size: usize,
        mut look: impl FnMut(Vec<Evaluated>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::People(numbers) => {
                for chunk in numbers.chunks(size) {
                    look(evaluation.of(chunk)?)?;
                }
            }
            Self::Events(events) => {
                for chunk in events.chunks(size) {
                    look(evaluation.of_events(chunk)?)?;
                }
            }
        }
        Ok(())
    }
}

/// Whom to look at now; `last_change` is how far the change log is read.
pub(super) fn candidates(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    now: Timestamp,
    last_change: i64,
) -> Result<Candidates, StoreError> {
    let (store, cursor) = (&evaluation.lifecycle.store, workflow.cursor);
    let changed = |mut numbers: Vec<i64>| -> Result<Vec<i64>, StoreError> {
        if cursor.change < last_change {
            numbers.extend(store.changed_since(cursor.change)?.0);
            numbers.sort_unstable();
            numbers.dedup();
        }
        Ok(numbers)
    };
    let looked = cursor.due_until.filter(|_| cursor.full == 0);
    if let Some((rule, calendar)) = evaluation.date_rule() {
        let DateRule { attribute, opens, .. } = rule;
        let until = calendar.reach(opens, now).1;
        return Ok(Candidates::People(match looked {
            None => store.due_between(attribute, None, until)?,
            Some(looked) => {
                let after = calendar.reach(opens, looked).0;
                changed(store.due_between(attribute, Some(after), until)?)?
            }
        }));
    }
    if let Trigger::GuestSponsor { .. } = evaluation.trigger {
        return Ok(Candidates::People(match looked {
            None => store.guests()?,
            Some(_) => changed(Vec::new())?,
        }));
    }
    let Some(what) = happenings(workflow) else { return Ok(Candidates::Events(Vec::new())) };
    let whose = match looked {
        None => None,
        Some(_) => Some(changed(Vec::new())?),
    };
    events(evaluation, workflow, &what, now, last_change, whose.as_deref()).map(Candidates::Events)
}

/// What happened since the last look, and what waits to be acted on (`whose`: of these people only); the latest of each person.
fn events(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    what: &Happenings,
    now: Timestamp,
    last_change: i64,
    whose: Option<&[i64]>,
) -> Result<Vec<Event>, StoreError> {
    let (store, cursor) = (&evaluation.lifecycle.store, workflow.cursor);
    let since = cursor.change.max(cursor.scheduled_at);
    let mut events = if since < last_change { store.events(what, since)? } else { Vec::new() };
    // Who was out of scope when it happened may have come into scope since, as long as Graph would have waited.
    let hours = store.settings()?.workflow_schedule_interval_in_hours;
    let from = waits_from(workflow, now, hours);
    events.extend(store.waiting_events(workflow.number, whose, from, cursor.scheduled_at)?);
    Ok(latest(events))
}

/// Since when something that happened to somebody out of scope can have happened, to be acted on when they come into it: one
/// interval ago. By the interval it is one more, since it is looked at only when one is over.
fn waits_from(workflow: &Workflow, now: Timestamp, hours: i64) -> Timestamp {
    let (look, hours) =
        if workflow.is_by_interval { (next_look(workflow, now, hours), 2 * hours) } else { (now, hours) };
    look.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN)
}

/// Whom a workflow would be run for now, whatever sweeps have looked at: everybody of whom that can be said without looking at
/// the whole directory twice. Of a date, nobody: they are found by the date.
pub(crate) fn whom(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    now: Timestamp,
) -> Result<Candidates, StoreError> {
    let store = &evaluation.lifecycle.store;
    match evaluation.trigger {
        Trigger::GuestSponsor { .. } => Ok(Candidates::People(store.guests()?)),
        _ => candidates(evaluation, workflow, now, store.last_change()?),
    }
}

/// One person: by what they are, or by what happened to them and waits to be acted on.
pub(crate) fn of(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    now: Timestamp,
    user: i64,
) -> Result<Candidates, StoreError> {
    let Some(what) = happenings(workflow) else { return Ok(Candidates::People(vec![user])) };
    let last_change = evaluation.lifecycle.store.last_change()?;
    let events = events(evaluation, workflow, &what, now, last_change, Some(&[user]))?;
    Ok(Candidates::Events(events).filtered(|number| number == user))
}

/// The latest event of each person, by person.
fn latest(mut events: Vec<Event>) -> Vec<Event> {
    events.sort_unstable_by_key(|event| (event.user, std::cmp::Reverse(event.change)));
    events.dedup_by_key(|event| event.user);
    events
}

/// What has to happen to somebody; `None` if the workflow waits for nothing of the kind.
pub(super) fn happenings(workflow: &Workflow) -> Option<Happenings> {
    let (scope, trigger) = workflow.conditions.trigger_and_scope()?;
    match (trigger, scope) {
        (Trigger::AttributeChange { attributes }, _) => Some(Happenings::Attributes {
            workflow: workflow.number,
            codes: attributes.iter().filter_map(|name| Some(attribute(name)?.code)).collect(),
            manager: attributes.iter().any(|name| name == MANAGER),
        }),
        (Trigger::MembershipChange { change }, Scope::Groups { groups }) => Some(Happenings::Memberships {
            workflow: workflow.number,
            added: *change == MembershipChange::Add,
            groups: groups.clone(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_events_of_a_person_the_latest_counts() {
        let event = |user, change| Event { user, change, at: Timestamp::MIN, group: None };
        let found = latest(vec![event(2, 5), event(1, 3), event(2, 9), event(1, 1)]);
        assert_eq!(found, [event(1, 3), event(2, 9)]);
    }
}
