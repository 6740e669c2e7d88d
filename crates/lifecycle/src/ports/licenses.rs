//! Licences: what the organisation has, and who has one.

use jiff::Timestamp;

use super::{Query, QueryError, Slice, StoreError, WriteError};
use crate::audit::Actor;
use crate::directory::{LicenseChange, Sku, SkuPatch};
use crate::ids::{SkuId, UserId};

/// Why licences were not given and taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LicenseError {
    /// There is no such person.
    #[error("the person does not exist")]
    Missing,
    /// Nobody knows where the person would use a licence.
    #[error("the person has no usage location")]
    NoUsageLocation,
    /// The organisation has no such licences.
    #[error("the licence {0} does not exist")]
    Unknown(SkuId),
    /// None is left.
    #[error("no licence {} is left", .0.id)]
    UsedUp(Box<Sku>),
    /// The person has none to take.
    #[error("the person has no licence {0}")]
    NotHeld(SkuId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of deleting a kind of licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkuRemoval {
    /// It is deleted.
    Removed,
    /// There is none.
    Missing,
    /// So many people have one, deleted ones among them.
    Held(i64),
}

/// Licences. A person who is deleted keeps theirs, seen by nobody, until they come back or are deleted for good.
pub trait Licenses {
    /// A kind of licence.
    fn sku(&self, id: SkuId) -> Result<Option<Sku>, StoreError>;
    /// All of them, oldest first.
    fn list_skus(&self, query: &Query) -> Result<Slice<Sku>, QueryError>;
    /// How many fit.
    fn count_skus(&self, query: &Query) -> Result<i64, QueryError>;
    /// Enters a kind of licence; one that was deleted under that id comes back. Number and `consumed` are the store's.
    fn create_sku(&self, sku: &Sku, actor: Actor) -> Result<(), WriteError>;
    /// Changes a kind of licence.
    fn update_sku(&self, id: SkuId, patch: &SkuPatch, at: Timestamp, actor: Actor)
    -> Result<Sku, WriteError>;
    /// Deletes a kind of licence that nobody has.
    fn delete_sku(&self, id: SkuId, at: Timestamp, actor: Actor) -> Result<SkuRemoval, StoreError>;
    /// Gives and takes licences of a person, all of it or nothing.
    fn change_licenses(
        &self,
        user: UserId,
        change: &LicenseChange,
        at: Timestamp,
        actor: Actor,
    ) -> Result<(), LicenseError>;
    /// The licences of these people (by number), each with who has it; who is deleted has none to show.
    fn licenses_of(&self, users: &[i64]) -> Result<Vec<(i64, Sku)>, StoreError>;
}
