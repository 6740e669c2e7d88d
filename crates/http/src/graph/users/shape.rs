//! A user as Graph shows them.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json};
use tenure_lifecycle::directory::{Kind as Holds, User, Value, attributes};

use super::licenses::Licenses;
use crate::errors::GraphError;
use crate::odata::{Expanded, Item, Kind, Properties, Property, Selection, operators, time, time_or_null};

/// What Graph shows when nothing is selected.
const DEFAULT: &[&str] = &[
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

/// Members of `assignedPlans` elements.
const PLAN: [&str; 3] =
    ["assignedPlans/capabilityStatus", "assignedPlans/service", "assignedPlans/servicePlanId"];

/// Properties of a user.
pub(crate) static USER: LazyLock<Properties> = LazyLock::new(|| {
    let mut list = vec![Property::ordered("id", Kind::Id, operators::EQUALITY)];
    for attribute in attributes() {
        list.push(match attribute.kind {
            Holds::Text => Property::ordered(attribute.name, Kind::Text, operators::TEXT),
            Holds::Boolean => Property::ordered(attribute.name, Kind::Boolean, operators::EQUALITY),
            Holds::DateTime => Property::ordered(attribute.name, Kind::DateTime, operators::ORDER),
            Holds::Texts => Property::filtered(attribute.name, Kind::Texts, operators::ELEMENTS),
            Holds::Plans => Property::filtered(attribute.name, Kind::Other, &["any"]),
        });
    }
    list.extend(PLAN.map(|name| Property::filtered(name, Kind::Text, operators::TEXT)));
    list.push(Property::filtered("assignedLicenses", Kind::Other, &["any"]));
    list.push(Property::filtered("assignedLicenses/skuId", Kind::Id, operators::EQUALITY));
    list.extend(["deletedDateTime", "manager", "@tenure.protected"].map(Property::shown));
    Properties { of: "a user", list: list.leak() }
});

/// A user as it is shown under a selection; Graph's default properties when nothing is selected. `licenses` are those
/// that the selection shows.
pub(crate) fn user_item(user: &User, selection: &Selection, licenses: &Licenses) -> Item {
    let mut item = Item::new();
    for attribute in attributes() {
        let (top, inner) = match attribute.name.split_once('/') {
            None => (attribute.name, None),
            Some((top, inner)) => (top, Some(inner)),
        };
        if !selection.shows(top, DEFAULT.contains(&top)) {
            continue;
        }
        let value = json(&user.value_of(attribute), attribute.kind);
        match inner {
            None => drop(item.insert(top.to_owned(), value)),
            Some(inner) => {
                let object = item.entry(top).or_insert_with(|| Json::Object(Map::new()));
                if let Json::Object(map) = object {
                    map.insert(inner.to_owned(), value);
                }
            }
        }
    }
    for top in ["employeeOrgData", "signInActivity"] {
        let found = item.get_mut(top);
        if let Some(empty) =
            found.filter(|data| data.as_object().is_some_and(|map| map.values().all(Json::is_null)))
        {
            *empty = Json::Null;
        }
    }
    if selection.shows("assignedLicenses", false) {
        item.insert("assignedLicenses".to_owned(), licenses.assigned(user));
    }
    if selection.shows("deletedDateTime", false) {
        item.insert("deletedDateTime".to_owned(), time_or_null(user.deleted));
    }
    if selection.shows("id", true) {
        item.insert("id".to_owned(), Json::String(user.id.to_string()));
    }
    item.insert("@tenure.protected".to_owned(), Json::Bool(user.protected));
    item
}

/// Leaves of a whole user what is shown when nothing is selected.
pub(crate) fn show_default(item: &mut Item) {
    item.retain(|name, _| name.starts_with('@') || DEFAULT.contains(&name.as_str()));
}

/// A user inside another answer: `$expand=subject($select=…)`.
pub(crate) fn expanded_user(
    user: &User,
    expanded: &Expanded,
    licenses: &Licenses,
) -> Result<Item, GraphError> {
    Ok(user_item(user, &selection_inside(expanded)?, licenses))
}

/// What is selected of users inside an expansion.
pub(crate) fn selection_inside(expanded: &Expanded) -> Result<Selection, GraphError> {
    Selection::parse(expanded.select.as_deref(), &USER)
}

fn json(value: &Value, kind: Holds) -> Json {
    match value {
        Value::Null if matches!(kind, Holds::Texts | Holds::Plans) => Json::Array(vec![]),
        Value::DateTime(at) => time(*at),
        Value::Null | Value::Text(_) | Value::Boolean(_) | Value::List(_) => value.to_json(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;
    use tenure_lifecycle::directory::Attributes;
    use tenure_lifecycle::ids::UserId;

    use super::*;

    pub(crate) fn somebody() -> User {
        let attributes = json!({
            "displayName": "Ada", "userPrincipalName": "ada@x", "employeeOrgData/costCenter": "7",
            "otherMails": ["a@y"],
        });
        User {
            number: 1,
            id: UserId(uuid::Uuid::from_u128(5)),
            version: 1,
            account_enabled: Some(true),
            employee_hire_date: Some("2026-03-01T08:00:00Z".parse().unwrap()),
            employee_leave_date_time: None,
            created: jiff::Timestamp::UNIX_EPOCH,
            hire_change: 0,
            leave_change: 0,
            created_change: 0,
            changes: std::collections::BTreeMap::new(),
            manager: None,
            protected: true,
            deleted: None,
            attributes: Attributes::from_stored(attributes.to_string()),
        }
    }

    #[test]
    fn without_a_selection_graphs_default_is_shown() {
        let item = user_item(&somebody(), &Selection::default(), &Licenses::default());
        let mut names: Vec<&str> =
            item.keys().map(String::as_str).filter(|name| !name.starts_with('@')).collect();
        let mut expected = DEFAULT.to_vec();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(item["businessPhones"], json!([]));
        assert_eq!(item["@tenure.protected"], json!(true));
    }

    #[test]
    fn everything_can_be_selected() {
        let names = "employeeHireDate,employeeOrgData/costCenter,OTHERMAILS,accountEnabled,assignedPlans";
        let item =
            user_item(&somebody(), &Selection::parse(Some(names), &USER).unwrap(), &Licenses::default());
        assert_eq!(
            Json::Object(item),
            json!({
                "accountEnabled": true,
                "employeeHireDate": "2026-03-01T08:00:00Z",
                "employeeOrgData": {"costCenter": "7", "division": null},
                "otherMails": ["a@y"],
                "assignedPlans": [],
                "@tenure.protected": true,
            })
        );
        let all = user_item(&somebody(), &Selection::parse(Some("*"), &USER).unwrap(), &Licenses::default());
        assert!(all.contains_key("onPremisesExtensionAttributes") && all.contains_key("createdDateTime"));
        assert!(Selection::parse(Some("shoeSize"), &USER).is_err());
    }
}
