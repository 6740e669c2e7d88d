//! `GET …/userProcessingResults` (seed-surface §3.1)

use serde_json::{Value as Json, json};

use tenure_lifecycle::limits::{Limits, Profile};

use crate::api::{ids, local};
use crate::company::Company;

#[test]
fn results_of_a_run_and_of_all_runs_are_listed_newest_run_first() {
    for company in [Company::new(), Company::deleted()] {
        let of_runs: Vec<Json> = (0..5).rev().flat_map(|run| company.results(run)).collect();
        assert_eq!(of_runs.len(), 11);
        assert_eq!(company.api.all(&format!("{}/userProcessingResults", company.base)), of_runs);
        for path in company.both("userProcessingResults") {
            let page = company.api.get(&path).is(200);
            let context = page["@odata.context"].as_str().unwrap();
            assert!(
                context.ends_with("('userProcessingResults')") || context.ends_with("/userProcessingResults")
            );
            assert_eq!(ids(page["value"].as_array().unwrap()), ids(&of_runs));
            assert!(page.get("@odata.nextLink").is_none());
            assert_eq!(company.api.get(&format!("{path}/$count")).is(200), "11");
        }
    }
}

#[test]
fn a_result_says_what_happened_to_one_person() {
    let company = Company::new();
    let [ann, bob] = <[Json; 2]>::try_from(company.results(1)).unwrap();
    assert_eq!(
        ann,
        json!({
            "id": ann["id"],
            "completedDateTime": "2026-03-02T00:00:00Z",
            "failedTasksCount": 0,
            "processingStatus": "completed",
            "scheduledDateTime": "2026-03-02T00:00:00Z",
            "startedDateTime": "2026-03-02T00:00:00Z",
            "totalTasksCount": 3,
            "totalUnprocessedTasksCount": 0,
            "workflowExecutionType": "scheduled",
            "workflowVersion": 1,
            "subject": { "id": company.ann },
        })
    );
    assert_eq!((&bob["processingStatus"], &bob["subject"]["id"]), (&json!("failed"), &json!(company.bob)));
    assert_eq!((&bob["failedTasksCount"], &bob["totalUnprocessedTasksCount"]), (&json!(1), &json!(1)));
    let queued = &company.results(4)[0];
    assert_eq!((&queued["processingStatus"], &queued["startedDateTime"]), (&json!("queued"), &Json::Null));
    let with_errors = &company.results(3)[1];
    assert_eq!(with_errors["processingStatus"], "completedWithErrors");
    assert_eq!((&with_errors["workflowVersion"], &with_errors["totalTasksCount"]), (&json!(2), &json!(2)));
}

#[test]
fn deleting_the_workflow_cancels_who_is_queued() {
    let company = Company::deleted();
    let canceled = &company.results(4)[0];
    assert_eq!(canceled["processingStatus"], "canceled");
    // What was reported is never processed, and so never canceled.
    assert_eq!(company.results(0)[3]["processingStatus"], "queued");
}

#[test]
fn the_subject_is_an_id_until_it_is_expanded() {
    for company in [Company::new(), Company::deleted()] {
        for parent in company.parents(1) {
            let plain = company.api.get(&parent).is(200);
            assert!(plain["value"].as_array().unwrap().iter().all(|item| {
                item["subject"].is_null() || item["subject"].as_object().unwrap().len() == 1
            }));
            let path = format!(
                "{parent}?$expand=subject($select=id,displayName)&$filter=subject eq '{}'",
                company.bob
            );
            let page = company.api.get(&path).is(200);
            let bob = &page["value"][0]["subject"];
            assert_eq!((&bob["id"], &bob["displayName"]), (&json!(company.bob), &json!("bob")));
            assert!(bob.get("mail").is_none());
        }
    }
}

#[test]
fn task_results_are_expanded_with_their_own_select() {
    let company = Company::new();
    let path = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[1]);
    let expand = "taskProcessingResults($select=id,processingStatus),reprocessedRuns";
    let page = company.api.get(&format!("{path}?$select=id&$expand={expand}")).is(200);
    let statuses: Vec<Vec<&str>> = page["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            assert_eq!(item["reprocessedRuns"], json!([]));
            let tasks = item["taskProcessingResults"].as_array().unwrap();
            tasks
                .iter()
                .map(|task| {
                    assert_eq!(task.as_object().unwrap().len(), 2);
                    task["processingStatus"].as_str().unwrap()
                })
                .collect()
        })
        .collect();
    assert_eq!(statuses, [vec!["completed"; 3], vec!["completed", "failed", "queued"]]);
}

#[test]
fn a_page_that_expands_the_subject_goes_on_with_it() {
    let company = Company::new();
    let path = format!("{}/userProcessingResults?$top=2&$expand=subject&$select=id", company.base);
    let page = company.api.get(&path).is(200);
    let link = page["@odata.nextLink"].as_str().unwrap();
    let next = company.api.get(local(link)).is(200);
    assert_eq!(next["value"][0]["subject"]["displayName"], "eve");
    assert!(next["value"][0].get("processingStatus").is_none());
    // A token belongs to its own list.
    let token = link.rsplit("$skiptoken=").next().unwrap();
    for other in ["userProcessingResults?$filter=processingStatus eq 'failed'&", "runs?", "taskReports?"] {
        let path = format!("{}/{other}$skiptoken={token}", company.base);
        company.api.get(&path).refused(400, "$skiptoken");
    }
}

#[test]
fn a_selection_is_named_by_the_context() {
    let company = Company::new();
    let page = company.api.get(&format!("{}?$select=id,failedTasksCount", company.parents(1)[0])).is(200);
    let context = page["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("userProcessingResults(id,failedTasksCount)"), "{context}");
}

#[test]
fn later_members_are_always_sent_but_in_the_strict_profile_to_those_who_ask() {
    let generous = Company::new();
    let path = format!("{}/{}", generous.parents(0)[1], generous.reported[2]);
    assert_eq!(generous.api.get(&path).is(200)["workflowExecutionType"], "preview");
    let company = Company::with_limits(Limits { profile: Profile::Strict, ..Limits::default() });
    let path = format!("{}/{}", company.parents(0)[1], company.reported[2]);
    assert_eq!(company.api.get(&path).is(200)["workflowExecutionType"], "unknownFutureValue");
    let all = company.api.ask("GET", &path).header("prefer", "include-unknown-enum-members").send().is(200);
    assert_eq!(all["workflowExecutionType"], "preview");
    for value in ["preview", "previewMode", "unknownFutureValue"] {
        let path = format!("{}?$filter=workflowExecutionType eq '{value}'", company.parents(0)[0]);
        let page = company.api.get(&path).is(200);
        assert_eq!(ids(page["value"].as_array().unwrap()), [&company.reported[2]], "{value}");
    }
}
