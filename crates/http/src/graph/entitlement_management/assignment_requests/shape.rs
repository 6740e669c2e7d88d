//! A request as Graph shows it, and what can be spelled out of it.

use std::collections::HashMap;

use serde_json::{Value, json};
use tenure_lifecycle::directory::{AssignmentRequest, RequestState};
use tenure_lifecycle::ports::Store;

use super::super::access_packages::shape::{PACKAGE, package_item, packages};
use super::super::assignments::shape::{ASSIGNMENT, EXPANDABLE as INSIDE, assignment_items};
use super::super::subject::{SUBJECT, each_once, people, subject_item};
use crate::errors::GraphError;
use crate::odata::{Expansion, Item, Kind, Navigation, Properties, Property, operators, time, time_or_null};

/// Graph's states; a request here is in one of four.
const STATES: &[&str] = &[
    "submitted",
    "pendingApproval",
    "delivering",
    "delivered",
    "deliveryFailed",
    "denied",
    "scheduled",
    "canceled",
    "partiallyDelivered",
    "unknownFutureValue",
];
/// Graph's kinds; a request here is one of four.
const KINDS: &[&str] = &[
    "notSpecified",
    "userAdd",
    "userUpdate",
    "userRemove",
    "adminAdd",
    "adminUpdate",
    "adminRemove",
    "systemAdd",
    "systemUpdate",
    "systemRemove",
    "onBehalfAdd",
    "unknownFutureValue",
];

/// Properties of a request.
pub(super) const REQUEST: Properties = Properties {
    of: "an assignment request",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("completedDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("requestType", Kind::Enum(KINDS), operators::EQUALITY),
        Property::ordered("state", Kind::Enum(STATES), operators::EQUALITY),
        Property::shown("status"),
        Property::filtered("accessPackage/id", Kind::Id, operators::EQUALITY),
        Property::filtered("requestor/id", Kind::Id, operators::EQUALITY),
        Property::filtered("requestor/objectId", Kind::Id, operators::EQUALITY),
    ],
};

/// What can be spelled out.
pub(super) const EXPANDABLE: &[Navigation] = &[
    Navigation::one("accessPackage", || &PACKAGE),
    Navigation::one("assignment", || &ASSIGNMENT).with(INSIDE),
    Navigation::one("requestor", || &SUBJECT),
];

/// A whole request.
pub(super) fn request_item(request: &AssignmentRequest) -> Item {
    let status = match request.state {
        RequestState::PendingApproval => "PendingApproval",
        RequestState::Delivered => "Delivered",
        RequestState::Canceled => "Canceled",
        RequestState::Denied => "Denied",
    };
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(request.id));
    set("requestType", json!(request.kind.as_str()));
    set("state", json!(request.state.as_str()));
    set("status", json!(status));
    set("createdDateTime", time(request.created));
    set("completedDateTime", time_or_null(request.completed));
    item
}

/// These requests, with what is asked for spelled out.
pub(super) fn request_items(
    store: &dyn Store,
    requests: &[AssignmentRequest],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let people = people(store, expansion.has("requestor"), requests.iter().map(|request| request.user))?;
    let packages =
        packages(store, expansion.has("accessPackage"), requests.iter().map(|request| request.package))?;
    let assignments = assignments(store, requests, expansion)?;
    let item = |request: &AssignmentRequest| {
        let mut item = request_item(request);
        for name in expansion.names() {
            let shown = match name {
                "requestor" => people.get(&request.user).map(subject_item),
                "accessPackage" => packages.get(&request.package).map(package_item),
                _ => request.assignment.and_then(|number| assignments.get(&number).cloned()),
            };
            item.insert(name.to_owned(), shown.into());
        }
        expansion.apply(&mut item)?;
        Ok(item)
    };
    requests.iter().map(item).collect()
}

/// The assignments of these requests by number, if they are to be spelled out, with what is asked for inside them.
fn assignments(
    store: &dyn Store,
    requests: &[AssignmentRequest],
    expansion: &Expansion,
) -> Result<HashMap<i64, Item>, GraphError> {
    let Some(asked) = expansion.get("assignment") else { return Ok(HashMap::new()) };
    let numbers = each_once(requests.iter().filter_map(|request| request.assignment));
    let found = store.assignments_by_number(&numbers)?;
    let items = assignment_items(store, &found, &asked.inside)?;
    Ok(found.iter().map(|assignment| assignment.number).zip(items).collect())
}
