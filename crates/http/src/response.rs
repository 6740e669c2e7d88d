//! An answer before it goes out.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::errors::GraphError;

/// Content type of everything that is JSON.
pub(crate) const JSON: &str = "application/json; odata.metadata=minimal; charset=utf-8";

/// An answer: status, headers and the whole body.
#[derive(Debug)]
pub(crate) struct Response {
    /// The status.
    pub(crate) status: StatusCode,
    /// Headers beyond those that every answer has.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// JSON.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, GraphError> {
        let body = serde_json::to_vec(body).map_err(GraphError::internal)?;
        Ok(Self { status, headers: vec![(header::CONTENT_TYPE, HeaderValue::from_static(JSON))], body })
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: vec![], body: vec![] }
    }

    /// Plain text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
        let headers = vec![(header::CONTENT_TYPE, content_type)];
        Self { status: StatusCode::OK, headers, body: text.into().into_bytes() }
    }

    /// The same answer with one more header; a value that no header can carry is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The same answer with another status.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}
