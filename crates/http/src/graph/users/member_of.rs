//! `GET /users/{id | userPrincipalName}/memberOf`

use crate::errors::GraphError;
use crate::graph::groups::read::respond;
use crate::graph::groups::shape::GROUP;
use crate::request::Request;
use crate::response::Response;

/// Lists the groups that somebody is a direct member of.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.options.refuse(&["count"])?;
    let query = request.query(&GROUP)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let slice = request.lifecycle().store.member_of(user.number, &query)?;
    respond(request, "directoryObjects", slice, None, Some("#microsoft.graph.group"))
}
