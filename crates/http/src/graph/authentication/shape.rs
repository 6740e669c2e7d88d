//! Authentication methods as Graph shows them.

use jiff::Timestamp;
use serde_json::{Value, json};
use tenure_lifecycle::directory::{AuthenticationMethod, Pass, Usability};

use crate::odata::{Item, Kind, Properties, Property, operators, time};

/// Graph's types of the methods that there can be.
pub(super) const PASS: &str = "temporaryAccessPassAuthenticationMethod";
pub(super) const PHONE: &str = "phoneAuthenticationMethod";
pub(super) const EMAIL: &str = "emailAuthenticationMethod";
pub(super) const FIDO2: &str = "fido2AuthenticationMethod";

/// Properties of all kinds of methods.
pub(super) const METHOD: Properties = Properties {
    of: "an authentication method",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("emailAddress"),
        Property::shown("isUsable"),
        Property::shown("isUsableOnce"),
        Property::shown("lifetimeInMinutes"),
        Property::shown("methodUsabilityReason"),
        Property::shown("phoneNumber"),
        Property::shown("phoneType"),
        Property::shown("smsSignInState"),
        Property::shown("startDateTime"),
        Property::shown("temporaryAccessPass"),
    ],
};

/// A whole pass; the pass itself only where it was just issued.
pub(super) fn pass_item(pass: &Pass, text: Option<&str>, now: Timestamp) -> Item {
    let usability = pass.usability(now);
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(pass.id));
    set("temporaryAccessPass", json!(text));
    set("createdDateTime", time(pass.created));
    set("startDateTime", time(pass.starts));
    set("lifetimeInMinutes", json!(pass.lifetime_minutes));
    set("isUsableOnce", json!(pass.is_usable_once));
    set("isUsable", json!(usability == Usability::Usable));
    set("methodUsabilityReason", json!(usability.as_str()));
    item
}

/// A whole method of another kind.
pub(super) fn method_item(method: &AuthenticationMethod) -> Item {
    let mut item = Item::new();
    item.insert("id".to_owned(), json!(method.id));
    item.insert("createdDateTime".to_owned(), time(method.created));
    item.extend(method.properties.clone());
    item
}

/// The same in a list of all kinds.
pub(super) fn of_kind(kind: &str, item: Item) -> Item {
    let mut whole = Item::new();
    whole.insert("@odata.type".to_owned(), format!("#microsoft.graph.{kind}").into());
    whole.extend(item);
    whole
}
