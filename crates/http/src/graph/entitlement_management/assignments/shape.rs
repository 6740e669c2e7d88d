//! An assignment as Graph shows it, and what can be spelled out of it.

use serde_json::{Value, json};
use tenure_lifecycle::directory::Assignment;
use tenure_lifecycle::ports::Store;

use super::super::access_packages::shape::{PACKAGE, package_item, packages};
use super::super::assignment_policies::expiration::until;
use super::super::assignment_policies::shape::{POLICY, policies, policy_item};
use super::super::subject::{SUBJECT, people, subject_item};
use crate::errors::GraphError;
use crate::odata::{Expansion, Item, Kind, Navigation, Properties, Property, operators, time, time_or_null};

/// Graph's states; an assignment here is one of two.
const STATES: &[&str] =
    &["delivering", "partiallyDelivered", "delivered", "expired", "deliveryFailed", "unknownFutureValue"];

/// Properties of an assignment.
pub(crate) const ASSIGNMENT: Properties = Properties {
    of: "an assignment",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("expiredDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("schedule"),
        Property::ordered("schedule/startDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("schedule/expiration/endDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("state", Kind::Enum(STATES), operators::EQUALITY),
        Property::shown("status"),
        Property::filtered("accessPackage/id", Kind::Id, operators::EQUALITY),
        Property::filtered("assignmentPolicy/id", Kind::Id, operators::EQUALITY),
        Property::filtered("target/id", Kind::Id, operators::EQUALITY),
        Property::filtered("target/objectId", Kind::Id, operators::EQUALITY),
    ],
};

/// What can be spelled out.
pub(crate) const EXPANDABLE: &[Navigation] = &[
    Navigation::one("target", || &SUBJECT),
    Navigation::one("accessPackage", || &PACKAGE),
    Navigation::one("assignmentPolicy", || &POLICY),
];

fn assignment_item(assignment: &Assignment) -> Item {
    let (state, status) = match assignment.ended {
        None => ("delivered", "Delivered"),
        Some(_) => ("expired", "Expired"),
    };
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(assignment.id));
    set("state", json!(state));
    set("status", json!(status));
    set("expiredDateTime", time_or_null(assignment.ended));
    set(
        "schedule",
        json!({ "startDateTime": time(assignment.assigned), "expiration": until(assignment.expires) }),
    );
    item
}

/// These assignments, with what is asked for spelled out.
pub(crate) fn assignment_items(
    store: &dyn Store,
    assignments: &[Assignment],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let numbers = |of: fn(&Assignment) -> i64| assignments.iter().map(of);
    let people = people(store, expansion.has("target"), numbers(|one| one.user))?;
    let packages = packages(store, expansion.has("accessPackage"), numbers(|one| one.package))?;
    let policies = policies(store, expansion.has("assignmentPolicy"), numbers(|one| one.policy))?;
    let item = |assignment: &Assignment| {
        let mut item = assignment_item(assignment);
        for name in expansion.names() {
            let shown = match name {
                "target" => people.get(&assignment.user).map(subject_item),
                "accessPackage" => packages.get(&assignment.package).map(package_item),
                _ => policies.get(&assignment.policy).map(policy_item),
            };
            item.insert(name.to_owned(), shown.into());
        }
        expansion.apply(&mut item)?;
        Ok(item)
    };
    assignments.iter().map(item).collect()
}
