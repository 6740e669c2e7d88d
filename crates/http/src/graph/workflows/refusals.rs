//! What Graph offers on every workflow and refuses on some: actions on deleted ones, and what their kind does not allow.

use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// An action other than restore on a deleted workflow.
pub(super) fn deleted(request: &Request) -> Result<Response, GraphError> {
    request.workflow()?;
    Err(GraphError::conflict("The workflow is deleted; restore it first."))
}

/// Restoring a workflow that is not deleted.
pub(super) fn not_deleted(request: &Request) -> Result<Response, GraphError> {
    request.workflow()?;
    Err(GraphError::conflict("The workflow is not deleted; there is nothing to restore."))
}

/// `activateAndWait` is for workflows that provisioning runs; no workflow here can be of that category.
pub(super) fn activate_and_wait(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    body.object("subject")?.ok_or_else(|| body.invalid("subject", "is required"))?;
    body.finish()?;
    Err(GraphError::invalid(
        "category",
        format!(
            "of the workflow is {}; activateAndWait is for workflows of category extensibility",
            workflow.category.as_str()
        ),
    ))
}

/// A property that is created by nobody but the service: navigating on from a caller leads nowhere.
pub(super) fn beyond_a_caller(request: &Request) -> Result<Response, GraphError> {
    request.workflow()?;
    Err(GraphError::not_found("the user behind the caller"))
}
