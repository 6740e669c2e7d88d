//! Why a text is no expression.

/// Why and where a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at position {position}")]
pub struct ParseError {
    /// The place, in characters from 0.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

impl ParseError {
    pub(super) fn at(input: &str, offset: usize, message: impl Into<String>) -> Self {
        Self { position: input[..offset].chars().count(), message: message.into() }
    }
}
