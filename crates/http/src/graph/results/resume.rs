//! `POST …/taskProcessingResults/{taskResult}/resume`

use super::task_results;
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Takes up a task that waits for a callback. No task waits yet: custom task extensions are not called so far.
pub(crate) fn resume(request: &Request) -> Result<Response, GraphError> {
    task_results::found(request)?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    body.text("source")?;
    body.text("type")?;
    let data = body.object("data")?.ok_or_else(|| body.invalid("data", "is required"))?;
    data.kind();
    let known = ["completed", "failed"];
    data.member("operationStatus", &known, |text| {
        known.into_iter().find(|status| status.eq_ignore_ascii_case(text))
    })?
    .ok_or_else(|| data.invalid("operationStatus", "is required: completed or failed"))?;
    data.finish()?;
    body.finish()?;
    Err(GraphError::conflict("The task is not waiting for a callback."))
}
