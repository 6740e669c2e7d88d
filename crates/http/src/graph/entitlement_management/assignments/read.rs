//! `GET …/assignments` and `/{id}`

use super::shape::{ASSIGNMENT, EXPANDABLE, assignment_items};
use crate::errors::GraphError;
use crate::odata::{self, List};
use crate::request::Request;
use crate::response::Response;

/// Lists assignments, those that have ended too.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&ASSIGNMENT)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let store = request.lifecycle().store.as_ref();
    let count = if request.options.count()? { Some(store.count_assignments(&query)?) } else { None };
    let slice = store.list_assignments(&query)?;
    let items = assignment_items(store, &slice.items, &expansion)?;
    let list = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &ASSIGNMENT, &request.context_path, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&ASSIGNMENT)?;
    Ok(odata::count(request.lifecycle().store.count_assignments(&query)?))
}

/// Gets an assignment.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let lifecycle = request.lifecycle();
    let assignment = lifecycle.assignment(request.parameter("assignment"))?;
    let items = assignment_items(lifecycle.store.as_ref(), std::slice::from_ref(&assignment), &expansion)?;
    let item = items.into_iter().next().unwrap_or_default();
    odata::entity(request, &ASSIGNMENT, &request.context_path, item, &expansion.names())
}
