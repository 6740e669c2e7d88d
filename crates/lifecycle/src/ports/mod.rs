//! What the domain asks of the outside: a store, and somebody who performs outside effects.
//!
//! Every method of the store is one step that is meaningful by itself, and one transaction.

mod directory;
mod engine;
mod perform;
mod query;
mod results;
mod tokens;
mod workflows;

pub use directory::{Directory, FeedMatch, Membership, NewGroup, NewUser, PersonWrite, WriteError};
pub use engine::{
    Activation, Admission, Batch, Before, Engine, Lease, LoadedUser, NewRun, PendingEffect, QueuedWork,
    Settled, SettledTask, SettledUser, Settlement, SkipReason, Skipped, Subject, UserOutcome,
};
pub use perform::{Failure, Perform};
pub use query::{Order, Query, QueryError, Slice};
pub use results::{ResultScope, Results, TaskResultScope};
pub use tokens::{Installation, Tokens};
pub use workflows::{Settings, WorkflowChange, Workflows};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row cannot be understood.
    #[error("{table}.{column} of {row} cannot be understood")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Which row.
        row: String,
    },
    /// The lease has been lost to another worker.
    #[error("the lease is lost")]
    LeaseLost,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Everything a store offers.
pub trait Store: Workflows + Directory + Results + Engine + Tokens + Send + Sync {}

impl<T: Workflows + Directory + Results + Engine + Tokens + Send + Sync> Store for T {}
