//! Listing and getting agent identities.

use serde_json::{Value, json};
use tenure_lifecycle::directory::Agent;
use tenure_lifecycle::ports::Slice;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, List, Properties, Property, operators, time};
use crate::request::Request;
use crate::response::Response;

/// The set that agent identities are in.
pub(super) const SET: &str = "servicePrincipals";

/// Properties of an agent identity.
const AGENT: Properties = Properties {
    of: "an agentIdentity",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("accountEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("servicePrincipalType"),
    ],
};

/// A whole agent identity.
pub(super) fn agent_item(agent: &Agent) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("@odata.type", json!("#microsoft.graph.agentIdentity"));
    set("id", json!(agent.id));
    set("accountEnabled", json!(agent.account_enabled));
    set("createdDateTime", time(agent.created));
    set("displayName", json!(agent.display_name));
    set("servicePrincipalType", json!("ServiceIdentity"));
    item
}

fn respond(
    request: &Request,
    context: &str,
    slice: Slice<Agent>,
    count: Option<i64>,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let items = slice.items.iter().map(agent_item).collect();
    odata::list(request, &AGENT, context, List { items, next: slice.next, count, expanded: vec![] })
}

/// Lists agent identities.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&AGENT)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_agents(&query)?) } else { None };
    let slice = store.list_agents(&query)?;
    respond(request, &request.context_path, slice, count)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&AGENT)?;
    Ok(odata::count(request.lifecycle().store.count_agents(&query)?))
}

/// Gets an agent identity.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    odata::entity(request, &AGENT, SET, agent_item(&agent), &[])
}

/// `GET /users/{id}/tenure.sponsoredAgents`: those that somebody vouches for.
pub(super) fn sponsored(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&AGENT)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? {
        Some(store.count_sponsored_agents(user.number, &query)?)
    } else {
        None
    };
    let slice = store.sponsored_agents(user.number, &query)?;
    respond(request, SET, slice, count)
}

/// `/$count`
pub(super) fn count_sponsored(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&AGENT)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    Ok(odata::count(request.lifecycle().store.count_sponsored_agents(user.number, &query)?))
}
