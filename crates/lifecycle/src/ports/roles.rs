//! Directory roles: who holds which.

use jiff::Timestamp;

use super::{Membership, Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::RoleAssignment;
use crate::ids::{RoleAssignmentId, UserId};

/// A role that is held, with who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The role.
    pub role: RoleAssignment,
    /// The public id of who holds it.
    pub principal: UserId,
}

/// Directory roles. Every write raises the version of the person. Nobody sees the roles of people who are deleted.
pub trait Roles {
    /// A role that somebody holds.
    fn role_assignment(&self, id: RoleAssignmentId) -> Result<Option<HeldRole>, StoreError>;
    /// All of them, oldest first.
    fn list_role_assignments(&self, query: &Query) -> Result<Slice<HeldRole>, QueryError>;
    /// How many fit.
    fn count_role_assignments(&self, query: &Query) -> Result<i64, QueryError>;
    /// Gives somebody a role, at the time when the assignment was made.
    fn add_role(&self, role: &RoleAssignment, actor: Actor) -> Result<Membership, WriteError>;
    /// Takes a role away; false if there is no such assignment.
    fn remove_role(&self, id: RoleAssignmentId, at: Timestamp, actor: Actor) -> Result<bool, StoreError>;
}
