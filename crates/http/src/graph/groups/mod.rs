//! `/groups`

mod body;
mod create;
mod delete;
mod delta;
mod members;
pub(crate) mod read;
pub(crate) mod shape;
mod update;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadGroups, ReadMembers, WriteGroups, WriteMembers};
    let mut table = Table::default();
    table.get("groups", ReadGroups, read::list);
    table.get("groups/$count", ReadGroups, read::count);
    table.post("groups", WriteGroups, create::create);
    table.get("groups/delta()", ReadGroups, delta::list);
    table.get("groups/{group}", ReadGroups, read::get);
    table.patch("groups/{group}", WriteGroups, update::update);
    table.delete("groups/{group}", WriteGroups, delete::delete);
    table.get("groups/{group}/members", ReadMembers, members::list);
    table.get("groups/{group}/members/$count", ReadMembers, members::count);
    table.post("groups/{group}/members/$ref", WriteMembers, members::add);
    table.delete("groups/{group}/members/{member}/$ref", WriteMembers, members::remove);
    table
}
