//! `GET /teams`, `/teams/{id}`, `/groups/{id}/team` and `/users/{id}/joinedTeams`

use serde_json::{Value, json};
use tenure_lifecycle::directory::Group;
use tenure_lifecycle::ports::Slice;

use crate::errors::GraphError;
use crate::odata::{self, Item, Kind, List, Properties, Property, operators, time};
use crate::request::Request;
use crate::response::Response;

/// Properties of a team.
const TEAM: Properties = Properties {
    of: "a team",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("description", Kind::Text, operators::TEXT),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("isArchived"),
        Property::ordered("visibility", Kind::Text, operators::TEXT),
    ],
};

/// A whole team.
pub(super) fn team_item(group: &Group) -> Item {
    // Graph writes the visibility of a team with a small letter.
    let visibility = group.visibility.as_deref().map(|text| match text.split_at_checked(1) {
        Some((first, rest)) => first.to_ascii_lowercase() + rest,
        None => text.to_owned(),
    });
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(group.id));
    set("createdDateTime", time(group.created));
    set("description", json!(group.description));
    set("displayName", json!(group.display_name));
    set("isArchived", json!(false));
    set("visibility", json!(visibility));
    item
}

fn respond(
    request: &Request,
    context: &str,
    slice: Slice<Group>,
    count: Option<i64>,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let items = slice.items.iter().map(team_item).collect();
    odata::list(request, &TEAM, context, List { items, next: slice.next, count, expanded: vec![] })
}

/// Lists teams.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&TEAM)?;
    let store = &request.lifecycle().store;
    let count = if request.options.count()? { Some(store.count_teams(&query)?) } else { None };
    let slice = store.list_teams(&query)?;
    respond(request, &request.context_path, slice, count)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&TEAM)?;
    Ok(odata::count(request.lifecycle().store.count_teams(&query)?))
}

/// Gets a team.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let team = request.lifecycle().team(request.parameter("team"))?;
    odata::entity(request, &TEAM, "teams", team_item(&team), &[])
}

/// Gets the team that a group is.
pub(super) fn of_group(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let group = request.lifecycle().group(request.parameter("group"))?;
    let team = request.lifecycle().team(&group.id.to_string())?;
    odata::entity(request, &TEAM, "teams", team_item(&team), &[])
}

/// Lists the teams somebody is in.
pub(super) fn joined(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&TEAM)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    let store = &request.lifecycle().store;
    let count =
        if request.options.count()? { Some(store.count_joined_teams(user.number, &query)?) } else { None };
    let slice = store.joined_teams(user.number, &query)?;
    respond(request, "teams", slice, count)
}

/// `/$count`
pub(super) fn count_joined(request: &Request) -> Result<Response, GraphError> {
    let query = request.query(&TEAM)?;
    let user = request.lifecycle().user(request.parameter("user"))?;
    Ok(odata::count(request.lifecycle().store.count_joined_teams(user.number, &query)?))
}
