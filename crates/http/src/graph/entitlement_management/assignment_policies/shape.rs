//! A policy as Graph shows it.

use std::collections::HashMap;

use serde_json::{Value, json};
use tenure_lifecycle::directory::AssignmentPolicy;
use tenure_lifecycle::ports::Store;

use super::super::subject::each_once;
use super::expiration::pattern;
use crate::errors::GraphError;
use crate::odata::{Item, Kind, Properties, Property, operators, time};

/// Properties of a policy.
pub(crate) const POLICY: Properties = Properties {
    of: "an assignment policy",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("description", Kind::Text, operators::TEXT),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("expiration"),
        Property::ordered("modifiedDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("requestApprovalSettings"),
        Property::filtered("accessPackage/id", Kind::Id, operators::EQUALITY),
    ],
};

/// A whole policy.
pub(crate) fn policy_item(policy: &AssignmentPolicy) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(policy.id));
    set("displayName", json!(policy.display_name));
    set("description", json!(policy.description));
    set("createdDateTime", time(policy.created));
    set("modifiedDateTime", time(policy.modified));
    set("expiration", pattern(policy.expires_after_days));
    set(
        "requestApprovalSettings",
        json!({
            "isApprovalRequiredForAdd": policy.requires_approval, "isApprovalRequiredForUpdate": false, "stages": [],
        }),
    );
    item
}

/// The policies of these numbers, if they are to be spelled out.
pub(crate) fn policies(
    store: &dyn Store,
    wanted: bool,
    numbers: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, AssignmentPolicy>, GraphError> {
    if !wanted {
        return Ok(HashMap::new());
    }
    let found = store.assignment_policies_by_number(&each_once(numbers))?;
    Ok(found.into_iter().map(|policy| (policy.number, policy)).collect())
}
