//! `/identityGovernance/lifecycleWorkflows/workflows` and the same below `deletedItems`.

mod activate;
mod crud;
mod later_tasks;
mod quarantine;
mod runs;
mod scope_targets;
mod task_processing_results;
mod task_reports;
mod user_processing_results;
mod versions;
