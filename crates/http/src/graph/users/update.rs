//! `PATCH /users/{id | userPrincipalName}`

use tenure_lifecycle::directory::UserPatch;

use super::body::{SPONSORS, linked_user, user_body};
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Changes a user.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    let body = request.json()?;
    let said = user_body(&Object::root(&body)?)?;
    let property = "manager@odata.bind";
    let manager = match &said.manager {
        Some(key) => Some(Some(linked_user(request, property, key)?.1)),
        None => None,
    };
    if manager == Some(Some(user.number)) {
        return Err(GraphError::invalid(property, "cannot be the person themselves"));
    }
    if said.sponsors.is_some() {
        let rule = "can be given when the user is created; add a sponsor by POST to sponsors/$ref";
        return Err(GraphError::invalid(SPONSORS, rule));
    }
    let patch = UserPatch { set: said.set, manager, protected: said.protected };
    request.lifecycle().update_user(&request.caller, user.id, &patch)?;
    Ok(Response::no_content())
}
