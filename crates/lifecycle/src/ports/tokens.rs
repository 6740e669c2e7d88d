//! Local tokens and what there is to know about the installation.

use jiff::Timestamp;
use uuid::Uuid;

use super::StoreError;
use crate::audit::Actor;
use crate::ids::{CallerId, Epoch};
use crate::token::{Token, VouchedCaller};

/// What the store knows about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The epoch that new runs carry.
    pub epoch: Epoch,
    /// The directory was driven by a clock that somebody moves; it sends nothing outside, for good.
    pub simulated: bool,
    /// The id of the organisation that the data is about, the same for good.
    pub organization: Uuid,
    /// When its first entry was made; `None` before.
    pub created: Option<Timestamp>,
}

/// Local tokens.
pub trait Tokens {
    /// What the store knows about itself.
    fn installation(&self) -> Result<Installation, StoreError>;
    /// Marks the data as driven by a clock that somebody moves; never taken back.
    fn mark_simulated(&self) -> Result<(), StoreError>;
    /// Stores a token's hash.
    fn add_token(&self, token: &Token, actor: Actor) -> Result<(), StoreError>;
    /// The token of that hash.
    fn token_by_hash(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError>;
    /// All tokens, oldest first.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;
    /// Withdraws a token; false if there is none of that id that is still good.
    fn revoke_token(&self, caller: CallerId, at: Timestamp, actor: Actor) -> Result<bool, StoreError>;
    /// Remembers who an id is, with the newest name; false if the id is already somebody else's, or a local token's.
    fn know_caller(&self, caller: &VouchedCaller) -> Result<bool, StoreError>;
    /// The caller of that id whom somebody vouched for.
    fn vouched_caller(&self, id: CallerId) -> Result<Option<VouchedCaller>, StoreError>;
}
