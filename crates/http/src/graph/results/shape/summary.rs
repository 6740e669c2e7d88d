//! The summaries. All numbers are kept counters, added up.

use tenure_lifecycle::run::{ReportCounters, RunCounters, Status};

use super::{int32, object};
use crate::odata::Item;

/// `userSummary`, and `usersProcessingSummary`, which has the same numbers.
pub(crate) fn user_summary(counters: &RunCounters) -> Item {
    object([
        ("failedTasks", int32(counters.tasks.failed)),
        ("failedUsers", int32(counters.failed_users())),
        ("successfulUsers", int32(counters.users.successful)),
        ("totalTasks", int32(counters.tasks.total)),
        ("totalUsers", int32(counters.users.total)),
    ])
}

/// `subjectSummary`: the same numbers under other names.
pub(crate) fn subject_summary(counters: &RunCounters) -> Item {
    object([
        ("failedSubjects", int32(counters.failed_users())),
        ("failedTasks", int32(counters.tasks.failed)),
        ("successfulSubjects", int32(counters.users.successful)),
        ("totalSubjects", int32(counters.users.total)),
        ("totalTasks", int32(counters.tasks.total)),
    ])
}

/// `runSummary`: a run is successful when it is completed, and failed when something in it failed.
pub(crate) fn run_summary(runs: &[(Status, i64)], counters: &RunCounters) -> Item {
    let of = |wanted: &[Status]| {
        int32(runs.iter().filter(|(status, _)| wanted.contains(status)).map(|(_, count)| count).sum())
    };
    object([
        ("failedRuns", of(&[Status::Failed, Status::CompletedWithErrors])),
        ("failedTasks", int32(counters.tasks.failed)),
        ("successfulRuns", of(&[Status::Completed])),
        ("totalRuns", int32(runs.iter().map(|(_, count)| count).sum())),
        ("totalTasks", int32(counters.tasks.total)),
        ("totalUsers", int32(counters.users.total)),
    ])
}

/// `taskReportSummary`.
pub(crate) fn report_summary(counters: &ReportCounters) -> Item {
    object([
        ("failedTasks", int32(counters.failed)),
        ("successfulTasks", int32(counters.successful)),
        ("totalTasks", int32(counters.total)),
        ("unprocessedTasks", int32(counters.unprocessed())),
    ])
}
