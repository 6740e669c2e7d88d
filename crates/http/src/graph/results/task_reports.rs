//! `…/workflows/{workflow}/taskReports`

use tenure_lifecycle::ports::Query;
use tenure_lifecycle::run::TaskReport;
use tenure_lifecycle::task::task_definition as definition_of;
use tenure_lifecycle::workflow::{Task, Workflow};

use super::asked::{period, store};
use super::beside::Tasks;
use super::properties::REPORT;
use super::{asked, by_task, locate, shape};
use crate::errors::GraphError;
use crate::graph::task_definitions::{TASK_DEFINITION, task_definition_item};
use crate::graph::workflows::shape::{TASK, task_json};
use crate::odata::{self, Expansion, Item, List, Navigation, complex, entity};
use crate::request::Request;
use crate::response::Response;

const EXPANDABLE: &[Navigation] =
    &[Navigation::one("task", || &TASK), Navigation::one("taskDefinition", || &TASK_DEFINITION)];

fn query(request: &Request, workflow: &Workflow) -> Result<Query, GraphError> {
    let mut query = asked::query(request, &REPORT)?;
    if let Some(filter) = query.filter.take_if(|filter| by_task::is_asked(filter)) {
        let versions = store(request).versions(workflow.number)?;
        let versions: Vec<_> = versions.into_iter().map(|version| (version.number, version.tasks)).collect();
        query.filter = Some(by_task::stored(filter, &versions));
    }
    Ok(query)
}

/// `GET …/taskReports`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let query = query(request, &workflow)?;
    let count = if request.options.count()? {
        Some(store(request).count_task_reports(workflow.number, &query)?)
    } else {
        None
    };
    let slice = store(request).list_task_reports(workflow.number, &query)?;
    let items = items(request, &workflow, &slice.items, &expansion)?;
    let page = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &REPORT, &request.context_path, page)
}

/// `GET …/taskReports/$count`
pub(crate) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let count = store(request).count_task_reports(workflow.number, &query(request, &workflow)?)?;
    Ok(odata::count(count))
}

/// `GET …/taskReports/summary(startDateTime=…,endDateTime=…)`
pub(crate) fn summary(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let (start, end) = period(request)?;
    let counters = store(request).report_summary(workflow.number, start, end)?;
    complex(request, "microsoft.graph.identityGovernance.taskReportSummary", shape::report_summary(&counters))
}

fn found(request: &Request) -> Result<(Workflow, TaskReport), GraphError> {
    let workflow = request.workflow()?;
    let report = locate::report(store(request), &workflow, request.parameter("report"))?;
    Ok((workflow, report))
}

/// `GET …/taskReports/{report}`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, report) = found(request)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let item =
        items(request, &workflow, std::slice::from_ref(&report), &expansion)?.pop().unwrap_or_default();
    entity(request, &REPORT, &request.context_path, item, &expansion.names())
}

fn task_of(request: &Request) -> Result<Task, GraphError> {
    let (workflow, report) = found(request)?;
    request.expansion(&[])?;
    let mut tasks = Tasks::of(store(request), &workflow);
    let task = tasks.get(report.run.version, report.ordinal)?.cloned();
    task.ok_or_else(|| GraphError::not_found("the task of the report"))
}

/// `GET …/taskReports/{report}/task`
pub(crate) fn task(request: &Request) -> Result<Response, GraphError> {
    entity(request, &TASK, &request.context_path, task_json(&task_of(request)?), &[])
}

/// `GET …/taskReports/{report}/taskDefinition`
pub(crate) fn task_definition(request: &Request) -> Result<Response, GraphError> {
    let id = task_of(request)?.task_definition_id;
    let Some(known) = definition_of(id) else {
        return Err(GraphError::not_found(format!("task definition '{id}'")));
    };
    entity(request, &TASK_DEFINITION, &request.context_path, task_definition_item(known), &[])
}

fn items(
    request: &Request,
    workflow: &Workflow,
    reports: &[TaskReport],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let mut tasks = Tasks::of(store(request), workflow);
    tasks.load(reports.iter().map(|report| report.run.version))?;
    let mut items = Vec::with_capacity(reports.len());
    for report in reports {
        let task = tasks.get(report.run.version, report.ordinal)?;
        let known = task.and_then(|task| definition_of(task.task_definition_id));
        let definition = known.map(task_definition_item);
        let mut item = shape::report(report, task.map(task_json), definition);
        expansion.apply(&mut item)?;
        items.push(item);
    }
    Ok(items)
}
