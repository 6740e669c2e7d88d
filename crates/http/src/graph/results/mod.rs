//! Runs, results, task reports and summaries, and the results that are reported from outside.
//!
//! ```text
//! path ─► asked, locate   the workflow, run, result or report it names (404 otherwise)
//!      ─► filter, by_task what `$filter` means in terms of the store
//!      ─► beside, inside  people, tasks and task results of a page, loaded once
//!      ─► shape           JSON as Graph writes it
//! body ─► body            what a reported result says ─► reported
//! ```

pub(super) mod asked;
mod beside;
mod body;
mod by_task;
mod filter;
mod inside;
pub(super) mod locate;
pub(super) mod properties;
mod reported;
mod resume;
mod runs;
pub(super) mod shape;
mod subject;
mod subject_results;
mod task_reports;
mod task_results;
#[cfg(test)]
mod tests;
pub(super) mod user_results;

pub(crate) use asked::period;
pub(crate) use properties::TASK_RESULT;
pub(crate) use shape::{int32, object};

use crate::permission::Permission::{ReadReports, Resume, WriteReports};
use crate::route::Table;

/// What Graph hangs below a user.
macro_rules! below_subject {
    ($table:ident, $subject:expr) => {
        $table.get(concat!($subject, "/mailboxSettings"), ReadReports, subject::mailbox_settings);
        $table.patch(concat!($subject, "/mailboxSettings"), WriteReports, subject::mailbox_settings);
        $table.get(
            concat!($subject, "/serviceProvisioningErrors"),
            ReadReports,
            subject::provisioning_errors,
        );
        $table.get(
            concat!($subject, "/serviceProvisioningErrors/$count"),
            ReadReports,
            subject::provisioning_errors_count,
        );
    };
}

/// The task results below a path.
macro_rules! task_results {
    ($table:ident, $below:literal) => {
        $table.get(concat!($below, "/taskProcessingResults"), ReadReports, task_results::list);
        $table.get(concat!($below, "/taskProcessingResults/$count"), ReadReports, task_results::count);
        $table.get(concat!($below, "/taskProcessingResults/{taskResult}"), ReadReports, task_results::get);
        $table.get(
            concat!($below, "/taskProcessingResults/{taskResult}/subject"),
            ReadReports,
            task_results::subject,
        );
        $table.get(
            concat!($below, "/taskProcessingResults/{taskResult}/task"),
            ReadReports,
            task_results::task,
        );
        $table.post(concat!($below, "/taskProcessingResults/{taskResult}/resume"), Resume, resume::resume);
        below_subject!($table, concat!($below, "/taskProcessingResults/{taskResult}/subject"));
    };
}

/// The subject results below a path: the same results, their subjects told by kind.
macro_rules! subject_results {
    ($table:ident, $below:literal) => {
        $table.get(concat!($below, "/subjectProcessingResults"), ReadReports, subject_results::list);
        $table.get(concat!($below, "/subjectProcessingResults/$count"), ReadReports, subject_results::count);
        $table.get(
            concat!($below, "/subjectProcessingResults/summary(startDateTime,endDateTime)"),
            ReadReports,
            subject_results::summary,
        );
        $table.get(concat!($below, "/subjectProcessingResults/{result}"), ReadReports, subject_results::get);
        $table.get(
            concat!($below, "/subjectProcessingResults/{result}/reprocessedRuns"),
            ReadReports,
            user_results::reprocessed,
        );
        $table.get(
            concat!($below, "/subjectProcessingResults/{result}/reprocessedRuns/$count"),
            ReadReports,
            user_results::reprocessed_count,
        );
        $table.get(
            concat!($below, "/subjectProcessingResults/{result}/reprocessedRuns/{again}"),
            ReadReports,
            user_results::reprocessed_get,
        );
    };
}

/// The user results below a path, with everything below each of them.
macro_rules! user_results {
    ($table:ident, $below:literal) => {
        $table.get(concat!($below, "/userProcessingResults"), ReadReports, user_results::list);
        $table.get(concat!($below, "/userProcessingResults/$count"), ReadReports, user_results::count);
        $table.get(
            concat!($below, "/userProcessingResults/summary(startDateTime,endDateTime)"),
            ReadReports,
            user_results::summary,
        );
        $table.get(
            concat!($below, "/userProcessingResults/usersSummary(startDateTime,endDateTime)"),
            ReadReports,
            user_results::users_summary,
        );
        // As the example of the first specification spells it.
        $table.get(
            concat!($below, "/userProcessingResults/userSsummary(startDateTime,endDateTime)"),
            ReadReports,
            user_results::users_summary,
        );
        $table.get(concat!($below, "/userProcessingResults/{result}"), ReadReports, user_results::get);
        $table.get(concat!($below, "/userProcessingResults/{result}/subject"), ReadReports, subject::get);
        below_subject!($table, concat!($below, "/userProcessingResults/{result}/subject"));
        $table.get(
            concat!($below, "/userProcessingResults/{result}/reprocessedRuns"),
            ReadReports,
            user_results::reprocessed,
        );
        $table.get(
            concat!($below, "/userProcessingResults/{result}/reprocessedRuns/$count"),
            ReadReports,
            user_results::reprocessed_count,
        );
        $table.get(
            concat!($below, "/userProcessingResults/{result}/reprocessedRuns/{again}"),
            ReadReports,
            user_results::reprocessed_get,
        );
        $table.post(concat!($below, "/userProcessingResults"), WriteReports, reported::create);
        $table.patch(concat!($below, "/userProcessingResults/{result}"), WriteReports, reported::update);
        $table.delete(concat!($below, "/userProcessingResults/{result}"), WriteReports, reported::delete);
        $table.delete(concat!($below, "/userProcessingResults/{result}/$ref"), WriteReports, reported::delete);
        $table.post(
            concat!($below, "/userProcessingResults/{result}/subject/$ref"),
            WriteReports,
            reported::add_subject,
        );
        $table.delete(
            concat!($below, "/userProcessingResults/{result}/subject/$ref"),
            WriteReports,
            reported::remove_subject,
        );
        $table.delete(
            concat!($below, "/userProcessingResults/{result}/subject/{subject}/$ref"),
            WriteReports,
            reported::remove_subject,
        );
        $table.post(
            concat!($below, "/userProcessingResults/{result}/taskProcessingResults"),
            WriteReports,
            reported::create_task_result,
        );
        $table.post(
            concat!($below, "/userProcessingResults/{result}/taskProcessingResults/{taskResult}/task/taskProcessingResults"),
            WriteReports,
            reported::create_task_result_beside,
        );
    };
}

/// The routes.
pub(crate) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@workflow/runs", ReadReports, runs::list);
    table.get("@workflow/runs/$count", ReadReports, runs::count);
    table.get("@workflow/runs/summary(startDateTime,endDateTime)", ReadReports, runs::summary);
    table.get("@workflow/runs/{run}", ReadReports, runs::get);
    table.get("@workflow/runs/{run}/reprocessedRuns", ReadReports, runs::reprocessed);
    table.get("@workflow/runs/{run}/reprocessedRuns/$count", ReadReports, runs::reprocessed_count);
    table.get("@workflow/runs/{run}/reprocessedRuns/{again}", ReadReports, runs::reprocessed_get);
    user_results!(table, "@workflow");
    user_results!(table, "@workflow/runs/{run}");
    subject_results!(table, "@workflow");
    subject_results!(table, "@workflow/runs/{run}");
    task_results!(table, "@workflow/subjectProcessingResults/{result}");
    task_results!(table, "@workflow/runs/{run}/subjectProcessingResults/{result}");
    task_results!(table, "@workflow/userProcessingResults/{result}");
    task_results!(table, "@workflow/runs/{run}/userProcessingResults/{result}");
    task_results!(table, "@workflow/runs/{run}");
    task_results!(table, "@workflow/tasks/{task}");
    task_results!(table, "@workflow/versions/{version}/tasks/{task}");
    task_results!(table, "@workflow/taskReports/{report}");
    table.get("@workflow/taskReports", ReadReports, task_reports::list);
    table.get("@workflow/taskReports/$count", ReadReports, task_reports::count);
    table.get("@workflow/taskReports/summary(startDateTime,endDateTime)", ReadReports, task_reports::summary);
    table.get("@workflow/taskReports/{report}", ReadReports, task_reports::get);
    table.get("@workflow/taskReports/{report}/task", ReadReports, task_reports::task);
    table.get("@workflow/taskReports/{report}/taskDefinition", ReadReports, task_reports::task_definition);
    table
}
