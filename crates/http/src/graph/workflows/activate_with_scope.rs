//! `POST /identityGovernance/lifecycleWorkflows/workflows/{id}/activateWithScope`

use serde_json::Value;
use tenure_lifecycle::operations::ActivationScope;
use tenure_lifecycle::run::{TaskChoice, UserChoice};
use tenure_lifecycle::workflow::Workflow;

use super::activate::users;
use crate::errors::GraphError;
use crate::graph::results::locate;
use crate::odata::{Object, reference};
use crate::request::Request;
use crate::response::Response;

/// The kinds of scope.
const KINDS: &str =
    "activateUserScope, activateGroupScope, activateProcessingResultScope or activateRunScope";

/// Runs a workflow for a scope; one run, durable when this answers.
pub(super) fn activate_with_scope(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let scope = scope(request, &workflow, &request.json()?)?;
    request.lifecycle().activate_with_scope(&request.caller, workflow.id, &scope)?;
    Ok(Response::no_content())
}

fn scope(request: &Request, workflow: &Workflow, body: &Value) -> Result<ActivationScope, GraphError> {
    let body = Object::root(body)?;
    let scope = match body.object("scope")? {
        Some(object) => read(request, workflow, &object)?,
        // As the parameter table of Graph's page has it.
        None if body.has("subjects") => ActivationScope::Users(users(&body, "subjects")?),
        None => return Err(body.invalid("scope", "is required")),
    };
    body.finish()?;
    Ok(scope)
}

fn read(request: &Request, workflow: &Workflow, scope: &Object<'_>) -> Result<ActivationScope, GraphError> {
    let store = request.lifecycle().store.as_ref();
    let read = match scope.kind().to_ascii_lowercase().as_str() {
        "activateuserscope" => ActivationScope::Users(users(scope, "users")?),
        "activategroupscope" => {
            let group = scope.object("group")?.ok_or_else(|| scope.invalid("group", "is required"))?;
            let id = reference(&group)?;
            let id = id.parse().map_err(|_| group.invalid("id", "is not the id of a group"))?;
            ActivationScope::Group(id)
        }
        "activateprocessingresultscope" => {
            let named = scope.objects("processingResults")?;
            let named = named.ok_or_else(|| scope.invalid("processingResults", "is required"))?;
            let mut results = Vec::with_capacity(named.len());
            let most = request.lifecycle().limits.subjects_per_activate;
            if named.len() > most {
                return Err(scope.invalid("processingResults", format!("must name at most {most} results")));
            }
            for result in &named {
                let id = reference(result)?;
                let found = locate::user_result(store, workflow, None, &id);
                results.push(found.map_err(|error| named_wrongly(error, result))?);
            }
            ActivationScope::Results(results, tasks(scope)?)
        }
        "activaterunscope" => {
            let named = scope.object("run")?.ok_or_else(|| scope.invalid("run", "is required"))?;
            let id = reference(&named)?;
            let run = locate::run(store, workflow, &id).map_err(|error| named_wrongly(error, &named))?;
            let users = scope
                .member("userScope", &["allUsers", "failedUsers"], |text| {
                    [UserChoice::All, UserChoice::Failed]
                        .into_iter()
                        .find(|one| one.as_str().eq_ignore_ascii_case(text))
                })?
                .ok_or_else(|| scope.invalid("userScope", "is required: allUsers or failedUsers"))?;
            ActivationScope::Run(Box::new(run), tasks(scope)?, users)
        }
        _ => return Err(scope.invalid("@odata.type", format!("must be {KINDS}"))),
    };
    scope.finish()?;
    Ok(read)
}

fn tasks(scope: &Object<'_>) -> Result<TaskChoice, GraphError> {
    scope
        .member("taskScope", &["allTasks", "failedTasks"], |text| {
            [TaskChoice::All, TaskChoice::Failed]
                .into_iter()
                .find(|one| one.as_str().eq_ignore_ascii_case(text))
        })?
        .ok_or_else(|| scope.invalid("taskScope", "is required: allTasks or failedTasks"))
}

/// What a body names and the workflow does not have is bad input, not a path that leads nowhere.
fn named_wrongly(error: tenure_lifecycle::operations::OperationError, at: &Object<'_>) -> GraphError {
    use tenure_lifecycle::operations::OperationError;
    match error {
        OperationError::NotFound(_) => at.invalid("id", "names nothing that this workflow has"),
        other => other.into(),
    }
}
