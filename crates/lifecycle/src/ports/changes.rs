//! Following what changes about people and groups, by the change log.

use super::StoreError;
use crate::directory::{Group, User};
use crate::ids::UserId;

/// Where somebody who follows the changes stands.
///
/// The number of a change is given in the order in which changes are committed, so whoever has seen one has seen all
/// before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Everything is being listed, and is listed up to there; changes behind `change` come afterwards.
    Listing {
        /// The last change before the list began.
        change: i64,
        /// Number of the last person or group.
        after: i64,
        /// Number of the last member of that group; `i64::MAX` when there are no more.
        member: i64,
    },
    /// Changes behind this one come next.
    Behind {
        /// The change.
        change: i64,
    },
    /// A group came back with that change; members behind this one come next.
    Members {
        /// The change.
        change: i64,
        /// Number of the group.
        group: i64,
        /// Number of the last member.
        member: i64,
    },
}

/// A part of the changes.
#[derive(Clone, Debug)]
pub struct ChangePage<T> {
    /// What changed.
    pub items: Vec<T>,
    /// Where to go on.
    pub next: Position,
    /// Whether more is known already.
    pub more: bool,
}

/// How something is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It is deleted and can be restored.
    Deleted,
    /// It is deleted for good.
    ForGood,
}

/// What about people is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchedUser {
    /// Codes of attributes; `None` is all.
    pub attributes: Option<Vec<i64>>,
    /// Their manager.
    pub manager: bool,
    /// Their licences.
    pub licenses: bool,
}

/// What about groups is followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchedGroup {
    /// Properties, in Graph's spelling; `None` is all.
    pub properties: Option<Vec<String>>,
    /// Who is in them.
    pub members: bool,
}

/// Somebody of whom something changed, as they are now.
#[derive(Clone, Debug)]
pub struct ChangedUser {
    /// The person.
    pub user: User,
    /// They are gone.
    pub gone: Option<Gone>,
    /// All of them is new: listed, created or restored.
    pub whole: bool,
    /// Codes of the attributes that changed.
    pub attributes: Vec<i64>,
    /// The manager changed.
    pub manager: bool,
    /// The licences changed.
    pub licenses: bool,
}

/// A group of which something changed, as it is now.
#[derive(Clone, Debug)]
pub struct ChangedGroup {
    /// The group.
    pub group: Group,
    /// It is gone.
    pub gone: Option<Gone>,
    /// All of it is new: listed, created or restored.
    pub whole: bool,
    /// Properties that changed, in Graph's spelling.
    pub properties: Vec<String>,
    /// People who came in (true) or went out.
    pub members: Vec<(UserId, bool)>,
}

/// Why changes cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// The log does not reach back that far, or not forward that far.
    #[error("the change log does not hold what comes behind that position")]
    OutOfReach,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The change log, read from a position on. Each call looks at a bounded number of rows.
pub trait Changes {
    /// People who changed, at most `limit`.
    fn user_changes(
        &self,
        from: Position,
        limit: usize,
        watched: &WatchedUser,
    ) -> Result<ChangePage<ChangedUser>, ChangesError>;
    /// Groups that changed, at most `limit`; a group may come in several parts.
    fn group_changes(
        &self,
        from: Position,
        limit: usize,
        watched: &WatchedGroup,
    ) -> Result<ChangePage<ChangedGroup>, ChangesError>;
}
