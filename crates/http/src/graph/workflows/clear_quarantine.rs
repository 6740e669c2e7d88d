//! `POST /identityGovernance/lifecycleWorkflows/workflows/{id}/clearQuarantine`

use super::{WORKFLOWS, read};
use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Lets a workflow go that was held back.
pub(super) fn clear_quarantine(request: &Request) -> Result<Response, GraphError> {
    request.without_parameters()?;
    let id = request.id("workflow", "workflow")?;
    let workflow = request.lifecycle().clear_quarantine(&request.caller, id)?;
    read::respond(request, WORKFLOWS, &workflow, false, &[])
}
