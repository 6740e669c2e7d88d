//! `POST …/workflows/{id}/previewWorkflow` and `…/previewTaskFailures`

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::activate::users;
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Plans the workflow for these people and does nothing; a run of type `preview` says what would be done.
pub(super) fn preview_workflow(request: &Request) -> Result<Response, GraphError> {
    let id = request.id("workflow", "workflow")?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let subjects = users(&body, "subjects")?;
    body.finish()?;
    request.lifecycle().preview(&request.caller, id, &subjects)?;
    Ok(Response::no_content())
}

/// The tasks that would fail for everybody, as they are configured.
pub(super) fn preview_task_failures(request: &Request) -> Result<Response, GraphError> {
    request.without_parameters()?;
    let workflow = request.workflow()?;
    let failing = request.lifecycle().failing_tasks(&workflow)?;
    let failing: Vec<Value> = failing
        .iter()
        .map(|one| {
            json!({
                "definitionId": one.task.task_definition_id,
                "failureReason": one.reason,
                "name": one.task.display_name,
                "taskId": one.task.id,
            })
        })
        .collect();
    let context = "Collection(microsoft.graph.identityGovernance.previewFailedTask)";
    let body = json!({ "@odata.context": request.context(context), "value": failing });
    Response::json(StatusCode::OK, &body)
}
