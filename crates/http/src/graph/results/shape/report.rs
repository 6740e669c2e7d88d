//! `microsoft.graph.identityGovernance.taskReport`.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::Address;
use tenure_lifecycle::run::{TaskReport, report_status};

use super::{int32, object};
use crate::odata::{Item, time, time_or_null};

/// The JSON of a task report with its task and the definition of that.
pub(crate) fn report(report: &TaskReport, task: Option<Item>, definition: Option<Item>) -> Item {
    let run = &report.run;
    object([
        ("id", json!(Address::TaskReport(run.number, report.ordinal).public(run.epoch).to_string())),
        ("completedDateTime", time_or_null(report.completed)),
        ("failedUsersCount", int32(report.counters.failed)),
        ("lastUpdatedDateTime", time(report.last_updated)),
        ("processingStatus", report_status(&report.counters, run.status).as_str().into()),
        ("runId", json!(Address::Run(run.number).public(run.epoch).to_string())),
        ("startedDateTime", time_or_null(report.started)),
        ("successfulUsersCount", int32(report.counters.successful)),
        ("totalUsersCount", int32(report.counters.total)),
        ("unprocessedUsersCount", int32(report.counters.unprocessed())),
        ("task", task.map_or(Json::Null, Json::Object)),
        ("taskDefinition", definition.map_or(Json::Null, Json::Object)),
    ])
}
