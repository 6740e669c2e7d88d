//! Who vouches for people.

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::ids::UserId;
use crate::ports::{Membership, WriteError};
use crate::token::Caller;

impl Lifecycle {
    /// Numbers of people who are to be sponsors, each once.
    pub(super) fn sponsor_numbers(&self, sponsors: &[UserId]) -> Result<Vec<i64>, OperationError> {
        let mut numbers = Vec::with_capacity(sponsors.len());
        for (id, number) in sponsors.iter().zip(self.store.user_numbers(sponsors)?) {
            let number = number.ok_or_else(|| {
                OperationError::invalid("sponsors", format!("names the user {id}, who does not exist"))
            })?;
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }

    /// Makes somebody sponsor of a person.
    pub fn add_sponsor(&self, caller: &Caller, user: UserId, sponsor: UserId) -> Result<(), OperationError> {
        if user == sponsor {
            return Err(OperationError::invalid("sponsors", "cannot hold the person themselves"));
        }
        match self.store.add_sponsor(user, sponsor, self.now(), Actor::Caller(caller.id))? {
            Membership::Changed => {
                self.changes.ring();
                Ok(())
            }
            Membership::AsBefore => Err(OperationError::invalid("sponsors", "already holds this user")),
        }
    }

    /// Ends somebody's sponsorship of a person.
    pub fn remove_sponsor(
        &self,
        caller: &Caller,
        user: UserId,
        sponsor: UserId,
    ) -> Result<(), OperationError> {
        match self.store.remove_sponsor(user, sponsor, self.now(), Actor::Caller(caller.id)) {
            Ok(Membership::Changed) => {
                self.changes.ring();
                Ok(())
            }
            Ok(Membership::AsBefore) | Err(WriteError::Missing) => Err(no_sponsor(sponsor)),
            Err(other) => Err(other.into()),
        }
    }
}

/// Somebody is none of the sponsors.
pub(super) fn no_sponsor(sponsor: UserId) -> OperationError {
    OperationError::NotFound(format!("user '{sponsor}' among the sponsors"))
}
