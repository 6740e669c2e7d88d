//! `GET /identityGovernance/lifecycleWorkflows/insights/…(startDateTime=…,endDateTime=…)`

use std::cmp::Reverse;

use serde_json::json;
use tenure_lifecycle::ports::{TaskActivity, WorkflowActivity};
use tenure_lifecycle::run::{RunCounters, Status};
use tenure_lifecycle::task::task_definition;
use tenure_lifecycle::workflow::Category;

use super::results::{int32, object, period};
use super::workflows::shape::CATEGORIES;
use crate::errors::GraphError;
use crate::odata::{Item, Kind, Properties, Property, complex, memory_list, operators};
use crate::permission::Permission::ReadReports;
use crate::request::Request;
use crate::response::Response;
use crate::route::Table;

/// The routes.
pub(super) fn routes() -> Table {
    let mut table = Table::default();
    table.get(
        "@lcw/insights/topTasksProcessedSummary(startDateTime,endDateTime)",
        ReadReports,
        top_tasks_processed_summary,
    );
    table.get(
        "@lcw/insights/topWorkflowsProcessedSummary(startDateTime,endDateTime)",
        ReadReports,
        top_workflows_processed_summary,
    );
    table.get(
        "@lcw/insights/workflowsProcessedByCategory(startDateTime,endDateTime)",
        ReadReports,
        workflows_processed_by_category,
    );
    table.get(
        "@lcw/insights/workflowsProcessedSummary(startDateTime,endDateTime)",
        ReadReports,
        workflows_processed_summary,
    );
    table
}

const fn number(name: &'static str) -> Property {
    Property::ordered(name, Kind::Integer, operators::ORDER)
}

const TOP_TASK: Properties = Properties {
    of: "a summary of tasks",
    list: &[
        number("failedTasks"),
        number("failedUsers"),
        number("successfulTasks"),
        number("successfulUsers"),
        Property::ordered("taskDefinitionDisplayName", Kind::Text, operators::TEXT),
        Property::ordered("taskDefinitionId", Kind::Id, operators::EQUALITY),
        number("totalTasks"),
        number("totalUsers"),
    ],
};

const TOP_WORKFLOW: Properties = Properties {
    of: "a summary of workflows",
    list: &[
        number("failedRuns"),
        number("failedUsers"),
        number("successfulRuns"),
        number("successfulUsers"),
        number("totalRuns"),
        number("totalUsers"),
        Property::ordered("workflowCategory", Kind::Enum(CATEGORIES), operators::EQUALITY),
        Property::ordered("workflowDisplayName", Kind::Text, operators::TEXT),
        Property::ordered("workflowId", Kind::Id, operators::EQUALITY),
        number("workflowVersion"),
    ],
};

/// How many runs there were; successful is what completed, failed is that in which something failed.
#[derive(Clone, Copy, Default)]
struct Runs {
    total: i64,
    successful: i64,
    failed: i64,
}

impl Runs {
    fn of<'a>(activity: impl IntoIterator<Item = &'a WorkflowActivity>) -> Self {
        let mut runs = Self::default();
        for (status, count) in activity.into_iter().flat_map(|workflow| &workflow.runs) {
            runs.total += count;
            match status {
                Status::Completed => runs.successful += count,
                Status::Failed | Status::CompletedWithErrors => runs.failed += count,
                Status::Queued
                | Status::InProgress
                | Status::Canceled
                | Status::Canceling
                | Status::Quarantined => {}
            }
        }
        runs
    }
}

fn activity(request: &Request) -> Result<Vec<WorkflowActivity>, GraphError> {
    let (start, end) = period(request)?;
    Ok(request.lifecycle().store.workflow_activity(start, end)?)
}

fn kind(name: &str) -> String {
    format!("microsoft.graph.identityGovernance.{name}")
}

fn workflows_processed_summary(request: &Request) -> Result<Response, GraphError> {
    let activity = activity(request)?;
    let runs = Runs::of(&activity);
    let mut counters = RunCounters::default();
    for workflow in &activity {
        counters.add(&workflow.counters);
    }
    let summary = object([
        ("failedRuns", int32(runs.failed)),
        ("failedTasks", int32(counters.tasks.failed)),
        ("failedUsers", int32(counters.failed_users())),
        ("successfulRuns", int32(runs.successful)),
        ("successfulTasks", int32(counters.tasks.successful())),
        ("successfulUsers", int32(counters.users.successful)),
        ("totalRuns", int32(runs.total)),
        ("totalTasks", int32(counters.tasks.total)),
        ("totalUsers", int32(counters.users.total)),
    ]);
    complex(request, &kind("workflowsInsightsSummary"), summary)
}

fn workflows_processed_by_category(request: &Request) -> Result<Response, GraphError> {
    let activity = activity(request)?;
    let of = |category| Runs::of(activity.iter().filter(|workflow| workflow.category == category));
    let (joiner, leaver, mover) = (of(Category::Joiner), of(Category::Leaver), of(Category::Mover));
    let summary = object([
        ("failedJoinerRuns", int32(joiner.failed)),
        ("failedLeaverRuns", int32(leaver.failed)),
        ("failedMoverRuns", int32(mover.failed)),
        ("successfulJoinerRuns", int32(joiner.successful)),
        ("successfulLeaverRuns", int32(leaver.successful)),
        ("successfulMoverRuns", int32(mover.successful)),
        ("totalJoinerRuns", int32(joiner.total)),
        ("totalLeaverRuns", int32(leaver.total)),
        ("totalMoverRuns", int32(mover.total)),
    ]);
    complex(request, &kind("workflowsInsightsByCategory"), summary)
}

/// The workflows with the most people come first.
fn top_workflows_processed_summary(request: &Request) -> Result<Response, GraphError> {
    let mut activity = activity(request)?;
    activity.sort_by_key(|workflow| Reverse((workflow.counters.users.total, Runs::of([workflow]).total)));
    let context = format!("Collection({})", kind("topWorkflowsInsightsSummary"));
    let items = activity.iter().map(top_workflow).collect();
    memory_list(request, &TOP_WORKFLOW, &context, items, "workflowId")
}

fn top_workflow(workflow: &WorkflowActivity) -> Item {
    let (runs, counters) = (Runs::of([workflow]), &workflow.counters);
    object([
        ("failedRuns", int32(runs.failed)),
        ("failedUsers", int32(counters.failed_users())),
        ("successfulRuns", int32(runs.successful)),
        ("successfulUsers", int32(counters.users.successful)),
        ("totalRuns", int32(runs.total)),
        ("totalUsers", int32(counters.users.total)),
        ("workflowCategory", json!(workflow.category.as_str())),
        ("workflowDisplayName", json!(workflow.display_name)),
        ("workflowId", json!(workflow.id)),
        ("workflowVersion", int32(workflow.version)),
    ])
}

/// The tasks that most people were to have come first.
fn top_tasks_processed_summary(request: &Request) -> Result<Response, GraphError> {
    let (start, end) = period(request)?;
    let mut activity = request.lifecycle().store.task_activity(start, end)?;
    activity.sort_by_key(|task| (Reverse(task.counters.total), task.definition));
    let context = format!("Collection({})", kind("topTasksInsightsSummary"));
    let items = activity.iter().map(top_task).collect();
    memory_list(request, &TOP_TASK, &context, items, "taskDefinitionId")
}

fn top_task(task: &TaskActivity) -> Item {
    let counters = &task.counters;
    let name = task_definition(task.definition).map_or("", |definition| definition.display_name);
    // A task result is one person's, so people are counted as tasks are.
    object([
        ("failedTasks", int32(counters.failed)),
        ("failedUsers", int32(counters.failed)),
        ("successfulTasks", int32(counters.successful)),
        ("successfulUsers", int32(counters.successful)),
        ("taskDefinitionDisplayName", json!(name)),
        ("taskDefinitionId", json!(task.definition)),
        ("totalTasks", int32(counters.total)),
        ("totalUsers", int32(counters.total)),
    ])
}
