//! The resources, a folder each.

mod applications;
mod audit_logs;
mod deleted_items;
mod delta;
pub(crate) mod groups;
mod me;
mod organization;
pub(crate) mod results;
mod settings;
pub(crate) mod task_definitions;
mod tenure;
pub(crate) mod users;
pub(crate) mod workflows;

use crate::route::Table;

/// All routes.
pub(crate) fn routes() -> Table {
    let mut table = Table::default();
    for part in [
        workflows::routes(),
        results::routes(),
        task_definitions::routes(),
        settings::routes(),
        users::routes(),
        groups::routes(),
        deleted_items::routes(),
        me::routes(),
        organization::routes(),
        applications::routes(),
        audit_logs::routes(),
        tenure::routes(),
    ] {
        table.extend(part);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Permission as P;

    const LCW: &str = "identityGovernance/lifecycleWorkflows";

    #[test]
    fn each_path_asks_for_its_permission() {
        let table = routes();
        let cases: [(&str, &str, P); 46] = [
            ("GET", "@/workflows", P::ListWorkflows),
            ("GET", "@/deletedItems/workflows", P::ListWorkflows),
            ("POST", "@/workflows", P::WriteWorkflows),
            ("GET", "@/workflows/w", P::ReadWorkflows),
            ("GET", "@/deletedItems/workflows/w", P::ReadWorkflows),
            ("PATCH", "@/workflows/w", P::WriteWorkflows),
            ("DELETE", "@/workflows/w", P::WriteWorkflows),
            ("POST", "@/workflows/w/createNewVersion", P::WriteWorkflows),
            ("POST", "@/workflows/w/activate", P::Activate),
            ("POST", "@/workflows/w/clearQuarantine", P::WriteWorkflows),
            ("POST", "@/deletedItems/workflows/w/restore", P::WriteWorkflows),
            ("PATCH", "@/workflows/w/tasks/t", P::WriteWorkflows),
            ("GET", "@/workflows/w/versions/1/tasks/t", P::ReadWorkflows),
            ("GET", "@/workflows/w/tenure.skipped", P::ReadReports),
            ("GET", "@/taskDefinitions/d", P::ReadCatalogue),
            ("GET", "@/settings", P::ReadCatalogue),
            ("PATCH", "@/settings", P::WriteSettings),
            ("GET", "users", P::ReadUsers),
            ("PATCH", "users/u", P::WriteUsers),
            ("GET", "users/u/manager", P::ReadUsers),
            ("PUT", "users/u/manager/$ref", P::WriteUsers),
            ("GET", "users/u/memberOf", P::ReadMemberOf),
            ("POST", "groups", P::WriteGroups),
            ("GET", "groups/g/members", P::ReadMembers),
            ("POST", "groups/g/members/$ref", P::WriteMembers),
            ("DELETE", "groups/g/members/m/$ref", P::WriteMembers),
            ("DELETE", "users/u", P::DeleteUsers),
            ("GET", "users/delta", P::ReadUsers),
            ("GET", "users/microsoft.graph.delta()", P::ReadUsers),
            ("GET", "groups/delta()", P::ReadGroups),
            ("GET", "directory/deletedItems/microsoft.graph.user", P::ReadUsers),
            ("GET", "directory/deletedItems/microsoft.graph.group/$count", P::ReadGroups),
            ("GET", "directory/deletedItems/i", P::ReadDeletedItems),
            ("POST", "directory/deletedItems/i/restore", P::WriteDeletedItems),
            ("DELETE", "directory/deletedItems/i", P::WriteDeletedItems),
            ("GET", "me", P::ReadMe),
            ("GET", "organization/o", P::ReadOrganization),
            ("GET", "applications", P::ReadApplications),
            ("GET", "applications(appId='a')", P::ReadApplications),
            ("POST", "applications", P::WriteApplications),
            ("DELETE", "applications/a", P::WriteApplications),
            ("GET", "auditLogs/directoryAudits/a", P::ReadAuditLog),
            ("POST", "directory/tenure.import", P::Import),
            ("POST", "tenure.tokens", P::Administer),
            ("DELETE", "tenure.tokens/t", P::Administer),
            ("POST", "tenure.advanceClock", P::Administer),
        ];
        for (verb, path, permission) in cases {
            let found = table.find(&verb.parse().unwrap(), &path.replace('@', LCW)).unwrap();
            assert_eq!(found.route.permission, permission, "{verb} {path}");
        }
    }

    #[test]
    fn what_is_not_offered_is_refused() {
        let table = routes();
        for (verb, path, status) in [
            ("DELETE", "@/deletedItems/workflows/w", 405),
            ("PATCH", "@/deletedItems/workflows/w", 405),
            ("POST", "@/deletedItems/workflows/w/activate", 404),
            ("GET", "@/workflows/w/createdBy", 404),
            ("GET", "@/workflows/w/activate", 405),
            ("POST", "@/taskDefinitions", 405),
        ] {
            let error = table.find(&verb.parse().unwrap(), &path.replace('@', LCW)).unwrap_err();
            assert_eq!(error.status.as_u16(), status, "{verb} {path}");
        }
    }
}
