//! Creating, changing and deleting agent identities.

use super::body::agent_body;
use super::read::{SET, agent_item};
use crate::errors::GraphError;
use crate::graph::users::body::{SPONSORS, linked_users};
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// `POST /servicePrincipals/microsoft.graph.agentIdentity`
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let body = Object::root(&body)?;
    let (agent, sponsors) = agent_body(&body)?;
    let name = agent.display_name.ok_or_else(|| body.invalid("displayName", "is required"))?;
    let keys = sponsors.unwrap_or_default();
    if keys.is_empty() {
        return Err(body.invalid(SPONSORS, "must name at least one user"));
    }
    let sponsors = linked_users(request, SPONSORS, &keys)?;
    let enabled = agent.account_enabled.unwrap_or(true);
    let made = request.lifecycle().create_agent(&request.caller, &name, enabled, &sponsors)?;
    odata::created_in(request, &request.behind_version(SET), &request.context_path, agent_item(&made))
}

/// `PATCH /servicePrincipals/{id}`
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let (patch, sponsors) = agent_body(&body)?;
    if sponsors.is_some() {
        let rule = "can be given when the agent is created; add a sponsor by POST to sponsors/$ref";
        return Err(body.invalid(SPONSORS, rule));
    }
    request.lifecycle().update_agent(&request.caller, agent.id, &patch)?;
    Ok(Response::no_content())
}

/// `DELETE /servicePrincipals/{id}`
pub(super) fn delete(request: &Request) -> Result<Response, GraphError> {
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    request.lifecycle().delete_agent(&request.caller, agent.id)?;
    Ok(Response::no_content())
}
