//! People and groups that are deleted and can still be restored.

use jiff::Timestamp;

use super::{Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::{Group, User};
use crate::ids::{GroupId, UserId};

/// People and groups that are deleted and can still be restored. Memberships and managers are kept with them, and
/// nobody else sees them. What is purged leaves only its number and id behind, for results and audit entries.
pub trait DeletedItems {
    /// A deleted person.
    fn deleted_user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// Deleted people, by the time of their deletion.
    fn list_deleted_users(&self, query: &Query) -> Result<Slice<User>, QueryError>;
    /// How many fit.
    fn count_deleted_users(&self, query: &Query) -> Result<i64, QueryError>;
    /// Brings a person back, with their memberships of groups that are not deleted.
    fn restore_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<User, WriteError>;
    /// Deletes a deleted person for good.
    fn purge_user(&self, id: UserId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;

    /// A deleted group.
    fn deleted_group(&self, id: GroupId) -> Result<Option<Group>, StoreError>;
    /// Deleted groups, by the time of their deletion.
    fn list_deleted_groups(&self, query: &Query) -> Result<Slice<Group>, QueryError>;
    /// How many fit.
    fn count_deleted_groups(&self, query: &Query) -> Result<i64, QueryError>;
    /// Brings a group back, with its members.
    fn restore_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<Group, WriteError>;
    /// Deletes a deleted group for good.
    fn purge_group(&self, id: GroupId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;

    /// Deletes for good at most `limit` people and groups that were deleted by then; says how many.
    fn purge_deleted_by(
        &self,
        deleted: Timestamp,
        limit: usize,
        at: Timestamp,
        actor: Actor,
    ) -> Result<usize, StoreError>;

    /// Those of the employee ids that name somebody who is deleted, and nobody who is not.
    fn employee_ids_of_deleted(&self, ids: &[&str]) -> Result<Vec<String>, StoreError>;
}
