//! What the engine asks of the store: who is due, runs to admit, ranges to lease, batches to settle.

use jiff::Timestamp;

use super::StoreError;
use super::batch::{Answer, Batch, Lane, Lease, LoadedPeople, LoadedPerson};
use super::settlement::{Settled, Settlement};
use crate::audit::{Actor, Entry};
use crate::ids::{Epoch, GroupId, Ordinal, RunNumber, Seq, UserId};
use crate::run::{ActivatedOn, CancelReason, ExecutionType, OnRecord, UserResult, Whom};
use crate::task::{Named, People};
use crate::workflow::{Quarantine, QuarantineApproval, SweepCursor, Task, TimeAttribute};

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
    /// It would have been for so many people that the workflow is to be held back.
    HeldBack(u64),
    /// The workflow was disabled, deleted or given another version meanwhile.
    Changed,
}

/// Most people that the runs of a workflow may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// So many, those who are to be admitted among them.
    pub most: u64,
    /// Since when.
    pub since: Timestamp,
    /// In these runs.
    pub runs: Runs,
}

/// Runs of a workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Those that came by themselves.
    Scheduled,
    /// All but previews, which do nothing, and those that take back what others did.
    All,
}

/// Something that happened to somebody, which a workflow waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The person's number.
    pub user: i64,
    /// The occasion: number of the change that says so.
    pub change: i64,
    /// When.
    pub at: Timestamp,
    /// The group that they came into, or left.
    pub group: Option<i64>,
}

/// What a workflow waits for. What its own tasks change is not meant: it would run for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happenings {
    /// A change of one of these attributes.
    Attributes {
        /// The workflow's number.
        workflow: i64,
        /// The attributes, by their codes.
        codes: Vec<i64>,
        /// Of the manager, too.
        manager: bool,
    },
    /// Coming into one of these groups, or leaving it.
    Memberships {
        /// The workflow's number.
        workflow: i64,
        /// Coming into it.
        added: bool,
        /// The groups.
        groups: Vec<GroupId>,
    },
}

/// Why somebody who is due is not processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The trigger date is further back than the catch-up window.
    OutsideCatchUp,
    /// The person does not fit the scope.
    OutOfScope,
    /// What happened to the person was to be acted on, and the run was stopped before their turn came.
    RunStopped,
}

impl SkipReason {
    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            Self::OutsideCatchUp => 1,
            Self::OutOfScope => 2,
            Self::RunStopped => 3,
        }
    }

    /// The reason of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::OutsideCatchUp, Self::OutOfScope, Self::RunStopped]
            .into_iter()
            .find(|reason| reason.code() == code)
    }

    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutsideCatchUp => "outsideCatchUp",
            Self::OutOfScope => "outOfScope",
            Self::RunStopped => "runStopped",
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
    /// What happened since the change of that number.
    fn events(&self, what: &Happenings, since: i64) -> Result<Vec<Event>, StoreError>;
    /// What happened and waits to be acted on: because the run was stopped, or the person was out of scope, then not
    /// before `from`. Changes up to `since` are not meant, nor what happened before something they were admitted for. `users`: only what happened to these, ascending.
    fn waiting_events(
        &self,
        workflow: i64,
        users: Option<&[i64]>,
        from: Timestamp,
        since: i64,
    ) -> Result<Vec<Event>, StoreError>;
    /// Of these pairs of a person and a group, whether the one is a member of the other; those whose group is deleted are left
    /// out.
    fn memberships_among(&self, pairs: &[(i64, i64)]) -> Result<Vec<(i64, i64, bool)>, StoreError>;
    /// How many sponsors these people have who are not deleted; those without any are left out.
    fn sponsor_counts(&self, users: &[i64]) -> Result<Vec<(i64, usize)>, StoreError>;
    /// Numbers of all guests who are not deleted, ascending.
    fn guests(&self) -> Result<Vec<i64>, StoreError>;
    /// The number of the last change.
    fn last_change(&self) -> Result<i64, StoreError>;
    /// Which of these groups each person is a direct member of: numbers of those in at least one.
    fn members_of_any(&self, groups: &[GroupId], users: &[i64]) -> Result<Vec<i64>, StoreError>;
    /// Those of the subjects whose occasion has not been used for the workflow.
    fn unused_occasions(&self, workflow: i64, subjects: &[Subject]) -> Result<Vec<Subject>, StoreError>;

    /// Makes a run with all these people, in directory order and each once, ready to be processed; one transaction.
    /// `most` is the greatest number of people, `bound` what does not hold the workflow back; the entry says how many there
    /// are.
    fn activate(
        &self,
        run: &NewRun,
        whom: &Whom,
        most: usize,
        bound: Option<Bound>,
        entry: Entry,
    ) -> Result<Activation, StoreError>;
    /// What is on record of the tasks of a finished run, or of one of its results, that can be taken back or that has to be said
    /// to stay; ascending.
    fn on_record(&self, run: RunNumber, seq: Option<Seq>) -> Result<Vec<OnRecord>, StoreError>;
    /// How many people the workflow's runs of that kind since a moment hold, canceled ones not.
    fn admitted_since(&self, workflow: i64, since: Timestamp, runs: Runs) -> Result<u64, StoreError>;
    /// Adds a chunk to the workflow's open scheduled run, making it if there is none; used occasions are left out.
    /// Nothing is made of an empty chunk.
    fn admit_chunk(
        &self,
        run: &NewRun,
        subjects: &[Subject],
        at: Timestamp,
    ) -> Result<Option<Admission>, StoreError>;
    /// Closes the workflow's open run, if there is one, so that it is processed, and records how far the sweep has
    /// looked, unless the workflow's revision is another one by now. Whether there was a run to close.
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

    /// Leases the next range of the run whose turn it is, or repeats that are due, as far as the lane does such work.
    fn lease(&self, owner: u64, limit: i64, now: Timestamp, lane: &Lane)
    -> Result<Option<Lease>, StoreError>;
    /// What there is to do for a lane.
    fn queued_work(&self, now: Timestamp, lane: &Lane) -> Result<QueuedWork, StoreError>;
    /// Ends a lease whose work was not done; its unfinished users are queued again.
    fn abandon(&self, lease: &Lease, not_before: Timestamp) -> Result<(), StoreError>;
    /// The same with what was leased to an owner after that lease: they were not told of it, because the answer was lost.
    fn abandon_untold(&self, owner: u64, after: i64, not_before: Timestamp) -> Result<(), StoreError>;
    /// Everything that task arguments name and that is there.
    fn people_named(&self, named: &Named) -> Result<People, StoreError>;
    /// Loads somebody who is not deleted, with all that planning of these tasks needs to know.
    fn load_person(&self, user: UserId, tasks: &[Task]) -> Result<Option<LoadedPerson>, StoreError>;
    /// Loads those of these people who are not deleted, with all that planning of these tasks needs to know.
    fn load_people(&self, users: &[i64], tasks: &[Task]) -> Result<LoadedPeople, StoreError>;
    /// Takes up what was handed over: those of the lease's chosen users whose turn it is. Somebody with something under way
    /// elsewhere is queued again; at most one result of a person is in flight.
    fn take_up(&self, lease: &Lease, now: Timestamp) -> Result<Vec<Seq>, StoreError>;
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
