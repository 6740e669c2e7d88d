//! `POST /identityGovernance/lifecycleWorkflows/deletedItems/workflows/{id}/restore`

use super::{WORKFLOWS, read};
use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Restores a workflow; its schedule is off afterwards.
pub(super) fn restore(request: &Request) -> Result<Response, GraphError> {
    request.without_parameters()?;
    let id = request.id("workflow", "workflow")?;
    let workflow = request.lifecycle().restore_workflow(&request.caller, id)?;
    read::respond(request, WORKFLOWS, &workflow, false, &[])
}
