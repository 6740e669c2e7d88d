//! `GET …/workflows/{id}/executionScope`: who fits the conditions now, processed or not, as results.

use tenure_lifecycle::expression::parse_guid;
use tenure_lifecycle::ids::{Address, Epoch};
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::run::{ExecutionType, Status, TaskCounts, UserResult};
use tenure_lifecycle::workflow::Workflow;

use super::candidates;
use crate::errors::GraphError;
use crate::graph::results::{locate, properties::USER_RESULT, shape};
use crate::odata::{self, Item};
use crate::request::Request;
use crate::response::Response;

/// Lists them; a workflow that is not scheduled has none.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let page = candidates::page(request, scheduled(&workflow), &USER_RESULT, |found| {
        items(request, &workflow, found)
    })?;
    odata::list(request, &USER_RESULT, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    candidates::count(request, scheduled(&workflow), &USER_RESULT, |found| items(request, &workflow, found))
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let workflow = request.workflow()?;
    let id = request.parameter("result");
    let missing = || GraphError::not_found(format!("userProcessingResult '{id}'"));
    let user = match parse_guid(id).and_then(Address::parse) {
        Some((epoch, Address::Candidate(number, user)))
            if number == workflow.number && epoch == request.lifecycle().store.installation()?.epoch =>
        {
            user
        }
        Some((_, Address::UserResult(_, _))) => {
            let store = request.lifecycle().store.as_ref();
            let subject = locate::user_result(store, &workflow, None, id)?.subject.ok_or_else(missing)?;
            store.user(subject)?.ok_or_else(missing)?.number
        }
        _ => return Err(missing()),
    };
    let found = match scheduled(&workflow) {
        Some(workflow) => request.lifecycle().candidate(workflow, user)?,
        None => None,
    };
    let item = items(request, &workflow, found.as_slice())?.pop().ok_or_else(missing)?;
    odata::entity(request, &USER_RESULT, &request.context_path, item, &[])
}

fn scheduled(workflow: &Workflow) -> Option<&Workflow> {
    workflow.is_scheduled().then_some(workflow)
}

/// The result of who has one; who has none yet is shown as queued.
fn items(request: &Request, workflow: &Workflow, found: &[Candidate]) -> Result<Vec<Item>, GraphError> {
    let epoch = request.lifecycle().store.installation()?.epoch;
    let results = request.lifecycle().results_of(workflow, found)?;
    let shown = found.iter().zip(results).map(|(candidate, result)| match result {
        Some(result) => shape::user_result(&result),
        None => {
            let mut item = shape::user_result(&to_be(workflow, candidate, epoch));
            let id = Address::Candidate(workflow.number, candidate.user.number).public(epoch);
            item.insert("id".to_owned(), id.to_string().into());
            item
        }
    });
    Ok(shown.collect())
}

fn to_be(workflow: &Workflow, candidate: &Candidate, epoch: Epoch) -> UserResult {
    let tasks = workflow.enabled_tasks().count() as i64;
    UserResult {
        run: 0,
        seq: 0,
        epoch,
        workflow: workflow.number,
        subject: Some(candidate.user.id),
        reported: false,
        status: Status::Queued,
        scheduled: candidate.due,
        started: None,
        completed: None,
        execution_type: ExecutionType::Scheduled,
        version: workflow.version,
        tasks: TaskCounts { total: tasks, failed: 0, unprocessed: tasks },
    }
}
