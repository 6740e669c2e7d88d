//! `/users`

mod assign_license;
pub(crate) mod body;
mod create;
mod delete;
mod delta;
mod license_details;
pub(crate) mod licenses;
mod manager;
mod member_of;
pub(crate) mod read;
mod revoke_sign_in_sessions;
pub(crate) mod shape;
mod sponsors;
mod update;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{
        AssignLicenses, DeleteUsers, ReadLicenses, ReadMemberOf, ReadUsers, RevokeSessions, WriteUsers,
    };
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
    table.get("users/{user}/sponsors", ReadUsers, sponsors::list);
    table.get("users/{user}/sponsors/$count", ReadUsers, sponsors::count);
    table.post("users/{user}/sponsors/$ref", WriteUsers, sponsors::add);
    table.delete("users/{user}/sponsors/{sponsor}/$ref", WriteUsers, sponsors::remove);
    table.post("users/{user}/assignLicense", AssignLicenses, assign_license::assign);
    table.get("users/{user}/licenseDetails", ReadLicenses, license_details::list);
    table.get("users/{user}/licenseDetails/$count", ReadLicenses, license_details::count);
    table.get("users/{user}/licenseDetails/{license}", ReadLicenses, license_details::get);
    table.post("users/{user}/revokeSignInSessions", RevokeSessions, revoke_sign_in_sessions::revoke);
    table
}
