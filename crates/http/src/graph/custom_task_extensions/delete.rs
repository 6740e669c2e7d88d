//! `DELETE /identityGovernance/lifecycleWorkflows/customTaskExtensions/{id}`

use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Deletes a custom task extension that no workflow uses.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let id = request.id("extension", "custom task extension")?;
    request.lifecycle().delete_extension(&request.caller, id, revision)?;
    Ok(Response::no_content())
}
