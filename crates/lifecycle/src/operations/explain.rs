//! Why a workflow runs for somebody, or why not: what a sweep would say of them, with each part of it.

use jiff::Timestamp;

use super::{Lifecycle, OperationError};
use crate::directory::User;
use crate::engine::{Due, Evaluated, Evaluation, ScopeExplained, Until, is_time, of};
use crate::ids::UserId;
use crate::ports::{Query, ResultScope, Skipped, Subject};
use crate::run::UserResult;
use crate::workflow::{ExecutionConditions, Workflow};

/// At most so many results are told of.
const RESULTS: usize = 20;
/// At most so many results of the person, of all workflows, are looked at for them.
const LOOKED_AT: usize = 500;
/// At most so many skipped occasions are told of.
const SKIPPED: usize = 20;

/// How somebody stands to a workflow.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The person.
    pub user: User,
    /// What keeps the workflow from being run for them now; empty if nothing does.
    pub reasons: Vec<Reason>,
    /// What the scope says of them; `None` of a workflow that has none.
    pub scope: Option<ScopeExplained>,
    /// What the trigger says of them; `None` if their date is not set, or nothing has happened to them.
    pub occasion: Option<Occasion>,
    /// What they were skipped for and are still on the list for, newest first.
    pub skipped: Vec<Skipped>,
    /// Their newest results of the workflow.
    pub results: Vec<UserResult>,
}

/// The occasion that a person has now.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// When they are due.
    pub due: Timestamp,
    /// Until when; `None` without end, or until they are not caught up with.
    pub until: Option<Timestamp>,
    /// Where that stands against the clock.
    pub state: Due,
    /// What came of it, if they were admitted.
    pub result: Option<UserResult>,
}

/// Why a workflow is not run for somebody now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is disabled.
    WorkflowDisabled,
    /// It has no conditions.
    OnDemandOnly,
    /// Its schedule is off.
    SchedulingDisabled,
    /// None of its tasks is enabled.
    NoEnabledTasks,
    /// It is held back.
    Quarantined,
    /// The date of its trigger is not set, or the person is not what it is about.
    NoOccasion,
    /// Nothing that it waits for has happened and waits to be acted on.
    NothingHappened,
    /// The time has not come.
    NotDueYet,
    /// The time is over.
    TooLate,
    /// The person is not in scope.
    OutOfScope,
    /// It was run, or is to be run, for this very occasion.
    OccasionUsed,
    /// The organisation's interval is not over.
    WaitsForInterval,
    /// It waits for something to happen, which nobody can know before.
    NotForeseeable,
}

impl Reason {
    /// As it is spelled.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkflowDisabled => "workflowDisabled",
            Self::OnDemandOnly => "onDemandOnly",
            Self::SchedulingDisabled => "schedulingDisabled",
            Self::NoEnabledTasks => "noEnabledTasks",
            Self::Quarantined => "quarantined",
            Self::NoOccasion => "noOccasion",
            Self::NothingHappened => "nothingHappened",
            Self::NotDueYet => "notDueYet",
            Self::TooLate => "tooLate",
            Self::OutOfScope => "outOfScope",
            Self::OccasionUsed => "occasionUsed",
            Self::WaitsForInterval => "waitsForInterval",
            Self::NotForeseeable => "notForeseeable",
        }
    }

    /// In a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Self::WorkflowDisabled => "the workflow is disabled (isEnabled)",
            Self::OnDemandOnly => "the workflow has no execution conditions: it is run on demand only",
            Self::SchedulingDisabled => "the workflow's schedule is off (isSchedulingEnabled)",
            Self::NoEnabledTasks => "none of the workflow's tasks is enabled",
            Self::Quarantined => "the workflow is held back in quarantine; clearQuarantine lets it go",
            Self::NoOccasion => "the trigger has no date for the person, or is not about people like them",
            Self::NothingHappened => {
                "nothing that the trigger waits for has happened to the person and waits to be acted on"
            }
            Self::NotDueYet => "the person is not due yet",
            Self::TooLate => "the person was due too long ago",
            Self::OutOfScope => "the person is not in scope",
            Self::OccasionUsed => "the workflow was run, or is about to be run, for this occasion already",
            Self::WaitsForInterval => "the workflow waits until the organisation's interval is over",
            Self::NotForeseeable => "the trigger follows no date, and nobody can know when it will say so",
        }
    }

    /// Whether time alone does away with it.
    fn passes(self) -> bool {
        matches!(self, Self::NotDueYet | Self::WaitsForInterval)
    }
}

impl Explained {
    /// Whether the workflow is run for them when it is looked at next.
    pub fn is_processed_now(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Whether it will be, if nothing changes.
    pub fn is_processed_later(&self) -> bool {
        !self.reasons.is_empty() && self.reasons.iter().all(|reason| reason.passes())
    }
}

impl Lifecycle {
    /// Why a workflow would be run for somebody at this moment, or why not.
    pub fn explain(&self, workflow: &Workflow, user: UserId) -> Result<Explained, OperationError> {
        let user = self.user(&user.to_string())?;
        let now = self.now();
        let mut reasons = of_workflow(workflow);
        let mut explained = Explained {
            scope: None,
            occasion: None,
            skipped: self.skipped_of(workflow, user.number)?,
            results: self.results_of_user(workflow, user.number)?,
            reasons: Vec::new(),
            user,
        };
        let user = &explained.user;
        if let Some(evaluation) = Evaluation::new(self, workflow, now)? {
            let mut found: Option<Evaluated> = None;
            of(&evaluation, workflow, now, user.number)?.each(&evaluation, 1, |chunk| {
                found = found.take().or(chunk.into_iter().next());
                Ok(())
            })?;
            let scope = evaluation.explain_scope(user)?;
            match &found {
                None if evaluation.waits_for_events() => reasons.push(Reason::NothingHappened),
                None => reasons.push(Reason::NoOccasion),
                Some(one) => match one.due {
                    Due::Later => reasons.push(Reason::NotDueYet),
                    Due::TooLate => reasons.push(Reason::TooLate),
                    Due::Now => {}
                },
            }
            // Of a membership, the event itself says whether they are (still) in scope.
            let is_in_scope = match &found {
                Some(one) if one.due == Due::Now => one.in_scope,
                _ => scope.holds(),
            };
            if !is_in_scope {
                reasons.push(Reason::OutOfScope);
            }
            if let Some(one) = found {
                let subject = [Subject { user: user.number, change: one.date.change }];
                if self.store.unused_occasions(workflow.number, &subject)?.is_empty() {
                    reasons.push(Reason::OccasionUsed);
                }
                let result = self.store.occasion_results(workflow.number, &subject)?.pop().flatten();
                let until = match one.date.until {
                    Until::At(until) => Some(until),
                    Until::CatchUp | Until::Never => None,
                };
                explained.occasion = Some(Occasion { due: one.date.at, until, state: one.due, result });
            }
            if !is_time(workflow, now, self.store.settings()?.workflow_schedule_interval_in_hours) {
                reasons.push(Reason::WaitsForInterval);
            }
            explained.scope = Some(scope);
        }
        explained.reasons = reasons;
        Ok(explained)
    }

    fn skipped_of(&self, workflow: &Workflow, user: i64) -> Result<Vec<Skipped>, OperationError> {
        let rows = self.store.list_skipped(workflow.number, user - 1, SKIPPED)?;
        let mut skipped: Vec<Skipped> =
            rows.into_iter().map(|(skipped, ..)| skipped).filter(|skipped| skipped.user == user).collect();
        skipped.sort_unstable_by_key(|skipped| std::cmp::Reverse(skipped.change));
        Ok(skipped)
    }

    fn results_of_user(&self, workflow: &Workflow, user: i64) -> Result<Vec<UserResult>, OperationError> {
        let query = Query { filter: None, order: Vec::new(), after: None, limit: LOOKED_AT };
        let mut results = self.store.list_user_results(ResultScope::Subject(user), &query)?.items;
        results.retain(|result| result.workflow == workflow.number);
        results.truncate(RESULTS);
        Ok(results)
    }
}

/// What keeps a workflow from being run by itself, whoever it is about.
pub(super) fn of_workflow(workflow: &Workflow) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (is_so, reason) in [
        (!workflow.is_enabled, Reason::WorkflowDisabled),
        (matches!(workflow.conditions, ExecutionConditions::OnDemandOnly), Reason::OnDemandOnly),
        (!workflow.is_scheduling_enabled, Reason::SchedulingDisabled),
        (workflow.enabled_tasks().next().is_none(), Reason::NoEnabledTasks),
        (workflow.quarantine.is_some(), Reason::Quarantined),
    ] {
        if is_so {
            reasons.push(reason);
        }
    }
    if reasons.contains(&Reason::OnDemandOnly) {
        reasons.retain(|reason| *reason != Reason::SchedulingDisabled);
    }
    reasons
}
