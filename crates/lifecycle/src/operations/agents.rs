//! Agent identities and who vouches for them.

use super::sponsors::no_sponsor;
use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::directory::{Agent, AgentPatch};
use crate::ids::{AgentId, UserId};
use crate::ports::{Membership, NewAgent, SponsorRemoval, WriteError};
use crate::token::Caller;
use crate::workflow::validate_name;

impl Lifecycle {
    /// An agent identity.
    pub fn agent(&self, key: &str) -> Result<Agent, OperationError> {
        let found = match key.parse::<AgentId>() {
            Ok(id) => self.store.agent(id)?,
            Err(_) => None,
        };
        found.ok_or_else(|| OperationError::NotFound(format!("agent identity '{key}'")))
    }

    /// Creates an agent identity; somebody has to vouch for it.
    pub fn create_agent(
        &self,
        caller: &Caller,
        display_name: &str,
        account_enabled: bool,
        sponsors: &[UserId],
    ) -> Result<Agent, OperationError> {
        validate_name("displayName", display_name)?;
        if sponsors.is_empty() {
            return Err(OperationError::invalid("sponsors", "must hold at least one user"));
        }
        let new = NewAgent {
            id: AgentId(self.ids.fresh()),
            display_name: display_name.to_owned(),
            account_enabled,
            sponsors: self.sponsor_numbers(sponsors)?,
        };
        Ok(self.store.create_agent(&new, self.now(), Actor::Caller(caller.id))?)
    }

    /// Changes an agent identity.
    pub fn update_agent(
        &self,
        caller: &Caller,
        id: AgentId,
        patch: &AgentPatch,
    ) -> Result<Agent, OperationError> {
        if let Some(name) = &patch.display_name {
            validate_name("displayName", name)?;
        }
        Ok(self.store.update_agent(id, patch, self.now(), Actor::Caller(caller.id))?)
    }

    /// Deletes an agent identity.
    pub fn delete_agent(&self, caller: &Caller, id: AgentId) -> Result<(), OperationError> {
        Ok(self.store.delete_agent(id, self.now(), Actor::Caller(caller.id))?)
    }

    /// Makes somebody sponsor of an agent identity.
    pub fn add_agent_sponsor(
        &self,
        caller: &Caller,
        agent: AgentId,
        sponsor: UserId,
    ) -> Result<(), OperationError> {
        match self.store.add_agent_sponsor(agent, sponsor, self.now(), Actor::Caller(caller.id))? {
            Membership::Changed => Ok(()),
            Membership::AsBefore => Err(OperationError::invalid("sponsors", "already holds this user")),
        }
    }

    /// Ends somebody's sponsorship of an agent identity, unless nobody would be left.
    pub fn remove_agent_sponsor(
        &self,
        caller: &Caller,
        agent: AgentId,
        sponsor: UserId,
    ) -> Result<(), OperationError> {
        match self.store.remove_agent_sponsor(agent, sponsor, self.now(), Actor::Caller(caller.id)) {
            Ok(SponsorRemoval::Removed) => Ok(()),
            Ok(SponsorRemoval::NotThere) | Err(WriteError::Missing) => Err(no_sponsor(sponsor)),
            Ok(SponsorRemoval::Last) => Err(OperationError::invalid(
                "sponsors",
                "must hold at least one user; add another before this one is removed",
            )),
            Err(other) => Err(other.into()),
        }
    }
}
