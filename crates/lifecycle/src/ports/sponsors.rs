//! Who vouches for people.

use jiff::Timestamp;

use super::{Membership, Query, QueryError, Slice, WriteError};
use crate::audit::Actor;
use crate::directory::User;
use crate::ids::UserId;

/// Sponsors of people. Who is deleted vouches for nobody until they come back.
pub trait Sponsors {
    /// Who vouches for a person (by number), in directory order.
    fn sponsors(&self, user: i64, query: &Query) -> Result<Slice<User>, QueryError>;
    /// How many fit.
    fn count_sponsors(&self, user: i64, query: &Query) -> Result<i64, QueryError>;
    /// Makes somebody sponsor of a person.
    fn add_sponsor(
        &self,
        user: UserId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError>;
    /// Ends that.
    fn remove_sponsor(
        &self,
        user: UserId,
        sponsor: UserId,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Membership, WriteError>;
}
