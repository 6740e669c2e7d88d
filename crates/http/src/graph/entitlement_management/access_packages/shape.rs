//! An access package as Graph shows it.

use std::collections::HashMap;

use serde_json::{Value, json};
use tenure_lifecycle::directory::AccessPackage;
use tenure_lifecycle::ports::Store;

use super::super::subject::each_once;
use crate::errors::GraphError;
use crate::odata::{Item, Kind, Properties, Property, operators, time};

/// Properties of an access package.
pub(crate) const PACKAGE: Properties = Properties {
    of: "an access package",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("description", Kind::Text, operators::TEXT),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::ordered("isHidden", Kind::Boolean, operators::EQUALITY),
        Property::ordered("modifiedDateTime", Kind::DateTime, operators::ORDER),
    ],
};

/// A whole access package.
pub(crate) fn package_item(package: &AccessPackage) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(package.id));
    set("displayName", json!(package.display_name));
    set("description", json!(package.description));
    set("isHidden", json!(package.is_hidden));
    set("createdDateTime", time(package.created));
    set("modifiedDateTime", time(package.modified));
    item
}

/// The packages of these numbers, if they are to be spelled out.
pub(crate) fn packages(
    store: &dyn Store,
    wanted: bool,
    numbers: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, AccessPackage>, GraphError> {
    if !wanted {
        return Ok(HashMap::new());
    }
    let found = store.access_packages_by_number(&each_once(numbers))?;
    Ok(found.into_iter().map(|package| (package.number, package)).collect())
}
