//! `PATCH /identityGovernance/lifecycleWorkflows/customTaskExtensions/{id}`

use super::body::extension_patch;
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Changes a custom task extension.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let id = request.id("extension", "custom task extension")?;
    // What is not there is a 404, whatever the body says.
    request.lifecycle().extension(id)?;
    let body = request.json()?;
    let patch = extension_patch(&Object::root(&body)?, false)?;
    request.lifecycle().update_extension(&request.caller, id, &patch, revision)?;
    Ok(Response::no_content())
}
