//! Workflows.

pub(crate) mod explain;
pub(crate) mod forecast;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod run;
pub(crate) mod show;
