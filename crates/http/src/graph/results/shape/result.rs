//! `userProcessingResult` and `taskProcessingResult` of `microsoft.graph.identityGovernance`.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::{Address, UserId};
use tenure_lifecycle::run::{TaskResult, UserResult};

use super::{int32, object};
use crate::odata::{Item, time, time_or_null};

/// `{"id"}` of whom a result is about; null when nobody is set.
pub(crate) fn subject_reference(subject: Option<UserId>) -> Json {
    subject.map_or(Json::Null, |subject| json!({ "id": subject }))
}

/// The JSON of a user result, its subject as a reference.
pub(crate) fn user_result(result: &UserResult) -> Item {
    object([
        ("id", json!(Address::UserResult(result.run, result.seq).public(result.epoch).to_string())),
        ("completedDateTime", time_or_null(result.completed)),
        ("failedTasksCount", int32(result.tasks.failed)),
        ("processingStatus", result.status.as_str().into()),
        ("scheduledDateTime", time(result.scheduled)),
        ("startedDateTime", time_or_null(result.started)),
        ("totalTasksCount", int32(result.tasks.total)),
        ("totalUnprocessedTasksCount", int32(result.tasks.unprocessed)),
        ("workflowExecutionType", result.execution_type.as_str().into()),
        ("workflowVersion", int32(result.version)),
        ("subject", subject_reference(result.subject)),
    ])
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
