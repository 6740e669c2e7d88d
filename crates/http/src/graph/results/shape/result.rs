//! `userProcessingResult` and `taskProcessingResult` of `microsoft.graph.identityGovernance`.

use serde::Serialize;
use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::{Address, UserId};
use tenure_lifecycle::run::{TaskResult, UserResult};
use uuid::Uuid;

use super::{at_most_int32, object};
use crate::odata::{Item, Time, time, time_or_null};

/// `{"id"}` of whom a result is about; null when nobody is set.
pub(crate) fn subject_reference(subject: Option<UserId>) -> Json {
    subject.map_or(Json::Null, |subject| json!({ "id": subject }))
}

/// The JSON of a user result, its subject as a reference.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::graph) struct UserResultShape {
    id: Uuid,
    completed_date_time: Option<Time>,
    failed_tasks_count: i32,
    processing_status: &'static str,
    scheduled_date_time: Time,
    started_date_time: Option<Time>,
    total_tasks_count: i32,
    total_unprocessed_tasks_count: i32,
    workflow_execution_type: &'static str,
    workflow_version: i32,
    subject: Option<Reference>,
}

#[derive(Serialize)]
struct Reference {
    id: UserId,
}

impl UserResultShape {
    pub(in crate::graph) fn of(result: &UserResult) -> Self {
        Self {
            id: Address::UserResult(result.run, result.seq).public(result.epoch),
            completed_date_time: result.completed.map(Time),
            failed_tasks_count: at_most_int32(result.tasks.failed),
            processing_status: result.status.as_str(),
            scheduled_date_time: Time(result.scheduled),
            started_date_time: result.started.map(Time),
            total_tasks_count: at_most_int32(result.tasks.total),
            total_unprocessed_tasks_count: at_most_int32(result.tasks.unprocessed),
            workflow_execution_type: result.execution_type.as_str(),
            workflow_version: at_most_int32(result.version),
            subject: result.subject.map(|id| Reference { id }),
        }
    }
}

/// The same, to be changed or selected from.
pub(in crate::graph) fn user_result(result: &UserResult) -> Item {
    match serde_json::to_value(UserResultShape::of(result)) {
        Ok(Json::Object(item)) => item,
        // Nothing in it can fail to be JSON.
        _ => Item::new(),
    }
}

/// The JSON of a task result with its task (null for one that was reported), its subject as a reference.
pub(crate) fn task_result(result: &TaskResult, task: Option<Item>) -> Item {
    let address = Address::TaskResult(result.run, result.seq, result.ordinal);
    object([
        ("id", json!(address.public(result.epoch).to_string())),
        ("completedDateTime", time_or_null(result.completed)),
        ("createdDateTime", time(result.created)),
        ("failureReason", json!(result.failure_reason)),
        ("processingInfo", json!(result.processing_info)),
        ("processingStatus", result.status.as_str().into()),
        ("startedDateTime", time_or_null(result.started)),
        ("subject", subject_reference(result.subject)),
        ("task", task.map_or(Json::Null, Json::Object)),
    ])
}
