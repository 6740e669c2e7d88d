//! `PATCH /identityGovernance/lifecycleWorkflows/workflows/{id}`

use serde_json::Value;
use tenure_lifecycle::operations::WorkflowPatch;

use super::body::{by_interval, settings};
use super::echo::{echoes_unknown, unless_same};
use super::scope_targets;
use super::shape::{conditions_json, tasks_json};
use crate::errors::GraphError;
use crate::odata::Object;
use crate::request::Request;
use crate::response::Response;

/// What clients echo and Graph ignores.
const READ_ONLY: &[&str] = &[
    "id",
    "createdDateTime",
    "lastModifiedDateTime",
    "deletedDateTime",
    "nextScheduleRunDateTime",
    "version",
    "createdBy",
    "lastModifiedBy",
    "quarantineDetails",
    "targetSubjectType",
];

/// Changes the properties that need no new version.
pub(super) fn update(request: &Request) -> Result<Response, GraphError> {
    let revision = request.if_match()?;
    let workflow = request.workflow()?;
    let body = request.json()?;
    let body = Object::root(&body)?;
    let patch = WorkflowPatch {
        display_name: body.text("displayName")?.map(str::to_owned),
        description: body.nullable_text("description")?.map(|text| text.map(str::to_owned)),
        is_enabled: body.boolean("isEnabled")?,
        is_scheduling_enabled: body.boolean("isSchedulingEnabled")?,
        is_by_interval: by_interval(&body)?,
        quarantine_configuration: settings(&body)?,
    };
    if !echoes_unknown(&body, workflow.category) {
        let category = Value::from(workflow.category.as_str());
        unless_same(&body, "category", &category, "of a workflow never changes")?;
    }
    let by_version = "is changed by createNewVersion";
    unless_same(&body, "tasks", &tasks_json(&workflow.tasks), by_version)?;
    unless_same(&body, "executionConditions", &conditions_json(&workflow.conditions), by_version)?;
    scope_targets::refuse(&body)?;
    body.ignore(READ_ONLY);
    body.finish()?;
    request.lifecycle().update_workflow(&request.caller, workflow.id, patch, revision)?;
    Ok(Response::no_content())
}
