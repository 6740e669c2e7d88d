//! `GET /identityGovernance/lifecycleWorkflows/workflows` and `/{id}`

use axum::http::header;
use tenure_lifecycle::workflow::Workflow;

use super::preview_scope;
use super::scope_targets::{self, DIRECTORY_OBJECT, TARGETS};
use super::shape::{NOT_LISTED, TASK, WORKFLOW, tasks_json, workflow_item};
use crate::errors::GraphError;
use crate::graph::users::shape::USER;
use crate::odata::{self, Expansion, Item, Navigation, Selection, memory_count, memory_page};
use crate::permission::Permission;
use crate::request::Request;
use crate::response::Response;

/// Navigations that are inline anyway or hold nothing but an id.
pub(super) const EXPANDABLE: &[Navigation] = &[
    Navigation::many("tasks", || &TASK),
    Navigation::one("createdBy", || &USER),
    Navigation::one("lastModifiedBy", || &USER),
    Navigation::many(TARGETS, || &DIRECTORY_OBJECT),
];

/// Lists workflows; items lack tasks and conditions unless they are selected or expanded.
pub(super) fn list(request: &Request) -> Result<Response, GraphError> {
    let selection = request.selection(&WORKFLOW)?;
    let expansion = request.expansion_of(EXPANDABLE)?;
    let wanted = |name: &str| selection.shows(name, false) || expansion.has(name);
    if NOT_LISTED.iter().any(|name| wanted(name)) {
        // The basic permission opens what lists show by themselves.
        Permission::ReadWorkflows.check(&request.caller)?;
    }
    let items = items(request, wanted)?;
    let mut page = memory_page(request, &WORKFLOW, items, "id")?;
    hide(&mut page.items, &selection, &expansion);
    if !request.deleted && !selection.is_given() {
        for item in &mut page.items {
            item.shift_remove("deletedDateTime");
        }
    }
    for item in &mut page.items {
        scope_targets::expand(&expansion, item);
        expansion.apply(item)?;
    }
    page.expanded = expansion.names();
    odata::list(request, &WORKFLOW, &request.context_path, page)
}

/// Takes what lists do not show out of the items, unless somebody asked for it.
pub(super) fn hide(items: &mut [Item], selection: &Selection, expansion: &Expansion) {
    for name in NOT_LISTED {
        if !selection.shows(name, false) && !expansion.has(name) {
            for item in items.iter_mut() {
                item.shift_remove(*name);
            }
        }
    }
}

/// `/$count`
pub(super) fn count(request: &Request) -> Result<Response, GraphError> {
    memory_count(request, &WORKFLOW, items(request, |_| false)?)
}

fn items(request: &Request, wanted: impl Fn(&str) -> bool) -> Result<Vec<Item>, GraphError> {
    let store = &request.lifecycle().store;
    let (interval, now) = (store.settings()?.workflow_schedule_interval_in_hours, request.now());
    let with_tasks = wanted("tasks");
    let item = |workflow: &Workflow| {
        let mut item = workflow_item(workflow, interval, now);
        if with_tasks {
            item.insert("tasks".to_owned(), tasks_json(&workflow.tasks));
        }
        item
    };
    Ok(store.workflows(request.deleted)?.iter().map(item).collect())
}

/// Gets a workflow, its tasks inline.
pub(super) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(&[EXPANDABLE, &[preview_scope::navigation(request)]].concat())?;
    let workflow = request.workflow()?;
    let mut item = whole(request, &request.context_path, &workflow, true)?;
    scope_targets::expand(&expansion, &mut item);
    expansion.apply(&mut item)?;
    if let Some(asked) = expansion.get("previewScope") {
        preview_scope::expand(request, &workflow, asked, &mut item)?;
    }
    let response = odata::entity(request, &WORKFLOW, &request.context_path, item, &expansion.names())?;
    Ok(response.with_header(header::ETAG, &etag(&workflow)))
}

/// Answers with a workflow and its ETag.
pub(super) fn respond(
    request: &Request,
    context: &str,
    workflow: &Workflow,
    annotate_tasks: bool,
    expanded: &[&'static str],
) -> Result<Response, GraphError> {
    let item = whole(request, context, workflow, annotate_tasks)?;
    let response = odata::entity(request, &WORKFLOW, context, item, expanded)?;
    Ok(response.with_header(header::ETAG, &etag(workflow)))
}

/// All of a workflow, its tasks too.
fn whole(
    request: &Request,
    context: &str,
    workflow: &Workflow,
    annotate_tasks: bool,
) -> Result<Item, GraphError> {
    let interval = request.lifecycle().store.settings()?.workflow_schedule_interval_in_hours;
    let mut item = workflow_item(workflow, interval, request.now());
    if annotate_tasks {
        let tasks = request.context(&format!("{context}('{}')/tasks", workflow.id));
        item.insert("tasks@odata.context".to_owned(), tasks.into());
    }
    item.insert("tasks".to_owned(), tasks_json(&workflow.tasks));
    Ok(item)
}

/// The ETag of a workflow.
pub(super) fn etag(workflow: &Workflow) -> String {
    format!("W/\"{}\"", workflow.revision)
}
