//! `/teams`: groups that are teams, and who is in them.

mod body;
mod members;
mod read;
mod write;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadJoinedTeams, ReadTeamMembers, ReadTeams, WriteTeamMembers, WriteTeams};
    let mut table = Table::default();
    table.get("teams", ReadTeams, read::list);
    table.get("teams/$count", ReadTeams, read::count);
    table.post("teams", WriteTeams, write::create);
    table.get("teams/{team}", ReadTeams, read::get);
    table.get("groups/{group}/team", ReadTeams, read::of_group);
    table.put("groups/{group}/team", WriteTeams, write::make);
    table.get("users/{user}/joinedTeams", ReadJoinedTeams, read::joined);
    table.get("users/{user}/joinedTeams/$count", ReadJoinedTeams, read::count_joined);
    table.get("teams/{team}/members", ReadTeamMembers, members::list);
    table.get("teams/{team}/members/$count", ReadTeamMembers, members::count);
    table.post("teams/{team}/members", WriteTeamMembers, members::add);
    table.get("teams/{team}/members/{member}", ReadTeamMembers, members::get);
    table.delete("teams/{team}/members/{member}", WriteTeamMembers, members::remove);
    table
}
