//! `…/roleAssignments`

use serde_json::{Value, json};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::HeldRole;
use uuid::Uuid;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, List, Object, Properties, Property, operators};
use crate::request::Request;
use crate::response::Response;

/// Properties of a role assignment.
const ASSIGNMENT: Properties = Properties {
    of: "a role assignment",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::shown("appScopeId"),
        Property::ordered("directoryScopeId", Kind::Text, operators::EQUALITY),
        Property::ordered("principalId", Kind::Id, operators::EQUALITY),
        Property::ordered("roleDefinitionId", Kind::Id, operators::EQUALITY),
    ],
};

fn item(held: &HeldRole) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(held.role.id));
    set("principalId", json!(held.principal));
    set("roleDefinitionId", json!(held.role.role.to_string()));
    set("directoryScopeId", json!(held.role.scope));
    set("appScopeId", Value::Null);
    item
}

/// Lists role assignments.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = request.query(&ASSIGNMENT)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_role_assignments(&query)?) } else { None };
    let slice = store.list_role_assignments(&query)?;
    let items = slice.items.iter().map(item).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &ASSIGNMENT, &request.context_path, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&ASSIGNMENT)?;
    Ok(odata::count(request.lifecycle().store.count_role_assignments(&query)?))
}

/// Gets a role assignment.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let held = request.lifecycle().role_assignment(request.parameter("assignment"))?;
    odata::entity(request, &ASSIGNMENT, &request.context_path, item(&held), &[])
}

/// Gives somebody a role; one that is not known by name has to be an id and nothing more.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let body = Object::root(&body)?;
    let required = |name: &str| body.invalid(name, "is required");
    let principal: UserId = body.id("principalId")?.ok_or_else(|| required("principalId"))?;
    let role: Uuid = body.id("roleDefinitionId")?.ok_or_else(|| required("roleDefinitionId"))?;
    let scope = body.text("directoryScopeId")?.ok_or_else(|| required("directoryScopeId"))?;
    body.only_nothing("appScopeId", "a role holds everywhere")?;
    body.only_nothing("condition", "a role holds without conditions")?;
    body.ignore(&["id"]);
    body.finish()?;
    let held = request.lifecycle().add_role(&request.caller, principal, role, scope)?;
    odata::created(request, &request.context_path, item(&held))
}

/// Takes a role away.
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let held = request.lifecycle().role_assignment(request.parameter("assignment"))?;
    request.lifecycle().remove_role(&request.caller, held.role.id)?;
    Ok(Response::no_content())
}
