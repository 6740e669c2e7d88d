//! `POST /groups`

use super::body::{bound_members, group_body};
use super::shape::group_item;
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates a group, with members if some are bound.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let (mut patch, members) = group_body(&Object::root(&body)?)?;
    patch.add_members = bound_members(request, &members)?;
    let group = request.lifecycle().create_group(&request.caller, patch)?;
    odata::created(request, &request.context_path, group_item(&group))
}
