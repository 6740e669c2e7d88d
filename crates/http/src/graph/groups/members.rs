//! `/groups/{id}/members`

use crate::errors::GraphError;
use crate::graph::users::body::linked_user;
use crate::graph::users::read::respond;
use crate::graph::users::shape::USER;
use crate::odata::{self, Object, reference};
use crate::request::Request;
use crate::response::Response;

/// Lists the direct members.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let group = request.lifecycle().group(request.parameter("group"))?;
    let store = &request.lifecycle().store;
    let count =
        if request.options.count()? { Some(store.count_members(group.number, &query)?) } else { None };
    let slice = store.members(group.number, &query)?;
    respond(request, "directoryObjects", slice, count, Some("#microsoft.graph.user"))
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let group = request.lifecycle().group(request.parameter("group"))?;
    Ok(odata::count(request.lifecycle().store.count_members(group.number, &query)?))
}

/// Adds a member: `POST …/$ref`.
pub(super) fn add(request: &Request) -> Result<Response, GraphError> {
    let group = request.lifecycle().group(request.parameter("group"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let key = reference(&body)?;
    body.finish()?;
    let (member, _) = linked_user(request, "@odata.id", &key)?;
    request.lifecycle().add_member(&request.caller, group.id, member)?;
    Ok(Response::no_content())
}

/// Removes a member: `DELETE …/{id}/$ref`.
pub(super) fn remove(request: &Request) -> Result<Response, GraphError> {
    let group = request.lifecycle().group(request.parameter("group"))?;
    let member = request.id("member", "member")?;
    request.lifecycle().remove_member(&request.caller, group.id, member)?;
    Ok(Response::no_content())
}
