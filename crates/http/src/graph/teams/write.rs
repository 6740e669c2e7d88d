//! `POST /teams` and `PUT /groups/{id}/team`

use tenure_lifecycle::directory::Group;

use super::body::{settings, team_body};
use super::read::team_item;
use crate::errors::GraphError;
use crate::graph::users::body::linked_users;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates a team and the group that it is, with members if some are named.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let team = team_body(&Object::root(&body)?)?;
    let members = linked_users(request, "members", &team.members)?;
    let lifecycle = request.lifecycle();
    let (description, visibility) = (team.description.as_deref(), Some(team.visibility));
    let name = &team.display_name;
    let group = lifecycle.create_team(&request.caller, name, description, visibility, members)?;
    made(request, &group)
}

/// Makes a group a team; a body is not needed.
pub(super) fn make(request: &Request) -> Result<Response, GraphError> {
    let group = request.lifecycle().group(request.parameter("group"))?;
    if !request.body.trim_ascii().is_empty() {
        settings(&Object::root(&request.json()?)?)?;
    }
    made(request, &request.lifecycle().make_team(&request.caller, &group)?)
}

fn made(request: &Request, group: &Group) -> Result<Response, GraphError> {
    odata::created_in(request, &request.behind_version("teams"), "teams", team_item(group))
}
