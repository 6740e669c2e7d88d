//! Playing days: the real engine on a copy of a data directory, or on an empty one, with a clock that is moved and nobody
//! outside.
//!
//! ```text
//! stage: copy ─► new epoch ─► workflows of files ─┐
//! feeds: files on their days ─────────────────────┼─► play: day by day ─► chronicle: what happened ─► day: told
//! outside: mails and calls are accepted ──────────┘
//! ```

mod chronicle;
mod day;
mod feeds;
mod outside;
mod play;
mod stage;
mod workflows;

pub(crate) use feeds::Feeds;
pub(crate) use outside::Callbacks;
pub(crate) use play::Play;
pub(crate) use stage::{Plan, Stage};
