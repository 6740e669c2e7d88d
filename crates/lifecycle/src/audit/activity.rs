//! What activities are called and where they belong, as Graph's audit log says it (behaviour §18).

use super::Activity;

/// Whose log an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Workflows, and what they do to people.
    LifecycleWorkflows,
    /// What people do to people, groups and applications by themselves.
    CoreDirectory,
}

impl Service {
    /// As Graph writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LifecycleWorkflows => "Lifecycle Workflows",
            Self::CoreDirectory => "Core Directory",
        }
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the name it has in `as_str`")]
pub enum Operation {
    Add,
    Assign,
    Update,
    Unassign,
    Delete,
    Other,
}

impl Operation {
    /// As Graph writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Assign => "Assign",
            Self::Update => "Update",
            Self::Unassign => "Unassign",
            Self::Delete => "Delete",
            Self::Other => "Other",
        }
    }
}

/// What the target of an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A person.
    User,
    /// A group.
    Group,
    /// A workflow.
    Workflow,
    /// A local token.
    Token,
    /// An application.
    Application,
    /// A custom task extension.
    Extension,
    /// A kind of licence.
    Sku,
    /// An access package.
    AccessPackage,
    /// A policy under which one is assigned.
    AssignmentPolicy,
    /// An agent identity.
    Agent,
    /// Nothing, or the organisation as a whole.
    None,
}

impl TargetKind {
    /// As the audit log writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::Workflow => "Workflow",
            Self::Token => "Token",
            Self::Application => "Application",
            Self::Extension => "CustomTaskExtension",
            Self::Sku => "SubscribedSku",
            Self::AccessPackage => "AccessPackage",
            Self::AssignmentPolicy => "AccessPackageAssignmentPolicy",
            Self::Agent => "AgentIdentity",
            Self::None => "Other",
        }
    }
}

const USERS: &str = "UserManagement";
const GROUPS: &str = "GroupManagement";
const WORKFLOWS: &str = "WorkflowManagement";
const TASKS: &str = "TaskManagement";
const APPLICATIONS: &str = "ApplicationManagement";
const METHODS: &str = "AuthenticationMethods";
const ROLES: &str = "RoleManagement";
const ENTITLEMENTS: &str = "EntitlementManagement";
const AGENTS: &str = "AgentIdentity";
const OTHER: &str = "Other";

impl Activity {
    /// Whether it was tried and not done.
    pub fn has_failed(self) -> bool {
        self == Self::AttemptFailed
    }

    /// All of them, by code.
    pub const ALL: [Self; 82] = [
        Self::CreateUser,
        Self::UpdateUser,
        Self::DeleteUser,
        Self::AddMember,
        Self::RemoveMember,
        Self::CreateGroup,
        Self::UpdateGroup,
        Self::DeleteGroup,
        Self::UpdateManager,
        Self::RestoreUser,
        Self::HardDeleteUser,
        Self::RestoreGroup,
        Self::HardDeleteGroup,
        Self::AssignLicense,
        Self::RemoveLicense,
        Self::RevokeSessions,
        Self::AddSponsor,
        Self::RemoveSponsor,
        Self::CreateWorkflow,
        Self::UpdateWorkflow,
        Self::AddWorkflowVersion,
        Self::DeleteWorkflow,
        Self::RestoreWorkflow,
        Self::HardDeleteWorkflow,
        Self::UpdateTask,
        Self::EnableWorkflow,
        Self::DisableWorkflow,
        Self::EnableSchedule,
        Self::DisableSchedule,
        Self::Quarantine,
        Self::ClearQuarantine,
        Self::Activate,
        Self::ScheduleStarted,
        Self::UpdateSettings,
        Self::Preview,
        Self::CancelRun,
        Self::Undo,
        Self::DeleteHistory,
        Self::CreateResult,
        Self::UpdateResult,
        Self::DeleteResult,
        Self::CreateTaskResult,
        Self::AddSubject,
        Self::RemoveSubject,
        Self::SendMail,
        Self::IssuePass,
        Self::DeletePass,
        Self::AddMethod,
        Self::RemoveMethod,
        Self::AddRole,
        Self::RemoveRole,
        Self::CallExtension,
        Self::ResumeTask,
        Self::AttemptFailed,
        Self::CreateToken,
        Self::RevokeToken,
        Self::ImportPeople,
        Self::CreateExtension,
        Self::UpdateExtension,
        Self::DeleteExtension,
        Self::CreateApplication,
        Self::DeleteApplication,
        Self::CreateSku,
        Self::UpdateSku,
        Self::DeleteSku,
        Self::CreateAccessPackage,
        Self::UpdateAccessPackage,
        Self::DeleteAccessPackage,
        Self::CreatePolicy,
        Self::UpdatePolicy,
        Self::DeletePolicy,
        Self::AssignPackage,
        Self::EndAssignment,
        Self::RequestPackage,
        Self::CancelRequest,
        Self::CreateAgent,
        Self::UpdateAgent,
        Self::DeleteAgent,
        Self::AddAgentSponsor,
        Self::RemoveAgentSponsor,
        Self::ReopenAssignment,
        Self::ReopenRequest,
    ];

    /// The activity of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|activity| activity.code() == code)
    }

    /// What it is called, the category it belongs to, what kind of change it is, and what its target is.
    fn facts(self) -> (&'static str, &'static str, Operation, TargetKind) {
        use Operation::{Add, Assign, Delete, Other, Unassign, Update};
        use TargetKind::{
            AccessPackage, Agent, Application, Extension, Group, None, Sku, Token, User, Workflow,
        };
        match self {
            Self::CreateUser => ("Add user", USERS, Add, User),
            Self::UpdateUser => ("Update user", USERS, Update, User),
            Self::DeleteUser => ("Delete user", USERS, Delete, User),
            Self::AddMember => ("Add member to group", GROUPS, Assign, User),
            Self::RemoveMember => ("Remove member from group", GROUPS, Unassign, User),
            Self::CreateGroup => ("Add group", GROUPS, Add, Group),
            Self::UpdateGroup => ("Update group", GROUPS, Update, Group),
            Self::DeleteGroup => ("Delete group", GROUPS, Delete, Group),
            Self::UpdateManager => ("Set user manager", USERS, Update, User),
            Self::RestoreUser => ("Restore user", USERS, Other, User),
            Self::HardDeleteUser => ("Hard Delete user", USERS, Delete, User),
            Self::RestoreGroup => ("Restore Group", GROUPS, Other, Group),
            Self::HardDeleteGroup => ("Hard Delete group", GROUPS, Delete, Group),
            Self::AssignLicense => ("Assign license to user", USERS, Assign, User),
            Self::RemoveLicense => ("Remove license from user", USERS, Unassign, User),
            Self::RevokeSessions => ("Update StsRefreshTokenValidFrom Timestamp", USERS, Update, User),
            Self::AddSponsor => ("Add sponsor to user", USERS, Assign, User),
            Self::RemoveSponsor => ("Remove sponsor from user", USERS, Unassign, User),
            Self::CreateWorkflow => ("Create workflow", WORKFLOWS, Add, Workflow),
            Self::UpdateWorkflow => ("Update workflow", WORKFLOWS, Update, Workflow),
            Self::AddWorkflowVersion => ("Add workflow version", WORKFLOWS, Add, Workflow),
            Self::DeleteWorkflow => ("Delete workflow", WORKFLOWS, Delete, Workflow),
            Self::RestoreWorkflow => ("Restore workflow", WORKFLOWS, Other, Workflow),
            Self::HardDeleteWorkflow => ("Hard delete workflow", WORKFLOWS, Delete, Workflow),
            Self::UpdateTask => ("Update task", TASKS, Update, Workflow),
            Self::EnableWorkflow => ("Enable workflow", WORKFLOWS, Update, Workflow),
            Self::DisableWorkflow => ("Disable workflow", WORKFLOWS, Update, Workflow),
            Self::EnableSchedule => ("Enable workflow schedule", WORKFLOWS, Update, Workflow),
            Self::DisableSchedule => ("Disable workflow schedule", WORKFLOWS, Update, Workflow),
            Self::Quarantine => ("Quarantine workflow", WORKFLOWS, Other, Workflow),
            Self::ClearQuarantine => ("Clear workflow quarantine", WORKFLOWS, Other, Workflow),
            Self::Activate => ("Set workflow for on-demand execution", WORKFLOWS, Other, Workflow),
            Self::ScheduleStarted => ("Schedule workflow execution started", WORKFLOWS, Other, Workflow),
            Self::UpdateSettings => ("Update tenant settings", WORKFLOWS, Update, None),
            Self::Preview => ("Preview workflow", WORKFLOWS, Other, Workflow),
            Self::CancelRun => ("Cancel workflow processing", WORKFLOWS, Other, Workflow),
            Self::Undo => ("Undo workflow processing", WORKFLOWS, Other, Workflow),
            Self::DeleteHistory => ("Delete workflow history", WORKFLOWS, Delete, Workflow),
            Self::CreateResult => ("Create user processing result", WORKFLOWS, Add, Workflow),
            Self::UpdateResult => ("Update user processing result", WORKFLOWS, Update, Workflow),
            Self::DeleteResult => ("Delete user processing result", WORKFLOWS, Delete, Workflow),
            Self::CreateTaskResult => ("Create task processing result", WORKFLOWS, Add, Workflow),
            Self::AddSubject => ("Add subject to user processing result", WORKFLOWS, Assign, Workflow),
            Self::RemoveSubject => {
                ("Remove subject from user processing result", WORKFLOWS, Unassign, Workflow)
            }
            Self::SendMail => ("Send mail", TASKS, Other, User),
            Self::IssuePass => ("Create temporary access pass method for user", METHODS, Add, User),
            Self::DeletePass => ("Delete temporary access pass method of user", METHODS, Delete, User),
            Self::AddMethod => ("Admin registered security info", METHODS, Add, User),
            Self::RemoveMethod => ("Admin deleted security info", METHODS, Delete, User),
            Self::AddRole => ("Add member to role", ROLES, Assign, User),
            Self::RemoveRole => ("Remove member from role", ROLES, Unassign, User),
            Self::CallExtension => ("Call custom task extension", TASKS, Other, User),
            Self::ResumeTask => ("Resume task", TASKS, Other, User),
            Self::AttemptFailed => ("Attempt of a task failed", TASKS, Other, User),
            Self::CreateToken => ("Create token", OTHER, Add, Token),
            Self::RevokeToken => ("Revoke token", OTHER, Delete, Token),
            Self::ImportPeople => ("Import users", USERS, Other, None),
            Self::CreateExtension => ("Create custom task extension", OTHER, Add, Extension),
            Self::UpdateExtension => ("Update custom task extension", OTHER, Update, Extension),
            Self::DeleteExtension => ("Delete custom task extension", OTHER, Delete, Extension),
            Self::CreateApplication => ("Add application", APPLICATIONS, Add, Application),
            Self::DeleteApplication => ("Hard Delete application", APPLICATIONS, Delete, Application),
            Self::CreateSku => ("Add subscription", OTHER, Add, Sku),
            Self::UpdateSku => ("Update subscription", OTHER, Update, Sku),
            Self::DeleteSku => ("Delete subscription", OTHER, Delete, Sku),
            Self::CreateAccessPackage => ("Create access package", ENTITLEMENTS, Add, AccessPackage),
            Self::UpdateAccessPackage => ("Update access package", ENTITLEMENTS, Update, AccessPackage),
            Self::DeleteAccessPackage => ("Delete access package", ENTITLEMENTS, Delete, AccessPackage),
            Self::CreatePolicy => {
                ("Create access package assignment policy", ENTITLEMENTS, Add, AccessPackage)
            }
            Self::UpdatePolicy => {
                ("Update access package assignment policy", ENTITLEMENTS, Update, AccessPackage)
            }
            Self::DeletePolicy => {
                ("Delete access package assignment policy", ENTITLEMENTS, Delete, AccessPackage)
            }
            Self::AssignPackage => {
                ("Administrator directly assigns user to access package", ENTITLEMENTS, Assign, User)
            }
            Self::EndAssignment => ("Remove user access package assignment", ENTITLEMENTS, Unassign, User),
            Self::RequestPackage => ("User requests access package assignment", ENTITLEMENTS, Other, User),
            Self::CancelRequest => ("Cancel access package assignment request", ENTITLEMENTS, Other, User),
            Self::CreateAgent => ("Add agent identity", AGENTS, Add, Agent),
            Self::UpdateAgent => ("Update agent identity", AGENTS, Update, Agent),
            Self::DeleteAgent => ("Delete agent identity", AGENTS, Delete, Agent),
            Self::AddAgentSponsor => ("Add sponsor to agent identity", AGENTS, Assign, Agent),
            Self::RemoveAgentSponsor => ("Remove sponsor from agent identity", AGENTS, Unassign, Agent),
            Self::ReopenAssignment => ("Reopen access package assignment", ENTITLEMENTS, Assign, User),
            Self::ReopenRequest => ("Reopen access package assignment request", ENTITLEMENTS, Other, User),
        }
    }

    /// What it is called; Graph's own name where Graph has one.
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// The category it belongs to.
    pub fn category(self) -> &'static str {
        self.facts().1
    }

    /// What kind of change it is.
    pub fn operation(self) -> Operation {
        self.facts().2
    }

    /// What the target of its entries is.
    pub fn target(self) -> TargetKind {
        self.facts().3
    }

    /// What the object of its entries is: the group of a membership, the manager of a person.
    pub fn object(self) -> TargetKind {
        match self {
            Self::AddMember | Self::RemoveMember => TargetKind::Group,
            Self::UpdateManager
            | Self::AddSponsor
            | Self::RemoveSponsor
            | Self::AddAgentSponsor
            | Self::RemoveAgentSponsor => TargetKind::User,
            Self::AssignLicense | Self::RemoveLicense => TargetKind::Sku,
            Self::AssignPackage
            | Self::EndAssignment
            | Self::RequestPackage
            | Self::CancelRequest
            | Self::ReopenAssignment
            | Self::ReopenRequest => TargetKind::AccessPackage,
            Self::CreatePolicy | Self::UpdatePolicy | Self::DeletePolicy => TargetKind::AssignmentPolicy,
            Self::CallExtension => TargetKind::Extension,
            _ => TargetKind::None,
        }
    }

    /// Whose log its entries belong to, when no run made them; what a run made belongs to its workflow.
    pub fn service(self) -> Service {
        match self.target() {
            TargetKind::User
            | TargetKind::Group
            | TargetKind::Application
            | TargetKind::Sku
            | TargetKind::AccessPackage
            | TargetKind::AssignmentPolicy
            | TargetKind::Agent => Service::CoreDirectory,
            TargetKind::Workflow | TargetKind::Token | TargetKind::Extension | TargetKind::None => {
                Service::LifecycleWorkflows
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_and_every_name_is_unique() {
        let mut names: Vec<&str> = Activity::ALL.iter().map(|activity| activity.name()).collect();
        for activity in Activity::ALL {
            assert_eq!(Activity::from_code(activity.code()), Some(activity));
        }
        assert!(Activity::ALL.array_windows().all(|[a, b]| a.code() < b.code()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Activity::ALL.len());
        assert_eq!(Activity::from_code(0), None);
    }
}
