//! `POST /identityGovernance/lifecycleWorkflows/workflows/{id}/cancelProcessing`

use crate::errors::GraphError;
use crate::graph::results::locate;
use crate::odata::{Object, reference};
use crate::request::Request;
use crate::response::Response;

/// Stops one run; who was not processed is canceled.
pub(super) fn cancel_processing(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let scope = body.object("scope")?.ok_or_else(|| body.invalid("scope", "is required"))?;
    let kind = scope.kind();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("cancelRunsScope") {
        return Err(scope.invalid("@odata.type", "must be cancelRunsScope"));
    }
    let runs = scope.objects("runs")?.ok_or_else(|| scope.invalid("runs", "is required"))?;
    let [run] = runs.as_slice() else {
        return Err(scope.invalid("runs", "must name exactly one run"));
    };
    let id = reference(run)?;
    scope.finish()?;
    body.finish()?;
    let found = locate::run(request.lifecycle().store.as_ref(), &workflow, &id)
        .map_err(|_| run.invalid("id", "names no run of this workflow"))?;
    request.lifecycle().cancel(&request.caller, &found)?;
    Ok(Response::no_content())
}
