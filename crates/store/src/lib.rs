//! The store of Tenure: `lifecycle`'s ports on SQLite.
//!
//! ```text
//! reads  ──►  a pool of read-only connections, each call one snapshot
//! writes ──►  one writer thread: takes whatever waits, one transaction, one fsync, then answers everybody
//! ```
//!
//! Rows are clustered by what they are listed by, and addressed by dense numbers; public ids exist at the edge only.

mod open_error;
pub mod postgres;
pub mod sqlite;
mod transfer;
mod watch;

pub use open_error::OpenError;
pub use postgres::PostgresStore;
pub use sqlite::{CopyError, SqliteStore};
pub use transfer::{Moved, Place, TransferError, transfer};
pub use watch::{Moment, Watch};
