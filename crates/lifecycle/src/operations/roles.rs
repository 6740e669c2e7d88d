//! Who holds which directory role.

use uuid::Uuid;

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::RoleAssignment;
use crate::ids::{RoleAssignmentId, UserId};
use crate::ports::{HeldRole, Membership, WriteError};
use crate::token::Caller;

/// Everywhere, the only scope there is: there are no administrative units.
const EVERYWHERE: &str = "/";

impl Lifecycle {
    /// A role that somebody holds.
    pub fn role_assignment(&self, key: &str) -> Result<HeldRole, OperationError> {
        let found = match key.parse::<RoleAssignmentId>() {
            Ok(id) => self.store.role_assignment(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("role assignment '{key}'")))
    }

    /// Gives somebody a role, known by name or not.
    pub fn add_role(
        &self,
        caller: &Caller,
        principal: UserId,
        role: Uuid,
        scope: &str,
    ) -> Result<HeldRole, OperationError> {
        if scope != EVERYWHERE {
            return Err(OperationError::invalid(
                "directoryScopeId",
                "must be /, for there are no other scopes",
            ));
        }
        let nobody = || OperationError::invalid("principalId", "names a user who does not exist");
        let user = self.store.user(principal)?.ok_or_else(nobody)?;
        let role = RoleAssignment {
            id: RoleAssignmentId(self.ids.fresh()),
            user: user.number,
            role,
            scope: scope.to_owned(),
            created: self.now(),
        };
        match self.store.add_role(&role, Actor::Caller(caller.id)) {
            Ok(Membership::Changed) => Ok(HeldRole { role, principal }),
            Ok(Membership::AsBefore) => {
                Err(OperationError::invalid("roleDefinitionId", "names a role that the user holds already"))
            }
            Err(WriteError::Missing) => Err(nobody()),
            Err(other) => Err(other.into()),
        }
    }

    /// Takes a role away.
    pub fn remove_role(&self, caller: &Caller, id: RoleAssignmentId) -> Result<(), OperationError> {
        if self.store.remove_role(id, self.now(), Actor::Caller(caller.id))? {
            Ok(())
        } else {
            Err(OperationError::NotFound(format!("role assignment '{id}'")))
        }
    }
}
