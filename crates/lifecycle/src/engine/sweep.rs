//! One evaluation of who is due: by dates that fell due and people who changed since the last one, not by scan.

use std::collections::HashSet;
use std::sync::PoisonError;

use jiff::Timestamp;

use super::due::Due;
use super::evaluation::Evaluation;
use super::quarantine::held_back;
use crate::audit::{Activity, Actor, Entry};
use crate::operations::Lifecycle;
use crate::ports::{NewRun, SkipReason, Skipped, StoreError, Subject};
use crate::run::ExecutionType;
use crate::workflow::{ExecutionConditions, SweepCursor, Trigger, Workflow};

/// People looked at, or admitted, in one step.
const CHUNK: usize = 2_000;

/// What a sweep of one workflow did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SweepReport {
    /// People admitted to a run.
    pub admitted: u64,
    /// People listed as due but not processed.
    pub skipped: u64,
    /// The workflow was held back.
    pub quarantined: bool,
}

/// Sweeps every scheduled workflow; one that fails does not keep the others from being swept.
pub fn sweep_all(lifecycle: &Lifecycle, now: Timestamp) -> Result<SweepReport, StoreError> {
    // Half an import is no state to judge anybody by.
    let _no_import = lifecycle.importing.lock().unwrap_or_else(PoisonError::into_inner);
    let mut total = SweepReport::default();
    let mut failure = None;
    for workflow in lifecycle.store.workflows(false)? {
        if !workflow.is_scheduled() {
            continue;
        }
        match sweep(lifecycle, &workflow, now) {
            Ok(report) => {
                total.admitted += report.admitted;
                total.skipped += report.skipped;
                total.quarantined |= report.quarantined;
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if total.admitted > 0 {
        lifecycle.work.ring();
    }
    failure.map_or(Ok(total), Err)
}

/// The earliest moment at which somebody becomes due for any scheduled workflow.
pub fn next_due(lifecycle: &Lifecycle, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let mut next: Option<Timestamp> = None;
    for workflow in lifecycle.store.workflows(false)? {
        let ExecutionConditions::TriggerAndScope { trigger, .. } = &workflow.conditions else { continue };
        let idle = workflow.quarantine.is_some() || workflow.enabled_tasks().next().is_none();
        if !workflow.is_scheduled() || idle {
            continue;
        }
        if let Some(date) = lifecycle.store.next_due(trigger.attribute(), trigger.horizon(after))? {
            let due = trigger.due_at(date);
            next = Some(next.map_or(due, |earliest| earliest.min(due)));
        }
    }
    Ok(next)
}

/// Sweeps one workflow.
pub fn sweep(lifecycle: &Lifecycle, workflow: &Workflow, now: Timestamp) -> Result<SweepReport, StoreError> {
    let ExecutionConditions::TriggerAndScope { trigger, .. } = &workflow.conditions else {
        return Ok(SweepReport::default());
    };
    // Nor is anybody's occasion used up by a version that does nothing: the next version looks at everybody.
    if workflow.quarantine.is_some() || workflow.enabled_tasks().next().is_none() {
        return Ok(SweepReport::default());
    }
    let store = &lifecycle.store;
    let last_change = store.last_change()?;
    let candidates = candidates(lifecycle, workflow, *trigger, now, last_change)?;
    let looked = SweepCursor { due_until: Some(now), change: last_change, full: workflow.cursor.full };
    let Some(evaluation) = Evaluation::new(lifecycle, workflow, now) else {
        return Ok(SweepReport::default());
    };

    let due = || {
        let mut due = 0_u64;
        for chunk in candidates.chunks(CHUNK) {
            due += judge(&evaluation, workflow, chunk)?.0.len() as u64;
        }
        Ok(due)
    };
    if let Some(quarantine) = held_back(lifecycle, workflow, now, due)? {
        let reason = quarantine.reason.clone();
        store.quarantine(
            workflow.number,
            &quarantine,
            Entry {
                at: now,
                actor: Actor::Engine,
                activity: Activity::Quarantine,
                before: None,
                after: Some(reason.clone()),
            },
        )?;
        tracing::warn!(workflow = %workflow.id, reason, "a workflow is held back in quarantine");
        lifecycle.notices.ring();
        return Ok(SweepReport { quarantined: true, ..SweepReport::default() });
    }

    let run = NewRun {
        workflow: workflow.number,
        version: workflow.version,
        tasks: workflow.enabled_tasks().count() as i64,
        execution_type: ExecutionType::Scheduled,
        scheduled: now,
        activated_on: None,
    };
    let mut report = SweepReport::default();
    for chunk in candidates.chunks(CHUNK) {
        let (due, skipped) = judge(&evaluation, workflow, chunk)?;
        if let Some(admission) = store.admit_chunk(&run, &due, now)? {
            report.admitted += admission.admitted as u64;
        }
        if !skipped.is_empty() {
            store.record_skipped(workflow.number, &skipped, now)?;
            report.skipped += skipped.len() as u64;
        }
    }
    let unmoved = candidates.is_empty() && workflow.cursor.change == last_change && workflow.cursor.full == 0;
    if !unmoved || workflow.cursor.due_until.is_none() {
        store.finish_sweep(workflow.number, workflow.revision, looked, now)?;
    }
    Ok(report)
}

/// Numbers of the people to look at, ascending.
fn candidates(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    trigger: Trigger,
    now: Timestamp,
    last_change: i64,
) -> Result<Vec<i64>, StoreError> {
    let store = &lifecycle.store;
    let horizon = trigger.horizon(now);
    let cursor = workflow.cursor;
    let Some(due_until) = cursor.due_until.filter(|_| cursor.full == 0) else {
        return store.due_between(trigger.attribute(), None, horizon);
    };
    let mut numbers = store.due_between(trigger.attribute(), Some(trigger.horizon(due_until)), horizon)?;
    if cursor.change < last_change {
        numbers.extend(store.changed_since(cursor.change)?.0);
        numbers.sort_unstable();
        numbers.dedup();
    }
    Ok(numbers)
}

/// Who of these is to be admitted and who is due but not processed; those who are not due, or were already
/// processed for the same occasion, are neither.
fn judge(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    numbers: &[i64],
) -> Result<(Vec<Subject>, Vec<Skipped>), StoreError> {
    let store = &evaluation.lifecycle.store;
    let mut due = Vec::new();
    let mut skipped = Vec::new();
    for one in evaluation.of(numbers)? {
        let subject = Subject { user: one.user.number, change: one.date.change };
        let skip = |reason| Skipped { user: subject.user, change: subject.change, due: one.date.at, reason };
        match (one.due, one.in_scope) {
            (Due::Now, true) => due.push(subject),
            (Due::Now, false) => skipped.push(skip(SkipReason::OutOfScope)),
            (Due::TooLate, true) => skipped.push(skip(SkipReason::OutsideCatchUp)),
            (Due::TooLate, false) | (Due::Later, _) => {}
        }
    }
    let due = store.unused_occasions(workflow.number, &due)?;
    if !skipped.is_empty() {
        let subjects: Vec<Subject> =
            skipped.iter().map(|one| Subject { user: one.user, change: one.change }).collect();
        let unused: HashSet<Subject> =
            store.unused_occasions(workflow.number, &subjects)?.into_iter().collect();
        skipped.retain(|one| unused.contains(&Subject { user: one.user, change: one.change }));
    }
    Ok((due, skipped))
}
