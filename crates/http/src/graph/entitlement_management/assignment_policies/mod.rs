//! `…/assignmentPolicies`, also below an access package

mod body;
pub(super) mod expiration;
mod read;
pub(super) mod shape;
mod write;

use crate::permission::Permission;
use crate::route::Table;

const LIST: &str = "identityGovernance/entitlementManagement/assignmentPolicies";
const ONE: &str = "identityGovernance/entitlementManagement/assignmentPolicies/{policy}";
const OF_PACKAGE: &str =
    "identityGovernance/entitlementManagement/accessPackages/{package}/assignmentPolicies";

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadEntitlements, WriteEntitlements};
    let mut table = Table::default();
    table.get(LIST, ReadEntitlements, read::list);
    table.get(
        "identityGovernance/entitlementManagement/assignmentPolicies/$count",
        ReadEntitlements,
        read::count,
    );
    table.post(LIST, WriteEntitlements, write::create);
    table.get(ONE, ReadEntitlements, read::get);
    table.put(ONE, WriteEntitlements, write::replace);
    table.patch(ONE, WriteEntitlements, write::update);
    table.delete(ONE, WriteEntitlements, write::delete);
    table.get(OF_PACKAGE, ReadEntitlements, read::list_of_package);
    table.get(
        "identityGovernance/entitlementManagement/accessPackages/{package}/assignmentPolicies/$count",
        ReadEntitlements,
        read::count_of_package,
    );
    table
}
