//! Access packages: what can be assigned, under which policies, to whom it is, and who wishes it were.

use jiff::{SignedDuration, Timestamp};

use crate::ids::{AccessPackageId, AssignmentId, AssignmentRequestId, PolicyId};

/// An access package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPackage {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: AccessPackageId,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether requestors do not find it by themselves.
    pub is_hidden: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

/// A policy under which a package is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentPolicy {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: PolicyId,
    /// The package's number.
    pub package: i64,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Days after which an assignment ends by itself.
    pub expires_after_days: Option<i64>,
    /// Whether somebody who asks for it has to wait for approval.
    pub requires_approval: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

impl AssignmentPolicy {
    /// Fewest and most days after which an assignment ends by itself.
    pub const DAYS: std::ops::RangeInclusive<i64> = 1..=3_660;

    /// Whether a request of that kind waits until somebody approves it; administrators need nobody's approval.
    pub fn holds_back(&self, kind: RequestKind) -> bool {
        self.requires_approval && kind == RequestKind::UserAdd
    }

    /// When an assignment that is made at that time ends by itself.
    pub fn expiry(&self, assigned: Timestamp) -> Option<Timestamp> {
        let days = self.expires_after_days?;
        Some(assigned.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX))
    }
}

/// What a caller wants of an access package; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessPackagePatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
    /// Whether requestors do not find it by themselves.
    pub is_hidden: Option<bool>,
}

/// What a caller wants of a policy; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
    /// Days after which an assignment ends by itself; `Some(None)` is never.
    pub expires_after_days: Option<Option<i64>>,
    /// Whether somebody who asks has to wait for approval.
    pub requires_approval: Option<bool>,
}

/// A package that somebody has or had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: AssignmentId,
    /// Whose it is, by number.
    pub user: i64,
    /// The package's number.
    pub package: i64,
    /// The policy's number.
    pub policy: i64,
    /// Since when.
    pub assigned: Timestamp,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// An administrator gives a package.
    AdminAdd,
    /// An administrator takes one away.
    AdminRemove,
    /// Somebody asks for a package.
    UserAdd,
    /// Somebody gives one back.
    UserRemove,
}

impl RequestKind {
    const NAMES: [(Self, &str); 4] = [
        (Self::AdminAdd, "adminAdd"),
        (Self::AdminRemove, "adminRemove"),
        (Self::UserAdd, "userAdd"),
        (Self::UserRemove, "userRemove"),
    ];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// The stored code.
    pub fn code(self) -> i64 {
        self as i64
    }

    /// The kind of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::NAMES.into_iter().map(|(kind, _)| kind).find(|kind| kind.code() == code)
    }

    /// Reads Graph's spelling, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(kind, _)| kind)
    }
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Somebody has to approve it.
    PendingApproval,
    /// It was done.
    Delivered,
    /// It was withdrawn.
    Canceled,
    /// It was refused.
    Denied,
}

impl RequestState {
    const NAMES: [(Self, &str); 4] = [
        (Self::PendingApproval, "pendingApproval"),
        (Self::Delivered, "delivered"),
        (Self::Canceled, "canceled"),
        (Self::Denied, "denied"),
    ];

    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize].1
    }

    /// The stored code.
    pub fn code(self) -> i64 {
        self as i64
    }

    /// The state of a stored code.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::NAMES.into_iter().map(|(state, _)| state).find(|state| state.code() == code)
    }
}

/// A wish for an assignment, or for its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentRequest {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: AssignmentRequestId,
    /// Whom it is about, by number.
    pub user: i64,
    /// The package's number.
    pub package: i64,
    /// The policy's number, if one is named.
    pub policy: Option<i64>,
    /// The assignment that came of it, or that it is to end, by number.
    pub assignment: Option<i64>,
    /// What it is for.
    pub kind: RequestKind,
    /// How far it has come.
    pub state: RequestState,
    /// When it was made.
    pub created: Timestamp,
    /// When it came to its end.
    pub completed: Option<Timestamp>,
}
