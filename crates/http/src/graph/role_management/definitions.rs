//! `…/roleDefinitions`: the roles that are known by name

use serde_json::{Value, json};
use tenure_lifecycle::directory::{ROLES, RoleDefinition};
use uuid::Uuid;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, Properties, Property, memory_count, memory_list, operators};
use crate::request::Request;
use crate::response::Response;

/// Properties of a role definition.
const DEFINITION: Properties = Properties {
    of: "a role definition",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("description", Kind::Text, operators::TEXT),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::ordered("isBuiltIn", Kind::Boolean, operators::EQUALITY),
        Property::ordered("isEnabled", Kind::Boolean, operators::EQUALITY),
        Property::shown("resourceScopes"),
        Property::shown("rolePermissions"),
        Property::ordered("templateId", Kind::Id, operators::EQUALITY),
        Property::shown("version"),
    ],
};

fn item(role: &RoleDefinition) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(role.id.to_string()));
    set("displayName", json!(role.display_name));
    set("description", json!(role.description));
    set("isBuiltIn", json!(true));
    set("isEnabled", json!(true));
    set("resourceScopes", json!(["/"]));
    set("rolePermissions", json!([]));
    set("templateId", json!(role.id.to_string()));
    set("version", json!("1"));
    item
}

/// Lists role definitions.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &DEFINITION, &request.context_path, ROLES.iter().map(item).collect(), "id")
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &DEFINITION, ROLES.iter().map(item).collect())
}

/// Gets a role definition.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: Uuid = request.id("definition", "role definition")?;
    let found = ROLES.iter().find(|role| role.id == id);
    let role = found.ok_or_else(|| GraphError::not_found(format!("role definition '{id}'")))?;
    odata::entity(request, &DEFINITION, &request.context_path, item(role), &[])
}
