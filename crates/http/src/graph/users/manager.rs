//! `/users/{id | userPrincipalName}/manager`

use super::body::linked_user;
use super::licenses::Licenses;
use super::shape::{USER, user_item};
use crate::errors::GraphError;
use crate::odata::{self, Item, Object, reference};
use crate::request::Request;
use crate::response::Response;

/// Gets the manager; 404 when there is none.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let selection = request.selection(&USER)?;
    request.expansion(&[])?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let numbers: Vec<i64> = user.manager.into_iter().collect();
    let found = request.lifecycle().store.users_by_number(&numbers)?;
    let manager = found
        .into_iter()
        .find(|manager| manager.deleted.is_none())
        .ok_or_else(|| GraphError::not_found(format!("a manager of user '{}'", user.id)))?;
    let mut item = Item::new();
    item.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
    let licenses = Licenses::shown(request.lifecycle().store.as_ref(), &selection, [&manager])?;
    item.extend(user_item(&manager, &selection, &licenses));
    odata::entity(request, &USER, "directoryObjects", item, &[])
}

/// Sets the manager: `PUT …/$ref`.
pub(super) fn set(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let key = reference(&body)?;
    body.finish()?;
    let (manager, _) = linked_user(request, "@odata.id", &key)?;
    request.lifecycle().set_manager(&request.caller, user.id, Some(manager))?;
    Ok(Response::no_content())
}

/// Clears the manager: `DELETE …/$ref`.
pub(super) fn clear(request: &Request) -> Result<Response, GraphError> {
    let user = request.lifecycle().user(request.parameter("user"))?;
    request.lifecycle().set_manager(&request.caller, user.id, None)?;
    Ok(Response::no_content())
}
