//! `POST …/assignmentRequests` and `…/{id}/cancel`

use super::body::{Asked, request_body};
use super::shape::request_item;
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Gives somebody a package, takes one away, or records that somebody waits for approval.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let asked = request_body(&Object::root(&body)?)?;
    let (lifecycle, caller) = (request.lifecycle(), &request.caller);
    let made = match asked {
        Asked::Add(kind, wanted) => lifecycle.request_package(caller, kind, wanted)?,
        Asked::Remove(kind, assignment) => lifecycle.end_assignment(caller, kind, assignment)?,
    };
    odata::created(request, &request.context_path, request_item(&made))
}

/// Withdraws a request that waits.
pub(super) fn cancel(request: &Request) -> Result<Response, GraphError> {
    let found = request.lifecycle().assignment_request(request.parameter("request"))?;
    request.lifecycle().withdraw_request(&request.caller, found.id)?;
    Ok(Response::no_content())
}
