//! What becomes of one user, decided from what was loaded. Nothing is changed here.

use jiff::Timestamp;

use super::due::Due;
use super::retry::back_off;
use crate::directory::User;
use crate::effect::{Effect, foretell};
use crate::ids::Ordinal;
use crate::limits::Limits;
use crate::ports::{
    Batch, Failure, LoadedUser, Occasion, PendingEffect, SettledTask, SettledUser, UserOutcome,
};
use crate::run::{CancelReason, ExecutionType, Status, user_status};
use crate::task::{Arguments, Snapshot, built_in};
use crate::workflow::{ExecutionConditions, Rule, Scope, Task};

/// Decides what becomes of a user.
///
/// `performed` is what became of the frozen effects the user had, `None` if there was no time for them; `rule` is the
/// version's scope rule, parsed.
pub fn plan_user(
    batch: &Batch,
    loaded: &LoadedUser,
    performed: Option<Result<(), Failure>>,
    rule: Option<&Rule>,
    limits: &Limits,
    now: Timestamp,
) -> SettledUser {
    let mut settled = SettledUser {
        seq: loaded.seq,
        before: loaded.before,
        user: loaded.user.as_ref().map_or(0, |user| user.number),
        user_version: loaded.user.as_ref().map_or(0, |user| user.version),
        manager: None,
        started: loaded.started,
        effects: Vec::new(),
        tasks: Vec::new(),
        performed: false,
        outcome: UserOutcome::Canceled(Occasion::Used),
    };
    let begun = !loaded.done.is_empty() || loaded.pending.is_some();
    let mut progress = Progress::of(loaded, &batch.version.tasks);

    if let Some(pending) = &loaded.pending {
        match settle_pending(pending, performed, limits, loaded.seq, now) {
            Ok(task) => {
                settled.performed = true;
                progress.count(task.ordinal, task.status, &batch.version.tasks);
                settled.tasks.push(task);
            }
            Err(outcome) => {
                settled.outcome = outcome;
                return settled;
            }
        }
    }
    if let Some(reason) = batch.cancel {
        let stop = match reason {
            CancelReason::Administrator => true,
            // Users who were begun finish on their version.
            CancelReason::WorkflowStopped | CancelReason::NewVersion => !begun,
        };
        if stop && !progress.is_through(&batch.version.tasks, loaded) {
            let releases = reason.releases_occasions() && !begun;
            settled.outcome = UserOutcome::Canceled(if releases { Occasion::Free } else { Occasion::Used });
            return settled;
        }
    }
    let Some(user) = loaded.user.as_ref().filter(|user| user.deleted.is_none()) else {
        settled.outcome = UserOutcome::Canceled(if begun { Occasion::Used } else { Occasion::Free });
        return settled;
    };
    if !begun
        && batch.execution_type == ExecutionType::Scheduled
        && let Some(occasion) = misfit(batch, loaded, user, rule, limits, now)
    {
        settled.outcome = UserOutcome::Canceled(occasion);
        return settled;
    }
    settled.started = settled.started.or(Some(now));
    settled.outcome = plan_tasks(batch, loaded, user, progress, &mut settled, now);
    settled
}

/// How far a user has come.
struct Progress {
    last: Ordinal,
    failed: i64,
    stopped: bool,
}

impl Progress {
    fn of(loaded: &LoadedUser, tasks: &[Task]) -> Self {
        let mut progress = Self { last: 0, failed: 0, stopped: false };
        for (ordinal, status) in &loaded.done {
            progress.count(*ordinal, *status, tasks);
        }
        progress
    }

    fn count(&mut self, ordinal: Ordinal, status: Status, tasks: &[Task]) {
        self.last = self.last.max(ordinal);
        if status == Status::Failed {
            self.failed += 1;
            let goes_on =
                tasks.iter().any(|task| task.execution_sequence == ordinal && task.continue_on_error);
            self.stopped |= !goes_on;
        }
    }

    fn is_through(&self, tasks: &[Task], loaded: &LoadedUser) -> bool {
        self.stopped || !tasks.iter().any(|task| is_run(task, loaded) && task.execution_sequence > self.last)
    }
}

/// Whether the task is run for the user.
fn is_run(task: &Task, loaded: &LoadedUser) -> bool {
    task.is_enabled && loaded.is_for(task.execution_sequence)
}

fn settle_pending(
    pending: &PendingEffect,
    performed: Option<Result<(), Failure>>,
    limits: &Limits,
    seq: i64,
    now: Timestamp,
) -> Result<SettledTask, UserOutcome> {
    let through = |status, note| {
        Ok(SettledTask { ordinal: pending.ordinal, status, started: pending.started, completed: now, note })
    };
    match performed {
        None => Err(UserOutcome::Again { pending: pending.clone(), not_before: now }),
        Some(Ok(())) => through(Status::Completed, pending.info.clone()),
        Some(Err(Failure::Permanent(reason))) => through(Status::Failed, Some(reason)),
        Some(Err(Failure::Retryable(reason))) => {
            let attempt = pending.attempt + 1;
            if attempt >= limits.attempts {
                return through(Status::Failed, Some(format!("given up after {attempt} attempts: {reason}")));
            }
            let spread = (seq as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let not_before = now.checked_add(back_off(attempt + 1, spread)).unwrap_or(now);
            Err(UserOutcome::Again { pending: PendingEffect { attempt, ..pending.clone() }, not_before })
        }
    }
}

/// What becomes of the occasion of a scheduled user who, now that the turn has come, is not due for it any more or not in
/// scope; `None` if they still fit.
fn misfit(
    batch: &Batch,
    loaded: &LoadedUser,
    user: &User,
    rule: Option<&Rule>,
    limits: &Limits,
    now: Timestamp,
) -> Option<Occasion> {
    let ExecutionConditions::TriggerAndScope { scope, trigger } = &batch.version.conditions else {
        return None;
    };
    let due = trigger.due(user).filter(|due| due.change == loaded.before.change);
    let Some(due) = due.filter(|due| due.state(now, now, None) == Due::Now) else {
        return Some(Occasion::Free);
    };
    let in_scope = match scope {
        Scope::Rule { .. } => rule.is_some_and(|rule| rule.fits(user, limits)),
        Scope::Groups { groups } => groups
            .iter()
            .filter_map(|group| batch.people.group_numbers.get(group))
            .any(|group| loaded.groups.binary_search(group).is_ok()),
    };
    (!in_scope).then_some(Occasion::OutOfScope { due: due.at })
}

fn plan_tasks(
    batch: &Batch,
    loaded: &LoadedUser,
    user: &User,
    mut progress: Progress,
    settled: &mut SettledUser,
    now: Timestamp,
) -> UserOutcome {
    let tasks = &batch.version.tasks;
    let mut snapshot = Snapshot::new(user, loaded.groups.clone(), &batch.people, now);
    for task in tasks.iter().filter(|task| is_run(task, loaded)) {
        let ordinal = task.execution_sequence;
        if ordinal <= progress.last {
            continue;
        }
        if progress.stopped {
            break;
        }
        let planned = built_in(task.task_definition_id)
            .map(|built_in| built_in.plan(&snapshot, &Arguments(&task.arguments)));
        let (status, note) = match planned {
            None => (Status::Failed, Some("this version of Tenure does not know the task".to_owned())),
            Some(Err(refusal)) => (Status::Failed, Some(refusal.0)),
            // A preview says what would be done, and does nothing.
            Some(Ok(plan)) if batch.execution_type == ExecutionType::Preview => {
                let would = foretell(&plan.effects, &batch.people);
                for effect in &plan.effects {
                    snapshot.apply(effect);
                }
                match plan.failure {
                    Some(failure) => (Status::Failed, Some(failure)),
                    None => (Status::Completed, would.or(plan.info)),
                }
            }
            Some(Ok(plan)) if plan.effects.iter().any(Effect::is_outside) => {
                settled.manager = user
                    .manager
                    .and_then(|manager| batch.people.users.get(&manager))
                    .map(|manager| (manager.number, manager.version));
                // What the task changes here commits together with what it wants done outside, frozen.
                let (outside, local): (Vec<Effect>, Vec<Effect>) =
                    plan.effects.into_iter().partition(Effect::is_outside);
                settled.effects.extend(local.into_iter().map(|effect| (ordinal, effect)));
                return UserOutcome::Outside(PendingEffect {
                    ordinal,
                    started: now,
                    effects: outside,
                    info: plan.info,
                    attempt: 0,
                });
            }
            Some(Ok(plan)) => {
                for effect in plan.effects {
                    snapshot.apply(&effect);
                    settled.effects.push((ordinal, effect));
                }
                match plan.failure {
                    Some(failure) => (Status::Failed, Some(failure)),
                    None => (Status::Completed, plan.info),
                }
            }
        };
        progress.count(ordinal, status, tasks);
        settled.tasks.push(SettledTask { ordinal, status, started: now, completed: now, note });
    }
    UserOutcome::Finished(user_status(progress.failed, progress.stopped))
}
