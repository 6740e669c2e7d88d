//! A group as Graph shows it.

use serde_json::{Value, json};
use tenure_lifecycle::directory::Group;

use crate::odata::{Item, Kind, Properties, Property, operators, time, time_or_null};

/// Properties of a group.
pub(crate) const GROUP: Properties = Properties {
    of: "a group",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::shown("deletedDateTime"),
        Property::ordered("description", Kind::Text, operators::TEXT),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::filtered("groupTypes", Kind::Texts, operators::ELEMENTS),
        Property::ordered("isAssignableToRole", Kind::Boolean, operators::EQUALITY),
        Property::ordered("mail", Kind::Text, operators::TEXT),
        Property::ordered("mailEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("mailNickname", Kind::Text, operators::TEXT),
        Property::ordered("membershipRule", Kind::Text, operators::TEXT),
        Property::ordered("onPremisesSyncEnabled", Kind::Boolean, operators::EQUALITY),
        Property::filtered("resourceProvisioningOptions", Kind::Texts, operators::ELEMENTS),
        Property::ordered("securityEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("visibility", Kind::Text, operators::TEXT),
        Property::shown("@tenure.protected"),
    ],
};

/// A whole group.
pub(crate) fn group_item(group: &Group) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(group.id));
    set("createdDateTime", time(group.created));
    set("deletedDateTime", time_or_null(group.deleted));
    set("description", json!(group.description));
    set("displayName", json!(group.display_name));
    set("groupTypes", json!(group.group_types));
    set("isAssignableToRole", json!(group.is_assignable_to_role));
    set("mail", json!(group.mail));
    set("mailEnabled", json!(group.mail_enabled));
    set("mailNickname", json!(group.mail_nickname));
    set("membershipRule", json!(group.membership_rule));
    // Graph says null, not false, of what is not synced.
    set("onPremisesSyncEnabled", if group.on_premises_sync_enabled { json!(true) } else { Value::Null });
    set("resourceProvisioningOptions", if group.is_team { json!(["Team"]) } else { json!([]) });
    set("securityEnabled", json!(group.security_enabled));
    set("visibility", json!(group.visibility));
    set("@tenure.protected", json!(group.protected));
    item
}
