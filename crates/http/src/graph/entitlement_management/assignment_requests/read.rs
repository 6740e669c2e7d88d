//! `GET …/assignmentRequests` and `/{id}`

use super::shape::{EXPANDABLE, REQUEST, request_items};
use crate::errors::GraphError;
use crate::odata::{self, List};
use crate::request::Request;
use crate::response::Response;

/// Lists requests.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&REQUEST)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = request.lifecycle().store.as_ref();
    let count = if request.options.count()? { Some(store.count_assignment_requests(&query)?) } else { None };
    let slice = store.list_assignment_requests(&query)?;
    let items = request_items(store, &slice.items, &expansion)?;
    let list = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &REQUEST, &request.context_path, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&REQUEST)?;
    Ok(odata::count(request.lifecycle().store.count_assignment_requests(&query)?))
}

/// Gets a request.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let lifecycle = request.lifecycle();
    let found = lifecycle.assignment_request(request.parameter("request"))?;
    let items = request_items(lifecycle.store.as_ref(), std::slice::from_ref(&found), &expansion)?;
    let item = items.into_iter().next().unwrap_or_default();
    odata::entity(request, &REQUEST, &request.context_path, item, &expansion.names())
}
