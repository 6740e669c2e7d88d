//! Why a data directory cannot be opened.

use std::path::PathBuf;

/// Why a data directory cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("another process is using the data directory {}", directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// A later Tenure has written it.
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
    /// The writer cannot be started.
    #[error("the writer cannot be started")]
    Writer(#[source] std::io::Error),
}
