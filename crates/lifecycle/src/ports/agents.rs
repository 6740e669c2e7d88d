//! Agent identities and who vouches for them.

use jiff::Timestamp;

use super::{Membership, Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::{Agent, AgentPatch, User};
use crate::ids::{AgentId, UserId};

/// An agent identity to be created.
#[derive(Clone, Debug)]
pub struct NewAgent {
    /// Public id.
    pub id: AgentId,
    /// Name.
    pub display_name: String,
    /// Whether it may sign in.
    pub account_enabled: bool,
    /// Numbers of those who vouch for it.
    pub sponsors: Vec<i64>,
}

/// What became of ending a sponsorship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SponsorRemoval {
    /// It has ended.
    Removed,
    /// There was none.
    NotThere,
    /// Nobody else would vouch for the agent.
    Last,
}

/// Agent identities. Who is deleted vouches for none until they come back.
pub trait Agents {
    /// An agent that is not deleted.
    fn agent(&self, id: AgentId) -> Result<Option<Agent>, StoreError>;
    /// All of them, oldest first.
    fn list_agents(&self, query: &Query) -> Result<Slice<Agent>, QueryError>;
    /// How many fit.
    fn count_agents(&self, query: &Query) -> Result<i64, QueryError>;
    /// Creates one.
    fn create_agent(&self, new: &NewAgent, at: Timestamp, actor: Actor) -> Result<Agent, StoreError>;
    /// Changes one.
    fn update_agent(
        &self,
        id: AgentId,
        patch: &AgentPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Agent, WriteError>;
    /// Deletes one.
    fn delete_agent(&self, id: AgentId, at: Timestamp, actor: Actor) -> Result<(), WriteError>;
    /// Who vouches for an agent (by number), in directory order.
    fn agent_sponsors(&self, agent: i64, query: &Query) -> Result<Slice<User>, QueryError>;
    /// How many fit.
    fn count_agent_sponsors(&self, agent: i64, query: &Query) -> Result<i64, QueryError>;
    /// The agents that a person (by number) vouches for.
    fn sponsored_agents(&self, user: i64, query: &Query) -> Result<Slice<Agent>, QueryError>;
    /// How many fit.
    fn count_sponsored_agents(&self, user: i64, query: &Query) -> Result<i64, QueryError>;
    /// Makes somebody sponsor of an agent.
    fn add_agent_sponsor(
        &self,
        agent: AgentId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError>;
    /// Ends that, unless nobody would be left.
    fn remove_agent_sponsor(
        &self,
        agent: AgentId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<SponsorRemoval, WriteError>;
}
