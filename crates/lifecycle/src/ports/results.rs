//! Runs, results and reports as they are read, and the results that are reported from outside.

use jiff::Timestamp;

use super::{Query, QueryError, Slice, StoreError};
use crate::audit::Actor;
use crate::ids::{Ordinal, RunNumber, Seq, UserId};
use crate::run::{
    NewResult, ReportCounters, ResultPatch, Run, RunCounters, Status, TaskReport, TaskResult, UserResult,
};

/// Which user results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultScope {
    /// Of all runs of a workflow, newest run first.
    Workflow(i64),
    /// Of one run.
    Run(RunNumber),
    /// Of one person (by number), over all workflows, newest run first.
    Subject(i64),
}

/// Which task results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskResultScope {
    /// Of one user result.
    User(RunNumber, Seq),
    /// Of one run.
    Run(RunNumber),
    /// Of one task of one run.
    Report(RunNumber, Ordinal),
    /// Of one task (version, `executionSequence`) of a workflow, over its runs, newest first.
    Task {
        /// The workflow's number.
        workflow: i64,
        /// The version that the task is of.
        version: i64,
        /// The task's place.
        ordinal: Ordinal,
    },
}

/// Runs, results and reports. Reported results and their counters move in one transaction.
pub trait Results {
    /// One run.
    fn run(&self, number: RunNumber) -> Result<Option<Run>, StoreError>;
    /// Runs of a workflow, newest first.
    fn list_runs(&self, workflow: i64, query: &Query) -> Result<Slice<Run>, QueryError>;
    /// How many fit.
    fn count_runs(&self, workflow: i64, query: &Query) -> Result<i64, QueryError>;
    /// Runs that repeat a run, or the part of it that is about one of its users (by seq), newest first.
    fn list_reprocessed(
        &self,
        of: RunNumber,
        seq: Option<Seq>,
        query: &Query,
    ) -> Result<Slice<Run>, QueryError>;
    /// How many fit.
    fn count_reprocessed(&self, of: RunNumber, seq: Option<Seq>, query: &Query) -> Result<i64, QueryError>;
    /// Whether that run is one of them.
    fn is_reprocessed(&self, of: RunNumber, seq: Option<Seq>, run: RunNumber) -> Result<bool, StoreError>;
    /// The newest runs that repeat each of these (a run, or one of its users), with the place of what they repeat.
    fn reprocessed(&self, of: &[(RunNumber, Option<Seq>)]) -> Result<Vec<(usize, Run)>, StoreError>;
    /// One user result.
    fn user_result(&self, run: RunNumber, seq: Seq) -> Result<Option<UserResult>, StoreError>;
    /// User results.
    fn list_user_results(&self, scope: ResultScope, query: &Query) -> Result<Slice<UserResult>, QueryError>;
    /// How many fit.
    fn count_user_results(&self, scope: ResultScope, query: &Query) -> Result<i64, QueryError>;
    /// One task result; a task that was not processed has one too, queued or canceled.
    fn task_result(
        &self,
        run: RunNumber,
        seq: Seq,
        ordinal: Ordinal,
    ) -> Result<Option<TaskResult>, StoreError>;
    /// Task results.
    fn list_task_results(
        &self,
        scope: TaskResultScope,
        query: &Query,
    ) -> Result<Slice<TaskResult>, QueryError>;
    /// The first task results of each of these user results, at most `each` of one, in the order asked. All of them
    /// are read at once.
    fn first_task_results(
        &self,
        users: &[(RunNumber, Seq)],
        each: usize,
    ) -> Result<Vec<Slice<TaskResult>>, StoreError>;
    /// How many fit.
    fn count_task_results(&self, scope: TaskResultScope, query: &Query) -> Result<i64, QueryError>;
    /// One task report.
    fn task_report(&self, run: RunNumber, ordinal: Ordinal) -> Result<Option<TaskReport>, StoreError>;
    /// Task reports of a workflow, newest run first.
    fn list_task_reports(&self, workflow: i64, query: &Query) -> Result<Slice<TaskReport>, QueryError>;
    /// How many fit.
    fn count_task_reports(&self, workflow: i64, query: &Query) -> Result<i64, QueryError>;

    /// Counters of the user results of a workflow (or of one of its runs) whose scheduled time lies in
    /// `[start, end)`.
    fn user_summary(
        &self,
        workflow: i64,
        run: Option<RunNumber>,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<RunCounters, StoreError>;
    /// How many runs of a workflow scheduled in `[start, end)` have each status.
    fn run_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<(Status, i64)>, StoreError>;
    /// The task reports of all runs of a workflow scheduled in `[start, end)`, added up.
    fn report_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<ReportCounters, StoreError>;

    /// Stores a result reported from outside under the run's next seq; `None` if there is no such run.
    fn create_result(
        &self,
        run: RunNumber,
        result: &NewResult,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Option<UserResult>, StoreError>;
    /// Changes a result that is finished or reported; false if it is an unfinished one of the engine.
    /// Counts that do not fit together are refused before by the caller.
    fn update_result(
        &self,
        run: RunNumber,
        seq: Seq,
        patch: &ResultPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError>;
    /// Deletes a result and its task results; false if it is an unfinished one of the engine.
    fn delete_result(
        &self,
        run: RunNumber,
        seq: Seq,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError>;
    /// Sets (if nobody is set) or clears (if that one is set) the subject of a reported result; false if it does
    /// not fit.
    fn set_result_subject(
        &self,
        run: RunNumber,
        seq: Seq,
        expect: Option<UserId>,
        subject: Option<UserId>,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError>;
    /// Stores a task result reported from outside under the next ordinal; `None` if there is no room.
    fn create_task_result(&self, result: &TaskResult, actor: Actor)
    -> Result<Option<TaskResult>, StoreError>;
}
