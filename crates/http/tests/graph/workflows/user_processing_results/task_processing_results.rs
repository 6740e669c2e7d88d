//! `…/userProcessingResults/{id}/taskProcessingResults`: list and create (seed-surface §3.11, §3.12)

use serde_json::{Value as Json, json};

use crate::api::{ids, local};
use crate::company::{Company, WELCOME};
use crate::dump::Dump;

#[test]
fn task_results_carry_their_subject_and_the_whole_task() {
    for company in [Company::new(), Company::deleted()] {
        for parent in company.parents(1) {
            let path = format!("{parent}/{}/taskProcessingResults", company.result(1, 1));
            let list = company.api.all(&path);
            let [enabled, welcomed, put] = list.as_slice() else { panic!("{list:#?}") };
            assert_eq!(enabled["processingStatus"], "completed");
            assert_eq!(welcomed["processingStatus"], "failed");
            assert_eq!(welcomed["failureReason"], "the user has no mail address");
            assert_eq!((&put["processingStatus"], &put["startedDateTime"]), (&json!("queued"), &Json::Null));
            for item in &list {
                assert_eq!(item["subject"], json!({ "id": company.bob }));
                assert!(item["createdDateTime"].is_string());
            }
            let task = &welcomed["task"];
            assert_eq!(
                task,
                &json!({
                    "id": task["id"], "category": "joiner", "continueOnError": false, "description": null,
                    "displayName": "Welcome", "executionSequence": 2, "isEnabled": true,
                    "taskDefinitionId": WELCOME, "arguments": [],
                })
            );
            let one = format!("{path}/{}", welcomed["id"].as_str().unwrap());
            let got = company.api.get(&one).is(200);
            assert_eq!((&got["task"], &got["failureReason"]), (task, &welcomed["failureReason"]));
            assert_eq!(company.api.get(&format!("{one}/subject")).is(200)["displayName"], "bob");
            assert_eq!(company.api.get(&format!("{one}/task")).is(200)["id"], task["id"]);
            let expanded = company.api.get(&format!("{path}?$expand=subject,task($select=id)")).is(200);
            assert_eq!(expanded["value"][1]["subject"]["displayName"], "bob");
            assert_eq!(expanded["value"][1]["task"], json!({ "id": task["id"] }));
        }
    }
}

#[test]
fn a_task_that_had_nothing_to_do_says_why() {
    let company = Company::new();
    let list = company.api.all(&format!("{}/taskProcessingResults", company.path_of(3, 0)));
    assert_eq!(list[0]["processingStatus"], "completed");
    assert_eq!(list[0]["processingInfo"], "the account is already enabled");
    assert_eq!((&list[1]["processingInfo"], &list[1]["failureReason"]), (&Json::Null, &Json::Null));
}

#[test]
fn a_task_result_is_created_in_both_printed_forms() {
    for company in [Company::new(), Company::deleted()] {
        let body = json!({
            "createdDateTime": "2026-03-02T09:00:00Z", "startedDateTime": "2026-03-02T09:00:01Z",
            "completedDateTime": "2026-03-02T09:00:02Z", "processingStatus": "failed", "failureReason": "no badge",
        });
        let mut last = String::new();
        for (place, parent) in company.parents(0).iter().enumerate() {
            let path = format!("{parent}/{}/taskProcessingResults", company.reported[0]);
            let created = company.api.post(&path, &body).is(201);
            for (name, value) in body.as_object().unwrap() {
                assert_eq!(&created[name], value, "{name}");
            }
            assert_eq!((&created["task"], &created["subject"]), (&Json::Null, &json!({ "id": company.bob })));
            last = created["id"].as_str().unwrap().to_owned();
            let second =
                company.api.post(&format!("{path}/{last}/task/taskProcessingResults"), &body).is(201);
            assert_ne!(second["id"], json!(last));
            assert_eq!(company.api.all(&path).len(), 2 * place + 2);
            company.api.get(&format!("{path}/{last}/task")).refused(404, "");
        }
        // Not below another result.
        let elsewhere =
            format!("{}/taskProcessingResults/{last}/task/taskProcessingResults", company.path_of(0, 0));
        company.api.post(&elsewhere, &body).refused(404, "");
    }
}

#[test]
fn a_task_result_moves_no_numbers_and_stands_behind_the_tasks_of_the_engine() {
    let company = Company::new();
    let run = format!("{}/runs/{}", company.base, company.runs[1]);
    let reports = format!("{}/taskReports", company.base);
    let before = (company.api.get(&run).is(200), company.api.all(&reports), company.results(1));
    let body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
    let path = format!("{}/taskProcessingResults", company.path_of(1, 1));
    let created = company.api.post(&path, &body).is(201);
    assert_eq!(company.api.all(&path)[3]["id"], created["id"]);
    assert_eq!((company.api.get(&run).is(200), company.api.all(&reports), company.results(1)), before);
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let company = Company::new();
    let path = format!("{}/{}/taskProcessingResults", company.parents(0)[1], company.reported[0]);
    let body = |name: &str, value: Json| {
        let mut body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
        body[name] = value;
        body
    };
    let before = Dump::of(&company.api);
    for (name, value) in [
        ("createdDateTime", Json::Null),
        ("createdDateTime", json!("soon")),
        ("processingStatus", Json::Null),
        ("processingStatus", json!("done")),
        ("startedDateTime", json!(5)),
        ("failureReason", json!(5)),
        ("failureReason", json!("x".repeat(5_000))),
        ("failureReason", json!("a\0b")),
        ("task", json!({ "id": "x" })),
        ("subject", json!({ "id": company.ann })),
        ("shoeSize", json!(43)),
    ] {
        company.api.post(&path, &body(name, value)).refused(400, name);
    }
    let mut backwards = body("startedDateTime", json!("2026-03-02T09:00:00Z"));
    backwards["completedDateTime"] = json!("2026-03-02T08:00:00Z");
    company.api.post(&path, &backwards).refused(400, "completedDateTime");
    let queued = format!("{}/taskProcessingResults", company.path_of(4, 0));
    company.api.post(&queued, &body("shoeSize", json!(1))).refused(400, "shoeSize");
    let good = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
    company.api.post(&queued, &good).refused(409, "");
    before.is_unchanged(&company.api, "a refused task result");
}

#[test]
fn more_task_results_than_are_expanded_are_behind_a_link() {
    let company = Company::new();
    let path = format!("{}/{}", company.parents(0)[1], company.reported[0]);
    let body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
    for _ in 0..103 {
        company.api.post(&format!("{path}/taskProcessingResults"), &body).is(201);
    }
    let all = company.api.all(&format!("{path}/taskProcessingResults"));
    for parent in company.parents(0) {
        let options = "$top=999&$expand=taskProcessingResults($select=id,processingStatus)";
        let page = company.api.get(&format!("{parent}?{options}")).is(200);
        let items = page["value"].as_array().unwrap();
        let item = items.iter().find(|item| item["id"] == json!(company.reported[0])).unwrap();
        let mut found = item["taskProcessingResults"].as_array().unwrap().clone();
        assert_eq!(found.len(), 100);
        let link = item["taskProcessingResults@odata.nextLink"].as_str().unwrap();
        found.extend(company.api.all(local(link)));
        assert_eq!(ids(&found), ids(&all), "{parent}");
        assert!(found.iter().all(|task| task.as_object().unwrap().len() == 2));
    }
}
