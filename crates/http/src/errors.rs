//! Graph's error object. Only this crate knows status codes.

use std::error::Error;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use tenure_lifecycle::operations::OperationError;
use tenure_lifecycle::ports::{QueryError, StoreError};

/// Graph's code for a caller who may not do it.
pub(crate) const DENIED: &str = "Authorization_RequestDenied";

/// Seconds after which it is worth trying again when the disk took nothing: somebody has to look after it.
const DISK: u32 = 30;

/// Why a request is not answered as its caller hoped. Nothing was changed by it.
#[derive(Debug)]
pub(crate) struct GraphError {
    /// The status code.
    pub(crate) status: StatusCode,
    /// Graph's code.
    pub(crate) code: &'static str,
    /// What the caller reads.
    pub(crate) message: String,
    /// The property, option or parameter at fault.
    pub(crate) target: Option<String>,
    /// Methods that the path knows, for 405.
    pub(crate) allow: Option<Box<str>>,
    /// Seconds after which it is worth trying again.
    pub(crate) retry_after: Option<u32>,
    /// For the operator's log, never for the caller.
    pub(crate) source: Option<Box<dyn Error + Send + Sync>>,
}

impl GraphError {
    /// An error of any kind.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = shortened(message.into());
        Self { status, code, message, target: None, allow: None, retry_after: None, source: None }
    }

    /// 400.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 400 about one property, such as `tasks/0/displayName`; the rule reads on from the property's name.
    pub(crate) fn invalid(property: impl Into<String>, rule: impl std::fmt::Display) -> Self {
        let property = property.into();
        let mut error = Self::bad_request(format!("Property '{property}' {rule}."));
        error.target = Some(shortened(property));
        error
    }

    /// 400 about one query option or function parameter; the rule reads on from its name.
    pub(crate) fn option(name: &str, rule: impl std::fmt::Display) -> Self {
        let mut error = Self::bad_request(format!("{name} {rule}."));
        error.target = Some(shortened(name.to_owned()));
        error
    }

    /// 401.
    pub(crate) fn unauthenticated(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    /// 403.
    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, DENIED, message)
    }

    /// 404 about a thing, such as `workflow 'x'`.
    pub(crate) fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", sentence(&format!("{what} does not exist")))
    }

    /// 405; `allow` lists what is possible.
    pub(crate) fn method_not_allowed(allow: String) -> Self {
        let message = format!("This path answers only {allow}.");
        let mut error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message);
        error.allow = Some(allow.into());
        error
    }

    /// 409.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    /// 412.
    pub(crate) fn precondition_failed() -> Self {
        let message = "The resource was changed since it was read.";
        Self::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message)
    }

    /// 413.
    pub(crate) fn too_large(limit: u64) -> Self {
        let message = format!("The request body must have at most {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge", message)
    }

    /// 413.
    pub(crate) fn too_many_values(limit: usize) -> Self {
        let message = format!("The request body must have at most {limit} members and elements.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLarge", message)
    }

    /// 415.
    pub(crate) fn unsupported_media_type(expected: &str) -> Self {
        let message = format!("The request body must be sent as {expected}.");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    }

    /// 500; the cause goes to the operator's log.
    pub(crate) fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "Something went wrong on the server; its log says what, under this request-id.";
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "generalException", message);
        error.source = Some(source.into());
        error
    }

    /// 503.
    pub(crate) fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "The service is not available at the moment; try again.";
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message);
        error.retry_after = Some(1);
        error.source = Some(source.into());
        error
    }

    /// 507: there is no room; it is worth trying again when somebody has made some.
    pub(crate) fn full(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "The disk of the server is full. Nothing was changed; try again when there is room.";
        let mut error = Self::new(StatusCode::INSUFFICIENT_STORAGE, "InsufficientStorage", message);
        error.retry_after = Some(DISK);
        error.source = Some(source.into());
        error
    }

    /// 503: the disk does not take what is written to it.
    pub(crate) fn unwritable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let message = "The server cannot write to its disk. Nothing was changed; try again when the disk can be written to.";
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message);
        error.retry_after = Some(DISK);
        error.source = Some(source.into());
        error
    }

    /// The body.
    pub(crate) fn to_json(&self, request_id: &str, client_request_id: &str, now: Timestamp) -> Value {
        let date = now.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some(target) = &self.target {
            error["target"] = json!(target);
        }
        error["innerError"] =
            json!({ "date": date, "request-id": request_id, "client-request-id": client_request_id });
        json!({ "error": error })
    }

    /// The cause with its own causes, for the log.
    pub(crate) fn chain(&self) -> Option<String> {
        let first: &dyn Error = self.source.as_deref()?;
        let mut text = first.to_string();
        let mut next = first.source();
        while let Some(error) = next {
            text.push_str(": ");
            text.push_str(&error.to_string());
            next = error.source();
        }
        Some(text)
    }
}

/// What somebody sent is not sent back, or logged, at any length.
fn shortened(text: String) -> String {
    const MOST: usize = 1_000;
    match text.char_indices().nth(MOST) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Begins with a capital and ends with a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

impl From<OperationError> for GraphError {
    fn from(error: OperationError) -> Self {
        match error {
            OperationError::Invalid(invalid) => Self::invalid(invalid.property, invalid.rule),
            OperationError::NotFound(what) => Self::not_found(what),
            OperationError::Conflict(message) => Self::conflict(sentence(&message)),
            OperationError::NotAcceptable(property, rule) => {
                let (status, code) = (StatusCode::NOT_ACCEPTABLE, "NotAcceptable");
                Self { status, code, ..Self::invalid(property, rule) }
            }
            OperationError::Changed => Self::precondition_failed(),
            OperationError::Store(cause) => cause.into(),
        }
    }
}

impl From<QueryError> for GraphError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Unsupported(message) => Self::bad_request(sentence(&message)),
            QueryError::BadMark => Self::option("$skiptoken", "does not belong to this list"),
            QueryError::Store(cause) => cause.into(),
        }
    }
}

impl From<StoreError> for GraphError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::LeaseLost | StoreError::Closed => Self::unavailable(error),
            StoreError::Full(_) => Self::full(error),
            StoreError::Unwritable(_) => Self::unwritable(error),
            StoreError::Unsuitable(_) => Self::bad_request(sentence(&error.to_string())),
            StoreError::Corrupt { .. } | StoreError::Database(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_graphs() {
        let now = "2026-03-02T10:11:12.5Z".parse().unwrap();
        let body = GraphError::invalid("tasks/0/displayName", "must not be empty").to_json("r", "c", now);
        assert_eq!(
            body,
            json!({ "error": {
                "code": "BadRequest",
                "message": "Property 'tasks/0/displayName' must not be empty.",
                "target": "tasks/0/displayName",
                "innerError": { "date": "2026-03-02T10:11:12", "request-id": "r", "client-request-id": "c" },
            }})
        );
    }

    #[test]
    fn what_was_sent_is_not_sent_back_at_any_length() {
        let error = GraphError::invalid("ä".repeat(1_000_000), "is not known here");
        assert!(error.message.len() < 3_000);
        assert!(error.target.unwrap().len() < 3_000);
    }

    #[test]
    fn the_caller_reads_no_internals() {
        let error = GraphError::from(StoreError::Database("disk /var/x is full".into()));
        assert_eq!(error.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!error.message.contains("disk"));
        assert_eq!(error.chain().unwrap(), "the database failed: disk /var/x is full");
    }

    #[test]
    fn each_refusal_of_the_domain_has_its_status() {
        let status = |error: OperationError| GraphError::from(error).status.as_u16();
        assert_eq!(status(OperationError::invalid("a", "b")), 400);
        assert_eq!(status(OperationError::NotFound("workflow 'x'".to_owned())), 404);
        assert_eq!(status(OperationError::Conflict("no".to_owned())), 409);
        assert_eq!(status(OperationError::Changed), 412);
        assert_eq!(status(OperationError::Store(StoreError::Closed)), 503);
        assert_eq!(status(OperationError::Store(StoreError::Full("no room".into()))), 507);
        assert_eq!(status(OperationError::Store(StoreError::Unwritable("read-only".into()))), 503);
        let missing = GraphError::from(OperationError::NotFound("workflow 'x'".to_owned()));
        assert_eq!(missing.message, "Workflow 'x' does not exist.");
    }
}
