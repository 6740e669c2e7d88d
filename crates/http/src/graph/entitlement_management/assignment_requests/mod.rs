//! `…/assignmentRequests`

mod body;
mod read;
mod shape;
mod write;

use crate::permission::Permission;
use crate::route::Table;

const LIST: &str = "identityGovernance/entitlementManagement/assignmentRequests";

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadEntitlements, WriteEntitlements};
    let mut table = Table::default();
    table.get(LIST, ReadEntitlements, read::list);
    table.get(
        "identityGovernance/entitlementManagement/assignmentRequests/$count",
        ReadEntitlements,
        read::count,
    );
    table.post(LIST, WriteEntitlements, write::create);
    table.get(
        "identityGovernance/entitlementManagement/assignmentRequests/{request}",
        ReadEntitlements,
        read::get,
    );
    table.post(
        "identityGovernance/entitlementManagement/assignmentRequests/{request}/cancel",
        WriteEntitlements,
        write::cancel,
    );
    table
}
