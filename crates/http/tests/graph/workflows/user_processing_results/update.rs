//! `PATCH …/userProcessingResults/{id}` (seed-surface §3.4)

use serde_json::{Value as Json, json};

use crate::company::Company;
use crate::dump::Dump;

#[test]
fn a_reported_result_is_merged_with_what_is_sent() {
    for company in [Company::new(), Company::deleted()] {
        for parent in company.parents(0) {
            let path = format!("{parent}/{}", company.reported[0]);
            let mut expected = company.api.get(&path).is(200);
            for (property, value) in [
                ("processingStatus", json!("failed")),
                ("failedTasksCount", json!(2)),
                ("totalTasksCount", json!(5)),
                ("totalUnprocessedTasksCount", json!(1)),
                ("scheduledDateTime", json!("2026-03-02T08:00:00Z")),
                ("startedDateTime", json!("2026-03-02T09:00:05.250Z")),
                ("completedDateTime", Json::Null),
                ("workflowExecutionType", json!("scheduled")),
                ("workflowVersion", json!(2)),
            ] {
                let answer = company.api.patch(&path, &json!({ property: value })).is(200);
                expected[property] = value;
                assert_eq!(answer, expected);
                assert_eq!(company.api.get(&path).is(200), expected);
            }
            // Back again, for the other parent; a whole object may be sent, with what never changes.
            let back = company.api.get(&path).is(200);
            company.api.patch(&path, &json!({ "id": back["id"], "workflowVersion": 1 })).is(200);
        }
    }
}

#[test]
fn the_numbers_of_run_and_summary_follow() {
    let company = Company::new();
    let run = format!("{}/runs/{}", company.base, company.runs[0]);
    let summary =
        "userProcessingResults/summary(startDateTime=2026-03-05T00:00:00Z,endDateTime=2026-03-06T00:00:00Z)";
    let summary = format!("{}/{summary}", company.base);
    let before = company.api.get(&run).is(200);
    assert_eq!(company.api.get(&summary).is(200)["totalUsers"], 0);
    let path = format!("{run}/userProcessingResults/{}", company.reported[0]);
    let change = json!({"processingStatus": "failed", "failedTasksCount": 3, "scheduledDateTime": "2026-03-05T00:00:00Z"});
    company.api.patch(&path, &change).is(200);
    let after = company.api.get(&run).is(200);
    let grown = |name: &str| after[name].as_i64().unwrap() - before[name].as_i64().unwrap();
    assert_eq!((grown("totalUsersCount"), grown("failedTasksCount")), (0, 3));
    assert_eq!((grown("failedUsersCount"), grown("successfulUsersCount")), (1, -1));
    let moved = company.api.get(&summary).is(200);
    assert_eq!((&moved["totalUsers"], &moved["failedUsers"]), (&json!(1), &json!(1)));
}

#[test]
fn a_finished_result_of_the_engine_is_changed_and_an_open_one_is_not() {
    let company = Company::new();
    let changed =
        company.api.patch(&company.path_of(1, 1), &json!({ "processingStatus": "completedWithErrors" }));
    assert_eq!(changed.is(200)["processingStatus"], "completedWithErrors");
    let before = Dump::of(&company.api);
    company.api.patch(&company.path_of(4, 0), &json!({ "processingStatus": "completed" })).refused(409, "");
    company
        .api
        .patch(&company.path_of(1, 0), &json!({ "processingStatus": "queued" }))
        .refused(400, "processingStatus");
    before.is_unchanged(&company.api, "a refused change");
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let company = Company::new();
    let path = format!("{}/{}", company.parents(0)[1], company.reported[0]);
    let before = Dump::of(&company.api);
    for (body, named) in [
        (json!({ "id": company.reported[1] }), "id"),
        (json!({ "shoeSize": 43 }), "shoeSize"),
        (json!({ "subject": { "id": company.ann } }), "subject"),
        (json!({ "processingStatus": "done" }), "processingStatus"),
        (json!({ "processingStatus": 2 }), "processingStatus"),
        (json!({ "processingStatus": null }), "processingStatus"),
        (json!({ "workflowExecutionType": "byHand" }), "workflowExecutionType"),
        (json!({ "workflowVersion": 3 }), "workflowVersion"),
        (json!({ "workflowVersion": 0 }), "workflowVersion"),
        (json!({ "failedTasksCount": -1 }), "failedTasksCount"),
        (json!({ "failedTasksCount": 4 }), "failedTasksCount"),
        (json!({ "totalTasksCount": 3_000_000_000_i64 }), "totalTasksCount"),
        (json!({ "scheduledDateTime": null }), "scheduledDateTime"),
        (json!({ "scheduledDateTime": "2026-13-01T00:00:00Z" }), "scheduledDateTime"),
        (json!({ "completedDateTime": "2026-03-02T08:00:00Z" }), "completedDateTime"),
        (json!({ "taskProcessingResults": [{}] }), "taskProcessingResults"),
    ] {
        company.api.patch(&path, &body).refused(400, named);
    }
    before.is_unchanged(&company.api, "a refused change");
}
