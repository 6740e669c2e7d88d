//! What the domain asks of the outside: a store, and somebody who performs outside effects.
//!
//! Every method of the store is one step that is meaningful by itself, and one transaction.

mod agents;
mod applications;
mod audit_log;
mod batch;
mod changes;
mod cluster;
mod deleted_items;
mod directory;
mod endpoints;
mod engine;
mod entitlements;
mod extensions;
mod insights;
mod licenses;
mod perform;
mod query;
mod results;
mod roles;
mod settlement;
mod sign_in;
mod sponsors;
mod teams;
mod tokens;
mod workflows;

pub use agents::{Agents, NewAgent, SponsorRemoval};
pub use applications::{Application, Applications};
pub use audit_log::AuditLog;
pub use batch::{
    Answer, Batch, Before, Lane, Lease, LoadedPeople, LoadedPerson, LoadedUser, PendingEffect, Place,
};
pub use changes::{
    ChangePage, ChangedGroup, ChangedUser, Changes, ChangesError, Gone, Position, WatchedGroup, WatchedUser,
};
pub use cluster::{Apart, Bell, Cluster, Told};
pub use deleted_items::DeletedItems;
pub use directory::{Directory, FeedMatch, Membership, NewGroup, NewUser, PersonWrite, WriteError};
pub use endpoints::{Endpoints, NoEndpoints};
pub use engine::{
    Activation, Admission, Bound, Engine, Event, Happenings, NewRun, QueuedWork, Runs, SkipReason, Skipped,
    Subject,
};
pub use entitlements::{Deletion, Ended, Entitlements, PackageRequest, Requested, Withdrawal};
pub use extensions::{Extensions, Removal};
pub use insights::{Insights, TaskActivity, WorkflowActivity};
pub use licenses::{LicenseError, Licenses, SkuRemoval};
pub use perform::{CallOut, CallReply, CallRequest, Failure, NoCalls, Perform, SendMail, Together};
pub use query::{Order, Query, QueryError, Slice};
pub use results::{ResultScope, Results, TaskResultScope};
pub use roles::{HeldRole, Roles};
pub use settlement::{
    Happened, Occasion, PendingFate, Settled, SettledTask, SettledUser, Settlement, UserOutcome,
};
pub use sign_in::{Issued, SignIn};
pub use sponsors::Sponsors;
pub use teams::Teams;
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
    /// There is no room on the disk. Nothing was written.
    #[error("the disk is full")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk, or its file system, does not let us write. Nothing was written.
    #[error("the disk cannot be written to")]
    Unwritable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A text holds what the database does not keep, a zero byte. Nothing was written.
    #[error("a text holds a zero byte, which the database does not keep")]
    Unsuitable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Everything a store offers.
pub trait Store:
    Workflows
    + Directory
    + DeletedItems
    + Changes
    + Applications
    + Agents
    + Licenses
    + Sponsors
    + Teams
    + AuditLog
    + Results
    + Insights
    + Engine
    + Extensions
    + SignIn
    + Entitlements
    + Roles
    + Tokens
    + Cluster
    + Send
    + Sync
{
}

impl<T> Store for T where
    T: Workflows
        + Directory
        + DeletedItems
        + Changes
        + Applications
        + Agents
        + Licenses
        + Sponsors
        + Teams
        + AuditLog
        + Results
        + Insights
        + Engine
        + Extensions
        + SignIn
        + Entitlements
        + Roles
        + Tokens
        + Cluster
        + Send
        + Sync
{
}
