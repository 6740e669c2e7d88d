//! What the engine asks of the store: who is due, runs to admit, ranges to lease, batches to settle.

use jiff::Timestamp;

use super::StoreError;
use crate::audit::{Activity, Actor, Entry};
use crate::directory::User;
use crate::effect::{Change, Outside};
use crate::ids::{Epoch, GroupId, Ordinal, RunNumber, Seq, UserId, WorkflowId};
use crate::run::{ActivatedOn, CancelReason, ExecutionType, Status, TaskCounts, UserResult, Whom};
use crate::task::{Holdings, Named, People};
use crate::workflow::{Quarantine, QuarantineApproval, SweepCursor, Task, TimeAttribute, Version};

/// A run to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// The workflow's number.
    pub workflow: i64,
    /// The version it is pinned to.
    pub version: i64,
    /// How many enabled tasks the version has, and so each user.
    pub tasks: i64,
    /// How it comes about.
    pub execution_type: ExecutionType,
    /// For when.
    pub scheduled: Timestamp,
    /// What it is activated with, if it is with a scope.
    pub activated_on: Option<ActivatedOn>,
}

/// Somebody to be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The person's number.
    pub user: i64,
    /// The occasion: number of the change that set the trigger's value. 0 on demand.
    pub change: i64,
}

/// What an admission did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The run.
    pub run: RunNumber,
    /// Its epoch.
    pub epoch: Epoch,
    /// How many were new.
    pub admitted: i64,
}

/// What became of an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The run is there.
    Admitted(Admission),
    /// It would have been for nobody.
    Nobody,
    /// It would have been for more people than are allowed.
    TooMany,
    /// The workflow was disabled, deleted or given another version meanwhile.
    Changed,
}

/// Why somebody who is due is not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The trigger date is further back than the catch-up window.
    OutsideCatchUp,
    /// The person does not fit the scope.
    OutOfScope,
}

impl SkipReason {
    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            Self::OutsideCatchUp => 1,
            Self::OutOfScope => 2,
        }
    }

    /// The reason of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::OutsideCatchUp, Self::OutOfScope].into_iter().find(|reason| reason.code() == code)
    }

    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutsideCatchUp => "outsideCatchUp",
            Self::OutOfScope => "outOfScope",
        }
    }
}

/// Somebody who was due and is not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The person's number.
    pub user: i64,
    /// The occasion.
    pub change: i64,
    /// When the trigger said so.
    pub due: Timestamp,
    /// Why not.
    pub reason: SkipReason,
}

/// What there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueuedWork {
    /// Something can be leased now.
    Now,
    /// The earliest retry or takeover is due then.
    At(Timestamp),
    /// Nothing.
    Nothing,
}

/// The right to process some users of one run until `ends`; a lost lease cannot settle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its number: the row.
    pub id: i64,
    /// The fence.
    pub fence: i64,
    /// The run.
    pub run: RunNumber,
    /// The first seq.
    pub from: Seq,
    /// The last seq, inclusive.
    pub to: Seq,
    /// Only these seqs of the range, when it is a repeat.
    pub only: Option<Vec<Seq>>,
    /// Until when, by the store's clock.
    pub ends: Timestamp,
}

/// A user result as it was loaded; nobody but the lease's holder changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Queued or in progress.
    pub status: Status,
    /// Counts.
    pub tasks: TaskCounts,
    /// The occasion.
    pub change: i64,
}

/// One user of a leased range.
#[derive(Debug)]
pub struct LoadedUser {
    /// Place in the run.
    pub seq: Seq,
    /// The person; `None` if they are gone.
    pub user: Option<User>,
    /// Groups the person is a direct member of, by number, ascending.
    pub groups: Vec<i64>,
    /// What the person has, as far as the tasks look at it.
    pub holdings: Holdings,
    /// The result as it stands.
    pub before: Before,
    /// When the first task was begun, if one was.
    pub started: Option<Timestamp>,
    /// Tasks already done: ordinal and status.
    pub done: Vec<(Ordinal, Status)>,
    /// An outside effect of a task that was begun: frozen, to be done under its key.
    pub pending: Option<PendingEffect>,
    /// Only these tasks are run, when it is a repeat of those that failed.
    pub chosen: Option<Vec<Ordinal>>,
}

impl LoadedUser {
    /// Whether the task at that place is to be run for the user.
    pub fn is_for(&self, ordinal: Ordinal) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&ordinal))
    }
}

/// One person, loaded as a batch loads its users.
#[derive(Debug)]
pub struct LoadedPerson {
    /// The person.
    pub user: User,
    /// Groups the person is a direct member of, by number, ascending.
    pub groups: Vec<i64>,
    /// What the person has, as far as the tasks look at it.
    pub holdings: Holdings,
    /// The person's manager, and who and what else planning may look up.
    pub people: People,
}

/// A task whose outside effects are frozen in the store until they are done.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEffect {
    /// The task's place.
    pub ordinal: Ordinal,
    /// When the task was begun.
    pub started: Timestamp,
    /// All outside effects of the task, in order.
    pub effects: Vec<Outside>,
    /// How many of them, from the first on, are done and are not repeated.
    pub done: u32,
    /// What the task says when they are done.
    pub info: Option<String>,
    /// How often it has been tried in vain.
    pub attempt: u32,
    /// What the last attempt came to.
    pub failure: Option<String>,
    /// Until when the task waits to be called back.
    pub waits_until: Option<Timestamp>,
    /// What whoever called back has said.
    pub answer: Option<Answer>,
}

/// What whoever calls back says of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Completed,
    /// It failed.
    Failed,
}

impl Answer {
    const ALL: [Self; 2] = [Self::Completed, Self::Failed];

    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            Self::Completed => 1,
            Self::Failed => 2,
        }
    }

    /// The answer of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.code() == code)
    }

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str().eq_ignore_ascii_case(text))
    }
}

/// A leased range, with all that planning needs to know.
#[derive(Debug)]
pub struct Batch {
    /// The run's epoch.
    pub epoch: Epoch,
    /// The workflow's number.
    pub workflow: i64,
    /// The workflow.
    pub workflow_id: WorkflowId,
    /// The version.
    pub version: Version,
    /// The workflow's name.
    pub workflow_name: String,
    /// How the run came about.
    pub execution_type: ExecutionType,
    /// When the run was made.
    pub created: Timestamp,
    /// The run is being canceled.
    pub cancel: Option<CancelReason>,
    /// The users, by seq; reported results are not among them.
    pub users: Vec<LoadedUser>,
    /// Managers and groups that subjects have, users and groups that arguments name.
    pub people: People,
    /// The number of the last change that all this has in it.
    pub change: i64,
}

/// What becomes of a user result.
#[derive(Clone, Debug, PartialEq)]
pub enum UserOutcome {
    /// Through, with this status.
    Finished(Status),
    /// Stopped.
    Canceled(Occasion),
    /// A task's outside effects come next.
    Outside(PendingEffect),
    /// The task that was done is on record; what follows is planned anew.
    Continue,
    /// An outside effect failed and is tried again.
    Again {
        /// The frozen effects, with the next attempt's number.
        pending: PendingEffect,
        /// Not before.
        not_before: Timestamp,
    },
}

/// What becomes of the occasion of somebody who is canceled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It was used: some of the tasks were done.
    Used,
    /// It may be admitted again.
    Free,
    /// The same; they are due but no longer in scope, which goes on the list of those who were skipped.
    OutOfScope {
        /// When the trigger said so.
        due: Timestamp,
    },
}

/// A task that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledTask {
    /// The task's place.
    pub ordinal: Ordinal,
    /// Completed or failed.
    pub status: Status,
    /// When it was begun.
    pub started: Timestamp,
    /// When it was through.
    pub completed: Timestamp,
    /// Failure reason or processing information.
    pub note: Option<String>,
}

/// One user of a settlement.
#[derive(Clone, Debug, PartialEq)]
pub struct SettledUser {
    /// Place in the run.
    pub seq: Seq,
    /// The result as it was loaded.
    pub before: Before,
    /// The person's number (0 if gone).
    pub user: i64,
    /// The version of the person that was read; another one makes the plan stale.
    pub user_version: i64,
    /// The manager that was read, with version.
    pub manager: Option<(i64, i64)>,
    /// When the first task was begun.
    pub started: Option<Timestamp>,
    /// Local effects, in order, each with its task's place.
    pub effects: Vec<(Ordinal, Change)>,
    /// Tasks that came to their end.
    pub tasks: Vec<SettledTask>,
    /// What becomes of the frozen effects that the user had.
    pub pending: PendingFate,
    /// What whoever was called had said by then; what somebody says meanwhile makes an end without it stale.
    pub answer: Option<Answer>,
    /// What happened to the person that no change of the directory says, for the audit.
    pub happened: Vec<Happened>,
    /// What becomes of the result.
    pub outcome: UserOutcome,
}

/// What becomes of the frozen effects of a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PendingFate {
    /// There are none, or they are to be tried again.
    #[default]
    Kept,
    /// They have come to their end, well or not: the first of the tasks that came to their end says how. They are on record
    /// and are not planned again.
    Ended(Ordinal),
    /// They are given up; the task has no result.
    Dropped(Ordinal),
}

/// Something that happened to a person outside, for the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The task's place.
    pub ordinal: Ordinal,
    /// What.
    pub activity: Activity,
    /// With what else, by number.
    pub object: Option<i64>,
    /// Before, as text.
    pub before: Option<String>,
    /// After, as text.
    pub after: Option<String>,
}

/// A batch of outcomes, recorded in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// When.
    pub at: Timestamp,
    /// The users.
    pub users: Vec<SettledUser>,
    /// The number of the last change that was read; while it is the last one, no plan is stale.
    pub change: i64,
    /// Groups that were read, with their versions.
    pub groups: Vec<(i64, i64)>,
    /// The lease goes on: outside effects of its users are being done.
    pub keep_lease: bool,
}

/// What a settlement did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Users whose plan was stale or whose write failed; they are queued again.
    pub again: Vec<Seq>,
    /// The run came to its end.
    pub run_finished: bool,
    /// Occasions are free again because the run was stopped: somebody has to sweep.
    pub released: bool,
}

/// What the engine asks of the store.
pub trait Engine {
    /// Numbers of people who are not deleted and whose date lies in `(after, until]`, ascending.
    fn due_between(
        &self,
        attribute: TimeAttribute,
        after: Option<Timestamp>,
        until: Timestamp,
    ) -> Result<Vec<i64>, StoreError>;
    /// Dates in `[from, until]` of people who are not deleted, with their numbers: the first of them behind `after`.
    fn due_page(
        &self,
        attribute: TimeAttribute,
        from: Timestamp,
        until: Timestamp,
        after: Option<(Timestamp, i64)>,
        limit: usize,
    ) -> Result<Vec<(Timestamp, i64)>, StoreError>;
    /// The results of the runs that people were admitted to for these occasions; `None` for who was not.
    fn occasion_results(
        &self,
        workflow: i64,
        subjects: &[Subject],
    ) -> Result<Vec<Option<UserResult>>, StoreError>;
    /// The earliest date after that moment, of anybody who is not deleted.
    fn next_due(&self, attribute: TimeAttribute, after: Timestamp) -> Result<Option<Timestamp>, StoreError>;
    /// Numbers of people changed since the change of that number, ascending, and the last change's number.
    fn changed_since(&self, change: i64) -> Result<(Vec<i64>, i64), StoreError>;
    /// The number of the last change.
    fn last_change(&self) -> Result<i64, StoreError>;
    /// Which of these groups each person is a direct member of: numbers of those in at least one.
    fn members_of_any(&self, groups: &[GroupId], users: &[i64]) -> Result<Vec<i64>, StoreError>;
    /// Those of the subjects whose occasion has not been used for the workflow.
    fn unused_occasions(&self, workflow: i64, subjects: &[Subject]) -> Result<Vec<Subject>, StoreError>;

    /// Makes a run with all these people, in directory order and each once, ready to be processed; one transaction.
    /// `most` is the greatest number of people; the entry says how many there are.
    fn activate(
        &self,
        run: &NewRun,
        whom: &Whom,
        most: usize,
        entry: Entry,
    ) -> Result<Activation, StoreError>;
    /// How many people the workflow's scheduled runs since a moment hold, canceled ones not.
    fn admitted_since(&self, workflow: i64, since: Timestamp) -> Result<u64, StoreError>;
    /// Adds a chunk to the workflow's open scheduled run, making it if there is none; used occasions are left out.
    /// Nothing is made of an empty chunk.
    fn admit_chunk(
        &self,
        run: &NewRun,
        subjects: &[Subject],
        at: Timestamp,
    ) -> Result<Option<Admission>, StoreError>;
    /// Closes the workflow's open run, if there is one, so that it is processed, and records how far the sweep has
    /// looked. `unless_revised`: nothing is recorded if the workflow's revision is another one by now.
    fn finish_sweep(
        &self,
        workflow: i64,
        revision: i64,
        cursor: SweepCursor,
        at: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Adds people who are due and not processed to the list; the same occasion is listed once.
    fn record_skipped(&self, workflow: i64, skipped: &[Skipped], at: Timestamp) -> Result<(), StoreError>;
    /// People who were due and not processed, by directory order, after that person.
    fn list_skipped(
        &self,
        workflow: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(Skipped, UserId, String)>, StoreError>;
    /// Holds a workflow back.
    fn quarantine(&self, workflow: i64, quarantine: &Quarantine, entry: Entry) -> Result<(), StoreError>;
    /// Records which administrators were told of the quarantine that began then, a bit each.
    fn quarantine_told(&self, workflow: i64, since: Timestamp, told: u64) -> Result<(), StoreError>;
    /// Lets a workflow go, with what is approved; false if it was not held back.
    fn release(&self, workflow: i64, approval: QuarantineApproval, entry: Entry) -> Result<bool, StoreError>;

    /// Leases the next range of the oldest run that has one, or repeats that are due.
    fn lease(&self, owner: u64, limit: i64, now: Timestamp) -> Result<Option<Lease>, StoreError>;
    /// What there is to do.
    fn queued_work(&self, now: Timestamp) -> Result<QueuedWork, StoreError>;
    /// Takes over every lease of the process before, which is known to be dead; their users are queued again.
    fn take_over(&self, now: Timestamp) -> Result<u64, StoreError>;
    /// Ends a lease whose work was not done; its unfinished users are queued again.
    fn abandon(&self, lease: &Lease, not_before: Timestamp) -> Result<(), StoreError>;
    /// Everything that task arguments name and that is there.
    fn people_named(&self, named: &Named) -> Result<People, StoreError>;
    /// Loads somebody who is not deleted, with all that planning of these tasks needs to know.
    fn load_person(&self, user: UserId, tasks: &[Task]) -> Result<Option<LoadedPerson>, StoreError>;
    /// Loads a leased range.
    fn load(&self, lease: &Lease) -> Result<Batch, StoreError>;
    /// Records outcomes, directory changes, counters and audit, unless the lease is lost.
    fn settle(&self, lease: &Lease, settlement: Settlement, actor: Actor) -> Result<Settled, StoreError>;
    /// Takes up a task that waits to be called back, or that may be called back at any moment because its call is under
    /// way; false if it does not wait.
    fn resume(
        &self,
        task: (RunNumber, Seq, Ordinal),
        answer: Answer,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError>;
    /// Cancels a run: its users are stopped when their turn comes; false if it is finished.
    fn cancel_run(&self, run: RunNumber, reason: CancelReason, entry: Entry) -> Result<bool, StoreError>;
}
