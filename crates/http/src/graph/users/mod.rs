//! `/users`

pub(crate) mod body;
mod create;
mod delete;
mod delta;
mod manager;
mod member_of;
pub(crate) mod read;
pub(crate) mod shape;
mod update;

use crate::auth::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{DeleteUsers, ReadMemberOf, ReadUsers, WriteUsers};
    let mut table = Table::default();
    table.get("users", ReadUsers, read::list);
    table.get("users/$count", ReadUsers, read::count);
    table.post("users", WriteUsers, create::create);
    table.get("users/delta()", ReadUsers, delta::list);
    table.get("users/{user}", ReadUsers, read::get);
    table.patch("users/{user}", WriteUsers, update::update);
    table.delete("users/{user}", DeleteUsers, delete::delete);
    table.get("users/{user}/manager", ReadUsers, manager::get);
    table.put("users/{user}/manager/$ref", WriteUsers, manager::set);
    table.delete("users/{user}/manager/$ref", WriteUsers, manager::clear);
    table.get("users/{user}/memberOf", ReadMemberOf, member_of::list);
    table.get("users/{user}/memberOf/$count", ReadMemberOf, member_of::count);
    table
}
