//! User processing results.

pub(crate) mod list;
