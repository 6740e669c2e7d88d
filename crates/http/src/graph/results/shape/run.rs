//! `microsoft.graph.identityGovernance.run`.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::Address;
use tenure_lifecycle::run::Run;

use super::{Members, int32, object};
use crate::odata::{Item, time, time_or_null};

/// The JSON of a run.
pub(crate) fn run(run: &Run, members: Members) -> Item {
    let counters = &run.counters;
    object([
        ("id", json!(Address::Run(run.number).public(run.epoch).to_string())),
        // Runs by activateWithScope would say here what they were activated on.
        ("activatedOnScope", Json::Null),
        ("completedDateTime", time_or_null(run.completed)),
        ("failedTasksCount", int32(counters.tasks.failed)),
        ("failedUsersCount", int32(counters.failed_users())),
        ("lastUpdatedDateTime", time(run.updated)),
        ("processingStatus", members.status(run.status).into()),
        ("scheduledDateTime", time(run.scheduled)),
        ("startedDateTime", time_or_null(run.started)),
        ("successfulUsersCount", int32(counters.users.successful)),
        ("totalTasksCount", int32(counters.tasks.total)),
        ("totalUnprocessedTasksCount", int32(counters.tasks.unprocessed)),
        ("totalUsersCount", int32(counters.users.total)),
        ("workflowExecutionType", members.execution_type(run.execution_type).into()),
    ])
}
