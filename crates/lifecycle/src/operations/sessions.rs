//! Ending sessions.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::ids::UserId;
use crate::token::Caller;

impl Lifecycle {
    /// Ends a person's sessions: those that began before now are good no more.
    pub fn revoke_sessions(&self, caller: &Caller, user: UserId) -> Result<(), OperationError> {
        self.store.revoke_sessions(user, self.now(), Actor::Caller(caller.id))?;
        self.changes.ring();
        Ok(())
    }
}
