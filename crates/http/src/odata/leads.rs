//! What a name in a path leads to.

/// What a name leads to.
pub(super) struct Leads {
    /// Namespace and name of the type.
    space: &'static str,
    kind: &'static str,
    /// The set it is found in when that is not below where it was met.
    pub(super) elsewhere: Option<&'static str>,
}

impl Leads {
    /// The type as `@odata.type` names it.
    pub(super) fn annotation(&self) -> String {
        format!("#{}.{}", self.space, self.kind)
    }
}

/// What leads to a member of a team.
pub(super) fn team_member() -> Leads {
    Leads { space: "microsoft.graph", kind: "aadUserConversationMember", elsewhere: None }
}

/// Type and set.
type Found = (&'static str, Option<&'static str>);

/// Callers (`createdBy`) are left out: they are no users that could be found.
pub(super) fn leads(name: &str) -> Option<Leads> {
    let graph = of_people(name).or_else(|| of_access(name));
    let of = |space: &'static str, (kind, elsewhere): Found| Leads { space, kind, elsewhere };
    match graph {
        Some(found) => Some(of("microsoft.graph", found)),
        None => of_workflows(name).map(|found| of("microsoft.graph.identityGovernance", found)),
    }
}

fn of_people(name: &str) -> Option<Found> {
    Some(match name {
        "users" | "manager" | "subject" | "members" | "sponsors" | "previewScope" => ("user", Some("users")),
        "groups" | "memberOf" => ("group", Some("groups")),
        "teams" => ("team", None),
        "servicePrincipals" | "microsoft.graph.agentIdentity" => ("agentIdentity", Some("servicePrincipals")),
        "subscribedSkus" => ("subscribedSku", None),
        "licenseDetails" => ("licenseDetails", None),
        _ => return None,
    })
}

fn of_workflows(name: &str) -> Option<Found> {
    const DEFINITIONS: &str = "identityGovernance/lifecycleWorkflows/taskDefinitions";
    Some(match name {
        "workflows" => ("workflow", None),
        "versions" => ("workflowVersion", None),
        "tasks" | "task" => ("task", None),
        "runs" | "reprocessedRuns" => ("run", None),
        "userProcessingResults" | "executionScope" => ("userProcessingResult", None),
        "subjectProcessingResults" => ("subjectProcessingResult", None),
        "taskProcessingResults" => ("taskProcessingResult", None),
        "taskReports" => ("taskReport", None),
        "taskDefinitions" => ("taskDefinition", None),
        "taskDefinition" => ("taskDefinition", Some(DEFINITIONS)),
        "workflowTemplates" => ("workflowTemplate", None),
        "customTaskExtensions" => ("customTaskExtension", None),
        "settings" => ("lifecycleManagementSettings", None),
        _ => return None,
    })
}

fn of_access(name: &str) -> Option<Found> {
    const PACKAGES: &str = "identityGovernance/entitlementManagement/accessPackages";
    const POLICIES: &str = "identityGovernance/entitlementManagement/assignmentPolicies";
    const ASSIGNMENTS: &str = "identityGovernance/entitlementManagement/assignments";
    Some(match name {
        "accessPackages" | "accessPackage" => ("accessPackage", Some(PACKAGES)),
        "assignmentPolicies" | "assignmentPolicy" => ("accessPackageAssignmentPolicy", Some(POLICIES)),
        "assignments" | "assignment" => ("accessPackageAssignment", Some(ASSIGNMENTS)),
        "assignmentRequests" => ("accessPackageAssignmentRequest", None),
        "temporaryAccessPassMethods" => ("temporaryAccessPassAuthenticationMethod", None),
        "phoneMethods" => ("phoneAuthenticationMethod", None),
        "emailMethods" => ("emailAuthenticationMethod", None),
        "fido2Methods" => ("fido2AuthenticationMethod", None),
        "roleAssignments" => ("unifiedRoleAssignment", None),
        "roleDefinitions" => ("unifiedRoleDefinition", None),
        _ => return None,
    })
}
