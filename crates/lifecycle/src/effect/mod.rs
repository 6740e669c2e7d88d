//! Effects: what a task wants to change. A task plans them; the engine performs them.

mod call;
mod difference;
mod foretell;
mod mail;
mod recorded;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use call::{Call, CallManager, CallSubject, CallTask, CallWorkflow};
pub use difference::{Difference, Sign, Thing};
pub use foretell::foretell;
pub use mail::{Mail, Mailbox, SLOT_OF_PASS};
pub use recorded::{History, Recorded};

use crate::directory::{Attribute, Value};
use crate::ids::{AssignmentId, AssignmentRequestId, MethodId};

/// One change that a task wants made.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// To the directory, which commits together with the results.
    Change(Change),
    /// Somewhere else, which ends a segment.
    Outside(Outside),
}

impl From<Change> for Effect {
    fn from(change: Change) -> Self {
        Self::Change(change)
    }
}

impl From<Outside> for Effect {
    fn from(outside: Outside) -> Self {
        Self::Outside(outside)
    }
}

/// One change of the subject, or of what hangs on them; everything else is named by number.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Allow or block sign-in.
    SetAccountEnabled {
        /// Whether sign-in is to be allowed.
        enabled: bool,
    },
    /// Put the subject into a group.
    AddMember {
        /// The group.
        group: i64,
    },
    /// Take the subject out of a group.
    RemoveMember {
        /// The group.
        group: i64,
    },
    /// Set or clear an attribute.
    SetAttribute {
        /// Which.
        attribute: &'static Attribute,
        /// Its value.
        value: Value,
    },
    /// End every session that began before now.
    RevokeSessions,
    /// Give a licence.
    AssignLicense {
        /// The kind.
        sku: i64,
    },
    /// Take a licence away.
    RemoveLicense {
        /// The kind.
        sku: i64,
    },
    /// Assign an access package.
    AssignPackage {
        /// The id that the assignment gets.
        id: AssignmentId,
        /// The id that the request it comes of gets.
        request: AssignmentRequestId,
        /// The package.
        package: i64,
        /// The policy.
        policy: i64,
        /// When it ends by itself.
        expires: Option<Timestamp>,
    },
    /// End an assignment of an access package.
    EndAssignment {
        /// The assignment.
        id: AssignmentId,
        /// The id that the request it comes of gets.
        request: AssignmentRequestId,
        /// Its package.
        package: i64,
        /// Its policy.
        policy: i64,
        /// When; `None` is at once.
        at: Option<Timestamp>,
    },
    /// Let an assignment go on that ended, or that is to end.
    ReopenAssignment {
        /// The assignment.
        id: AssignmentId,
        /// Its package.
        package: i64,
        /// When it ends by itself.
        expires: Option<Timestamp>,
    },
    /// Let a request for an access package wait again that was withdrawn.
    ReopenRequest {
        /// The request.
        request: i64,
        /// Its package.
        package: i64,
    },
    /// Take a temporary access pass away.
    DeletePass {
        /// The pass.
        id: MethodId,
    },
    /// Withdraw a request for an access package.
    CancelRequest {
        /// The request.
        request: i64,
        /// Its package.
        package: i64,
    },
    /// Let somebody vouch for an agent identity.
    AddAgentSponsor {
        /// The agent.
        agent: i64,
        /// Who.
        sponsor: i64,
    },
    /// Let somebody vouch for an agent identity no more.
    RemoveAgentSponsor {
        /// The agent.
        agent: i64,
        /// Who.
        sponsor: i64,
    },
    /// Soft-delete the subject.
    Delete,
    /// Bring the subject back.
    Restore,
}

impl Change {
    /// The group whose membership changes.
    pub fn group(&self) -> Option<i64> {
        match self {
            Self::AddMember { group } | Self::RemoveMember { group } => Some(*group),
            _ => None,
        }
    }
}

/// Something done outside the store, frozen there until it is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outside {
    /// Issue a temporary access pass, which the mails of the same task carry; the pass itself is never kept. A repeat
    /// revokes the pass that was issued before.
    IssuePass(PassOrder),
    /// Send a mail.
    SendMail(Mail),
    /// Call the endpoint of a custom task extension.
    Call(Box<Call>),
}

/// A temporary access pass to be issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PassOrder {
    /// The id that it gets; a repeat is the same pass method with another pass.
    pub id: MethodId,
    /// Whose it is, by number.
    pub user: i64,
    /// From when on it is good, in milliseconds since 1970.
    pub starts: i64,
    /// For how long.
    pub lifetime_minutes: i64,
    /// Whether it is used up by one sign-in.
    pub is_usable_once: bool,
}
