//! `GET /tenure.status`

use axum::http::StatusCode;
use serde_json::json;

use crate::errors::GraphError;
use crate::odata::time;
use crate::request::Request;
use crate::response::Response;

/// What there is, and what time it is.
pub(super) fn status(request: &Request) -> Result<Response, GraphError> {
    let store = &request.lifecycle().store;
    let body = json!({
        "population": store.population()?,
        "workflows": store.workflow_count()?,
        "simulated": store.installation()?.simulated,
        "now": time(request.now()),
    });
    Response::json(StatusCode::OK, &body)
}
