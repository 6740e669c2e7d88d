//! Teams and their members as clients send them.

use tenure_lifecycle::workflow::validate_description;

use crate::errors::GraphError;
use crate::odata::{Object, link_target};

/// Settings of what people do in a team, which Tenure has no part in.
const SETTINGS: &[&str] = &[
    "discoverySettings",
    "funSettings",
    "guestSettings",
    "memberSettings",
    "messagingSettings",
    "tagSettings",
    "template",
];
const READ_ONLY: &[&str] = &["id", "createdDateTime", "isArchived", "webUrl", "internalId"];
/// Graph's visibilities of teams, and of the groups that they are.
const VISIBILITIES: [(&str, &str); 3] =
    [("public", "Public"), ("private", "Private"), ("hiddenMembership", "HiddenMembership")];
const MEMBER: &str = "aadUserConversationMember";
/// Members that one request can name.
const MEMBERS: usize = 20;

/// A team to be.
#[derive(Debug)]
pub(super) struct TeamBody {
    pub(super) display_name: String,
    pub(super) description: Option<String>,
    /// As a group has it.
    pub(super) visibility: &'static str,
    /// The keys of the users who are to be members.
    pub(super) members: Vec<String>,
}

/// Reads a new team.
pub(super) fn team_body(body: &Object<'_>) -> Result<TeamBody, GraphError> {
    let description = body.nullable_text("description")?.flatten();
    validate_description("description", description)
        .map_err(|invalid| body.invalid("description", invalid.rule))?;
    let parse = |text: &str| VISIBILITIES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(text));
    let visibility = body.member("visibility", &VISIBILITIES.map(|(name, _)| name), parse)?;
    let members = body.objects("members")?.unwrap_or_default();
    if members.len() > MEMBERS {
        return Err(body.invalid("members", format!("must name at most {MEMBERS} users")));
    }
    let team = TeamBody {
        display_name: body.required_text("displayName")?.to_owned(),
        description: description.map(str::to_owned),
        visibility: visibility.map_or("Public", |(_, of_group)| of_group),
        members: members.iter().map(member_body).collect::<Result<_, _>>()?,
    };
    // Which template it is made of decides about channels and apps.
    body.annotation("template@odata.bind");
    settings(body)?;
    Ok(team)
}

/// Lets be what a group that becomes a team is sent with.
pub(super) fn settings(body: &Object<'_>) -> Result<(), GraphError> {
    body.ignore(SETTINGS);
    body.ignore(READ_ONLY);
    body.finish()
}

/// Reads a member: the key of a user.
pub(super) fn member_body(body: &Object<'_>) -> Result<String, GraphError> {
    if !body.kind().is_empty() && body.kind() != MEMBER {
        return Err(body.invalid("@odata.type", format!("must be #microsoft.graph.{MEMBER}")));
    }
    if body.texts("roles")?.is_some_and(|roles| !roles.is_empty()) {
        return Err(body.invalid("roles", "must be empty: teams have members and no owners here"));
    }
    let link = body.required_text("user@odata.bind")?;
    let key = link_target(link).ok_or_else(|| body.invalid("user@odata.bind", "must be a link to a user"))?;
    body.ignore(&["id"]);
    body.finish()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: &Value) -> Result<TeamBody, String> {
        team_body(&Object::root(body).unwrap()).map_err(|error| error.target.unwrap_or_default())
    }

    #[test]
    fn a_team_is_read_with_its_members() {
        let team = read(&json!({
            "template@odata.bind": "https://graph.microsoft.com/v1.0/teamsTemplates('standard')",
            "displayName": "Crew", "Visibility": "private", "memberSettings": { "allowCreateUpdateChannels": true },
            "members": [{
                "@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": [],
                "user@odata.bind": "https://graph.microsoft.com/v1.0/users('ann@x')",
            }],
        }));
        let team = team.unwrap();
        assert_eq!((team.display_name.as_str(), team.visibility), ("Crew", "Private"));
        assert_eq!(team.members, ["ann@x"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let with = |member: Value| json!({ "displayName": "Crew", "members": [member] });
        for (body, named) in [
            (json!({}), "displayName"),
            (json!({ "displayName": "Crew", "visibility": "secret" }), "visibility"),
            (json!({ "displayName": "Crew", "channels": [] }), "channels"),
            (json!({ "displayName": "Crew", "group@odata.bind": "groups('g')" }), "group@odata.bind"),
            (with(json!({})), "members/0/user@odata.bind"),
            (with(json!({ "user@odata.bind": "/" })), "members/0/user@odata.bind"),
            (with(json!({ "user@odata.bind": "users/x", "roles": ["owner"] })), "members/0/roles"),
            (with(json!({ "user@odata.bind": "users/x", "@odata.type": "#x.y" })), "members/0/@odata.type"),
            (with(json!({ "user@odata.bind": "users/x", "shoe": 4 })), "members/0/shoe"),
        ] {
            assert_eq!(read(&body).unwrap_err(), named, "{body}");
        }
    }
}
