//! `POST …/runs/{id}/tenure.undo` and `POST …/userProcessingResults/{id}/tenure.undo`

use serde_json::json;
use tenure_lifecycle::run::{Run, UserResult};
use tenure_lifecycle::workflow::Workflow;

use crate::errors::GraphError;
use crate::graph::results::locate;
use crate::graph::results::shape;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Takes back what a run did.
pub(super) fn of_run(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let run = locate::run(request.lifecycle().store.as_ref(), &workflow, request.parameter("run"))?;
    undo(request, &workflow, &run, None)
}

/// Takes back what a run did for one person.
pub(super) fn of_result(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let store = request.lifecycle().store.as_ref();
    let result = locate::user_result(store, &workflow, None, request.parameter("result"))?;
    let run = store.run(result.run)?.ok_or_else(|| GraphError::not_found("run"))?;
    undo(request, &workflow, &run, Some(&result))
}

fn undo(
    request: &Request,
    workflow: &Workflow,
    run: &Run,
    result: Option<&UserResult>,
) -> Result<Response, GraphError> {
    let body = if request.body.is_empty() { json!({}) } else { request.json()? };
    let body = Object::root(&body)?;
    let preview = body.boolean("preview")?.unwrap_or(false);
    body.finish()?;
    let lifecycle = request.lifecycle();
    let admission = lifecycle.undo(&request.caller, workflow, run, result, preview)?;
    let made = lifecycle.store.run(admission.run)?.ok_or_else(|| GraphError::not_found("run"))?;
    let runs = format!("identityGovernance/lifecycleWorkflows/workflows/{}/runs", workflow.id);
    let context = format!("identityGovernance/lifecycleWorkflows/workflows('{}')/runs", workflow.id);
    odata::created_in(request, &request.behind_version(&runs), &context, shape::run(&made))
}
