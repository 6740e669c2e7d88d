//! `POST /users`

use tenure_lifecycle::operations::NewPerson;

use super::body::{SPONSORS, linked_user, linked_users, user_body};
use super::licenses::Licenses;
use super::shape::user_item;
use crate::errors::GraphError;
use crate::odata::{self, Object, Selection};
use crate::request::Request;
use crate::response::Response;

/// Creates a user.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let said = user_body(&Object::root(&body)?)?;
    let manager = match &said.manager {
        Some(key) => Some(linked_user(request, "manager@odata.bind", key)?.0),
        None => None,
    };
    let sponsors = linked_users(request, SPONSORS, &said.sponsors.unwrap_or_default())?;
    let protected = said.protected.unwrap_or(false);
    let new = NewPerson { set: said.set, manager, sponsors, protected };
    let user = request.lifecycle().create_user(&request.caller, new)?;
    odata::created(
        request,
        &request.context_path,
        user_item(&user, &Selection::default(), &Licenses::default()),
    )
}
