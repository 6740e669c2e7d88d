//! Status of a user result, a run and a task report: one function of outcomes each (behaviour §6, §7).

use super::{ReportCounters, RunCounters};

/// `lifecycleWorkflowProcessingStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Not begun.
    Queued,
    /// Begun.
    InProgress,
    /// Everything succeeded.
    Completed,
    /// Some of it failed.
    CompletedWithErrors,
    /// Stopped before it was done.
    Canceled,
    /// Failed.
    Failed,
    /// Being stopped.
    Canceling,
    /// Held back.
    Quarantined,
}

impl Status {
    /// All with their stored codes, as Graph spells them.
    pub const NAMES: [(&'static str, i64); 8] = [
        ("queued", 0),
        ("inProgress", 1),
        ("completed", 2),
        ("completedWithErrors", 3),
        ("canceled", 4),
        ("failed", 5),
        ("canceling", 7),
        ("quarantined", 8),
    ];

    const ALL: [Self; 8] = [
        Self::Queued,
        Self::InProgress,
        Self::Completed,
        Self::CompletedWithErrors,
        Self::Canceled,
        Self::Failed,
        Self::Canceling,
        Self::Quarantined,
    ];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// The stored code.
    pub fn code(self) -> i64 {
        Self::NAMES[self as usize].1
    }

    /// The status of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str().eq_ignore_ascii_case(text))
    }

    /// Whether nothing more will happen.
    pub fn is_finished(self) -> bool {
        match self {
            Self::Queued | Self::InProgress | Self::Canceling | Self::Quarantined => false,
            Self::Completed | Self::CompletedWithErrors | Self::Canceled | Self::Failed => true,
        }
    }
}

/// The status of a user whose tasks are through.
///
/// `stopped` says that a task without `continueOnError` failed.
pub fn user_status(failed: i64, stopped: bool) -> Status {
    match (failed, stopped) {
        (_, true) => Status::Failed,
        (0, false) => Status::Completed,
        (_, false) => Status::CompletedWithErrors,
    }
}

/// The status of a run; `canceled` says that the run as a whole was canceled.
///
/// Canceled users and unprocessed tasks do not count: a run is `failed` when at least one task failed and none
/// succeeded; any other mix not named by Graph is `completedWithErrors`.
pub fn run_status(counters: &RunCounters, canceled: bool) -> Status {
    let users = &counters.users;
    let open = users.queued + users.in_progress;
    if open > 0 {
        return if canceled {
            Status::Canceling
        } else if users.queued == users.total {
            Status::Queued
        } else {
            Status::InProgress
        };
    }
    let nothing_ran = counters.tasks.failed + counters.tasks.successful() == 0;
    if users.canceled > 0 && users.canceled == users.total && (nothing_ran || !canceled) {
        Status::CompletedWithErrors
    } else if canceled && users.canceled > 0 {
        Status::Canceled
    } else if users.failed + users.with_errors == 0 {
        Status::Completed
    } else if counters.tasks.failed > 0 && counters.tasks.successful() == 0 {
        Status::Failed
    } else {
        Status::CompletedWithErrors
    }
}

/// The status of one task over all users of a run that has that status.
pub fn report_status(report: &ReportCounters, run: Status) -> Status {
    let processed = report.successful + report.failed;
    if report.in_progress > 0 {
        Status::InProgress
    } else if processed == 0 {
        match run {
            Status::Queued | Status::InProgress => Status::Queued,
            Status::Canceling => Status::Canceling,
            _ => Status::Canceled,
        }
    } else if !run.is_finished() && processed < report.total {
        Status::InProgress
    } else if report.failed == 0 {
        // Those whose turn never came do not count.
        Status::Completed
    } else if report.successful == 0 {
        Status::Failed
    } else {
        Status::CompletedWithErrors
    }
}
