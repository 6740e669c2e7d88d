//! `/identityGovernance/lifecycleWorkflows/workflows/{id}/versions`

use tenure_lifecycle::workflow::Version;

use super::shape::{TASK, VERSION, task_json, tasks_json, version_item};
use super::{read, scope_targets, tasks};
use crate::errors::GraphError;
use crate::odata::{self, Item, memory_count, memory_page};
use crate::request::Request;
use crate::response::Response;

/// Lists the versions, newest first.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let selection = request.selection(&VERSION)?;
    let expansion = request.expansion_of(read::EXPANDABLE)?;
    let mut page = memory_page(request, &VERSION, items(request)?, "versionNumber")?;
    read::hide(&mut page.items, &selection, &expansion);
    for item in &mut page.items {
        scope_targets::expand(&expansion, item);
        expansion.apply(item)?;
    }
    page.expanded = expansion.names();
    odata::list(request, &VERSION, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &VERSION, items(request)?)
}

fn items(request: &Request) -> Result<Vec<Item>, GraphError> {
    let workflow = request.workflow()?;
    Ok(request.lifecycle().store.versions(workflow.number)?.iter().map(whole).collect())
}

fn whole(version: &Version) -> Item {
    let mut item = version_item(version);
    item.insert("tasks".to_owned(), tasks_json(&version.tasks));
    item
}

/// Gets a version, its tasks inline.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(read::EXPANDABLE)?;
    let version = request.version()?;
    let mut item = version_item(&version);
    let tasks = request.context(&format!("{}('{}')/tasks", request.context_path, version.number));
    item.insert("tasks@odata.context".to_owned(), tasks.into());
    item.insert("tasks".to_owned(), tasks_json(&version.tasks));
    scope_targets::expand(&expansion, &mut item);
    expansion.apply(&mut item)?;
    odata::entity(request, &VERSION, &request.context_path, item, &expansion.names())
}

/// Lists the tasks of a version.
pub(super) fn tasks(request: &Request) -> Result<Response, GraphError> {
    tasks::list_of(request, &request.version()?.tasks)
}

/// `/$count`
pub(super) fn count_tasks(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &TASK, request.version()?.tasks.iter().map(task_json).collect())
}

/// Gets a task of a version.
pub(super) fn task(request: &Request) -> Result<Response, GraphError> {
    tasks::get_of(request, &request.version()?.tasks)
}
