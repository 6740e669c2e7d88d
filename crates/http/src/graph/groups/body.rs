//! A group as clients send it.

use serde_json::Value;
use tenure_lifecycle::directory::GroupPatch;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::workflow::validate_description;

use crate::errors::GraphError;
use crate::graph::users::body::{bound_users, linked_users};
use crate::odata::{Nullable, Object};
use crate::request::Request;

/// What clients echo and nothing comes of.
const READ_ONLY: &[&str] = &[
    "id",
    "createdDateTime",
    "deletedDateTime",
    "renewedDateTime",
    "securityIdentifier",
    // Nobody evaluates the rule of a dynamic group here: its members are put into it.
    "membershipRuleProcessingState",
];
/// Kinds of groups.
const KINDS: [&str; 2] = ["Unified", "DynamicMembership"];
/// Graph's visibilities.
const VISIBILITIES: &[&str] = &["Public", "Private", "HiddenMembership"];
const BIND: &str = "members@odata.bind";

/// Reads a body: the group, and the links of members to add.
pub(super) fn group_body(body: &Object<'_>) -> Result<(GroupPatch, Vec<String>), GraphError> {
    let text = |name: &str| -> Result<Nullable<String>, GraphError> {
        let text = body.nullable_text(name)?;
        validate_description(name, text.flatten()).map_err(|invalid| body.invalid(name, invalid.rule))?;
        Ok(text.map(|text| text.map(str::to_owned)))
    };
    let patch = GroupPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: text("description")?,
        mail: text("mail")?,
        mail_nickname: text("mailNickname")?,
        mail_enabled: body.boolean("mailEnabled")?,
        security_enabled: body.boolean("securityEnabled")?,
        group_types: kinds(body)?,
        membership_rule: text("membershipRule")?,
        is_assignable_to_role: off_when_null(body, "isAssignableToRole")?,
        on_premises_sync_enabled: off_when_null(body, "onPremisesSyncEnabled")?,
        visibility: visibility(body)?,
        protected: body.boolean("@tenure.protected")?,
        is_team: team(body)?,
        add_members: Vec::new(),
    };
    let members = bound_users(body, BIND)?.unwrap_or_default();
    body.ignore(READ_ONLY);
    body.finish()?;
    Ok((patch, members))
}

/// The people whom links name, each once.
pub(super) fn bound_members(request: &Request, keys: &[String]) -> Result<Vec<UserId>, GraphError> {
    linked_users(request, BIND, keys)
}

fn off_when_null(body: &Object<'_>, name: &str) -> Result<Option<bool>, GraphError> {
    if body.value(name).is_some_and(Value::is_null) { Ok(Some(false)) } else { body.boolean(name) }
}

fn kinds(body: &Object<'_>) -> Result<Option<Vec<String>>, GraphError> {
    let Some(texts) = body.texts("groupTypes")? else { return Ok(None) };
    let mut kinds = vec![];
    for text in texts {
        let Some(kind) = KINDS.into_iter().find(|kind| kind.eq_ignore_ascii_case(text)) else {
            return Err(body.invalid("groupTypes", format!("must hold only {}", KINDS.join(", "))));
        };
        if !kinds.iter().any(|have| have == kind) {
            kinds.push(kind.to_owned());
        }
    }
    Ok(Some(kinds))
}

/// Whether the group is a team, which Graph says by `resourceProvisioningOptions`.
fn team(body: &Object<'_>) -> Result<Option<bool>, GraphError> {
    let Some(options) = body.texts("resourceProvisioningOptions")? else { return Ok(None) };
    if let Some(odd) = options.iter().find(|option| !option.eq_ignore_ascii_case("Team")) {
        let rule = format!("must be empty or hold only Team, and '{odd}' is neither");
        return Err(body.invalid("resourceProvisioningOptions", rule));
    }
    Ok(Some(!options.is_empty()))
}

fn visibility(body: &Object<'_>) -> Result<Nullable<String>, GraphError> {
    if body.value("visibility").is_some_and(Value::is_null) {
        return Ok(Some(None));
    }
    let parse = |text: &str| {
        VISIBILITIES.iter().find(|known| known.eq_ignore_ascii_case(text)).map(|known| (*known).to_owned())
    };
    Ok(body.member("visibility", VISIBILITIES, parse)?.map(Some))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<(GroupPatch, Vec<String>), String> {
        group_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn a_group_is_read_with_its_members() {
        let (group, members) = read(&json!({
            "displayName": "Sales", "mailEnabled": false, "mailNickname": "sales", "securityEnabled": true,
            "groupTypes": ["unified"], "visibility": "private", "description": null, "@tenure.protected": true,
            "members@odata.bind": ["https://host/v1.0/users/abc"], "isAssignableToRole": null,
        }))
        .unwrap();
        assert_eq!(group.group_types, Some(vec!["Unified".to_owned()]));
        assert_eq!(group.visibility, Some(Some("Private".to_owned())));
        assert_eq!((group.description, group.protected), (Some(None), Some(true)));
        assert_eq!(group.is_assignable_to_role, Some(false));
        assert_eq!(members, ["abc"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let many: Vec<&str> = vec!["https://host/users/x"; 21];
        for (body, named) in [
            (json!({"groupTypes": ["Round"]}), "groupTypes"),
            (json!({"visibility": "Hidden"}), "visibility"),
            (json!({"securityEnabled": 1}), "securityEnabled"),
            (json!({"members@odata.bind": many}), BIND),
            (json!({"members@odata.bind": ["/"]}), "members@odata.bind/0"),
            (json!({"owners@odata.bind": []}), "owners@odata.bind"),
            (json!({"description": "x".repeat(5000)}), "description"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
