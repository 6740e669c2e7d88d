//! `GET …/authentication/methods` and what the kinds of methods have in common

use tenure_lifecycle::directory::{AuthenticationMethod, User};
use tenure_lifecycle::ids::MethodId;

use super::shape::{FIDO2, METHOD, PASS, method_item, of_kind, pass_item};
use crate::errors::GraphError;
use crate::odata::{self, Item, memory_list};
use crate::request::Request;
use crate::response::Response;

/// The person of the path.
pub(super) fn person(request: &Request) -> Result<User, GraphError> {
    Ok(request.lifecycle().user(request.parameter("user"))?)
}

/// Lists all methods of somebody, passes first.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &METHOD, &request.context_path, all(request)?, "id")
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: MethodId = request.id("method", "authentication method")?;
    let found = all(request)?.into_iter().find(|item| item["id"] == id.to_string());
    let item = found.ok_or_else(|| missing(id))?;
    odata::entity(request, &METHOD, &request.context_path, item, &[])
}

fn all(request: &Request) -> Result<Vec<Item>, GraphError> {
    let user = person(request)?;
    let (store, now) = (&request.lifecycle().store, request.now());
    let mut items: Vec<Item> =
        store.passes(user.number)?.iter().map(|pass| of_kind(PASS, pass_item(pass, None, now))).collect();
    items.extend(store.methods(user.number)?.iter().map(|method| of_kind(&method.kind, method_item(method))));
    Ok(items)
}

/// Lists somebody's security keys. Nothing here registers one.
pub(super) fn list_fido2(request: &Request) -> Result<Response, GraphError> {
    list_kind(request, FIDO2)
}

/// Lists the methods of one kind.
pub(super) fn list_kind(request: &Request, kind: &str) -> Result<Response, GraphError> {
    let items = of_person(request, kind)?.iter().map(method_item).collect();
    memory_list(request, &METHOD, &request.context_path, items, "id")
}

/// Gets a method of one kind.
pub(super) fn get_kind(request: &Request, kind: &str) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: MethodId = request.id("method", "authentication method")?;
    let method =
        of_person(request, kind)?.into_iter().find(|method| method.id == id).ok_or_else(|| missing(id))?;
    odata::entity(request, &METHOD, &request.context_path, method_item(&method), &[])
}

/// Takes a method of one kind away.
pub(super) fn delete_kind(request: &Request, kind: &str) -> Result<Response, GraphError> {
    let id: MethodId = request.id("method", "authentication method")?;
    if !of_person(request, kind)?.iter().any(|method| method.id == id) {
        return Err(missing(id));
    }
    request.lifecycle().remove_method(&request.caller, &person(request)?, id)?;
    Ok(Response::no_content())
}

fn of_person(request: &Request, kind: &str) -> Result<Vec<AuthenticationMethod>, GraphError> {
    let mut methods = request.lifecycle().store.methods(person(request)?.number)?;
    methods.retain(|method| method.kind == kind);
    Ok(methods)
}

pub(super) fn missing(id: MethodId) -> GraphError {
    GraphError::not_found(format!("authentication method '{id}'"))
}
