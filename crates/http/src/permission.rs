//! What a route asks of its caller, and which scopes open it: one table (behaviour §17).

use tenure_lifecycle::token::{ALL, Caller};

use crate::errors::GraphError;

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// List workflows.
    ListWorkflows,
    /// Get workflows, versions, tasks, deleted workflows.
    ReadWorkflows,
    /// Create, change, delete, restore workflows.
    WriteWorkflows,
    /// Activate a workflow.
    Activate,
    /// Runs, results, task reports, summaries.
    ReadReports,
    /// Results that are reported from outside.
    WriteReports,
    /// Task definitions, templates, settings.
    ReadCatalogue,
    /// Custom task extensions.
    ReadExtensions,
    /// Create, change, delete custom task extensions.
    WriteExtensions,
    /// Change the settings.
    WriteSettings,
    /// People and their managers.
    ReadUsers,
    /// Change people and their managers.
    WriteUsers,
    /// Delete people, restore them, delete them for good.
    DeleteUsers,
    /// The person whom the caller speaks for.
    ReadMe,
    /// Deleted people or groups, whichever the caller may read.
    ReadDeletedItems,
    /// Restore deleted people or groups, or delete them for good, whichever the caller may.
    WriteDeletedItems,
    /// The organisation.
    ReadOrganization,
    /// Applications.
    ReadApplications,
    /// Create and delete applications.
    WriteApplications,
    /// The audit log.
    ReadAuditLog,
    /// Groups.
    ReadGroups,
    /// Change groups.
    WriteGroups,
    /// Who is in a group.
    ReadMembers,
    /// Change who is in a group.
    WriteMembers,
    /// The groups somebody is in.
    ReadMemberOf,
    /// The licences that the organisation has.
    ReadSkus,
    /// Enter, change and delete licences of the organisation.
    WriteSkus,
    /// The licences somebody has.
    ReadLicenses,
    /// Give and take licences.
    AssignLicenses,
    /// Teams.
    ReadTeams,
    /// Create teams.
    WriteTeams,
    /// The teams somebody is in.
    ReadJoinedTeams,
    /// Who is in a team.
    ReadTeamMembers,
    /// Change who is in a team.
    WriteTeamMembers,
    /// Agent identities and who vouches for them.
    ReadAgents,
    /// Create, change, delete agent identities, and change who vouches for them.
    WriteAgents,
    /// End people's sessions.
    RevokeSessions,
    /// Access packages, their policies, who has them.
    ReadEntitlements,
    /// Change access packages, give and take them.
    WriteEntitlements,
    /// How people sign in.
    ReadSignIn,
    /// Issue passes, change how people sign in.
    WriteSignIn,
    /// Who holds which directory role.
    ReadRoles,
    /// Give and take directory roles.
    WriteRoles,
    /// Import people.
    Import,
    /// Take up a task that waits: with the scope for it, or as an application that the extension names; whoever answers
    /// the route checks which.
    Resume,
    /// Tokens and the clock.
    Administer,
    /// Any good token.
    Anybody,
}

impl Permission {
    /// The scopes of which one is needed.
    pub(crate) fn accepted(self) -> &'static [&'static str] {
        match self {
            Self::ListWorkflows => &[
                "LifecycleWorkflows-Workflow.ReadBasic.All",
                "LifecycleWorkflows-Workflow.Read.All",
                "LifecycleWorkflows-Workflow.ReadWrite.All",
                "LifecycleWorkflows.Read.All",
                "LifecycleWorkflows.ReadWrite.All",
            ],
            Self::ReadWorkflows => &[
                "LifecycleWorkflows-Workflow.Read.All",
                "LifecycleWorkflows-Workflow.ReadWrite.All",
                "LifecycleWorkflows.Read.All",
                "LifecycleWorkflows.ReadWrite.All",
            ],
            Self::WriteWorkflows => {
                &["LifecycleWorkflows-Workflow.ReadWrite.All", "LifecycleWorkflows.ReadWrite.All"]
            }
            Self::Activate => &["LifecycleWorkflows-Workflow.Activate", "LifecycleWorkflows.ReadWrite.All"],
            Self::ReadReports => &[
                "LifecycleWorkflows-Reports.Read.All",
                "LifecycleWorkflows.Read.All",
                "LifecycleWorkflows.ReadWrite.All",
            ],
            Self::WriteReports | Self::WriteSettings | Self::Resume => &["LifecycleWorkflows.ReadWrite.All"],
            Self::ReadCatalogue => &["LifecycleWorkflows.Read.All", "LifecycleWorkflows.ReadWrite.All"],
            Self::ReadExtensions => &[
                "LifecycleWorkflows-CustomExt.Read.All",
                "LifecycleWorkflows-CustomExt.ReadWrite.All",
                "LifecycleWorkflows.Read.All",
                "LifecycleWorkflows.ReadWrite.All",
            ],
            Self::WriteExtensions => {
                &["LifecycleWorkflows-CustomExt.ReadWrite.All", "LifecycleWorkflows.ReadWrite.All"]
            }
            Self::ReadUsers => {
                &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]
            }
            Self::WriteUsers => &["User.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::DeleteUsers => &["User.ReadWrite.All", "User.DeleteRestore.All", "Directory.ReadWrite.All"],
            Self::ReadMe => &[
                "User.Read",
                "User.Read.All",
                "User.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadDeletedItems => &[
                "User.Read.All",
                "User.ReadWrite.All",
                "User.DeleteRestore.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteDeletedItems => &[
                "User.DeleteRestore.All",
                "User.ReadWrite.All",
                "Group.ReadWrite.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadOrganization => &[
                "Organization.Read.All",
                "Organization.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadApplications => &[
                "Application.Read.All",
                "Application.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteApplications => &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadAuditLog => &["AuditLog.Read.All"],
            Self::ReadGroups | Self::ReadMembers => &[
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteGroups => &["Group.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::WriteMembers => {
                &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"]
            }
            Self::ReadMemberOf => &[
                "User.Read.All",
                "User.ReadWrite.All",
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadSkus => &[
                "LicenseAssignment.Read.All",
                "LicenseAssignment.ReadWrite.All",
                "Organization.Read.All",
                "Organization.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteSkus => &["Organization.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadLicenses => &[
                "LicenseAssignment.Read.All",
                "LicenseAssignment.ReadWrite.All",
                "User.Read.All",
                "User.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::AssignLicenses => {
                &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]
            }
            Self::ReadTeams => &[
                "Team.ReadBasic.All",
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteTeams => &["Team.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadJoinedTeams => &[
                "Team.ReadBasic.All",
                "User.Read.All",
                "User.ReadWrite.All",
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadTeamMembers => &[
                "TeamMember.Read.All",
                "TeamMember.ReadWrite.All",
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteTeamMembers => &[
                "TeamMember.ReadWrite.All",
                "GroupMember.ReadWrite.All",
                "Group.ReadWrite.All",
                "Directory.ReadWrite.All",
            ],
            Self::ReadAgents => &[
                "AgentIdentity.Read.All",
                "AgentIdentity.ReadWrite.All",
                "Application.Read.All",
                "Application.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteAgents => {
                &["AgentIdentity.ReadWrite.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"]
            }
            Self::RevokeSessions => {
                &["User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"]
            }
            Self::ReadEntitlements => {
                &["EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"]
            }
            Self::WriteEntitlements => &["EntitlementManagement.ReadWrite.All"],
            Self::ReadSignIn => {
                &["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"]
            }
            Self::WriteSignIn => &["UserAuthenticationMethod.ReadWrite.All"],
            Self::ReadRoles => &[
                "RoleManagement.Read.Directory",
                "RoleManagement.ReadWrite.Directory",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            // Whoever may change the directory may not therefore make administrators.
            Self::WriteRoles => &["RoleManagement.ReadWrite.Directory"],
            Self::Import => &["Directory.ReadWrite.All"],
            Self::Administer | Self::Anybody => &[],
        }
    }

    /// Whether the caller's scopes open it.
    pub(crate) fn is_held_by(self, caller: &Caller) -> bool {
        matches!(self, Self::Anybody | Self::Resume)
            || caller.scopes.iter().any(|scope| scope == ALL || self.accepted().contains(&scope.as_str()))
    }

    /// Refuses a caller whose scopes do not open it.
    pub(crate) fn check(self, caller: &Caller) -> Result<(), GraphError> {
        if self.is_held_by(caller) {
            return Ok(());
        }
        let needed = match self.accepted() {
            [] => "the administrator's scope '*'".to_owned(),
            scopes => scopes.join(", "),
        };
        Err(GraphError::denied(format!(
            "The token lacks the privileges for this; one of these is needed: {needed}."
        )))
    }
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::ids::CallerId;
    use tenure_lifecycle::token::SCOPES;

    use super::*;

    const EVERY: [Permission; 46] = [
        Permission::ListWorkflows,
        Permission::ReadWorkflows,
        Permission::WriteWorkflows,
        Permission::Activate,
        Permission::ReadReports,
        Permission::WriteReports,
        Permission::ReadCatalogue,
        Permission::ReadExtensions,
        Permission::WriteExtensions,
        Permission::WriteSettings,
        Permission::ReadUsers,
        Permission::WriteUsers,
        Permission::DeleteUsers,
        Permission::ReadMe,
        Permission::ReadDeletedItems,
        Permission::WriteDeletedItems,
        Permission::ReadOrganization,
        Permission::ReadApplications,
        Permission::WriteApplications,
        Permission::ReadAuditLog,
        Permission::ReadGroups,
        Permission::WriteGroups,
        Permission::ReadMembers,
        Permission::WriteMembers,
        Permission::ReadMemberOf,
        Permission::ReadSkus,
        Permission::WriteSkus,
        Permission::ReadLicenses,
        Permission::AssignLicenses,
        Permission::ReadTeams,
        Permission::WriteTeams,
        Permission::ReadJoinedTeams,
        Permission::ReadTeamMembers,
        Permission::WriteTeamMembers,
        Permission::ReadAgents,
        Permission::WriteAgents,
        Permission::RevokeSessions,
        Permission::ReadEntitlements,
        Permission::WriteEntitlements,
        Permission::ReadSignIn,
        Permission::WriteSignIn,
        Permission::ReadRoles,
        Permission::WriteRoles,
        Permission::Import,
        Permission::Administer,
        Permission::Anybody,
    ];

    fn caller(scopes: &[&str]) -> Caller {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Caller {
            id: CallerId(uuid::Uuid::nil()),
            name: "test".to_owned(),
            person: None,
            application: None,
            scopes,
        }
    }

    fn opens(scope: &str) -> Vec<Permission> {
        EVERY.into_iter().filter(|permission| permission.is_held_by(&caller(&[scope]))).collect()
    }

    #[test]
    fn every_accepted_scope_can_be_held() {
        for permission in EVERY {
            for scope in permission.accepted() {
                assert!(SCOPES.contains(scope), "{scope}");
            }
        }
    }

    #[test]
    fn each_scope_opens_what_graph_says() {
        use Permission as P;
        assert_eq!(opens("*"), EVERY);
        assert_eq!(opens("nothing"), [P::Anybody]);
        assert_eq!(opens("LifecycleWorkflows-Workflow.ReadBasic.All"), [P::ListWorkflows, P::Anybody]);
        assert_eq!(opens("LifecycleWorkflows-Workflow.Activate"), [P::Activate, P::Anybody]);
        assert_eq!(
            opens("LifecycleWorkflows-Workflow.ReadWrite.All"),
            [P::ListWorkflows, P::ReadWorkflows, P::WriteWorkflows, P::Anybody]
        );
        assert_eq!(
            opens("LifecycleWorkflows.Read.All"),
            [
                P::ListWorkflows,
                P::ReadWorkflows,
                P::ReadReports,
                P::ReadCatalogue,
                P::ReadExtensions,
                P::Anybody
            ]
        );
        assert_eq!(opens("LifecycleWorkflows-CustomExt.Read.All"), [P::ReadExtensions, P::Anybody]);
        assert_eq!(
            opens("LifecycleWorkflows-CustomExt.ReadWrite.All"),
            [P::ReadExtensions, P::WriteExtensions, P::Anybody]
        );
        assert_eq!(opens("LifecycleWorkflows-Reports.Read.All"), [P::ReadReports, P::Anybody]);
        assert_eq!(
            opens("User.Read.All"),
            [
                P::ReadUsers,
                P::ReadMe,
                P::ReadDeletedItems,
                P::ReadMemberOf,
                P::ReadLicenses,
                P::ReadJoinedTeams,
                P::Anybody
            ]
        );
        assert_eq!(
            opens("User.DeleteRestore.All"),
            [P::DeleteUsers, P::ReadDeletedItems, P::WriteDeletedItems, P::Anybody]
        );
        assert_eq!(opens("AuditLog.Read.All"), [P::ReadAuditLog, P::Anybody]);
        assert_eq!(opens("LicenseAssignment.Read.All"), [P::ReadSkus, P::ReadLicenses, P::Anybody]);
        assert_eq!(opens("Team.ReadBasic.All"), [P::ReadTeams, P::ReadJoinedTeams, P::Anybody]);
        assert_eq!(opens("TeamMember.ReadWrite.All"), [P::ReadTeamMembers, P::WriteTeamMembers, P::Anybody]);
        assert_eq!(opens("AgentIdentity.ReadWrite.All"), [P::ReadAgents, P::WriteAgents, P::Anybody]);
        assert_eq!(opens("User.RevokeSessions.All"), [P::RevokeSessions, P::Anybody]);
        assert_eq!(opens("EntitlementManagement.Read.All"), [P::ReadEntitlements, P::Anybody]);
        assert_eq!(
            opens("UserAuthenticationMethod.ReadWrite.All"),
            [P::ReadSignIn, P::WriteSignIn, P::Anybody]
        );
        assert_eq!(opens("RoleManagement.ReadWrite.Directory"), [P::ReadRoles, P::WriteRoles, P::Anybody]);
        let directory = opens("Directory.ReadWrite.All");
        assert!(directory.contains(&P::Import) && !directory.contains(&P::ListWorkflows));
        assert!(!directory.contains(&P::Administer));
        assert!(directory.contains(&P::ReadRoles) && !directory.contains(&P::WriteRoles));
    }

    #[test]
    fn a_refusal_names_what_is_needed() {
        let error = Permission::WriteUsers.check(&caller(&["User.Read.All"])).unwrap_err();
        assert_eq!((error.status.as_u16(), error.code), (403, "Authorization_RequestDenied"));
        assert!(error.message.contains("User.ReadWrite.All"));
    }
}
