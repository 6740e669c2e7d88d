//! `DELETE /users/{id | userPrincipalName}`

use crate::errors::GraphError;
use crate::request::Request;
use crate::response::Response;

/// Soft-deletes a user.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    request.lifecycle().delete_user(&request.caller, user.id)?;
    Ok(Response::no_content())
}
