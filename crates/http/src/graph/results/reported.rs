//! Results that are reported from outside: the methods of the first specification (seed-surface §3).

use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::OperationError;

use super::asked::{place, store};
use super::beside::Tasks;
use super::{body, shape, task_results, user_results};
use crate::errors::GraphError;
use crate::odata::{Object, created, created_in, reference};
use crate::request::Request;
use crate::response::Response;

/// `POST …/runs/{run}/userProcessingResults`
pub(crate) fn create(request: &Request) -> Result<Response, GraphError> {
    let place = place(request)?;
    let Some(run) = place.run else {
        return Err(GraphError::bad_request(
            "Results are created under a run: POST to …/runs/{run}/userProcessingResults.",
        ));
    };
    let (mut result, subject) = body::new_result(&Object::root(&request.json()?)?)?;
    result.subject = subject.map(|key| user(request, &key, "subject/id")).transpose()?;
    let result = request.lifecycle().create_result(&request.caller, &place.workflow, run.number, &result)?;
    created(request, &request.context_path, shape::user_result(&result))
}

/// `PATCH …/userProcessingResults/{result}`
pub(crate) fn update(request: &Request) -> Result<Response, GraphError> {
    let (workflow, before) = user_results::found(request)?;
    let patch = body::result_patch(&Object::root(&request.json()?)?, request.parameter("result"))?;
    let after = request.lifecycle().update_result(&request.caller, &workflow, &before, &patch)?;
    user_results::answer(request, &workflow, &after)
}

/// `DELETE …/userProcessingResults/{result}`, with and without `/$ref`
pub(crate) fn delete(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = user_results::found(request)?;
    request.lifecycle().delete_result(&request.caller, &result)?;
    Ok(Response::no_content())
}

/// `POST …/userProcessingResults/{result}/subject/$ref`
pub(crate) fn add_subject(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = user_results::found(request)?;
    let body = request.json()?;
    // A whole user may come; only who it is counts.
    let body = Object::root(&body)?;
    let property = if body.annotation("@odata.id").is_some() { "@odata.id" } else { "id" };
    let subject = user(request, &reference(&body)?, property)?;
    request.lifecycle().add_subject(&request.caller, &result, subject)?;
    Ok(Response::no_content())
}

/// `DELETE …/userProcessingResults/{result}/subject/{subject}/$ref`, or without the id
pub(crate) fn remove_subject(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = user_results::found(request)?;
    let subject: UserId = match (request.parameter("subject"), result.subject) {
        ("", Some(subject)) => subject,
        ("", None) => return Err(GraphError::not_found("the subject")),
        (_, _) => request.id("subject", "subject")?,
    };
    request.lifecycle().remove_subject(&request.caller, &result, subject)?;
    Ok(Response::no_content())
}

/// `POST …/userProcessingResults/{result}/taskProcessingResults`
pub(crate) fn create_task_result(request: &Request) -> Result<Response, GraphError> {
    create_task_result_in(request, request.path.trim_end_matches('/'))
}

fn create_task_result_in(request: &Request, list: &str) -> Result<Response, GraphError> {
    let (workflow, result) = user_results::found(request)?;
    let new = body::new_task_result(&Object::root(&request.json()?)?)?;
    let stored = request.lifecycle().create_task_result(
        &request.caller,
        &result,
        new.status,
        new.created,
        new.started,
        new.completed,
        new.failure_reason,
    )?;
    let item = task_results::item(&stored, &mut Tasks::of(store(request), &workflow))?;
    created_in(request, list, &request.context_path, item)
}

/// `POST …/taskProcessingResults/{taskResult}/task/taskProcessingResults`, the second form that was printed: a new
/// task result beside that one.
pub(crate) fn create_task_result_beside(request: &Request) -> Result<Response, GraphError> {
    task_results::check(request)?;
    let list = request.path.trim_end_matches('/').rsplitn(4, '/').last().unwrap_or_default();
    create_task_result_in(request, list)
}

/// The user of that id or user principal name.
fn user(request: &Request, key: &str, property: &str) -> Result<UserId, GraphError> {
    match request.lifecycle().user(key) {
        Ok(user) => Ok(user.id),
        Err(OperationError::NotFound(_)) => {
            Err(GraphError::invalid(property, format!("names the user '{key}', who does not exist")))
        }
        Err(other) => Err(other.into()),
    }
}
