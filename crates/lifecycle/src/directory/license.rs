//! Licences: what the organisation has bought, and who has one.

use jiff::Timestamp;

use crate::ids::SkuId;

/// A kind of licence that the organisation has, a `subscribedSku`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sku {
    /// Dense number.
    pub number: i64,
    /// Public id, Graph's `skuId`.
    pub id: SkuId,
    /// What it is called, such as `ENTERPRISEPACK`.
    pub part_number: String,
    /// How many people may have one; `None` is without limit.
    pub enabled: Option<i64>,
    /// How many people have one.
    pub consumed: i64,
    /// When it was entered here.
    pub created: Timestamp,
}

/// What a caller wants a kind of licence to be; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkuPatch {
    /// What it is called.
    pub part_number: Option<String>,
    /// How many people may have one; `Some(None)` is without limit.
    pub enabled: Option<Option<i64>>,
}

/// Licences to give to a person and to take from them, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicenseChange {
    /// Those to give.
    pub add: Vec<SkuId>,
    /// Those to take; they are taken first.
    pub remove: Vec<SkuId>,
}

impl Sku {
    /// Whether nobody more can have one.
    pub fn is_used_up(&self) -> bool {
        self.enabled.is_some_and(|enabled| self.consumed >= enabled)
    }
}
