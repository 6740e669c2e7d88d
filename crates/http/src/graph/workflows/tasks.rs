//! `/identityGovernance/lifecycleWorkflows/workflows/{id}/tasks`

use serde_json::Value;
use tenure_lifecycle::ids::TaskId;
use tenure_lifecycle::operations::TaskPatch;
use tenure_lifecycle::workflow::Task;

use super::echo::unless_same;
use super::shape::{TASK, task_json};
use crate::errors::GraphError;
use crate::odata::{self, Object, memory_count, memory_list};
use crate::request::Request;
use crate::response::Response;

/// Lists the tasks of the current version.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    list_of(request, &workflow.tasks)
}

/// Lists tasks.
pub(super) fn list_of(request: &Request, tasks: &[Task]) -> Result<Response, GraphError> {
    let items = tasks.iter().map(task_json).collect();
    memory_list(request, &TASK, &request.context_path, items, "id")
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &TASK, request.workflow()?.tasks.iter().map(task_json).collect())
}

/// Gets a task of the current version.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    get_of(request, &workflow.tasks)
}

/// Gets one of these tasks.
pub(super) fn get_of(request: &Request, tasks: &[Task]) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    odata::entity(request, &TASK, &request.context_path, task_json(find(request, tasks)?), &[])
}

fn find<'a>(request: &Request, tasks: &'a [Task]) -> Result<&'a Task, GraphError> {
    let id: TaskId = request.id("task", "task")?;
    tasks.iter().find(|task| task.id == id).ok_or_else(|| GraphError::not_found(format!("task '{id}'")))
}

/// Changes the name and description of a task.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let workflow = request.workflow()?;
    let task = find(request, &workflow.tasks)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let patch = TaskPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: body.nullable_text("description")?.map(|text| text.map(str::to_owned)),
    };
    let shown = task_json(task);
    for fixed in ["arguments", "continueOnError", "executionSequence", "isEnabled", "taskDefinitionId"] {
        if let Some(same) = shown.get(fixed) {
            unless_same(&body, fixed, same, "is changed by createNewVersion")?;
        }
    }
    let retry = shown.get("@tenure.retry").unwrap_or(&Value::Null);
    unless_same(&body, "@tenure.retry", retry, "is changed by createNewVersion")?;
    body.ignore(&["id", "category", "taskProcessingResults"]);
    body.finish()?;
    request.lifecycle().update_task(&request.caller, workflow.id, task.id, &patch, revision)?;
    Ok(Response::no_content())
}
