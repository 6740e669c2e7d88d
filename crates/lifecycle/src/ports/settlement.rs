//! What became of the users of a batch, as it is recorded.

use jiff::Timestamp;

use super::SkipReason;
use super::batch::{Answer, Before, PendingEffect};
use crate::audit::Activity;
use crate::effect::Change;
use crate::ids::{Ordinal, Seq};
use crate::run::Status;

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
    /// The same, and it goes on the list of those who were skipped.
    Listed {
        /// When the trigger said so.
        due: Timestamp,
        /// Why they are not processed.
        reason: SkipReason,
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
    /// The lease has more users, and goes on; it does for those, too, who have something to be done outside next.
    pub carries: bool,
    /// What is to be done outside next is handed over: nobody is in flight because of it before [`super::Engine::take_up`].
    pub hands_over: bool,
}

/// What a settlement did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Users whose plan was stale or whose write failed; they are queued again.
    pub again: Vec<Seq>,
    /// The run came to its end.
    pub run_finished: bool,
    /// Occasions are free again because the run was stopped, and nobody is left in it to be stopped: somebody has to sweep.
    pub released: bool,
}
