//! `POST /identityGovernance/lifecycleWorkflows/workflows`

use axum::http::header;

use super::body::new_workflow;
use super::read::etag;
use super::shape::workflow_item;
use crate::errors::GraphError;
use crate::odata::{self, Object};
use crate::request::Request;
use crate::response::Response;

/// Creates a workflow; the answer carries no tasks, as Graph's does not.
pub(super) fn create(request: &Request) -> Result<Response, GraphError> {
    let body = request.json()?;
    let new = new_workflow(&Object::root(&body)?, None)?;
    let workflow = request.lifecycle().create_workflow(&request.caller, new)?;
    let interval = request.lifecycle().store.settings()?.workflow_schedule_interval_in_hours;
    let item = workflow_item(&workflow, interval, request.now());
    let response = odata::created(request, &request.context_path, item)?;
    Ok(response.with_header(header::ETAG, &etag(&workflow)))
}
