//! `GET /users/{id | userPrincipalName}/licenseDetails`

use serde_json::{Value, json};
use tenure_lifecycle::directory::Sku;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, Properties, Property, memory_count, memory_list, operators};
use crate::request::Request;
use crate::response::Response;

const LICENSE_DETAILS: Properties = Properties {
    of: "license details",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::shown("servicePlans"),
        Property::ordered("skuId", Kind::Id, operators::EQUALITY),
        Property::ordered("skuPartNumber", Kind::Text, operators::TEXT),
    ],
};

fn item(sku: &Sku) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    // Somebody has one license of a sku at most.
    set("id", json!(sku.id));
    set("servicePlans", json!([]));
    set("skuId", json!(sku.id));
    set("skuPartNumber", json!(sku.part_number));
    item
}

fn items(request: &Request) -> Result<Vec<Item>, GraphError> {
    let lifecycle = request.lifecycle();
    let user = lifecycle.user(request.parameter("user"))?;
    let held = lifecycle.store.licenses_of(&[user.number])?;
    Ok(held.iter().map(|(_, sku)| item(sku)).collect())
}

/// Lists what licences somebody has.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    memory_list(request, &LICENSE_DETAILS, &request.context_path, items(request)?, "id")
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &LICENSE_DETAILS, items(request)?)
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id = request.parameter("license");
    let found = items(request)?
        .into_iter()
        .find(|item| item["id"].as_str().is_some_and(|known| known.eq_ignore_ascii_case(id)));
    let item = found.ok_or_else(|| GraphError::not_found(format!("license '{id}' of the user")))?;
    odata::entity(request, &LICENSE_DETAILS, &request.context_path, item, &[])
}
