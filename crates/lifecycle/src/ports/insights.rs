//! What all workflows did over a time, from counters: a row a day and workflow, or a day and task definition.

use jiff::Timestamp;

use super::StoreError;
use crate::ids::{TaskDefinitionId, WorkflowId};
use crate::run::{ReportCounters, RunCounters, Status};
use crate::workflow::Category;

/// What one workflow did.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowActivity {
    /// The workflow, deleted or not.
    pub id: WorkflowId,
    /// Its name.
    pub display_name: String,
    /// What it is for.
    pub category: Category,
    /// Its current version.
    pub version: i64,
    /// How many runs have each status.
    pub runs: Vec<(Status, i64)>,
    /// The user results.
    pub counters: RunCounters,
}

/// What the tasks of one definition did, in whatever workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskActivity {
    /// The definition.
    pub definition: TaskDefinitionId,
    /// The task reports, added up: a person counts once for each task.
    pub counters: ReportCounters,
}

/// What all workflows did, by scheduled time: `[start, end)`.
pub trait Insights {
    /// Each workflow that had a run or a result, oldest first.
    fn workflow_activity(
        &self,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<WorkflowActivity>, StoreError>;
    /// Each task definition that was used.
    fn task_activity(&self, start: Timestamp, end: Timestamp) -> Result<Vec<TaskActivity>, StoreError>;
}
