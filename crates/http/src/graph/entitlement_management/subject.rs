//! Whom an assignment or a request is about, as Graph shows them: an `accessPackageSubject`.

use std::collections::HashMap;

use serde_json::{Value, json};
use tenure_lifecycle::directory::User;
use tenure_lifecycle::ports::Store;

use crate::errors::GraphError;
use crate::odata::{Item, Properties, Property};

/// Properties of a subject.
pub(super) const SUBJECT: Properties = Properties {
    of: "an access package subject",
    list: &[
        Property::shown("id"),
        Property::shown("displayName"),
        Property::shown("email"),
        Property::shown("objectId"),
        Property::shown("onPremisesSecurityIdentifier"),
        Property::shown("principalName"),
        Property::shown("subjectType"),
    ],
};

/// A whole subject. Who is deleted for good has an id and nothing else.
pub(super) fn subject_item(user: &User) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(user.id));
    set("displayName", json!(user.text("displayName")));
    set("email", json!(user.text("mail")));
    set("objectId", json!(user.id));
    set("onPremisesSecurityIdentifier", json!(user.text("onPremisesSecurityIdentifier")));
    set("principalName", json!(user.text("userPrincipalName")));
    set("subjectType", json!("user"));
    item
}

/// The people of these numbers, if they are to be spelled out.
pub(super) fn people(
    store: &dyn Store,
    wanted: bool,
    numbers: impl Iterator<Item = i64>,
) -> Result<HashMap<i64, User>, GraphError> {
    if !wanted {
        return Ok(HashMap::new());
    }
    let numbers = each_once(numbers);
    Ok(store.users_by_number(&numbers)?.into_iter().map(|user| (user.number, user)).collect())
}

/// These numbers in order, each once.
pub(super) fn each_once(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
