//! `POST /identityGovernance/lifecycleWorkflows/workflows/{id}/createNewVersion`

use super::body::new_workflow;
use super::{WORKFLOWS, read};
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// Gives a workflow a new version: the whole workflow, in a wrapper or without.
pub(super) fn create_new_version(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let id = request.id("workflow", "workflow")?;
    let known = Some(request.lifecycle().workflow(id, false)?.category);
    let body = request.json()?;
    let body = Object::root(&body)?;
    let new = match body.object("workflow")? {
        Some(wrapped) => {
            let new = new_workflow(&wrapped, known)?;
            body.finish()?;
            new
        }
        None => new_workflow(&body, known)?,
    };
    let workflow = request.lifecycle().create_new_version(&request.caller, id, new, revision)?;
    read::respond(request, WORKFLOWS, &workflow, false, &[])
}
