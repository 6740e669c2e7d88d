//! What a settled user moves the counters by.

use tenure_lifecycle::ports::{PendingFate, SettledUser, UserOutcome};
use tenure_lifecycle::run::{Status, TaskCounts};

use super::Settling;

impl Settling<'_> {
    /// Moves the counters of the run and of its task reports.
    pub(super) fn count(&mut self, user: &SettledUser) {
        let (before, after) = (user.before, after(user));
        self.counters.count(before.status, before.tasks, -1);
        self.counters.count(after.status, after.tasks, 1);
        if let Some(started) = user.started {
            let started = started.as_millisecond();
            self.started = Some(self.started.map_or(started, |known| known.min(started)));
        }
        if let PendingFate::Ended(ordinal) | PendingFate::Dropped(ordinal) = user.pending {
            self.reports.entry(ordinal).or_default().counters.count(Status::InProgress, -1);
        }
        for task in &user.tasks {
            let report = self.reports.entry(task.ordinal).or_default();
            report.counters.count(task.status, 1);
            let (started, completed) = (task.started.as_millisecond(), task.completed.as_millisecond());
            report.started = Some(report.started.map_or(started, |known| known.min(started)));
            report.completed = Some(report.completed.map_or(completed, |known| known.max(completed)));
        }
        if let UserOutcome::Outside(pending) = &user.outcome {
            let report = self.reports.entry(pending.ordinal).or_default();
            report.counters.count(Status::InProgress, 1);
            let started = pending.started.as_millisecond();
            report.started = Some(report.started.map_or(started, |known| known.min(started)));
        }
    }
}

/// How a user stands behind a settlement.
pub(super) struct After {
    pub(super) status: Status,
    pub(super) tasks: TaskCounts,
}

/// How a settled user stands.
pub(super) fn after(user: &SettledUser) -> After {
    let before = &user.before;
    let failed = user.tasks.iter().filter(|task| task.status == Status::Failed).count() as i64;
    let status = match &user.outcome {
        UserOutcome::Finished(status) => *status,
        UserOutcome::Canceled(_) => Status::Canceled,
        UserOutcome::Outside(_) | UserOutcome::Continue | UserOutcome::Again { .. } => Status::InProgress,
    };
    After {
        status,
        tasks: TaskCounts {
            total: before.tasks.total,
            failed: before.tasks.failed + failed,
            unprocessed: before.tasks.unprocessed - user.tasks.len() as i64,
        },
    }
}
