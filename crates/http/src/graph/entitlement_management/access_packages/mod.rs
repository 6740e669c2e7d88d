//! `…/accessPackages`

mod body;
mod read;
pub(super) mod shape;
mod write;

use crate::permission::Permission;
use crate::route::Table;

const LIST: &str = "identityGovernance/entitlementManagement/accessPackages";
const ONE: &str = "identityGovernance/entitlementManagement/accessPackages/{package}";

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadEntitlements, WriteEntitlements};
    let mut table = Table::default();
    table.get(LIST, ReadEntitlements, read::list);
    table.get(
        "identityGovernance/entitlementManagement/accessPackages/$count",
        ReadEntitlements,
        read::count,
    );
    table.post(LIST, WriteEntitlements, write::create);
    table.get(ONE, ReadEntitlements, read::get);
    table.patch(ONE, WriteEntitlements, write::update);
    table.delete(ONE, WriteEntitlements, write::delete);
    table
}
