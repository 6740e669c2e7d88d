//! Mails of tasks.

pub(crate) mod preview;
