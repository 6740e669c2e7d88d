//! The store of Tenure: `lifecycle`'s ports on SQLite and on PostgreSQL.
//!
//! ```text
//! reads  ──►  a pool of connections, each call one snapshot
//! writes ──►  a writer thread: takes whatever waits, one transaction, one sync, then answers everybody; on PostgreSQL
//!             there are a few (docs/decisions/0024)
//! ```
//!
//! What reads and writes the same on both stands in `common`, and each of the two compiles it against its own `db`; what
//! differs is in files of the same name (docs/decisions/0022). Rows are clustered by what they are listed by, and addressed
//! by dense numbers; public ids exist at the edge only.

#![expect(clippy::duplicate_mod, reason = "each database compiles `common` for itself")]

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
