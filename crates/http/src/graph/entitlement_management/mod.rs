//! `/identityGovernance/entitlementManagement`

mod access_packages;
mod assignment_policies;
mod assignment_requests;
mod assignments;
mod subject;

use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    for part in [
        access_packages::routes(),
        assignment_policies::routes(),
        assignments::routes(),
        assignment_requests::routes(),
    ] {
        table.extend(part);
    }
    table
}
