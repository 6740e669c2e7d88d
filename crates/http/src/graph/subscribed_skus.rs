//! `/subscribedSkus`: the licences that the organisation has.

use serde_json::{Value, json};
use tenure_lifecycle::directory::{Sku, SkuPatch};
use tenure_lifecycle::ids::SkuId;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, List, Nullable, Object, Properties, Property, operators};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes. Other than in Graph, where skus are bought, they are entered and changed here.
pub(super) fn routes() -> Table {
    use Permission::{ReadSkus, WriteSkus};
    let mut table = Table::default();
    table.get("subscribedSkus", ReadSkus, list);
    table.get("subscribedSkus/$count", ReadSkus, count);
    table.post("subscribedSkus", WriteSkus, create);
    table.get("subscribedSkus/{sku}", ReadSkus, get);
    table.patch("subscribedSkus/{sku}", WriteSkus, update);
    table.delete("subscribedSkus/{sku}", WriteSkus, delete);
    table
}

const SUBSCRIBED_SKU: Properties = Properties {
    of: "a subscribedSku",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::shown("appliesTo"),
        Property::filtered("capabilityStatus", Kind::Enum(&["Enabled", "Suspended"]), operators::EQUALITY),
        Property::ordered("consumedUnits", Kind::Integer, operators::ORDER),
        Property::ordered("prepaidUnits/enabled", Kind::Integer, operators::ORDER),
        Property::shown("servicePlans"),
        Property::ordered("skuId", Kind::Id, operators::EQUALITY),
        Property::ordered("skuPartNumber", Kind::Text, operators::TEXT),
    ],
};

/// What clients send back and Graph ignores.
const READ_ONLY: &[&str] = &[
    "id",
    "accountId",
    "accountName",
    "appliesTo",
    "capabilityStatus",
    "consumedUnits",
    "servicePlans",
    "subscriptionIds",
];

fn item(sku: &Sku) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(sku.id));
    set("appliesTo", json!("User"));
    set("capabilityStatus", json!(if sku.enabled == Some(0) { "Suspended" } else { "Enabled" }));
    set("consumedUnits", json!(sku.consumed));
    set("prepaidUnits", json!({ "enabled": sku.enabled, "suspended": 0, "warning": 0 }));
    set("servicePlans", json!([]));
    set("skuId", json!(sku.id));
    set("skuPartNumber", json!(sku.part_number));
    item
}

fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = request.query(&SUBSCRIBED_SKU)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_skus(&query)?) } else { None };
    let slice = store.list_skus(&query)?;
    let items = slice.items.iter().map(item).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &SUBSCRIBED_SKU, &request.context_path, list)
}

fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&SUBSCRIBED_SKU)?;
    Ok(odata::count(request.lifecycle().store.count_skus(&query)?))
}

fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let found = request.lifecycle().sku(request.parameter("sku"))?;
    odata::entity(request, &SUBSCRIBED_SKU, &request.context_path, item(&found), &[])
}

/// How many there are; null is without limit.
fn units(body: &Object<'_>) -> Result<Nullable<i64>, GraphError> {
    let Some(units) = body.object("prepaidUnits")? else {
        return Ok(body.has("prepaidUnits").then_some(None));
    };
    let enabled = units.nullable_integer("enabled")?;
    units.ignore(&["suspended", "warning", "lockedOut"]);
    units.finish()?;
    if enabled.flatten().is_some_and(|number| number < 0) {
        return Err(units.invalid("enabled", "must be 0 or more, or null for no limit"));
    }
    Ok(enabled.map(|enabled| enabled.map(i64::from)))
}

fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let body = Object::root(&body)?;
    let (part_number, id) = (body.required_text("skuPartNumber")?, body.id::<SkuId>("skuId")?);
    let enabled = units(&body)?.flatten();
    body.ignore(READ_ONLY);
    body.finish()?;
    let made = request.lifecycle().create_sku(&request.caller, id, part_number, enabled)?;
    odata::created(request, &request.context_path, item(&made))
}

fn update(request: &Request) -> Result<Response, GraphError> {
    let sku = request.lifecycle().sku(request.parameter("sku"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    if body.id::<SkuId>("skuId")?.is_some_and(|id| id != sku.id) {
        return Err(body.invalid("skuId", "cannot be changed"));
    }
    let part_number = body.text("skuPartNumber")?.map(str::to_owned);
    let patch = SkuPatch { part_number, enabled: units(&body)? };
    body.ignore(READ_ONLY);
    body.finish()?;
    request.lifecycle().update_sku(&request.caller, sku.id, &patch)?;
    Ok(Response::no_content())
}

fn delete(request: &Request) -> Result<Response, GraphError> {
    let sku = request.lifecycle().sku(request.parameter("sku"))?;
    request.lifecycle().delete_sku(&request.caller, sku.id)?;
    Ok(Response::no_content())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_a_number_or_without_limit() {
        let read = |body: Value| units(&Object::root(&body).unwrap()).map_err(|error| error.target.unwrap());
        assert_eq!(read(json!({})), Ok(None));
        assert_eq!(read(json!({ "prepaidUnits": null })), Ok(Some(None)));
        assert_eq!(read(json!({ "prepaidUnits": {} })), Ok(None));
        assert_eq!(read(json!({ "PREPAIDUNITS": { "enabled": null } })), Ok(Some(None)));
        assert_eq!(
            read(json!({ "prepaidUnits": { "enabled": 5, "suspended": 0, "warning": 0 } })),
            Ok(Some(Some(5)))
        );
        for units in [json!({ "enabled": -1 }), json!({ "enabled": "5" })] {
            assert_eq!(read(json!({ "prepaidUnits": units })), Err("prepaidUnits/enabled".to_owned()));
        }
        assert_eq!(read(json!({ "prepaidUnits": { "free": 5 } })), Err("prepaidUnits/free".to_owned()));
        assert_eq!(read(json!({ "prepaidUnits": 5 })), Err("prepaidUnits".to_owned()));
    }
}
