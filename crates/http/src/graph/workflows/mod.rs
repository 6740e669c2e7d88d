//! `/identityGovernance/lifecycleWorkflows/workflows` and the same below `deletedItems`.

mod activate;
mod activate_with_scope;
mod body;
mod cancel_processing;
mod candidates;
mod clear_quarantine;
mod create;
mod delete;
mod echo;
mod execution_scope;
mod new_version;
mod preview;
mod preview_population;
mod preview_scope;
mod read;
mod refusals;
mod restore;
mod scope_targets;
pub(crate) mod shape;
mod skipped;
mod tasks;
mod trigger;
mod update;
mod versions;

use tenure_lifecycle::workflow::NewWorkflow;

use crate::errors::GraphError;
use crate::odata::Object;
use crate::permission::Permission;
use crate::route::Table;

/// The context path of workflows, whichever path answers.
const WORKFLOWS: &str = "identityGovernance/lifecycleWorkflows/workflows";

/// An action on a workflow, which is a conflict on a deleted one.
macro_rules! action {
    ($table:ident, $name:literal, $permission:expr, $handler:path) => {
        $table.post(concat!("@lcw/workflows/{workflow}/", $name), $permission, $handler);
        $table.post(
            concat!("@lcw/deletedItems/workflows/{workflow}/", $name),
            $permission,
            refusals::deleted,
        );
    };
}

/// Navigating on from a caller, who is a token and no user: there is nothing.
macro_rules! beyond_a_caller {
    ($table:ident, $caller:literal) => {
        $table.get($caller, ReadWorkflows, refusals::beyond_a_caller);
        for below in [
            concat!($caller, "/mailboxSettings"),
            concat!($caller, "/serviceProvisioningErrors"),
            concat!($caller, "/serviceProvisioningErrors/$count"),
        ] {
            $table.get(below, ReadWorkflows, refusals::beyond_a_caller);
        }
        $table.patch(concat!($caller, "/mailboxSettings"), WriteWorkflows, refusals::beyond_a_caller);
    };
}

/// A workflow as clients send it.
pub(crate) fn read(body: &serde_json::Value) -> Result<NewWorkflow, GraphError> {
    body::new_workflow(&Object::root(body)?, None)
}

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{Activate, ListWorkflows, ReadReports, ReadWorkflows, WriteWorkflows};
    let mut table = Table::default();
    for workflows in ["@lcw/workflows", "@lcw/deletedItems/workflows"] {
        table.get(workflows, ListWorkflows, read::list);
    }
    table.get("@lcw/workflows/$count", ListWorkflows, read::count);
    table.get("@lcw/deletedItems/workflows/$count", ListWorkflows, read::count);
    table.post("@lcw/workflows", WriteWorkflows, create::create);
    table.get("@workflow", ReadWorkflows, read::get);
    table.patch("@lcw/workflows/{workflow}", WriteWorkflows, update::update);
    table.delete("@lcw/workflows/{workflow}", WriteWorkflows, delete::delete);
    table.delete("@lcw/deletedItems/workflows/{workflow}", WriteWorkflows, delete::hard_delete);
    action!(table, "createNewVersion", WriteWorkflows, new_version::create_new_version);
    action!(table, "activate", Activate, activate::activate);
    action!(table, "activateWithScope", Activate, activate_with_scope::activate_with_scope);
    action!(table, "activateAndWait", Activate, refusals::activate_and_wait);
    action!(table, "cancelProcessing", WriteWorkflows, cancel_processing::cancel_processing);
    action!(table, "previewWorkflow", WriteWorkflows, preview::preview_workflow);
    action!(table, "previewTaskFailures", WriteWorkflows, preview::preview_task_failures);
    action!(table, "clearQuarantine", WriteWorkflows, clear_quarantine::clear_quarantine);
    table.post("@lcw/deletedItems/workflows/{workflow}/restore", WriteWorkflows, restore::restore);
    table.post("@lcw/workflows/{workflow}/restore", WriteWorkflows, refusals::not_deleted);
    table.get("@workflow/executionScope", ReadReports, execution_scope::list);
    table.get("@workflow/executionScope/$count", ReadReports, execution_scope::count);
    table.get("@workflow/executionScope/{result}", ReadReports, execution_scope::get);
    table.get("@workflow/previewScope", ReadWorkflows, preview_scope::list);
    table.get("@workflow/previewScope/$count", ReadWorkflows, preview_scope::count);
    table.get("@workflow/previewScope/{user}", ReadWorkflows, preview_scope::get);
    beyond_a_caller!(table, "@workflow/createdBy");
    beyond_a_caller!(table, "@workflow/lastModifiedBy");
    beyond_a_caller!(table, "@workflow/versions/{version}/createdBy");
    beyond_a_caller!(table, "@workflow/versions/{version}/lastModifiedBy");
    table.get("@workflow/tasks", ReadWorkflows, tasks::list);
    table.get("@workflow/tasks/$count", ReadWorkflows, tasks::count);
    table.get("@workflow/tasks/{task}", ReadWorkflows, tasks::get);
    table.patch("@lcw/workflows/{workflow}/tasks/{task}", WriteWorkflows, tasks::update);
    table.get("@workflow/administrationScopeTargets", ReadWorkflows, scope_targets::list);
    table.get("@workflow/administrationScopeTargets/$count", ReadWorkflows, scope_targets::count);
    table.get("@workflow/administrationScopeTargets/{target}", ReadWorkflows, scope_targets::get);
    table.get("@workflow/versions", ReadWorkflows, versions::list);
    table.get("@workflow/versions/$count", ReadWorkflows, versions::count);
    table.get("@workflow/versions/{version}", ReadWorkflows, versions::get);
    table.get("@workflow/versions/{version}/tasks", ReadWorkflows, versions::tasks);
    table.get("@workflow/versions/{version}/tasks/$count", ReadWorkflows, versions::count_tasks);
    table.get("@workflow/versions/{version}/tasks/{task}", ReadWorkflows, versions::task);
    table.get("@workflow/versions/{version}/administrationScopeTargets", ReadWorkflows, scope_targets::list);
    table.get(
        "@workflow/versions/{version}/administrationScopeTargets/$count",
        ReadWorkflows,
        scope_targets::count,
    );
    table.get(
        "@workflow/versions/{version}/administrationScopeTargets/{target}",
        ReadWorkflows,
        scope_targets::get,
    );
    table.get("@workflow/tenure.skipped", ReadReports, skipped::skipped);
    let population = "@lcw/workflows/{workflow}/tenure.previewPopulation";
    table.get(population, ReadReports, preview_population::now);
    table.post(population, ReadReports, preview_population::of_subjects);
    table
}
