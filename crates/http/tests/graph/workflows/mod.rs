//! `/identityGovernance/lifecycleWorkflows/workflows` and the same below `deletedItems`.

mod activate;
mod activate_with_scope;
mod cancel_processing;
mod conditions;
mod crud;
mod hard_delete;
mod preview;
mod preview_population;
mod quarantine;
mod resume;
mod retry;
mod runs;
mod schedule;
mod scope_targets;
mod strict;
mod subject_processing_results;
mod task_processing_results;
mod task_reports;
mod two_clients;
mod user_processing_results;
mod versions;
