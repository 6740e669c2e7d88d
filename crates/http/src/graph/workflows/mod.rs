//! `/identityGovernance/lifecycleWorkflows/workflows` and the same below `deletedItems`.

mod activate;
mod body;
mod clear_quarantine;
mod create;
mod delete;
mod new_version;
mod read;
mod restore;
mod scope_targets;
pub(crate) mod shape;
mod skipped;
mod tasks;
mod update;
mod versions;

use crate::auth::Permission;
use crate::route::Table;

/// The context path of workflows, whichever path answers.
const WORKFLOWS: &str = "identityGovernance/lifecycleWorkflows/workflows";

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
    table.post("@lcw/workflows/{workflow}/createNewVersion", WriteWorkflows, new_version::create_new_version);
    table.post("@lcw/workflows/{workflow}/activate", Activate, activate::activate);
    table.post(
        "@lcw/workflows/{workflow}/clearQuarantine",
        WriteWorkflows,
        clear_quarantine::clear_quarantine,
    );
    table.post("@lcw/deletedItems/workflows/{workflow}/restore", WriteWorkflows, restore::restore);
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
    table
}
