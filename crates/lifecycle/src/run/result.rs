//! Runs, user results, task results and task reports as they are read.

use jiff::Timestamp;

use super::{ActivatedOn, ReportCounters, RunCounters, Status, TaskCounts};
use crate::ids::{Epoch, Ordinal, RunNumber, Seq, UserId};

/// `workflowExecutionType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExecutionType {
    /// By a sweep.
    Scheduled,
    /// By activate.
    OnDemand,
    /// By activateWithScope.
    ActivatedWithScope,
    /// By previewWorkflow.
    Preview,
}

impl ExecutionType {
    /// All with their stored codes, as Graph spells them.
    pub const NAMES: [(&'static str, i64); 4] =
        [("scheduled", 0), ("onDemand", 1), ("activatedWithScope", 3), ("preview", 4)];

    const ALL: [Self; 4] = [Self::Scheduled, Self::OnDemand, Self::ActivatedWithScope, Self::Preview];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The stored code.
    pub fn code(self) -> i64 {
        Self::NAMES[self as usize].1
    }

    /// The type of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}

/// Why a run as a whole is canceled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelReason {
    /// An administrator said so; the occasions are used up.
    Administrator,
    /// The workflow was disabled, unscheduled or deleted; the occasions are free again.
    WorkflowStopped,
    /// The workflow has a new version; the occasions are free again.
    NewVersion,
}

impl CancelReason {
    /// The stored code.
    pub fn code(self) -> i64 {
        match self {
            Self::Administrator => 1,
            Self::WorkflowStopped => 2,
            Self::NewVersion => 3,
        }
    }

    /// The reason of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::Administrator, Self::WorkflowStopped, Self::NewVersion].into_iter().find(|r| r.code() == code)
    }

    /// Whether those who were not processed may be admitted again for the same occasion.
    pub fn releases_occasions(self) -> bool {
        match self {
            Self::Administrator => false,
            Self::WorkflowStopped | Self::NewVersion => true,
        }
    }
}

/// One execution of one version of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Dense number.
    pub number: RunNumber,
    /// The store epoch its ids carry.
    pub epoch: Epoch,
    /// The workflow's number.
    pub workflow: i64,
    /// The version it is pinned to.
    pub version: i64,
    /// How it came about.
    pub execution_type: ExecutionType,
    /// What it was activated with, if it was with a scope.
    pub activated_on: Option<ActivatedOn>,
    /// The run that it takes back, with its epoch.
    pub undoes: Option<(Epoch, RunNumber)>,
    /// The newest run that takes it back, with its epoch.
    pub undone_by: Option<(Epoch, RunNumber)>,
    /// For when it was scheduled.
    pub scheduled: Timestamp,
    /// When the first user was begun.
    pub started: Option<Timestamp>,
    /// When the last user was through.
    pub completed: Option<Timestamp>,
    /// When it last moved.
    pub updated: Timestamp,
    /// Status, kept with the counters.
    pub status: Status,
    /// Whether and why the run as a whole was canceled.
    pub cancel: Option<CancelReason>,
    /// Counters.
    pub counters: RunCounters,
}

/// One user in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct UserResult {
    /// The run.
    pub run: RunNumber,
    /// Its place in the run.
    pub seq: Seq,
    /// The run's epoch.
    pub epoch: Epoch,
    /// The workflow's number.
    pub workflow: i64,
    /// Whom it is about; reported results may have nobody.
    pub subject: Option<UserId>,
    /// Reported from outside, not processed by the engine.
    pub reported: bool,
    /// Status.
    pub status: Status,
    /// For when it was scheduled.
    pub scheduled: Timestamp,
    /// When the first task was begun.
    pub started: Option<Timestamp>,
    /// When the last task was through.
    pub completed: Option<Timestamp>,
    /// How it came about.
    pub execution_type: ExecutionType,
    /// The workflow version.
    pub version: i64,
    /// Counts.
    pub tasks: TaskCounts,
}

/// One task for one user in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskResult {
    /// The run.
    pub run: RunNumber,
    /// The user result.
    pub seq: Seq,
    /// Its place: the task's `executionSequence`, or a later number for one posted from outside.
    pub ordinal: Ordinal,
    /// The run's epoch.
    pub epoch: Epoch,
    /// The workflow's number.
    pub workflow: i64,
    /// The workflow version whose task it is; `None` for one posted from outside.
    pub version: Option<i64>,
    /// Whom it is about.
    pub subject: Option<UserId>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was begun.
    pub started: Option<Timestamp>,
    /// When it was through.
    pub completed: Option<Timestamp>,
    /// Status.
    pub status: Status,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// Why there was nothing to do.
    pub processing_info: Option<String>,
}

/// One task over all users of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskReport {
    /// The run.
    pub run: Run,
    /// The task's `executionSequence`.
    pub ordinal: Ordinal,
    /// Counters.
    pub counters: ReportCounters,
    /// When the first user came to it.
    pub started: Option<Timestamp>,
    /// When the last user was through with it.
    pub completed: Option<Timestamp>,
    /// When it last moved.
    pub last_updated: Timestamp,
}

/// A user result that somebody reports.
#[derive(Clone, Debug, PartialEq)]
pub struct NewResult {
    /// Status.
    pub status: Status,
    /// For when it was scheduled.
    pub scheduled: Timestamp,
    /// When it was begun.
    pub started: Option<Timestamp>,
    /// When it was through.
    pub completed: Option<Timestamp>,
    /// How it came about.
    pub execution_type: ExecutionType,
    /// The workflow version.
    pub version: i64,
    /// Counts.
    pub tasks: TaskCounts,
    /// Whom it is about.
    pub subject: Option<UserId>,
}

/// Changes to a user result; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResultPatch {
    /// Status.
    pub status: Option<Status>,
    /// For when it was scheduled.
    pub scheduled: Option<Timestamp>,
    /// When it was begun; `Some(None)` clears.
    pub started: Option<Option<Timestamp>>,
    /// When it was through; `Some(None)` clears.
    pub completed: Option<Option<Timestamp>>,
    /// How it came about.
    pub execution_type: Option<ExecutionType>,
    /// The workflow version.
    pub version: Option<i64>,
    /// All tasks.
    pub total: Option<i64>,
    /// Those that failed.
    pub failed: Option<i64>,
    /// Those that were not processed.
    pub unprocessed: Option<i64>,
}
