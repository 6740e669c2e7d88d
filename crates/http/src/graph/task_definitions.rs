//! `GET /identityGovernance/lifecycleWorkflows/taskDefinitions` and `/{id}`

use serde_json::{Value, json};
use tenure_lifecycle::ids::TaskDefinitionId;
use tenure_lifecycle::task::{TaskDefinition, task_definition, task_definitions};

use super::workflows::shape::CATEGORIES;
use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, Properties, Property, memory_count, memory_list, operators};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("@lcw/taskDefinitions", Permission::ReadCatalogue, list);
    table.get("@lcw/taskDefinitions/$count", Permission::ReadCatalogue, count);
    table.get("@lcw/taskDefinitions/{definition}", Permission::ReadCatalogue, get);
    table
}

/// Members of `valueType`.
const VALUE_TYPES: &[&str] = &["enum", "string", "int", "bool"];

/// Properties of a task definition.
pub(crate) const TASK_DEFINITION: Properties = Properties {
    of: "a task definition",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("category", Kind::Flags(CATEGORIES), operators::FLAGS),
        Property::ordered("continueOnError", Kind::Boolean, operators::EQUALITY),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::filtered("parameters", Kind::Other, &["any"]),
        Property::filtered("parameters/name", Kind::Text, operators::TEXT),
        Property::filtered("parameters/valueType", Kind::Enum(VALUE_TYPES), operators::EQUALITY),
        Property::ordered("version", Kind::Integer, operators::ORDER),
    ],
};

/// A task definition.
pub(crate) fn task_definition_item(definition: &TaskDefinition) -> Item {
    let parameters: Vec<Value> = definition
        .parameters
        .iter()
        .map(|parameter| {
            json!({
                "name": parameter.name,
                "values": parameter.values,
                "valueType": parameter.value_type.as_str(),
            })
        })
        .collect();
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(definition.id()));
    set("category", json!(definition.category()));
    set("continueOnError", json!(definition.continue_on_error));
    set("description", json!(definition.description));
    set("displayName", json!(definition.display_name));
    set("parameters", Value::Array(parameters));
    set("version", json!(definition.version));
    item
}

fn items() -> Vec<Item> {
    task_definitions().map(task_definition_item).collect()
}

fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &TASK_DEFINITION, &request.context_path, items(), "id")
}

fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &TASK_DEFINITION, items())
}

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id: TaskDefinitionId = request.id("definition", "task definition")?;
    let definition =
        task_definition(id).ok_or_else(|| GraphError::not_found(format!("task definition '{id}'")))?;
    let item = task_definition_item(definition);
    odata::entity(request, &TASK_DEFINITION, &request.context_path, item, &[])
}
