//! Why an operation was not done. Nothing was changed by it.

use crate::ports::{QueryError, StoreError, WriteError};
use crate::workflow::Invalid;

/// Why an operation was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    /// A property breaks a rule.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// There is no such thing.
    #[error("{0} does not exist")]
    NotFound(String),
    /// It does not fit the state things are in.
    #[error("{0}")]
    Conflict(String),
    /// It names something that is not there, where Graph answers 406: the property and the rule.
    #[error("property '{0}' {1}")]
    NotAcceptable(String, String),
    /// Somebody else changed it since it was read.
    #[error("the resource was changed since it was read")]
    Changed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperationError {
    /// A property breaks a rule.
    pub fn invalid(property: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Invalid(Invalid::new(property, rule))
    }
}

impl From<WriteError> for OperationError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Taken { property } => Self::Conflict(format!(
                "Another object with the same value for property {property} already exists."
            )),
            WriteError::Holds { property } => Self::invalid(property, "already holds this user"),
            WriteError::Missing => Self::NotFound("the object".to_owned()),
            WriteError::Store(cause) => Self::Store(cause),
        }
    }
}

impl From<QueryError> for OperationError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Store(cause) => Self::Store(cause),
            other => Self::invalid("$filter", other.to_string()),
        }
    }
}
