//! One evaluation of who is due: by dates that fell due and people who changed since the last one, not by scan.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::mpsc::sync_channel;

use jiff::Timestamp;

use super::candidates::{Candidates, candidates};
use super::due::{DateRule, Due};
use super::evaluation::{Evaluated, Evaluation};
use super::interval::{is_time, next_interval};
use super::quarantine::{held_back, hold_back};
use crate::audit::{Activity, Actor, Entry};
use crate::operations::Lifecycle;
use crate::ports::{Apart, NewRun, SkipReason, Skipped, StoreError, Subject};
use crate::run::ExecutionType;
use crate::workflow::{SweepCursor, Workflow};

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
    /// There is a run that can be processed from now on: of those admitted, or of those whom a sweep admitted that was cut off.
    pub opened: bool,
}

/// Sweeps every scheduled workflow; one that fails does not keep the others from being swept.
pub fn sweep_all(lifecycle: &Lifecycle, now: Timestamp) -> Result<SweepReport, StoreError> {
    // Half an import is no state to judge anybody by.
    let _no_import = lifecycle.importing.lock().unwrap_or_else(PoisonError::into_inner);
    let _nor_elsewhere = lifecycle.store.keep_apart(Apart::Sweep)?;
    let mut total = SweepReport::default();
    let mut failure = None;
    let hours = lifecycle.store.settings()?.workflow_schedule_interval_in_hours;
    for workflow in lifecycle.store.workflows(false)? {
        if !workflow.is_scheduled() || !is_time(&workflow, now, hours) {
            continue;
        }
        match sweep(lifecycle, &workflow, now) {
            Ok(report) => {
                total.admitted += report.admitted;
                total.skipped += report.skipped;
                total.quarantined |= report.quarantined;
                total.opened |= report.opened;
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if total.opened {
        lifecycle.work.ring();
    }
    failure.map_or(Ok(total), Err)
}

/// The earliest moment at which somebody becomes due for any scheduled workflow, or at which one is looked at that goes by the
/// interval.
pub fn next_due(lifecycle: &Lifecycle, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let mut next: Option<Timestamp> = None;
    let hours = lifecycle.store.settings()?.workflow_schedule_interval_in_hours;
    for workflow in lifecycle.store.workflows(false)? {
        let idle = workflow.quarantine.is_some() || workflow.enabled_tasks().next().is_none();
        if !workflow.is_scheduled() || idle {
            continue;
        }
        let due = if workflow.is_by_interval {
            Some(next_interval(after, hours))
        } else {
            next_due_of(lifecycle, &workflow, after)?
        };
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

fn next_due_of(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    after: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(evaluation) = Evaluation::new(lifecycle, workflow, after)? else { return Ok(None) };
    let Some((DateRule { attribute, opens, .. }, calendar)) = evaluation.date_rule() else { return Ok(None) };
    let store = &lifecycle.store;
    let (past, coming) = calendar.reach(opens, after);
    let mut next: Option<Timestamp> = None;
    // Of dates in between it depends on the person when they are due.
    for chunk in store.due_between(attribute, Some(past), coming)?.chunks(CHUNK) {
        let later = evaluation.of(chunk)?.into_iter().filter(|one| one.due == Due::Later);
        next = later.map(|one| one.date.at).chain(next).min();
    }
    if let Some(date) = store.next_due(attribute, coming)? {
        next = next.into_iter().chain([calendar.in_reach(date, opens, after)]).min();
    }
    Ok(next)
}

/// Sweeps one workflow.
pub fn sweep(lifecycle: &Lifecycle, workflow: &Workflow, now: Timestamp) -> Result<SweepReport, StoreError> {
    // Nobody's occasion is used up by a version that does nothing: the next version looks at everybody.
    if workflow.quarantine.is_some() || workflow.enabled_tasks().next().is_none() {
        return Ok(SweepReport::default());
    }
    let store = &lifecycle.store;
    let Some(evaluation) = Evaluation::new(lifecycle, workflow, now)? else {
        return Ok(SweepReport::default());
    };
    let last_change = store.last_change()?;
    let candidates = candidates(&evaluation, workflow, now, last_change)?;
    let looked = SweepCursor { due_until: Some(now), change: last_change, ..workflow.cursor };

    let due = || {
        let mut due = 0_u64;
        candidates.each(&evaluation, CHUNK, |chunk| {
            due += judge(lifecycle, workflow, chunk)?.0.len() as u64;
            Ok(())
        })?;
        Ok(due)
    };
    if !candidates.is_empty()
        && let Some(quarantine) = held_back(lifecycle, workflow, now, due)?
    {
        let entry = Entry {
            at: now,
            actor: Actor::Engine,
            activity: Activity::Quarantine,
            before: None,
            after: Some(quarantine.reason.clone()),
        };
        hold_back(lifecycle, workflow, &quarantine, entry)?;
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
    each_judged(&evaluation, workflow, &candidates, |(due, skipped)| {
        if let Some(admission) = store.admit_chunk(&run, &due, now)? {
            report.admitted += admission.admitted as u64;
        }
        if !skipped.is_empty() {
            store.record_skipped(workflow.number, &skipped, now)?;
            report.skipped += skipped.len() as u64;
        }
        Ok(())
    })?;
    let cursor = workflow.cursor;
    let is_quiet = candidates.is_empty() && cursor.change == last_change && cursor.full == 0;
    // Where the interval has to be over, each look counts.
    if !is_quiet || cursor.due_until.is_none() || workflow.is_by_interval {
        report.opened = store.finish_sweep(workflow.number, workflow.revision, looked, now)?;
    }
    Ok(report)
}

/// Who is to be admitted, and who is due but not processed.
type Judged = (Vec<Subject>, Vec<Skipped>);

/// Judges the candidates in portions. Where there are several, the next one is judged while one is written, which mostly waits
/// for the disk.
fn each_judged(
    evaluation: &Evaluation<'_>,
    workflow: &Workflow,
    candidates: &Candidates,
    mut record: impl FnMut(Judged) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let judge = |chunk| judge(evaluation.lifecycle, workflow, chunk);
    if candidates.len() <= CHUNK {
        return candidates.each(evaluation, CHUNK, |chunk| record(judge(chunk)?));
    }
    std::thread::scope(|scope| {
        let (judged, to_record) = sync_channel(1);
        let judging = scope.spawn(move || {
            candidates.each(evaluation, CHUNK, |chunk| {
                // Nobody takes it once recording has failed, which is what is told.
                judged.send(judge(chunk)?).map_err(|_| StoreError::Closed)
            })
        });
        let recorded = to_record.into_iter().try_for_each(&mut record);
        let judged = judging.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        recorded.and(judged)
    })
}

/// Who of these is to be admitted and who is due but not processed; those who are not due, or were already
/// processed for the same occasion, are neither.
fn judge(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    evaluated: Vec<Evaluated>,
) -> Result<Judged, StoreError> {
    let store = &lifecycle.store;
    let mut due = Vec::new();
    let mut skipped = Vec::new();
    for one in evaluated {
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
