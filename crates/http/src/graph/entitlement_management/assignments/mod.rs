//! `…/assignments`

mod read;
pub(super) mod shape;

use crate::permission::Permission::ReadEntitlements;
use crate::route::Table;

/// The routes. Assignments are made and ended by requests.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get("identityGovernance/entitlementManagement/assignments", ReadEntitlements, read::list);
    table.get("identityGovernance/entitlementManagement/assignments/$count", ReadEntitlements, read::count);
    table.get(
        "identityGovernance/entitlementManagement/assignments/{assignment}",
        ReadEntitlements,
        read::get,
    );
    table
}
