//! `…/workflowTemplates/{id}/tasks` and the results below, of which there are none.

use uuid::Uuid;

use super::find;
use super::shape::template_tasks;
use crate::errors::GraphError;
use crate::graph::results::TASK_RESULT;
use crate::graph::workflows::shape::TASK;
use crate::odata::{self, Item, memory_count, memory_list};
use crate::request::Request;
use crate::response::Response;

/// Lists the tasks.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &TASK, &request.context_path, template_tasks(find(request)?), "id")
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &TASK, template_tasks(find(request)?))
}

fn task(request: &Request) -> Result<Item, GraphError> {
    let template = find(request)?;
    let id: Uuid = request.id("task", "task")?;
    let place = template.tasks.iter().position(|task| task.id == id);
    place
        .and_then(|place| template_tasks(template).into_iter().nth(place))
        .ok_or_else(|| GraphError::not_found(format!("task '{id}'")))
}

/// Gets a task.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    odata::entity(request, &TASK, &request.context_path, task(request)?, &[])
}

/// The results of a task: an empty list.
pub(super) fn results(request: &Request) -> Result<Response, GraphError> {
    task(request)?;
    memory_list(request, &TASK_RESULT, &request.context_path, vec![], "id")
}

/// `/$count`
pub(super) fn result_count(request: &Request) -> Result<Response, GraphError> {
    task(request)?;
    memory_count(request, &TASK_RESULT, vec![])
}

/// A result of a task, or something below it: there is none.
pub(super) fn no_result(request: &Request) -> Result<Response, GraphError> {
    task(request)?;
    Err(GraphError::not_found(format!("task processing result '{}'", request.parameter("taskResult"))))
}

/// `POST …/resume`: nothing waits for it.
pub(super) fn resume(request: &Request) -> Result<Response, GraphError> {
    task(request)?;
    let message =
        "The tasks of a template are never processed, so that no result of theirs waits to be resumed.";
    Err(GraphError::conflict(message))
}
