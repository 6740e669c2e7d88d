//! `GET …/workflows/{id}/executionScope`: who fits the conditions now, processed or not, as results.

use std::cell::RefCell;
use std::collections::HashMap;

use tenure_lifecycle::expression::parse_guid;
use tenure_lifecycle::ids::{Address, Epoch};
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::run::{ExecutionType, Status, TaskCounts, UserResult};
use tenure_lifecycle::workflow::Workflow;

use super::candidates;
use crate::errors::GraphError;
use crate::graph::results::user_results::{self, EXPANDABLE};
use crate::graph::results::{locate, properties::USER_RESULT, shape};
use crate::odata::{self, Expansion, Item};
use crate::request::Request;
use crate::response::Response;

/// Lists them; a workflow that is not scheduled has none.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
    let workflow = request.workflow()?;
    let found = RefCell::new(HashMap::new());
    let mut page = candidates::page(request, scheduled(&workflow), &USER_RESULT, |candidates| {
        let results = results(request, &workflow, candidates)?;
        let items = results.iter().map(|(id, result)| shown(id, shape::user_result(result))).collect();
        found.borrow_mut().extend(results);
        Ok(items)
    })?;
    if !expansion.names().is_empty() {
        // Only what is on the page is spelled out.
        let found = found.into_inner();
        let ids = page.items.iter().filter_map(|item| item.get("id")?.as_str());
        let of_page: Vec<_> = ids.filter_map(|id| found.get_key_value(id)).collect();
        page.items = spelled_out(request, &workflow, &of_page, &expansion)?;
        page.expanded = expansion.names();
    }
    odata::list(request, &USER_RESULT, &request.context_path, page)
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    candidates::count(request, scheduled(&workflow), &USER_RESULT, |candidates| {
        let results = results(request, &workflow, candidates)?;
        Ok(results.iter().map(|(id, result)| shown(id, shape::user_result(result))).collect())
    })
}

/// Gets one of them.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(EXPANDABLE)?;
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
    let results = results(request, &workflow, found.as_slice())?;
    let results: Vec<_> = results.iter().map(|(id, result)| (id, result)).collect();
    let item = spelled_out(request, &workflow, &results, &expansion)?.pop().ok_or_else(missing)?;
    odata::entity(request, &USER_RESULT, &request.context_path, item, &expansion.names())
}

fn scheduled(workflow: &Workflow) -> Option<&Workflow> {
    workflow.is_scheduled().then_some(workflow)
}

/// The result of who has one, with its id; who has none yet is shown as queued, under an id of their own.
fn results(
    request: &Request,
    workflow: &Workflow,
    found: &[Candidate],
) -> Result<Vec<(String, UserResult)>, GraphError> {
    let epoch = request.lifecycle().store.installation()?.epoch;
    let results = request.lifecycle().results_of(workflow, found)?;
    let named = found.iter().zip(results).map(|(candidate, result)| match result {
        Some(result) => (Address::UserResult(result.run, result.seq), result),
        None => {
            let address = Address::Candidate(workflow.number, candidate.user.number);
            (address, to_be(workflow, candidate, epoch))
        }
    });
    Ok(named.map(|(address, result)| (address.public(epoch).to_string(), result)).collect())
}

fn shown(id: &str, mut item: Item) -> Item {
    item.insert("id".to_owned(), id.into());
    item
}

fn spelled_out(
    request: &Request,
    workflow: &Workflow,
    results: &[(&String, &UserResult)],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let bare: Vec<UserResult> = results.iter().map(|(_, result)| (*result).clone()).collect();
    let items = user_results::items(request, workflow, &bare, expansion)?;
    Ok(results.iter().zip(items).map(|((id, _), item)| shown(id, item)).collect())
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
