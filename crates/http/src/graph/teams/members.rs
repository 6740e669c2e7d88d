//! `/teams/{id}/members`: the members of the group that the team is. A membership has the id of its user.

use serde_json::{Value, json};
use tenure_lifecycle::directory::{Group, User};

use super::body::member_body;
use crate::errors::GraphError;
use crate::graph::users::body::linked_user;
use crate::odata::{self, Item, Kind, List, Object, Properties, Property, operators};
use crate::request::Request;
use crate::response::Response;

/// Properties of a membership.
const MEMBER: Properties = Properties {
    of: "a conversationMember",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("email"),
        Property::shown("roles"),
        Property::shown("userId"),
    ],
};

fn item(user: &User) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("@odata.type", json!("#microsoft.graph.aadUserConversationMember"));
    set("id", json!(user.id));
    set("displayName", json!(user.text("displayName")));
    set("email", json!(user.text("mail")));
    set("roles", json!([]));
    set("userId", json!(user.id));
    item
}

/// Lists the members.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = request.query(&MEMBER)?;
    let team = request.lifecycle().team(request.parameter("team"))?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_members(team.number, &query)?) } else { None };
    let slice = store.members(team.number, &query)?;
    let items = slice.items.iter().map(item).collect();
    let list = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &MEMBER, &request.context_path, list)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&MEMBER)?;
    let team = request.lifecycle().team(request.parameter("team"))?;
    Ok(odata::count(request.lifecycle().store.count_members(team.number, &query)?))
}

/// The member of a team that the path names.
fn found(request: &Request, team: &Group) -> Result<User, GraphError> {
    let store = &request.lifecycle().store;
    let id = request.id("member", "member")?;
    match store.user(id)? {
        Some(user) if store.is_member(team.number, user.number)? => Ok(user),
        _ => Err(GraphError::not_found(format!("member '{id}'"))),
    }
}

/// Gets a member.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let team = request.lifecycle().team(request.parameter("team"))?;
    let member = found(request, &team)?;
    odata::entity(request, &MEMBER, &request.context_path, item(&member), &[])
}

/// Adds a member.
pub(super) fn add(request: &Request) -> Result<Response, GraphError> {
    let lifecycle = request.lifecycle();
    let team = lifecycle.team(request.parameter("team"))?;
    let body = request.json()?;
    let key = member_body(&Object::root(&body)?)?;
    let (member, _) = linked_user(request, "user@odata.bind", &key)?;
    lifecycle.add_member(&request.caller, team.id, member)?;
    let user = lifecycle.user(&member.to_string())?;
    odata::created(request, &request.context_path, item(&user))
}

/// Removes a member.
pub(super) fn remove(request: &Request) -> Result<Response, GraphError> {
    let team = request.lifecycle().team(request.parameter("team"))?;
    let member = found(request, &team)?;
    request.lifecycle().remove_member(&request.caller, team.id, member.id)?;
    Ok(Response::no_content())
}
