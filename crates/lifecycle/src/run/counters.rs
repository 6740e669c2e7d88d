//! Counters: they move in the transaction of the rows they count.

use super::Status;

/// The task counts of one user result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// All tasks.
    pub total: i64,
    /// Those that failed.
    pub failed: i64,
    /// Those that were not processed.
    pub unprocessed: i64,
}

impl TaskCounts {
    /// Those that succeeded.
    pub fn successful(&self) -> i64 {
        self.total - self.failed - self.unprocessed
    }
}

/// How many users of a run are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserCounts {
    /// All.
    pub total: i64,
    /// Not begun.
    pub queued: i64,
    /// Begun.
    pub in_progress: i64,
    /// All tasks succeeded.
    pub successful: i64,
    /// Through, with failed tasks.
    pub with_errors: i64,
    /// Ended by a failed task.
    pub failed: i64,
    /// Stopped.
    pub canceled: i64,
}

/// The counters of a run, or of any set of user results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCounters {
    /// Users.
    pub users: UserCounts,
    /// Tasks of all users.
    pub tasks: TaskCounts,
}

impl RunCounters {
    /// Counts a user result in (`sign` 1) or out (`sign` -1).
    pub fn count(&mut self, status: Status, tasks: TaskCounts, sign: i64) {
        let users = &mut self.users;
        users.total += sign;
        let field = match status {
            Status::Queued | Status::Quarantined => &mut users.queued,
            Status::InProgress | Status::Canceling => &mut users.in_progress,
            Status::Completed => &mut users.successful,
            Status::CompletedWithErrors => &mut users.with_errors,
            Status::Failed => &mut users.failed,
            Status::Canceled => &mut users.canceled,
        };
        *field += sign;
        self.tasks.total += sign * tasks.total;
        self.tasks.failed += sign * tasks.failed;
        self.tasks.unprocessed += sign * tasks.unprocessed;
    }

    /// Adds the counters of another set.
    pub fn add(&mut self, other: &Self) {
        let (a, b) = (&mut self.users, &other.users);
        a.total += b.total;
        a.queued += b.queued;
        a.in_progress += b.in_progress;
        a.successful += b.successful;
        a.with_errors += b.with_errors;
        a.failed += b.failed;
        a.canceled += b.canceled;
        self.tasks.total += other.tasks.total;
        self.tasks.failed += other.tasks.failed;
        self.tasks.unprocessed += other.tasks.unprocessed;
    }

    /// The same counters with their signs turned, to be taken away.
    pub fn negated(&self) -> Self {
        let (users, tasks) = (&self.users, &self.tasks);
        Self {
            users: UserCounts {
                total: -users.total,
                queued: -users.queued,
                in_progress: -users.in_progress,
                successful: -users.successful,
                with_errors: -users.with_errors,
                failed: -users.failed,
                canceled: -users.canceled,
            },
            tasks: TaskCounts { total: -tasks.total, failed: -tasks.failed, unprocessed: -tasks.unprocessed },
        }
    }

    /// Users with at least one failed task.
    pub fn failed_users(&self) -> i64 {
        self.users.failed + self.users.with_errors
    }
}

/// The counters of one task over all users of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportCounters {
    /// Users of the run.
    pub total: i64,
    /// For whom it succeeded.
    pub successful: i64,
    /// For whom it failed.
    pub failed: i64,
    /// For whom it is going on.
    pub in_progress: i64,
}

impl ReportCounters {
    /// Users queued, in progress or canceled for the task.
    pub fn unprocessed(&self) -> i64 {
        self.total - self.successful - self.failed
    }

    /// Counts the status of one task result in (`sign` 1) or out (`sign` -1); the total stays.
    pub fn count(&mut self, status: Status, sign: i64) {
        match status {
            Status::Completed | Status::CompletedWithErrors => self.successful += sign,
            Status::Failed => self.failed += sign,
            Status::InProgress => self.in_progress += sign,
            Status::Queued | Status::Canceled | Status::Canceling | Status::Quarantined => {}
        }
    }

    /// Adds a difference.
    pub fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.successful += other.successful;
        self.failed += other.failed;
        self.in_progress += other.in_progress;
    }
}
