//! Workflows: who (scope), when (trigger), what (tasks), and their versions.

mod conditions;
mod quarantine;
mod rule;
mod trigger;
mod validate;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use conditions::{ExecutionConditions, Scope};
pub use quarantine::{
    APPROVED, MatchMode, Quarantine, QuarantineApproval, QuarantineCondition, QuarantineConfiguration,
    QuarantineKind,
};
pub use rule::{Rule, RuleError};
pub use trigger::{MembershipChange, Offset, TimeAttribute, TimeOperator, Timing, Trigger};
pub use validate::{
    Invalid, MANAGER, NewTask, NewWorkflow, validate_arguments, validate_description, validate_limits,
    validate_name, validate_task_text, validate_workflow,
};

use crate::ids::{CallerId, TaskDefinitionId, TaskId, WorkflowId};

/// What a workflow is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// People who start.
    Joiner,
    /// People who leave.
    Leaver,
    /// People who change.
    Mover,
}

impl Category {
    /// All, in Graph's order.
    pub const ALL: [Self; 3] = [Self::Joiner, Self::Leaver, Self::Mover];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joiner => "joiner",
            Self::Leaver => "leaver",
            Self::Mover => "mover",
        }
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str().eq_ignore_ascii_case(text))
    }
}

/// A task of a workflow version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// Public id; a new version gives new ones.
    pub id: TaskId,
    /// Place in the order, from 1.
    pub execution_sequence: i64,
    /// Which built-in task.
    pub task_definition_id: TaskDefinitionId,
    /// Name, unique inside the workflow.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether the task is run.
    pub is_enabled: bool,
    /// Whether the next task is run when this one failed.
    pub continue_on_error: bool,
    /// Arguments.
    pub arguments: Vec<Argument>,
    /// How often outside effects are tried; `None` leaves it to the installation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
}

/// How often the outside effects of a task are tried, and how long is waited in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// Attempts, the first among them.
    pub maximum_attempts: u32,
    /// Wait before the second attempt; each later one waits twice as long.
    pub first_wait_in_seconds: u32,
    /// Longest wait.
    pub longest_wait_in_seconds: u32,
}

impl Retry {
    /// What holds when nobody says how long to wait: 10 seconds, and an hour at the most.
    pub fn attempts(maximum_attempts: u32) -> Self {
        Self { maximum_attempts, first_wait_in_seconds: 10, longest_wait_in_seconds: 3_600 }
    }
}

/// One argument of a task; values are texts on the wire, also numbers and lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Name, as the definition spells it.
    pub name: String,
    /// Value.
    pub value: String,
}

/// A workflow with its current version.
#[derive(Clone, Debug, PartialEq)]
pub struct Workflow {
    /// Dense number (0 until stored).
    pub number: i64,
    /// Public id.
    pub id: WorkflowId,
    /// Grows with every write; the ETag.
    pub revision: i64,
    /// What it is for; never changes.
    pub category: Category,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether it may run at all.
    pub is_enabled: bool,
    /// Whether it runs by itself.
    pub is_scheduling_enabled: bool,
    /// Whether it is looked at only when the organisation's interval is over, and not at once.
    pub is_by_interval: bool,
    /// When it is held back; `None` leaves it to the organisation.
    pub quarantine_configuration: Option<QuarantineConfiguration>,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: CallerId,
    /// When it was last changed.
    pub modified: Timestamp,
    /// By whom.
    pub modified_by: CallerId,
    /// When it was soft-deleted.
    pub deleted: Option<Timestamp>,
    /// Number of the current version, from 1.
    pub version: i64,
    /// Who and when, of the current version.
    pub conditions: ExecutionConditions,
    /// What, of the current version.
    pub tasks: Vec<Task>,
    /// Held back because too many people were due.
    pub quarantine: Option<Quarantine>,
    /// What an administrator let through when clearing the last quarantine.
    pub approval: Option<QuarantineApproval>,
    /// How far sweeps have looked.
    pub cursor: SweepCursor,
}

impl Workflow {
    /// Whether sweeps look for people who are due.
    pub fn is_scheduled(&self) -> bool {
        self.is_enabled
            && self.is_scheduling_enabled
            && self.deleted.is_none()
            && matches!(self.conditions, ExecutionConditions::TriggerAndScope { .. })
    }

    /// Whether its scheduled runs are about people who leave: by its category, or because it follows the day they leave.
    pub fn is_for_leavers(&self) -> bool {
        let trigger = self.conditions.trigger_and_scope().map(|(_, trigger)| trigger);
        let follows_leaving =
            trigger.and_then(Trigger::attribute) == Some(TimeAttribute::EmployeeLeaveDateTime);
        self.category == Category::Leaver || follows_leaving
    }

    /// The moment from which it is counted how long ago somebody became due: time stands still while the workflow is held
    /// back, and for a day after it was let go, so that being held back makes nobody too late.
    pub fn catches_up_from(&self, now: Timestamp) -> Timestamp {
        let approved = self.approval.filter(|approval| now.duration_since(approval.at) < APPROVED);
        let held = self.quarantine.as_ref().map(|quarantine| quarantine.since);
        held.or(approved.map(|approval| approval.since)).map_or(now, |since| since.min(now))
    }

    /// The tasks that are run, in order.
    pub fn enabled_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.is_enabled)
    }
}

/// A frozen version of a workflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Number, from 1.
    pub number: i64,
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: CallerId,
    /// When it was last touched (about when the next one was made).
    pub modified: Timestamp,
    /// By whom.
    pub modified_by: CallerId,
    /// Category, for the shape of answers.
    pub category: Category,
    /// Name at that time.
    pub display_name: String,
    /// Description at that time.
    pub description: Option<String>,
    /// Enabled at that time.
    pub is_enabled: bool,
    /// Scheduled at that time.
    pub is_scheduling_enabled: bool,
    /// Who and when.
    pub conditions: ExecutionConditions,
    /// What.
    pub tasks: Vec<Task>,
}

/// How far the sweeps of a workflow have looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SweepCursor {
    /// Trigger dates up to here have been looked at (inclusive); `None` before the first sweep.
    pub due_until: Option<Timestamp>,
    /// Changes up to this number have been looked at.
    pub change: i64,
    /// What happened up to this number happened before the workflow was scheduled, and starts nothing.
    pub scheduled_at: i64,
    /// Not 0: everybody has to be looked at, because the workflow was enabled, changed or released, or because
    /// occasions are free again. It counts up with each reason, so that a sweep clears only what it has seen.
    pub full: i64,
}

impl Version {
    /// The tasks that are run, in order.
    pub fn enabled_tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.is_enabled)
    }
}
