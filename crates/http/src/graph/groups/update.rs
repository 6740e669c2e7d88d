//! `PATCH /groups/{id}`

use tenure_lifecycle::directory::GroupPatch;

use super::body::{bound_members, group_body};
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Changes a group, and adds members if some are bound.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let group = request.lifecycle().group(request.parameter("group"))?;
    let body = request.json()?;
    let (mut patch, members) = group_body(&Object::root(&body)?)?;
    patch.add_members = bound_members(request, &members)?;
    if patch != GroupPatch::default() {
        request.lifecycle().update_group(&request.caller, group.id, &patch)?;
    }
    Ok(Response::no_content())
}
