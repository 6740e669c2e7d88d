//! An agent identity as clients send it.

use tenure_lifecycle::directory::AgentPatch;

use crate::errors::GraphError;
use crate::graph::users::body::{SPONSORS, bound_users};
use crate::odata::Object;

/// What clients send back and Graph ignores; a blueprint, which Graph makes agents of, is none here.
const IGNORED: &[&str] =
    &["id", "createdDateTime", "deletedDateTime", "servicePrincipalType", "agentIdentityBlueprintId"];

/// What a body says of an agent: what it is, and the keys of those who vouch for it.
pub(super) fn agent_body(body: &Object<'_>) -> Result<(AgentPatch, Option<Vec<String>>), GraphError> {
    let kind = body.kind();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("agentIdentity") {
        return Err(body.invalid("@odata.type", "must be #microsoft.graph.agentIdentity"));
    }
    let patch = AgentPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        account_enabled: body.boolean("accountEnabled")?,
    };
    let sponsors = bound_users(body, SPONSORS)?;
    body.ignore(IGNORED);
    body.finish()?;
    Ok((patch, sponsors))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let read = |body: &Value| agent_body(&Object::root(body).unwrap()).map_err(|error| error.target);
        let (agent, sponsors) = read(&json!({
            "@odata.type": "#Microsoft.Graph.AgentIdentity", "DISPLAYNAME": "Bot", "agentIdentityBlueprintId": "x",
            "sponsors@odata.bind": ["https://x/users/ann@x"],
        }))
        .unwrap();
        assert_eq!((agent.display_name.as_deref(), agent.account_enabled), (Some("Bot"), None));
        assert_eq!(sponsors, Some(vec!["ann@x".to_owned()]));
        for (body, named) in [
            (json!({ "displayName": 5 }), "displayName"),
            (json!({ "accountEnabled": "yes" }), "accountEnabled"),
            (json!({ "appId": "x" }), "appId"),
            (json!({ "@odata.type": "#microsoft.graph.servicePrincipal" }), "@odata.type"),
            (json!({ "sponsors@odata.bind": "x" }), "sponsors@odata.bind"),
            (json!({ "sponsors@odata.bind": ["/"] }), "sponsors@odata.bind/0"),
        ] {
            assert_eq!(read(&body).unwrap_err().as_deref(), Some(named), "{body}");
        }
    }
}
