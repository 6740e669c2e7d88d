//! `/roleManagement/directory`: who holds which directory role

mod assignments;
mod definitions;

use crate::permission::Permission;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    use Permission::{ReadRoles, WriteRoles};
    let mut table = Table::default();
    table.get("roleManagement/directory/roleAssignments", ReadRoles, assignments::list);
    table.get("roleManagement/directory/roleAssignments/$count", ReadRoles, assignments::count);
    table.post("roleManagement/directory/roleAssignments", WriteRoles, assignments::create);
    table.get("roleManagement/directory/roleAssignments/{assignment}", ReadRoles, assignments::get);
    table.delete("roleManagement/directory/roleAssignments/{assignment}", WriteRoles, assignments::delete);
    table.get("roleManagement/directory/roleDefinitions", ReadRoles, definitions::list);
    table.get("roleManagement/directory/roleDefinitions/$count", ReadRoles, definitions::count);
    table.get("roleManagement/directory/roleDefinitions/{definition}", ReadRoles, definitions::get);
    table
}
