//! The people that workflows act on.

pub(crate) mod import;
pub(crate) mod status;
