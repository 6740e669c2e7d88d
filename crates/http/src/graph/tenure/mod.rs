//! What Tenure adds beyond Graph, under names that Graph will not take.

mod clock;
mod explain;
mod forecast;
mod import;
mod preview_mail;
mod status;
mod tokens;
mod undo;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("tenure.status", Permission::Anybody, status::status);
    table.upload("directory/tenure.import", Permission::Import, import::import);
    table.get("tenure.tokens", Permission::Administer, tokens::list);
    table.post("tenure.tokens", Permission::Administer, tokens::create);
    table.delete("tenure.tokens/{token}", Permission::Administer, tokens::revoke);
    table.post(
        "@lcw/workflows/{workflow}/tasks/{task}/tenure.previewMail",
        Permission::ReadWorkflows,
        preview_mail::of_task,
    );
    table.post(
        "@lcw/taskDefinitions/{definition}/tenure.previewMail",
        Permission::ReadWorkflows,
        preview_mail::of_definition,
    );
    table.post("@lcw/workflows/{workflow}/tenure.explain", Permission::ReadReports, explain::explain);
    table.post("@lcw/workflows/{workflow}/runs/{run}/tenure.undo", Permission::WriteWorkflows, undo::of_run);
    table.post(
        "@lcw/workflows/{workflow}/userProcessingResults/{result}/tenure.undo",
        Permission::WriteWorkflows,
        undo::of_result,
    );
    table.get("@lcw/workflows/{workflow}/tenure.forecast", Permission::ReadReports, forecast::of_workflow);
    table.get(
        "@lcw/workflows/{workflow}/tenure.forecastSummary",
        Permission::ReadReports,
        forecast::summary_of_workflow,
    );
    table.get("@lcw/tenure.forecast", Permission::ReadReports, forecast::of_all);
    table.get("@lcw/tenure.forecastSummary", Permission::ReadReports, forecast::summary_of_all);
    table.post("tenure.advanceClock", Permission::Administer, clock::advance);
    table
}
