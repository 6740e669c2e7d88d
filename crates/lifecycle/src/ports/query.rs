//! Lists: filtered, ordered, paged by key.

use super::StoreError;
use crate::expression::Expression;

/// What part of a collection is wanted, in which order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only those that fit; property paths are in Graph's own spelling.
    pub filter: Option<Expression>,
    /// Order; empty is the collection's own.
    pub order: Vec<Order>,
    /// Continue behind this mark, given by the slice before.
    pub after: Option<String>,
    /// At most this many.
    pub limit: usize,
}

/// One term of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Property, in Graph's own spelling.
    pub property: String,
    /// From high to low.
    pub descending: bool,
}

/// A part of a collection.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where to continue; a short slice may have one too. `None` at the end.
    pub next: Option<String>,
}

/// Why a list cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The filter or order asks for what this collection cannot do; the text names the property.
    #[error("{0}")]
    Unsupported(String),
    /// The mark was not given by this list.
    #[error("the paging token does not belong to this list")]
    BadMark,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
