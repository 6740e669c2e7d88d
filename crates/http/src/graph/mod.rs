//! The resources, a folder each.

mod agent_identities;
mod applications;
mod audit_logs;
mod authentication;
mod containers;
mod custom_task_extensions;
mod deleted_items;
mod delta;
mod entitlement_management;
pub(crate) mod groups;
mod insights;
mod lifecycle_policies;
mod me;
mod organization;
mod quarantine_configuration;
pub(crate) mod results;
mod role_management;
mod settings;
mod subscribed_skus;
pub(crate) mod task_definitions;
mod teams;
mod tenure;
pub(crate) mod users;
mod workflow_templates;
pub(crate) mod workflows;

use crate::route::Table;

/// All routes.
pub(crate) fn routes() -> Table {
    let mut table = Table::default();
    for part in [
        workflows::routes(),
        lifecycle_policies::routes(),
        results::routes(),
        task_definitions::routes(),
        workflow_templates::routes(),
        custom_task_extensions::routes(),
        insights::routes(),
        containers::routes(),
        settings::routes(),
        users::routes(),
        groups::routes(),
        deleted_items::routes(),
        me::routes(),
        organization::routes(),
        applications::routes(),
        subscribed_skus::routes(),
        teams::routes(),
        agent_identities::routes(),
        audit_logs::routes(),
        entitlement_management::routes(),
        authentication::routes(),
        role_management::routes(),
        tenure::routes(),
    ] {
        table.extend(part);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Permission as P;

    const LCW: &str = "identityGovernance/lifecycleWorkflows";

    #[test]
    fn each_path_asks_for_its_permission() {
        let table = routes();
        let cases: [(&str, &str, P); 105] = [
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
            ("DELETE", "@/deletedItems/workflows/w", P::WriteWorkflows),
            ("POST", "@/deletedItems/workflows/w/activate", P::Activate),
            ("POST", "@/workflows/w/activateWithScope", P::Activate),
            ("POST", "@/workflows/w/activateAndWait", P::Activate),
            ("POST", "@/workflows/w/cancelProcessing", P::WriteWorkflows),
            ("POST", "@/workflows/w/previewWorkflow", P::WriteWorkflows),
            ("POST", "@/workflows/w/previewTaskFailures", P::WriteWorkflows),
            ("GET", "@/workflows/w/executionScope", P::ReadReports),
            ("GET", "@/workflows/w/previewScope", P::ReadWorkflows),
            ("GET", "@/workflows/w/runs/r/reprocessedRuns/a", P::ReadReports),
            ("GET", "@/workflows/w/subjectProcessingResults/s", P::ReadReports),
            ("POST", "@/workflows/w/tasks/t/taskProcessingResults/r/resume", P::Resume),
            ("GET", "@/lifecyclePolicies", P::ListWorkflows),
            ("POST", "@/lifecyclePolicies", P::WriteWorkflows),
            ("GET", "@/workflows/w/tenure.skipped", P::ReadReports),
            ("GET", "@/taskDefinitions/d", P::ReadCatalogue),
            ("GET", "@/workflowTemplates/t", P::ReadCatalogue),
            ("GET", "@/workflowTemplates/t/tasks/t/taskProcessingResults", P::ReadCatalogue),
            ("POST", "@/workflowTemplates/t/tasks/t/taskProcessingResults/r/resume", P::WriteReports),
            ("GET", "@/customTaskExtensions", P::ReadExtensions),
            ("POST", "@/customTaskExtensions", P::WriteExtensions),
            ("DELETE", "@/customTaskExtensions/e", P::WriteExtensions),
            ("GET", "@/customTaskExtensions/e/createdBy", P::ReadExtensions),
            ("GET", "@/insights/workflowsProcessedSummary(startDateTime=1,endDateTime=2)", P::ReadReports),
            ("GET", "@/insights", P::ReadReports),
            ("GET", "@/deletedItems", P::ListWorkflows),
            ("GET", "@/workflows/w/administrationScopeTargets/$count", P::ReadWorkflows),
            ("GET", "@", P::ReadCatalogue),
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
            ("GET", "subscribedSkus", P::ReadSkus),
            ("POST", "subscribedSkus", P::WriteSkus),
            ("POST", "users/u/assignLicense", P::AssignLicenses),
            ("POST", "users/u/microsoft.graph.assignLicense", P::AssignLicenses),
            ("GET", "users/u/licenseDetails/l", P::ReadLicenses),
            ("POST", "users/u/revokeSignInSessions", P::RevokeSessions),
            ("GET", "users/u/sponsors/$count", P::ReadUsers),
            ("POST", "users/u/sponsors/$ref", P::WriteUsers),
            ("GET", "teams/t", P::ReadTeams),
            ("PUT", "groups/g/team", P::WriteTeams),
            ("GET", "users/u/joinedTeams", P::ReadJoinedTeams),
            ("GET", "teams/t/members/m", P::ReadTeamMembers),
            ("POST", "teams/t/members", P::WriteTeamMembers),
            ("GET", "servicePrincipals/microsoft.graph.agentIdentity", P::ReadAgents),
            ("POST", "servicePrincipals/microsoft.graph.agentIdentity", P::WriteAgents),
            ("PATCH", "servicePrincipals/a/microsoft.graph.agentIdentity", P::WriteAgents),
            ("DELETE", "servicePrincipals/a/sponsors/s/$ref", P::WriteAgents),
            ("GET", "users/u/tenure.sponsoredAgents", P::ReadAgents),
            ("GET", "identityGovernance/entitlementManagement/accessPackages", P::ReadEntitlements),
            ("DELETE", "identityGovernance/entitlementManagement/accessPackages/p", P::WriteEntitlements),
            (
                "GET",
                "identityGovernance/entitlementManagement/accessPackages/p/assignmentPolicies",
                P::ReadEntitlements,
            ),
            ("PUT", "identityGovernance/entitlementManagement/assignmentPolicies/p", P::WriteEntitlements),
            ("GET", "identityGovernance/entitlementManagement/assignments/a", P::ReadEntitlements),
            ("POST", "identityGovernance/entitlementManagement/assignmentRequests", P::WriteEntitlements),
            (
                "POST",
                "identityGovernance/entitlementManagement/assignmentRequests/r/cancel",
                P::WriteEntitlements,
            ),
            ("GET", "users/u/authentication/methods", P::ReadSignIn),
            ("POST", "users/u/authentication/temporaryAccessPassMethods", P::WriteSignIn),
            ("DELETE", "users/u/authentication/phoneMethods/m", P::WriteSignIn),
            ("GET", "users/u/authentication/fido2Methods", P::ReadSignIn),
            ("GET", "roleManagement/directory/roleAssignments", P::ReadRoles),
            ("POST", "roleManagement/directory/roleAssignments", P::WriteRoles),
            ("DELETE", "roleManagement/directory/roleAssignments/a", P::WriteRoles),
            ("GET", "roleManagement/directory/roleDefinitions/d", P::ReadRoles),
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
            ("PATCH", "@/deletedItems/workflows/w", 405),
            ("POST", "@/workflows/w/tasks", 405),
            ("DELETE", "@/workflows/w/tasks/t", 405),
            ("GET", "@/workflows/w/activate", 405),
            ("POST", "@/taskDefinitions", 405),
            ("DELETE", "@", 405),
            ("PATCH", "@/deletedItems", 405),
            ("DELETE", "@/insights", 405),
            ("POST", "@/workflowTemplates", 405),
            ("DELETE", "@/workflows/w/administrationScopeTargets/t", 405),
        ] {
            let error = table.find(&verb.parse().unwrap(), &path.replace('@', LCW)).unwrap_err();
            assert_eq!(error.status.as_u16(), status, "{verb} {path}");
        }
    }
}
