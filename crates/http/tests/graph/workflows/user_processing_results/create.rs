//! `POST …/runs/{run}/userProcessingResults` (seed-surface §3.2)

use serde_json::{Value as Json, json};

use crate::company::{Company, reported, with};
use crate::dump::Dump;

#[test]
fn a_result_is_created_below_a_run_of_a_workflow_deleted_or_not() {
    for company in [Company::new(), Company::deleted()] {
        for (place, path) in
            company.both(&format!("runs/{}/userProcessingResults", company.runs[2])).into_iter().enumerate()
        {
            let mut created = company.api.post(&path, &reported()).is(201);
            let created = created.as_object_mut().unwrap();
            let context = created.shift_remove("@odata.context").unwrap();
            assert!(context.as_str().unwrap().ends_with("userProcessingResults/$entity"), "{context}");
            let (mut expected, id) = (reported(), created["id"].clone());
            expected["id"] = id.clone();
            expected["subject"] = Json::Null;
            assert_eq!(&json!(created), &expected);
            assert_eq!(company.api.get(&format!("{path}/{}", id.as_str().unwrap())).is(200)["id"], id);
            assert_eq!(company.results(2).len(), place + 2);
        }
    }
}

#[test]
fn only_the_seven_required_properties_are_needed() {
    let company = Company::new();
    let path = &company.parents(1)[1];
    for property in ["completedDateTime", "startedDateTime"] {
        let mut body = reported();
        body.as_object_mut().unwrap().remove(property);
        assert_eq!(company.api.post(path, &body).is(201)[property], Json::Null);
    }
    let before = Dump::of(&company.api);
    for property in [
        "failedTasksCount",
        "processingStatus",
        "scheduledDateTime",
        "totalTasksCount",
        "totalUnprocessedTasksCount",
        "workflowExecutionType",
        "workflowVersion",
    ] {
        let mut body = reported();
        body.as_object_mut().unwrap().remove(property);
        company.api.post(path, &body).refused(400, property);
        company.api.post(path, &with(reported(), property, Json::Null)).refused(400, property);
    }
    before.is_unchanged(&company.api, "a result without a required property");
}

#[test]
fn every_status_can_be_reported_and_is_counted_by_what_it_is() {
    let company = Company::new();
    let run = format!("{}/runs/{}", company.base, company.runs[2]);
    let before = company.api.get(&run).is(200);
    for status in ["queued", "InProgress", "COMPLETED", "completedWithErrors", "canceled", "failed"] {
        let body = with(with(reported(), "processingStatus", json!(status)), "failedTasksCount", json!(1));
        let created = company.api.post(&format!("{run}/userProcessingResults"), &body).is(201);
        assert!(created["processingStatus"].as_str().unwrap().eq_ignore_ascii_case(status));
    }
    let after = company.api.get(&run).is(200);
    let grown = |name: &str| after[name].as_i64().unwrap() - before[name].as_i64().unwrap();
    assert_eq!((grown("totalUsersCount"), grown("totalTasksCount"), grown("failedTasksCount")), (6, 18, 6));
    assert_eq!((grown("successfulUsersCount"), grown("failedUsersCount")), (1, 2));
    assert_eq!(
        (&before["processingStatus"], &after["processingStatus"]),
        (&json!("completed"), &json!("inProgress"))
    );
    company.api.system.drain().unwrap();
    assert_eq!(company.api.get(&run).is(200), after, "what was reported is never processed");
}

#[test]
fn a_result_is_created_under_a_run_and_about_a_person_there_is() {
    let company = Company::new();
    let path = &company.parents(1)[1];
    for subject in [
        json!({"id": company.eve}),
        json!({"id": "EVE@example.com"}),
        json!({"@odata.id": format!("https://x/users/{}", company.eve)}),
    ] {
        let created = company.api.post(path, &with(reported(), "subject", subject)).is(201);
        assert_eq!(created["subject"], json!({ "id": company.eve }));
    }
    let before = Dump::of(&company.api);
    company.api.post(&company.parents(1)[0], &reported()).refused(400, "under a run");
    let missing = json!({ "id": "00000000-0000-4000-8000-0000000000ff" });
    company.api.post(path, &with(reported(), "subject", missing)).refused(400, "subject/id");
    company.api.post(path, &with(reported(), "subject", json!({}))).refused(400, "subject/id");
    before.is_unchanged(&company.api, "a result about nobody there is");
}
