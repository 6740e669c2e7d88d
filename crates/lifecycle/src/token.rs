//! Who may call: local tokens, the scopes they hold, and callers whom an issuer of tokens vouches for.

use jiff::Timestamp;
use uuid::Uuid;

use crate::ids::CallerId;

/// Whoever makes a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// Stable id; `createdBy` carries it.
    pub id: CallerId,
    /// The name the token was given.
    pub name: String,
    /// The person the token speaks for; `None` for one that speaks for nobody, such as a local one.
    pub person: Option<SignedIn>,
    /// The application that calls for itself, by the id it signs in with; `None` for everybody else.
    pub application: Option<Uuid>,
    /// Graph scopes, such as `LifecycleWorkflows.ReadWrite.All`; the local administrator's holds `*`.
    pub scopes: Vec<String>,
}

/// A person whom an issuer of tokens vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedIn {
    /// Their user principal name there, if it is told (`upn`).
    pub principal_name: Option<String>,
}

/// A local token as it is stored: the hash, never the token.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Who calls with it.
    pub caller: Caller,
    /// blake3 of the token text.
    pub hash: [u8; 32],
    /// When it was made.
    pub created: Timestamp,
    /// From when it is refused; `None` is never.
    pub expires: Option<Timestamp>,
    /// When it was withdrawn.
    pub revoked: Option<Timestamp>,
}

impl Token {
    /// Whether the token opens the door at this time.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }
}

/// A caller whom somebody else vouches for, so that the audit can say who an id is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VouchedCaller {
    /// Stable id, as of any caller.
    pub id: CallerId,
    /// Who vouches.
    pub issuer: String,
    /// Who it is there; never given to somebody else.
    pub subject: String,
    /// A name for people, which may change.
    pub name: String,
    /// An application that calls for itself.
    pub is_application: bool,
    /// When it was first seen.
    pub since: Timestamp,
}

/// A scope that opens everything: the local administrator's. No issuer can give it.
pub const ALL: &str = "*";

/// The scopes that a token can hold, as Graph spells them.
pub const SCOPES: &[&str] = &[
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
    "LifecycleWorkflows-Workflow.ReadBasic.All",
    "LifecycleWorkflows-Workflow.Read.All",
    "LifecycleWorkflows-Workflow.ReadWrite.All",
    "LifecycleWorkflows-Workflow.Activate",
    "LifecycleWorkflows-Reports.Read.All",
    "LifecycleWorkflows-CustomExt.Read.All",
    "LifecycleWorkflows-CustomExt.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read",
    "User.DeleteRestore.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "AuditLog.Read.All",
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Team.ReadBasic.All",
    "Team.Create",
    "TeamMember.Read.All",
    "TeamMember.ReadWrite.All",
    "AgentIdentity.Read.All",
    "AgentIdentity.ReadWrite.All",
    "User.RevokeSessions.All",
    "EntitlementManagement.Read.All",
    "EntitlementManagement.ReadWrite.All",
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
];
