//! `…/userProcessingResults/{result}/subject`, and what Graph hangs below a subject

use axum::http::StatusCode;
use serde_json::json;

use super::beside::person;
use super::{task_results, user_results};
use crate::errors::GraphError;
use crate::odata;
use crate::request::Request;
use crate::response::Response;

/// `GET …/userProcessingResults/{result}/subject`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = user_results::found(request)?;
    person(request, result.subject)
}

/// The result that the path names is there, whichever kind it is.
fn found(request: &Request) -> Result<(), GraphError> {
    if request.parameter("taskResult").is_empty() {
        user_results::found(request).map(|_| ())
    } else {
        task_results::found(request).map(|_| ())
    }
}

/// `…/subject/mailboxSettings`: Tenure keeps no mailboxes.
pub(crate) fn mailbox_settings(request: &Request) -> Result<Response, GraphError> {
    found(request)?;
    Err(GraphError::not_found("the mailbox of the user"))
}

/// `GET …/subject/serviceProvisioningErrors`: Tenure provisions no services, so none has failed.
pub(crate) fn provisioning_errors(request: &Request) -> Result<Response, GraphError> {
    found(request)?;
    let context = request.context("Collection(microsoft.graph.serviceProvisioningError)");
    Response::json(StatusCode::OK, &json!({ "@odata.context": context, "value": [] }))
}

/// `GET …/subject/serviceProvisioningErrors/$count`
pub(crate) fn provisioning_errors_count(request: &Request) -> Result<Response, GraphError> {
    found(request)?;
    Ok(odata::count(0))
}
