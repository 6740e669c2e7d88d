//! `DELETE /identityGovernance/lifecycleWorkflows/workflows/{id}` and `…/deletedItems/workflows/{id}`

use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Soft-deletes a workflow.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let id = request.id("workflow", "workflow")?;
    request.lifecycle().delete_workflow(&request.caller, id, revision)?;
    Ok(Response::no_content())
}

/// Deletes a deleted workflow for good.
pub(super) fn hard_delete(request: &Request) -> Result<Response, GraphError> {
    let id = request.id("workflow", "workflow")?;
    request.lifecycle().hard_delete_workflow(&request.caller, id)?;
    Ok(Response::no_content())
}
