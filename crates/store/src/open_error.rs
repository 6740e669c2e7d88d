//! Why a store cannot be opened.

use std::path::PathBuf;

/// What `meta` holds while a store is being moved here.
pub(crate) const MOVING: &str = "moving";

/// What `meta` holds the oldest schema under, whose Tenure may work with data that are as this one leaves them.
pub(crate) const COMPATIBLE: &str = "compatible";

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("another process is using the data directory {}", directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// A later Tenure has written it, which this one cannot work together with.
    #[error("the data was written by a later version (schema {found}, this one knows {known})")]
    Newer {
        /// Its schema.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// A file cannot be used.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The database cannot be used.
    #[error("the database cannot be opened")]
    Database(#[from] rusqlite::Error),
    /// A store is being moved here.
    #[error("a store is being moved here, and is not all here yet; have `tenure migrate` go on")]
    Moving,
    /// The store is being moved elsewhere.
    #[error("what is in the database is just being moved, and nobody may change it meanwhile")]
    Leaving,
    /// The address of a database cannot be read.
    #[error("the address of the database cannot be read")]
    Address(#[source] postgres::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The writer cannot be started.
    #[error("the writer cannot be started")]
    Writer(#[source] std::io::Error),
}
