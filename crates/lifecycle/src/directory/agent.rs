//! Agent identities: accounts of programs, for which people vouch.

use jiff::Timestamp;

use crate::ids::AgentId;

/// An agent identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Dense number.
    pub number: i64,
    /// Public id.
    pub id: AgentId,
    /// Grows with every change of the agent or its sponsors.
    pub version: i64,
    /// Name.
    pub display_name: String,
    /// Whether it may sign in.
    pub account_enabled: bool,
    /// When it was made here.
    pub created: Timestamp,
}

/// What a caller wants an agent identity to be; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Whether it may sign in.
    pub account_enabled: Option<bool>,
}
