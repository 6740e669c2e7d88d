//! User processing results.

pub(crate) mod list;
pub(crate) mod undo;
