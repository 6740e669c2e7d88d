//! `microsoft.graph.identityGovernance.run`.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::Address;
use tenure_lifecycle::run::{ActivatedOn, Run};

use super::{int32, object};
use crate::odata::{Item, time, time_or_null};

/// The JSON of a run.
pub(crate) fn run(run: &Run) -> Item {
    let counters = &run.counters;
    let mut shown = object([
        ("id", json!(Address::Run(run.number).public(run.epoch).to_string())),
        ("activatedOnScope", run.activated_on.map_or(Json::Null, activated_on)),
        ("completedDateTime", time_or_null(run.completed)),
        ("failedTasksCount", int32(counters.tasks.failed)),
        ("failedUsersCount", int32(counters.failed_users())),
        ("lastUpdatedDateTime", time(run.updated)),
        ("processingStatus", run.status.as_str().into()),
        ("scheduledDateTime", time(run.scheduled)),
        ("startedDateTime", time_or_null(run.started)),
        ("successfulUsersCount", int32(counters.users.successful)),
        ("totalTasksCount", int32(counters.tasks.total)),
        ("totalUnprocessedTasksCount", int32(counters.tasks.unprocessed)),
        ("totalUsersCount", int32(counters.users.total)),
        ("workflowExecutionType", run.execution_type.as_str().into()),
    ]);
    for (name, other) in [("@tenure.undoes", run.undoes), ("@tenure.undoneBy", run.undone_by)] {
        if let Some((epoch, number)) = other {
            shown.insert(name.to_owned(), json!(Address::Run(number).public(epoch).to_string()));
        }
    }
    shown
}

/// What a run was activated with: the type of its scope and its choices; whom it named is in its results.
fn activated_on(on: ActivatedOn) -> Json {
    let (kind, tasks, users) = match on {
        // Graph has no such scope; whose run it takes back is said beside it.
        ActivatedOn::Undo => return Json::Null,
        ActivatedOn::Users => ("activateUserScope", None, None),
        ActivatedOn::Group => ("activateGroupScope", None, None),
        ActivatedOn::Results(tasks) => ("activateProcessingResultScope", Some(tasks), None),
        ActivatedOn::Run(tasks, users) => ("activateRunScope", Some(tasks), Some(users)),
    };
    let mut scope = object([("@odata.type", format!("#microsoft.graph.identityGovernance.{kind}").into())]);
    if let Some(tasks) = tasks {
        scope.insert("taskScope".to_owned(), tasks.as_str().into());
    }
    if let Some(users) = users {
        scope.insert("userScope".to_owned(), users.as_str().into());
    }
    Json::Object(scope)
}
