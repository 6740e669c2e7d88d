//! How people sign in: temporary access passes and other methods.

use jiff::Timestamp;

use super::{StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::{AuthenticationMethod, Pass};
use crate::ids::{MethodId, Ordinal, RunNumber, Seq};

/// What became of a pass that was to be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    /// It is good from its start on.
    Issued,
    /// There is no such person.
    NoUser,
    /// The person has one that is not over.
    HasOne,
    /// No task may issue one to the person any more.
    Refused(&'static str),
}

/// How people sign in. Every write raises the version of the person.
pub trait SignIn {
    /// The passes of a person (by number), those that are over too.
    fn passes(&self, user: i64) -> Result<Vec<Pass>, StoreError>;
    /// Issues a pass at the time when it was made. What a task issues takes the place of what the same task issued before, and
    /// later, by [`Self::replace_passes`], of whatever the person has; by hand, only one that is over is replaced.
    fn issue_pass(
        &self,
        pass: &Pass,
        hash: &[u8; 32],
        task: Option<(RunNumber, Seq, Ordinal)>,
        actor: Actor,
    ) -> Result<Issued, StoreError>;
    /// Takes a pass away; false if the person (by number) has none of that id.
    fn delete_pass(
        &self,
        user: i64,
        id: MethodId,
        at: Timestamp,
        task: Option<(RunNumber, Seq, Ordinal)>,
        actor: Actor,
    ) -> Result<bool, StoreError>;
    /// Takes every other pass of a person away: whoever is to know has learned of this one.
    fn replace_passes(
        &self,
        user: i64,
        by: MethodId,
        at: Timestamp,
        task: (RunNumber, Seq, Ordinal),
    ) -> Result<(), StoreError>;

    /// The other methods of a person (by number), oldest first.
    fn methods(&self, user: i64) -> Result<Vec<AuthenticationMethod>, StoreError>;
    /// Registers a method at the time when it was made; false if the person has one of that id.
    fn add_method(&self, method: &AuthenticationMethod, actor: Actor) -> Result<bool, WriteError>;
    /// Takes a method away; false if the person (by number) has none of that id.
    fn remove_method(&self, user: i64, id: MethodId, at: Timestamp, actor: Actor)
    -> Result<bool, StoreError>;
}
