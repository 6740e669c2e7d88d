//! Restoring deleted people and groups, and deleting them for good.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{Group, User};
use crate::ids::{GroupId, UserId};
use crate::token::Caller;

/// A person or a group that is deleted and can be restored.
#[derive(Clone, Debug)]
pub enum DeletedItem {
    /// A person.
    User(User),
    /// A group.
    Group(Group),
}

impl Lifecycle {
    /// What is deleted under that id.
    pub fn deleted_item(&self, key: &str) -> Result<DeletedItem, OperationError> {
        let missing = || OperationError::NotFound(format!("deleted item '{key}'"));
        let id: UserId = key.parse().map_err(|_| missing())?;
        if let Some(user) = self.store.deleted_user(id)? {
            return Ok(DeletedItem::User(user));
        }
        self.store.deleted_group(GroupId(id.0))?.map(DeletedItem::Group).ok_or_else(missing)
    }

    /// Brings a person back, with their manager and memberships. Occasions that were used stay used.
    pub fn restore_user(&self, caller: &Caller, id: UserId) -> Result<User, OperationError> {
        let user = self.store.restore_user(id, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(user)
    }

    /// Brings a group back, with its members.
    pub fn restore_group(&self, caller: &Caller, id: GroupId) -> Result<Group, OperationError> {
        let group = self.store.restore_group(id, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(group)
    }

    /// Deletes a deleted person for good.
    pub fn purge_user(&self, caller: &Caller, id: UserId) -> Result<(), OperationError> {
        Ok(self.store.purge_user(id, self.now(), Actor::Caller(caller.id))?)
    }

    /// Deletes a deleted group for good.
    pub fn purge_group(&self, caller: &Caller, id: GroupId) -> Result<(), OperationError> {
        Ok(self.store.purge_group(id, self.now(), Actor::Caller(caller.id))?)
    }
}
