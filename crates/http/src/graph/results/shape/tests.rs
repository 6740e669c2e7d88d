//! The shapes beside Graph's published examples.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::{Address, Epoch, TaskDefinitionId, TaskId, UserId};
use tenure_lifecycle::run::{
    ExecutionType, ReportCounters, Run, RunCounters, Status, TaskCounts, TaskReport, TaskResult, UserCounts,
    UserResult,
};
use tenure_lifecycle::task::built_in;
use tenure_lifecycle::workflow::{Argument, Task};
use uuid::uuid;

use super::*;
use crate::graph::task_definitions::task_definition_item;
use crate::graph::workflows::shape::task_json;

const EPOCH: Epoch = Epoch(0x00ab_cdef);
const SUBJECT: UserId = UserId(uuid!("a1e2c3d4-0002-4aaa-8bbb-000000000002"));

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn public(address: Address) -> String {
    address.public(EPOCH).to_string()
}

fn names(object: &Item) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}

fn a_run(status: Status) -> Run {
    Run {
        activated_on: None,
        undoes: None,
        undone_by: None,
        number: 7,
        epoch: EPOCH,
        workflow: 1,
        version: 2,
        execution_type: ExecutionType::Scheduled,
        scheduled: at("2026-03-02T09:00:00Z"),
        started: Some(at("2026-03-02T09:01:37.095Z")),
        completed: None,
        updated: at("2026-03-02T09:01:37.095Z"),
        status,
        cancel: None,
        counters: RunCounters {
            users: UserCounts {
                total: 9,
                queued: 1,
                in_progress: 1,
                successful: 3,
                with_errors: 2,
                failed: 1,
                canceled: 1,
            },
            tasks: TaskCounts { total: 18, failed: 3, unprocessed: 4 },
        },
    }
}

fn a_task() -> Task {
    Task {
        id: TaskId(uuid!("f1e2d3c4-3333-4444-8555-666677778881")),
        execution_sequence: 1,
        task_definition_id: TaskDefinitionId(uuid!("6fc52c9d-398b-4305-9763-15f42c1676fc")),
        display_name: "Enable user account".to_owned(),
        description: None,
        is_enabled: true,
        continue_on_error: false,
        arguments: vec![Argument { name: "a".to_owned(), value: "b".to_owned() }],
        retry: None,
    }
}

#[test]
fn a_user_result_reads_as_the_published_example() {
    let result = UserResult {
        run: 7,
        seq: 2,
        epoch: EPOCH,
        workflow: 1,
        subject: Some(SUBJECT),
        reported: false,
        status: Status::Failed,
        scheduled: at("2026-03-02T09:00:00Z"),
        started: Some(at("2026-03-02T09:01:37.095Z")),
        completed: Some(at("2026-03-02T09:02:11.442Z")),
        execution_type: ExecutionType::Scheduled,
        version: 1,
        tasks: TaskCounts { total: 2, failed: 1, unprocessed: 1 },
    };
    let id = public(Address::UserResult(7, 2));
    let expected = json!({
        "id": id,
        "completedDateTime": "2026-03-02T09:02:11.442Z",
        "failedTasksCount": 1,
        "processingStatus": "failed",
        "scheduledDateTime": "2026-03-02T09:00:00Z",
        "startedDateTime": "2026-03-02T09:01:37.095Z",
        "totalTasksCount": 2,
        "totalUnprocessedTasksCount": 1,
        "workflowExecutionType": "scheduled",
        "workflowVersion": 1,
        "subject": { "id": "a1e2c3d4-0002-4aaa-8bbb-000000000002" },
    });
    assert_eq!(Json::Object(user_result(&result)).to_string(), expected.to_string());
    let nobody = UserResult { subject: None, ..result };
    assert_eq!(user_result(&nobody)["subject"], Json::Null);
}

#[test]
fn a_task_result_holds_its_whole_task_or_null() {
    let result = TaskResult {
        run: 7,
        seq: 2,
        ordinal: 1,
        epoch: EPOCH,
        workflow: 1,
        version: Some(1),
        subject: Some(SUBJECT),
        created: at("2026-03-02T09:00:00Z"),
        started: None,
        completed: None,
        status: Status::Queued,
        failure_reason: None,
        processing_info: None,
    };
    let written = task_result(&result, Some(task_json(&a_task())));
    assert_eq!(
        names(&written),
        [
            "id",
            "completedDateTime",
            "createdDateTime",
            "failureReason",
            "processingInfo",
            "processingStatus",
            "startedDateTime",
            "subject",
            "task"
        ]
    );
    assert_eq!(written["id"], public(Address::TaskResult(7, 2, 1)));
    assert_eq!(
        written["task"],
        json!({
            "id": "f1e2d3c4-3333-4444-8555-666677778881",
            "category": "joiner,leaver",
            "continueOnError": false,
            "description": null,
            "displayName": "Enable user account",
            "executionSequence": 1,
            "isEnabled": true,
            "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc",
            "arguments": [{ "name": "a", "value": "b" }],
        })
    );
    assert_eq!(task_result(&result, None)["task"], Json::Null);
}

#[test]
fn a_run_counts_everybody_with_a_failed_task_as_failed() {
    let written = run(&a_run(Status::InProgress));
    assert_eq!(
        Json::Object(written),
        json!({
            "id": public(Address::Run(7)),
            "activatedOnScope": null,
            "completedDateTime": null,
            "failedTasksCount": 3,
            "failedUsersCount": 3,
            "lastUpdatedDateTime": "2026-03-02T09:01:37.095Z",
            "processingStatus": "inProgress",
            "scheduledDateTime": "2026-03-02T09:00:00Z",
            "startedDateTime": "2026-03-02T09:01:37.095Z",
            "successfulUsersCount": 3,
            "totalTasksCount": 18,
            "totalUnprocessedTasksCount": 4,
            "totalUsersCount": 9,
            "workflowExecutionType": "scheduled",
        })
    );
}

#[test]
fn a_report_holds_its_run_task_and_definition() {
    let about = TaskReport {
        run: a_run(Status::InProgress),
        ordinal: 1,
        counters: ReportCounters { total: 9, successful: 4, failed: 2, in_progress: 1 },
        started: None,
        completed: None,
        last_updated: at("2026-03-02T09:03:00Z"),
    };
    let written = report(
        &about,
        Some(task_json(&a_task())),
        built_in(a_task().task_definition_id).map(|known| task_definition_item(known.definition())),
    );
    assert_eq!(written["id"], public(Address::TaskReport(7, 1)));
    assert_eq!(written["runId"], public(Address::Run(7)));
    assert_eq!(written["processingStatus"], "inProgress");
    assert_eq!(written["unprocessedUsersCount"], 3);
    assert_eq!(written["task"]["displayName"], "Enable user account");
    assert_eq!(written["taskDefinition"]["id"], "6fc52c9d-398b-4305-9763-15f42c1676fc");
}

#[test]
fn summaries_count_as_behaviour_says() {
    let counters = a_run(Status::InProgress).counters;
    assert_eq!(
        Json::Object(user_summary(&counters)),
        json!({ "failedTasks": 3, "failedUsers": 3, "successfulUsers": 3, "totalTasks": 18, "totalUsers": 9 })
    );
    let runs = [
        (Status::Completed, 5),
        (Status::CompletedWithErrors, 2),
        (Status::Failed, 1),
        (Status::Canceled, 1),
    ];
    assert_eq!(
        Json::Object(run_summary(&runs, &counters)),
        json!({
            "failedRuns": 3,
            "failedTasks": 3,
            "successfulRuns": 5,
            "totalRuns": 9,
            "totalTasks": 18,
            "totalUsers": 9,
        })
    );
    let counters = ReportCounters { total: 9, successful: 4, failed: 2, in_progress: 1 };
    assert_eq!(
        Json::Object(report_summary(&counters)),
        json!({ "failedTasks": 2, "successfulTasks": 4, "totalTasks": 9, "unprocessedTasks": 3 })
    );
}

#[test]
fn counts_beyond_int32_are_held_at_its_end() {
    assert_eq!(int32(5_000_000_000), json!(2_147_483_647));
}
