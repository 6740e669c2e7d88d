//! Workflows, versions and settings.

use jiff::Timestamp;

use super::StoreError;
use crate::audit::Entry;
use crate::calendar::CalendarSettings;
use crate::ids::WorkflowId;
use crate::run::CancelReason;
use crate::workflow::{QuarantineConfiguration, Version, Workflow};

/// Settings of the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Longest time between two sweeps, in hours, 1 to 24.
    pub workflow_schedule_interval_in_hours: i64,
    /// Domain that mails come from.
    pub sender_domain: Option<String>,
    /// Whether mails carry the organisation's branding.
    pub use_company_branding: bool,
    /// When workflows are held back; `None` leaves it to the limits of the installation.
    pub quarantine_configuration: Option<QuarantineConfiguration>,
    /// How days are counted.
    pub calendar: CalendarSettings,
    /// For how many days after their end runs are kept, with their results; `None` is for ever.
    pub history_retention_in_days: Option<i64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workflow_schedule_interval_in_hours: 3,
            sender_domain: None,
            use_company_branding: false,
            quarantine_configuration: None,
            calendar: CalendarSettings::default(),
            history_retention_in_days: None,
        }
    }
}

/// A write to a workflow, complete: nothing of it is visible without the rest.
#[derive(Clone, Debug)]
pub struct WorkflowChange {
    /// The workflow as it is to be. Its `revision` is the one that was read; the store raises it.
    /// Of the sweep cursor only `full` is written: it is added to what there is. An approval is
    /// only ever taken away.
    pub workflow: Workflow,
    /// Its tasks and conditions are a new version.
    pub new_version: bool,
    /// It is scheduled from now on: what happened before starts nothing.
    pub begins: bool,
    /// Unfinished runs are canceled for this reason (a new version: only scheduled ones).
    pub cancel: Option<CancelReason>,
    /// For the audit.
    pub entries: Vec<Entry>,
}

/// Workflows, versions and settings.
pub trait Workflows {
    /// All workflows that are (not) deleted, oldest first.
    fn workflows(&self, deleted: bool) -> Result<Vec<Workflow>, StoreError>;
    /// How many there are that are not deleted.
    fn workflow_count(&self) -> Result<usize, StoreError>;
    /// One workflow, deleted or not.
    fn workflow(&self, id: WorkflowId) -> Result<Option<Workflow>, StoreError>;
    /// One workflow by number.
    fn workflow_by_number(&self, number: i64) -> Result<Option<Workflow>, StoreError>;
    /// Stores a new workflow with its first version; gives its number.
    fn insert_workflow(&self, workflow: &Workflow, entry: Entry) -> Result<i64, StoreError>;
    /// Writes a workflow if nobody else did since it was read; false if somebody did.
    fn write_workflow(&self, change: &WorkflowChange) -> Result<bool, StoreError>;
    /// Deletes a soft-deleted workflow for good: nobody sees it any more; false if it is none.
    fn hard_delete_workflow(&self, workflow: i64, entry: Entry) -> Result<bool, StoreError>;
    /// Deletes for good what was soft-deleted before that moment, then a piece of what hangs on workflows that are; says
    /// whether there is more to take away.
    fn purge(&self, deleted_before: Timestamp, at: Timestamp) -> Result<bool, StoreError>;
    /// Takes a piece away of the history of runs that came to their end by that moment: nobody sees such a run any more, and no
    /// number counts it; says whether there is more to take away.
    fn forget_history(&self, finished_by: Option<Timestamp>, at: Timestamp) -> Result<bool, StoreError>;
    /// All versions, newest first.
    fn versions(&self, workflow: i64) -> Result<Vec<Version>, StoreError>;
    /// One version.
    fn version(&self, workflow: i64, version: i64) -> Result<Option<Version>, StoreError>;
    /// Those of these versions that there are, in any order, read at once.
    fn versions_among(&self, workflow: i64, versions: &[i64]) -> Result<Vec<Version>, StoreError>;
    /// Settings of the organisation.
    fn settings(&self) -> Result<Settings, StoreError>;
    /// Writes the settings.
    fn write_settings(&self, settings: &Settings, at: Timestamp, entry: Entry) -> Result<(), StoreError>;
}
