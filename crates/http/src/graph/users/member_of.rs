//! `GET /users/{id | userPrincipalName}/memberOf`

use crate::errors::GraphError;
use crate::graph::groups::read::respond;
use crate::graph::groups::shape::GROUP;
use crate::odata;
use crate::request::Request;
use crate::response::Response;

/// Lists the groups that somebody is a direct member of.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let store = &request.lifecycle().store;
    let count =
        if request.options.count()? { Some(store.count_member_of(user.number, &query)?) } else { None };
    let slice = store.member_of(user.number, &query)?;
    respond(request, "directoryObjects", slice, count, Some("#microsoft.graph.group"))
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&GROUP)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    Ok(odata::count(request.lifecycle().store.count_member_of(user.number, &query)?))
}
