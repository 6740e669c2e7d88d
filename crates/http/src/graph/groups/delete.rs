//! `DELETE /groups/{id}`

use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Soft-deletes a group.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let group = request.lifecycle().group(request.parameter("group"))?;
    request.lifecycle().delete_group(&request.caller, group.id)?;
    Ok(Response::no_content())
}
