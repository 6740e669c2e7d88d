//! People, groups and memberships.

use jiff::Timestamp;

use super::{Query, QueryError, Slice, StoreError};
use crate::audit::Actor;
use crate::directory::{Attribute, Group, GroupPatch, User, UserPatch, Value};
use crate::ids::{GroupId, UserId};

/// A person to be created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Public id.
    pub id: UserId,
    /// Attributes.
    pub set: Vec<(&'static Attribute, Value)>,
    /// The manager's number.
    pub manager: Option<i64>,
    /// Whether tasks may touch the person.
    pub protected: bool,
    /// The feed that brings them.
    pub feed: Option<String>,
    /// Numbers of those who vouch for them.
    pub sponsors: Vec<i64>,
}

/// A group to be created.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Public id.
    pub id: GroupId,
    /// What it is; unnamed properties are off or empty.
    pub patch: GroupPatch,
}

/// One write of an import.
#[derive(Clone, Debug)]
pub enum PersonWrite {
    /// Somebody new.
    Create(NewUser),
    /// Somebody known, by number; the person belongs to the feed from then on.
    Update {
        /// Number.
        user: i64,
        /// What changes.
        patch: UserPatch,
        /// The feed.
        feed: String,
    },
    /// Somebody whom this import has created, before the manager they were to be created with.
    Complete {
        /// Number.
        user: i64,
        /// Number of the manager.
        manager: i64,
    },
}

/// A person that a feed row meets.
#[derive(Clone, Debug)]
pub struct FeedMatch {
    /// The person.
    pub user: User,
    /// Employee id of their manager.
    pub manager_employee_id: Option<String>,
    /// The feed that brought them.
    pub feed: Option<String>,
}

/// Why a directory write was not done.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another object has this value, which must be unique.
    #[error("another object has the same {property}")]
    Taken {
        /// Graph's name of the property.
        property: &'static str,
    },
    /// The person is in it already.
    #[error("{property} already holds this user")]
    Holds {
        /// Graph's name of the property.
        property: &'static str,
    },
    /// The object is not there.
    #[error("the object does not exist")]
    Missing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It was changed.
    Changed,
    /// It was so already.
    AsBefore,
}

/// People, groups and memberships. Every change is recorded in the change log in the same transaction.
pub trait Directory {
    /// A person who is not deleted.
    fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// A person who is not deleted, by user principal name in any letter case.
    fn user_by_principal_name(&self, name: &str) -> Result<Option<User>, StoreError>;
    /// People by number, in any order, deleted ones too.
    fn users_by_number(&self, numbers: &[i64]) -> Result<Vec<User>, StoreError>;
    /// Numbers of people who are not deleted, in the order asked; `None` where there is nobody.
    fn user_numbers(&self, ids: &[UserId]) -> Result<Vec<Option<i64>>, StoreError>;
    /// How many people are not deleted.
    fn population(&self) -> Result<u64, StoreError>;
    /// People who are not deleted.
    fn list_users(&self, query: &Query) -> Result<Slice<User>, QueryError>;
    /// How many fit.
    fn count_users(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates a person.
    fn create_user(&self, user: &NewUser, at: Timestamp, actor: Actor) -> Result<User, WriteError>;
    /// Changes a person.
    fn update_user(
        &self,
        id: UserId,
        patch: &UserPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<User, WriteError>;
    /// Soft-deletes a person; memberships are kept for a restore, and nobody sees them.
    fn delete_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;
    /// Ends a person's sessions: those that began before that moment are good no more.
    fn revoke_sessions(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;

    /// A group that is not deleted.
    fn group(&self, id: GroupId) -> Result<Option<Group>, StoreError>;
    /// Numbers of groups that are not deleted, in the order asked; `None` where there is none.
    fn group_numbers(&self, ids: &[GroupId]) -> Result<Vec<Option<i64>>, StoreError>;
    /// Groups that are not deleted.
    fn list_groups(&self, query: &Query) -> Result<Slice<Group>, QueryError>;
    /// How many fit.
    fn count_groups(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates a group.
    fn create_group(&self, group: &NewGroup, at: Timestamp, actor: Actor) -> Result<Group, WriteError>;
    /// Changes a group.
    fn update_group(
        &self,
        id: GroupId,
        patch: &GroupPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Group, WriteError>;
    /// Soft-deletes a group; memberships are kept for a restore, and nobody sees them.
    fn delete_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;

    /// Puts a person into a group.
    fn add_member(
        &self,
        group: GroupId,
        user: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError>;
    /// Takes a person out of a group.
    fn remove_member(
        &self,
        group: GroupId,
        user: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError>;
    /// Direct members of a group (by number), in directory order.
    fn members(&self, group: i64, query: &Query) -> Result<Slice<User>, QueryError>;
    /// How many fit.
    fn count_members(&self, group: i64, query: &Query) -> Result<i64, QueryError>;
    /// Groups a person (by number) is a direct member of.
    fn member_of(&self, user: i64, query: &Query) -> Result<Slice<Group>, QueryError>;
    /// How many fit.
    fn count_member_of(&self, user: i64, query: &Query) -> Result<i64, QueryError>;

    /// The people whom these employee ids name, deleted ones not; in the order of the ids.
    fn people_by_employee_id(&self, ids: &[&str]) -> Result<Vec<Option<FeedMatch>>, StoreError>;
    /// The numbers of the people whom these employee ids name, deleted ones not; in the order of the ids.
    fn numbers_by_employee_id(&self, ids: &[&str]) -> Result<Vec<Option<i64>>, StoreError>;
    /// The people who hold these user principal names (in any letter case), deleted ones not.
    fn holders_of_principal_names(&self, names: &[&str]) -> Result<Vec<(String, i64)>, StoreError>;
    /// How many people a feed has brought who are not deleted.
    fn feed_population(&self, feed: &str) -> Result<u64, StoreError>;
    /// Writes a chunk of an import, all or nothing. Whoever was deleted meanwhile is left alone. Nobody is created under an employee id that somebody has, deleted or
    /// not.
    fn write_people(&self, writes: &[PersonWrite], at: Timestamp, actor: Actor) -> Result<(), WriteError>;
}
