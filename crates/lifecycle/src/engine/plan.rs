//! What becomes of one user, decided from what was loaded. Nothing is changed here.

use jiff::Timestamp;

use super::due::DateRule;
use super::evaluation::unsponsored;
use super::pending::{Settled, happened, settle_pending};
use super::perform::Attempt;
use crate::calendar::Calendar;
use crate::clock::Ids;
use crate::directory::User;
use crate::effect::{CallWorkflow, Change, Effect, Outside, foretell};
use crate::ids::{Ordinal, TaskDefinitionId};
use crate::limits::Limits;
use crate::ports::{
    Batch, LoadedUser, Occasion, PendingEffect, PendingFate, SettledTask, SettledUser, SkipReason,
    UserOutcome,
};
use crate::run::{CancelReason, ExecutionType, Status, user_status};
use crate::task::{Arguments, Context, DELETE_ACCOUNT, Snapshot, built_in};
use crate::workflow::{MembershipChange, Rule, Scope, Task, Trigger};

/// The task that deletes the user.
const DELETE: TaskDefinitionId = TaskDefinitionId(DELETE_ACCOUNT);

/// What planning goes by, the same for all users of a batch.
pub struct Planning<'a> {
    /// The batch.
    pub batch: &'a Batch,
    /// What its tasks are run as part of.
    pub context: Context,
    /// The version's scope rule, parsed.
    pub rule: Option<&'a Rule>,
    /// What is allowed.
    pub limits: &'a Limits,
    /// How days are counted.
    pub calendar: &'a Calendar,
    /// Where ids for new objects come from.
    pub ids: &'a dyn Ids,
    /// The present moment.
    pub now: Timestamp,
}

impl<'a> Planning<'a> {
    /// Plans that batch.
    pub fn of(
        batch: &'a Batch,
        rule: Option<&'a Rule>,
        (limits, calendar): (&'a Limits, &'a Calendar),
        ids: &'a dyn Ids,
        now: Timestamp,
    ) -> Self {
        let context = Context {
            workflow: CallWorkflow {
                id: batch.workflow_id,
                display_name: batch.workflow_name.clone(),
                workflow_version: batch.version.number,
            },
            created: batch.created,
        };
        Self { batch, context, rule, limits, calendar, ids, now }
    }

    /// Decides what becomes of a user. `performed` is what became of the frozen effects the user had, `None` if nobody tried.
    pub fn user(&self, loaded: &LoadedUser, performed: Option<Attempt>) -> SettledUser {
        self.watched(loaded, performed, &mut |_, _, _| {})
    }

    /// The same; each effect of a preview is shown to `watch`, with the task that wants it and the user just before it.
    pub(crate) fn watched(
        &self,
        loaded: &LoadedUser,
        performed: Option<Attempt>,
        watch: &mut Watch<'_>,
    ) -> SettledUser {
        let (batch, now) = (self.batch, self.now);
        let mut settled = SettledUser {
            seq: loaded.seq,
            before: loaded.before,
            user: loaded.user.as_ref().map_or(0, |user| user.number),
            user_version: loaded.user.as_ref().map_or(0, |user| user.version),
            manager: None,
            started: loaded.started,
            effects: Vec::new(),
            tasks: Vec::new(),
            pending: PendingFate::Kept,
            answer: loaded.pending.as_ref().and_then(|pending| pending.answer),
            happened: Vec::new(),
            outcome: UserOutcome::Canceled(Occasion::Used),
        };
        let begun = !loaded.done.is_empty() || loaded.pending.is_some();
        let mut progress = Progress::of(loaded, &batch.version.tasks);

        if let Some(pending) = &loaded.pending {
            if batch.cancel == Some(CancelReason::Administrator)
                && performed.is_none()
                && pending.answer.is_none()
            {
                settled.pending = PendingFate::Dropped(pending.ordinal);
                settled.happened = happened(pending, pending.done as usize);
                return settled;
            }
            match settle_pending(batch, pending, performed, self.limits, loaded.seq, now) {
                Settled::Ended { task, happened } => {
                    settled.pending = PendingFate::Ended(task.ordinal);
                    settled.happened = happened;
                    progress.count(task.ordinal, task.status, &batch.version.tasks);
                    settled.tasks.push(task);
                }
                Settled::Again { pending, not_before, happened } => {
                    settled.happened = happened;
                    settled.outcome = UserOutcome::Again { pending, not_before };
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
                settled.outcome = UserOutcome::Canceled(match (releases, loaded.event) {
                    (false, _) => Occasion::Used,
                    (true, None) => Occasion::Free,
                    // Nobody would find again what happened.
                    (true, Some(event)) => Occasion::Listed { due: event.at, reason: SkipReason::RunStopped },
                });
                return settled;
            }
        }
        let there = |user: &&User| user.deleted.is_none() || progress.has_deleted || loaded.history.is_some();
        let Some(user) = loaded.user.as_ref().filter(there) else {
            settled.outcome = match begun {
                // Nothing was left to do for them.
                true if progress.is_through(&batch.version.tasks, loaded) => progress.outcome(),
                true => UserOutcome::Canceled(Occasion::Used),
                false => UserOutcome::Canceled(Occasion::Free),
            };
            return settled;
        };
        if !begun
            && batch.execution_type == ExecutionType::Scheduled
            && let Some(occasion) = self.misfit(loaded, user)
        {
            settled.outcome = UserOutcome::Canceled(occasion);
            return settled;
        }
        settled.started = settled.started.or(Some(now));
        if let Some(history) = &loaded.history {
            settled.outcome = self.undo(loaded, user, history, &mut settled);
            return settled;
        }
        settled.outcome = self.tasks(loaded, user, progress, &mut settled, watch);
        settled
    }
}

/// Sees the effects of a preview.
pub(crate) type Watch<'w> = dyn FnMut(&Snapshot<'_>, &Task, &Effect) + 'w;

/// How far a user has come.
struct Progress {
    last: Ordinal,
    failed: i64,
    stopped: bool,
    /// One of the tasks deleted the user, so it is no surprise that they are.
    has_deleted: bool,
}

impl Progress {
    fn of(loaded: &LoadedUser, tasks: &[Task]) -> Self {
        let mut progress = Self { last: 0, failed: 0, stopped: false, has_deleted: false };
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
        } else {
            let done = tasks.iter().find(|task| task.execution_sequence == ordinal);
            self.has_deleted |= done.is_some_and(|task| task.task_definition_id == DELETE);
        }
    }

    /// What becomes of somebody who has come to the end.
    fn outcome(&self) -> UserOutcome {
        UserOutcome::Finished(user_status(self.failed, self.stopped))
    }

    fn is_through(&self, tasks: &[Task], loaded: &LoadedUser) -> bool {
        self.stopped || !tasks.iter().any(|task| is_run(task, loaded) && task.execution_sequence > self.last)
    }
}

/// Whether the task is run for the user.
fn is_run(task: &Task, loaded: &LoadedUser) -> bool {
    task.is_enabled && loaded.is_for(task.execution_sequence)
}

impl Planning<'_> {
    /// What becomes of the occasion of a scheduled user who, now that the turn has come, is not due for it any more or not in
    /// scope; `None` if they still fit.
    fn misfit(&self, loaded: &LoadedUser, user: &User) -> Option<Occasion> {
        let (batch, now) = (self.batch, self.now);
        let (scope, trigger) = batch.version.conditions.trigger_and_scope()?;
        let due = match trigger {
            Trigger::GuestSponsor { minimum_required_sponsors: least } => {
                unsponsored(user, loaded.sponsor_count, *least)
                    .filter(|change| *change == loaded.before.change)
                    .map(|_| now)
            }
            Trigger::AttributeChange { .. } | Trigger::MembershipChange { .. } => {
                loaded.event.map(|event| event.at)
            }
            Trigger::TimeBased { .. } | Trigger::TimeWindow { .. } | Trigger::UserInactivity { .. } => {
                let due = DateRule::of(trigger).and_then(|rule| rule.due(user, self.calendar));
                // Whoever waited for their turn until it was too late is not so by their own doing.
                due.filter(|due| due.change == loaded.before.change && due.has_come(now)).map(|due| due.at)
            }
        };
        let Some(due) = due else { return Some(Occasion::Free) };
        let in_scope = match (trigger, scope) {
            (Trigger::MembershipChange { change }, _) => {
                let group = loaded.event.and_then(|event| batch.people.groups.get(&event.group?));
                // A group that is deleted takes nobody in and lets nobody out.
                group.filter(|group| group.deleted.is_none()).is_some_and(|group| {
                    let is_in = loaded.groups.binary_search(&group.number).is_ok();
                    is_in == (*change == MembershipChange::Add)
                })
            }
            (_, Scope::Rule { .. }) => self.rule.is_some_and(|rule| rule.fits(user, self.limits)),
            (_, Scope::Groups { groups }) => groups
                .iter()
                .filter_map(|group| batch.people.group_numbers.get(group))
                .any(|group| loaded.groups.binary_search(group).is_ok()),
        };
        (!in_scope).then_some(Occasion::Listed { due, reason: SkipReason::OutOfScope })
    }

    fn tasks(
        &self,
        loaded: &LoadedUser,
        user: &User,
        mut progress: Progress,
        settled: &mut SettledUser,
        watch: &mut Watch<'_>,
    ) -> UserOutcome {
        let (batch, now) = (self.batch, self.now);
        let tasks = &batch.version.tasks;
        let has = (loaded.groups.as_slice(), &loaded.holdings);
        let mut snapshot = Snapshot::of(user, has, &batch.people, &self.context, self.ids, now);
        for task in tasks.iter().filter(|task| is_run(task, loaded)) {
            let ordinal = task.execution_sequence;
            if ordinal <= progress.last {
                continue;
            }
            if progress.stopped {
                break;
            }
            snapshot.task = Some(task);
            let planned = built_in(task.task_definition_id)
                .map(|built_in| built_in.plan(&snapshot, &Arguments(&task.arguments)));
            let (status, note) = match planned {
                None => (Status::Failed, Some("this version of Tenure does not know the task".to_owned())),
                Some(Err(refusal)) => (Status::Failed, Some(refusal.0)),
                // A preview says what would be done, and does nothing.
                Some(Ok(plan)) if batch.execution_type == ExecutionType::Preview => {
                    let would = foretell(&plan.effects, &batch.people);
                    for effect in &plan.effects {
                        watch(&snapshot, task, effect);
                        snapshot.apply(effect);
                    }
                    match plan.failure {
                        Some(failure) => (Status::Failed, Some(failure)),
                        None => (Status::Completed, would.or(plan.info)),
                    }
                }
                Some(Ok(plan)) => {
                    let (changes, outside) = parted(plan.effects);
                    settled.manager = snapshot.manager_seen();
                    if !outside.is_empty() {
                        // What the task changes here commits together with what it wants done outside, frozen.
                        settled.effects.extend(changes.into_iter().map(|change| (ordinal, change)));
                        return UserOutcome::Outside(PendingEffect {
                            ordinal,
                            started: now,
                            effects: outside,
                            info: plan.info,
                            done: 0,
                            attempt: 0,
                            failure: None,
                            waits_until: None,
                            answer: None,
                        });
                    }
                    for change in changes {
                        let effect = Effect::Change(change);
                        snapshot.apply(&effect);
                        if let Effect::Change(change) = effect {
                            settled.effects.push((ordinal, change));
                        }
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
        progress.outcome()
    }
}

/// Changes of the directory apart from what is done outside.
fn parted(effects: Vec<Effect>) -> (Vec<Change>, Vec<Outside>) {
    let (mut changes, mut outside) = (Vec::with_capacity(effects.len()), Vec::new());
    for effect in effects {
        match effect {
            Effect::Change(change) => changes.push(change),
            Effect::Outside(one) => outside.push(one),
        }
    }
    (changes, outside)
}
