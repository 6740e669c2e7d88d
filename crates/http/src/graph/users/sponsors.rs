//! `/users/{id | userPrincipalName}/sponsors`

use super::body::linked_user;
use super::read::respond;
use super::shape::USER;
use crate::errors::GraphError;
use crate::odata::{self, Object, reference};
use crate::request::Request;
use crate::response::Response;

/// Lists who vouches for somebody.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let store = &request.lifecycle().store;
    let count =
        if request.options.count()? { Some(store.count_sponsors(user.number, &query)?) } else { None };
    let slice = store.sponsors(user.number, &query)?;
    respond(request, "directoryObjects", slice, count, Some("#microsoft.graph.user"))
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&USER)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    Ok(odata::count(request.lifecycle().store.count_sponsors(user.number, &query)?))
}

/// Adds a sponsor: `POST …/$ref`.
pub(super) fn add(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let key = reference(&body)?;
    body.finish()?;
    let (sponsor, _) = linked_user(request, "@odata.id", &key)?;
    request.lifecycle().add_sponsor(&request.caller, user.id, sponsor)?;
    Ok(Response::no_content())
}

/// Removes a sponsor: `DELETE …/{id}/$ref`.
pub(super) fn remove(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    let sponsor = request.id("sponsor", "sponsor")?;
    request.lifecycle().remove_sponsor(&request.caller, user.id, sponsor)?;
    Ok(Response::no_content())
}
