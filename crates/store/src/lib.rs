//! The store of Tenure: `lifecycle`'s ports on SQLite.
//!
//! ```text
//! reads  ──►  a pool of read-only connections, each call one snapshot
//! writes ──►  one writer thread: takes whatever waits, one transaction, one fsync, then answers everybody
//! ```
//!
//! Rows are clustered by what they are listed by, and addressed by dense numbers; public ids exist at the edge only.

pub mod sqlite;
mod watch;

pub use sqlite::{CopyError, OpenError, SqliteStore};
pub use watch::{Moment, Watch};
