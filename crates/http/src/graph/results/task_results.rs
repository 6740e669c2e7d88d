//! `…/taskProcessingResults`, below user results, runs, task reports and tasks

use tenure_lifecycle::ports::TaskResultScope;
use tenure_lifecycle::run::TaskResult;
use tenure_lifecycle::workflow::Workflow;

use super::asked::{place, query, store};
use super::beside::{People, SUBJECT, Tasks, person};
use super::locate::{self, Through};
use super::properties::TASK_RESULT;
use super::shape;
use crate::errors::GraphError;
use crate::graph::workflows::shape::{TASK, task_json};
use crate::odata::{self, Expanded, Expansion, Item, List, Navigation, entity};
use crate::request::Request;
use crate::response::Response;

/// What can be spelled out in a task result.
pub(crate) const EXPANDABLE: &[Navigation] = &[SUBJECT, Navigation::one("task", || &TASK)];

/// What the path to task results goes through, and the workflow.
fn through(request: &Request) -> Result<(Workflow, Through), GraphError> {
    let place = place(request)?;
    let (store, workflow) = (store(request), place.workflow);
    let given = |name| Some(request.parameter(name)).filter(|value| !value.is_empty());
    let through = if let Some(result) = given("result") {
        Through::Result(locate::user_result(store, &workflow, place.run.as_ref(), result)?)
    } else if let Some(run) = place.run {
        Through::Run(run)
    } else if let Some(report) = given("report") {
        Through::Report(locate::report(store, &workflow, report)?)
    } else {
        let (version, task) = locate::task(store, &workflow, given("version"), request.parameter("task"))?;
        Through::Task(version, task.execution_sequence)
    };
    Ok((workflow, through))
}

fn scope(workflow: &Workflow, through: &Through) -> TaskResultScope {
    match through {
        Through::Result(result) => TaskResultScope::User(result.run, result.seq),
        Through::Run(run) => TaskResultScope::Run(run.number),
        Through::Report(report) => TaskResultScope::Report(report.run.number, report.ordinal),
        Through::Task(version, ordinal) => {
            TaskResultScope::Task { workflow: workflow.number, version: *version, ordinal: *ordinal }
        }
    }
}

/// `GET …/taskProcessingResults`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    let (workflow, through) = through(request)?;
    let scope = scope(&workflow, &through);
    let expansion = request.expansion_of(EXPANDABLE)?;
    let query = query(request, &TASK_RESULT)?;
    let count =
        if request.options.count()? { Some(store(request).count_task_results(scope, &query)?) } else { None };
    let slice = store(request).list_task_results(scope, &query)?;
    let items = items(request, &workflow, &slice.items, &expansion)?;
    let page = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &TASK_RESULT, &request.context_path, page)
}

/// `GET …/taskProcessingResults/$count`
pub(crate) fn count(request: &Request) -> Result<Response, GraphError> {
    let (workflow, through) = through(request)?;
    let count =
        store(request).count_task_results(scope(&workflow, &through), &query(request, &TASK_RESULT)?)?;
    Ok(odata::count(count))
}

/// The task result that a path names, and its workflow.
pub(crate) fn found(request: &Request) -> Result<(Workflow, TaskResult), GraphError> {
    let (workflow, through) = through(request)?;
    let result = locate::task_result(store(request), &workflow, &through, request.parameter("taskResult"))?;
    Ok((workflow, result))
}

/// `GET …/taskProcessingResults/{taskResult}`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, result) = found(request)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let item =
        items(request, &workflow, std::slice::from_ref(&result), &expansion)?.pop().unwrap_or_default();
    entity(request, &TASK_RESULT, &request.context_path, item, &expansion.names())
}

/// `GET …/taskProcessingResults/{taskResult}/subject`
pub(crate) fn subject(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = found(request)?;
    person(request, result.subject)
}

/// `GET …/taskProcessingResults/{taskResult}/task`
pub(crate) fn task(request: &Request) -> Result<Response, GraphError> {
    let (workflow, result) = found(request)?;
    request.expansion(&[])?;
    let mut tasks = Tasks::of(store(request), &workflow);
    match tasks.of_result(&result)? {
        Some(task) => entity(request, &TASK, &request.context_path, task_json(task), &[]),
        None => Err(GraphError::not_found("the task of a result that was reported from outside")),
    }
}

/// Checks that the task result of a path is there, below its user result.
pub(crate) fn check(request: &Request) -> Result<(), GraphError> {
    found(request).map(|_| ())
}

/// The JSON of a task result, its subject as a reference.
pub(crate) fn item(result: &TaskResult, tasks: &mut Tasks<'_>) -> Result<Item, GraphError> {
    Ok(shape::task_result(result, tasks.of_result(result)?.map(task_json)))
}

fn items(
    request: &Request,
    workflow: &Workflow,
    results: &[TaskResult],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let mut tasks = Tasks::of(store(request), workflow);
    items_with(request, &mut tasks, results, expansion)
}

/// The JSON of task results, with what is spelled out in them.
pub(crate) fn items_with(
    request: &Request,
    tasks: &mut Tasks<'_>,
    results: &[TaskResult],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let people = match expansion.get("subject") {
        Some(asked) => {
            Some(People::load(store(request), asked, results.iter().map(|result| result.subject))?)
        }
        None => None,
    };
    let of_task = expansion.get("task").map(Expanded::selection).transpose()?.unwrap_or_default();
    tasks.load(results.iter().filter_map(|result| result.version))?;
    let mut items = Vec::with_capacity(results.len());
    for result in results {
        let mut item = item(result, tasks)?;
        if let Some(people) = &people {
            item.insert("subject".to_owned(), people.get(result.subject));
        }
        if let Some(task) = item.get_mut("task").and_then(serde_json::Value::as_object_mut) {
            of_task.apply(task, &[]);
        }
        items.push(item);
    }
    Ok(items)
}
