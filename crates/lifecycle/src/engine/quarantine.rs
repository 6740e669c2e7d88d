//! Whether so many people are to be processed that a workflow is held back until a person has looked (behaviour §15).

use jiff::{SignedDuration, Timestamp};

use crate::limits::Profile;
use crate::operations::Lifecycle;
use crate::ports::{Bound, Runs, StoreError};
use crate::words;
use crate::workflow::{APPROVED, Quarantine, QuarantineConfiguration, QuarantineKind, Workflow};

/// The limits of a workflow, and how far they are used up.
///
/// Those of the workflow come first, then those of the organisation. Without any, those of the installation hold for the
/// scheduled runs of leavers. A day's people count together, in however many runs they come; an approval holds for a day.
pub(crate) struct Guard {
    limits: Limits,
    runs: Runs,
    population: u64,
    /// From when on people count: a day before, or the approval.
    since: Timestamp,
    /// People admitted since then.
    recent: u64,
    /// People let through beside the limits.
    approved: u64,
}

enum Limits {
    /// Of the workflow, or of the organisation.
    Set { limits: QuarantineConfiguration, said: &'static str },
    /// Of the installation: a number of leavers.
    Leavers(u64),
}

/// The limits of a workflow, and how it is said whose they are, if any hold for its runs of that kind.
fn limits(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    runs: Runs,
) -> Result<Option<(QuarantineConfiguration, &'static str)>, StoreError> {
    // Graph looks at scheduled runs only.
    if runs == Runs::All && lifecycle.limits.profile == Profile::Strict {
        return Ok(None);
    }
    Ok(match &workflow.quarantine_configuration {
        Some(limits) => Some((limits.clone(), "the workflow allows")),
        None => {
            lifecycle.store.settings()?.quarantine_configuration.map(|limits| (limits, "the settings allow"))
        }
    })
}

impl Guard {
    /// Of the scheduled runs of a workflow; `None` if no limit holds for them.
    pub(super) fn of_scheduled(
        lifecycle: &Lifecycle,
        workflow: &Workflow,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        // What somebody lets loose by hand counts with what comes by itself, where Graph's rule does not hold.
        let runs = if lifecycle.limits.profile == Profile::Strict { Runs::Scheduled } else { Runs::All };
        match limits(lifecycle, workflow, Runs::Scheduled)? {
            Some((limits, said)) => {
                Self::new(lifecycle, workflow, now, Limits::Set { limits, said }, runs).map(Some)
            }
            None if workflow.is_for_leavers() => {
                let leavers = lifecycle.limits.leavers(lifecycle.store.population()?);
                Self::new(lifecycle, workflow, now, Limits::Leavers(leavers), Runs::Scheduled).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Of the runs of a workflow that somebody asks for; `None` if no limit holds for them.
    pub(crate) fn of_activation(
        lifecycle: &Lifecycle,
        workflow: &Workflow,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        match limits(lifecycle, workflow, Runs::All)? {
            Some((limits, said)) => {
                Self::new(lifecycle, workflow, now, Limits::Set { limits, said }, Runs::All).map(Some)
            }
            None => Ok(None),
        }
    }

    fn new(
        lifecycle: &Lifecycle,
        workflow: &Workflow,
        now: Timestamp,
        limits: Limits,
        runs: Runs,
    ) -> Result<Self, StoreError> {
        let store = &lifecycle.store;
        let day_before = now.checked_sub(APPROVED).unwrap_or(Timestamp::MIN);
        let approval = workflow.approval.filter(|approval| approval.at > day_before);
        let since = approval.map_or(day_before, |approval| just_before(approval.at));
        Ok(Self {
            limits,
            runs,
            population: store.population()?,
            since,
            recent: store.admitted_since(workflow.number, since, runs)?,
            approved: approval.map_or(0, |approval| approval.due),
        })
    }

    /// How many people may be admitted in a day, counted as this guard counts them.
    pub(crate) fn bound(&self) -> Bound {
        let allowed = match &self.limits {
            Limits::Set { limits, .. } => limits.allowed(self.population),
            Limits::Leavers(allowed) => *allowed,
        };
        Bound { most: allowed.saturating_add(self.approved), since: self.since, runs: self.runs }
    }

    /// Why the workflow is to be held back when so many people are due or asked for, if it is.
    pub(crate) fn held_back(&self, people: u64, is_due: bool, now: Timestamp) -> Option<Quarantine> {
        if people == 0 {
            return None;
        }
        let Self { population, recent, approved, .. } = *self;
        let what = match (is_due, people) {
            (true, 1) => "is due",
            (true, _) => "are due",
            (false, 1) => "was asked for",
            (false, _) => "were asked for",
        };
        let by = if self.runs == Runs::All { " by all its runs" } else { "" };
        let people_said = format!(
            "{} {what} and {recent} {} admitted{by} in the day before",
            words::people(people),
            if recent == 1 { "was" } else { "were" }
        );
        let (kind, reason) = match &self.limits {
            Limits::Set { limits, said } => {
                let kind = limits.exceeded((people + recent).saturating_sub(approved), population)?;
                let limits = limits.in_words();
                let also = match approved {
                    0 => String::new(),
                    let_through => format!(" beside the {let_through} let through"),
                };
                let reason = format!(
                    "{people_said}, more than the {limits} that {said} in a day{also} in a directory of \
                     {population} people"
                );
                (kind, reason)
            }
            Limits::Leavers(allowed) => {
                let allowed = allowed + approved;
                if people + recent <= allowed {
                    return None;
                }
                // What is allowed is the larger of a number and a share, so whoever exceeds it exceeds both.
                let reason = format!(
                    "{people_said}, more than the {allowed} that scheduled leaver runs may hold in a day in a directory of \
                     {population} people"
                );
                (QuarantineKind::Multiple, reason)
            }
        };
        Some(Quarantine { since: now, reason, kind, due: people, told: 0 })
    }
}

/// How many people were admitted at this very moment, before somebody lets the workflow go: whoever is admitted at it counts as
/// admitted since, and these are let through with those who are due.
pub(crate) fn admitted_already(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let guard = Guard::of_scheduled(lifecycle, workflow, now)?;
    let runs = guard.map_or(Runs::All, |guard| guard.runs);
    lifecycle.store.admitted_since(workflow.number, just_before(now), runs)
}

fn just_before(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(at)
}

/// Why a scheduled workflow is to be held back, if it is; `due` tells how many people are due, and is asked only if that matters.
pub(super) fn held_back(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    now: Timestamp,
    due: impl FnOnce() -> Result<u64, StoreError>,
) -> Result<Option<Quarantine>, StoreError> {
    match Guard::of_scheduled(lifecycle, workflow, now)? {
        Some(guard) => Ok(guard.held_back(due()?, true, now)),
        None => Ok(None),
    }
}

/// Holds a workflow back and has the administrators told.
pub(crate) fn hold_back(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    quarantine: &Quarantine,
    entry: crate::audit::Entry,
) -> Result<(), StoreError> {
    lifecycle.store.quarantine(workflow.number, quarantine, entry)?;
    tracing::warn!(workflow = %workflow.id, reason = quarantine.reason, "a workflow is held back in quarantine");
    lifecycle.notices.ring();
    Ok(())
}
