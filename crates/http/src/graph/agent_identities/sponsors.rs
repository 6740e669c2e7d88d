//! `/servicePrincipals/{id}/sponsors`: who vouches for an agent identity.

use crate::errors::GraphError;
use crate::graph::users::body::linked_user;
use crate::graph::users::read::respond;
use crate::graph::users::shape::USER;
use crate::odata::{self, Item, Kind, List, Object, Properties, Property, operators, reference};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

const USER_TYPE: &str = "#microsoft.graph.user";

/// What is told of people to those who may not read people.
const DIRECTORY_OBJECT: Properties =
    Properties { of: "a directoryObject", list: &[Property::ordered("id", Kind::Id, operators::EQUALITY)] };

/// Who may read agents may not therefore read people: for them sponsors have nothing but an id, as in Graph.
fn opens_users(request: &Request) -> bool {
    Permission::ReadUsers.is_held_by(&request.caller)
}

fn properties(request: &Request) -> &'static Properties {
    if opens_users(request) { &USER } else { &DIRECTORY_OBJECT }
}

/// Lists the sponsors.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(properties(request))?;
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    let store = &request.lifecycle().store;
    let count =
        if request.options.count()? { Some(store.count_agent_sponsors(agent.number, &query)?) } else { None };
    let slice = store.agent_sponsors(agent.number, &query)?;
    if opens_users(request) {
        return respond(request, "directoryObjects", slice, count, Some(USER_TYPE));
    }
    request.expansion(&[])?;
    let item = |id: String| {
        Item::from_iter([("@odata.type".to_owned(), USER_TYPE.into()), ("id".to_owned(), id.into())])
    };
    let items = slice.items.iter().map(|user| item(user.id.to_string())).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &DIRECTORY_OBJECT, "directoryObjects", list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(properties(request))?;
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    Ok(odata::count(request.lifecycle().store.count_agent_sponsors(agent.number, &query)?))
}

/// Adds a sponsor: `POST …/$ref`.
pub(super) fn add(request: &Request) -> Result<Response, GraphError> {
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let key = reference(&body)?;
    body.finish()?;
    let (sponsor, _) = linked_user(request, "@odata.id", &key)?;
    request.lifecycle().add_agent_sponsor(&request.caller, agent.id, sponsor)?;
    Ok(Response::no_content())
}

/// Removes a sponsor, unless it is the last: `DELETE …/{id}/$ref`.
pub(super) fn remove(request: &Request) -> Result<Response, GraphError> {
    let agent = request.lifecycle().agent(request.parameter("agent"))?;
    let sponsor = request.id("sponsor", "sponsor")?;
    request.lifecycle().remove_agent_sponsor(&request.caller, agent.id, sponsor)?;
    Ok(Response::no_content())
}
