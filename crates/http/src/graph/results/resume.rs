//! `POST …/taskProcessingResults/{taskResult}/resume`

use tenure_lifecycle::expression::parse_guid;
use tenure_lifecycle::extension::{Authentication, CustomTaskExtension};
use tenure_lifecycle::ids::ExtensionId;
use tenure_lifecycle::ports::Answer;
use tenure_lifecycle::run::TaskResult;
use tenure_lifecycle::task::Arguments;
use tenure_lifecycle::workflow::Workflow;
use uuid::Uuid;

use super::asked::store;
use super::beside::Tasks;
use super::{locate, task_results};
use crate::errors::GraphError;
use crate::odata::Object;
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

/// Takes up a task that waits to be called back.
pub(crate) fn resume(request: &Request) -> Result<Response, GraphError> {
    let result = allowed(request)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    body.text("source")?;
    body.text("type")?;
    let data = body.object("data")?.ok_or_else(|| body.invalid("data", "is required"))?;
    data.kind();
    let answer = data
        .member("operationStatus", &["completed", "failed"], Answer::parse)?
        .ok_or_else(|| data.invalid("operationStatus", "is required: completed or failed"))?;
    data.finish()?;
    body.finish()?;
    let task = (result.run, result.seq, result.ordinal);
    if !request.lifecycle().resume(&request.caller, task, answer)? {
        return Err(GraphError::conflict("The task is not waiting for a callback."));
    }
    Ok(Response::no_content())
}

/// The task result, if the caller may take it up. Who may not learns nothing of what there is.
fn allowed(request: &Request) -> Result<TaskResult, GraphError> {
    if Permission::WriteReports.is_held_by(&request.caller) {
        return Ok(found(request)?.1);
    }
    let denied = || {
        Err(GraphError::denied(
            "The caller may not resume this task: LifecycleWorkflows.ReadWrite.All is needed, or an application \
             that the custom task extension names.",
        ))
    };
    let Some(application) = request.caller.application else { return denied() };
    let Ok((workflow, result)) = found(request) else { return denied() };
    match extension_of(request, &workflow, &result)? {
        Some(extension) if names(request, &extension, application)? => Ok(result),
        _ => denied(),
    }
}

/// The task result of the path, and its workflow. Whoever was called knows one path, by workflow and task, which stays
/// good when the workflow has another version by now, or was deleted: those who wait finish on theirs.
fn found(request: &Request) -> Result<(Workflow, TaskResult), GraphError> {
    let (task, version) = (request.parameter("task"), request.parameter("version"));
    if task.is_empty() || !version.is_empty() {
        return task_results::found(request);
    }
    let (id, lifecycle) = (request.id("workflow", "workflow")?, request.lifecycle());
    let workflow = lifecycle.workflow(id, false).or_else(|_| lifecycle.workflow(id, true))?;
    let result = locate::task_result_of(store(request), &workflow, request.parameter("taskResult"))?;
    let mut tasks = Tasks::of(store(request), &workflow);
    let is_of_task = tasks.of_result(&result)?.is_some_and(|known| Some(known.id.0) == parse_guid(task));
    if is_of_task {
        return Ok((workflow, result));
    }
    Err(GraphError::not_found(format!("the result of a task '{task}'")))
}

/// The extension that the task calls, as it is configured now.
fn extension_of(
    request: &Request,
    workflow: &Workflow,
    result: &TaskResult,
) -> Result<Option<CustomTaskExtension>, GraphError> {
    let mut tasks = Tasks::of(store(request), workflow);
    let Some(task) = tasks.of_result(result)? else { return Ok(None) };
    let named = Arguments(&task.arguments).ids::<ExtensionId>("customTaskExtensionID");
    match named.first() {
        Some(id) => Ok(store(request).extension(*id)?),
        None => Ok(None),
    }
}

/// Whether the extension names the application, by its object or by the id it signs in with, or calls it with a token.
fn names(request: &Request, extension: &CustomTaskExtension, application: Uuid) -> Result<bool, GraphError> {
    let configuration = &extension.configuration;
    if let Authentication::Token { resource_id: Some(resource) } = &configuration.authentication
        && resource.parse() == Ok(application)
    {
        return Ok(true);
    }
    for id in configuration.callback.iter().flat_map(|callback| &callback.authorized_apps) {
        if id.0 == application {
            return Ok(true);
        }
        if store(request).application(*id)?.is_some_and(|known| known.app_id == application) {
            return Ok(true);
        }
    }
    Ok(false)
}
