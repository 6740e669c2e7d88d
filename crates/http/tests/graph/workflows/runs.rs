//! `…/workflows/{id}/runs`

use serde_json::{Value as Json, json};

use tenure_lifecycle::limits::{Limits, Profile};

use crate::company::Company;

#[test]
fn a_run_says_how_it_went() {
    for company in [Company::new(), Company::deleted()] {
        for path in company.both(&format!("runs/{}", company.runs[1])) {
            let mut run = company.api.get(&path).is(200);
            let context = run.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
            assert!(context.as_str().unwrap().ends_with("/runs/$entity"), "{context}");
            assert_eq!(
                run,
                json!({
                    "id": company.runs[1],
                    "activatedOnScope": null,
                    "completedDateTime": "2026-03-02T00:00:00Z",
                    "failedTasksCount": 1,
                    "failedUsersCount": 1,
                    "lastUpdatedDateTime": "2026-03-02T00:00:00Z",
                    "processingStatus": "completedWithErrors",
                    "scheduledDateTime": "2026-03-02T00:00:00Z",
                    "startedDateTime": "2026-03-02T00:00:00Z",
                    "successfulUsersCount": 1,
                    "totalTasksCount": 6,
                    "totalUnprocessedTasksCount": 1,
                    "totalUsersCount": 2,
                    "workflowExecutionType": "scheduled",
                })
            );
        }
        let path = format!("{}/runs/{}", company.base, company.runs[1]);
        assert_eq!(company.api.get(&format!("{path}/reprocessedRuns")).is(200)["value"], json!([]));
        assert_eq!(company.api.get(&format!("{path}/reprocessedRuns/$count")).is(200), "0");
        let expanded = company.api.get(&format!("{path}?$expand=reprocessedRuns&$select=id")).is(200);
        assert_eq!(expanded["reprocessedRuns"], json!([]));
    }
}

#[test]
fn each_run_has_the_status_of_its_outcomes() {
    let company = Company::new();
    let statuses = |company: &Company| -> Vec<String> {
        let runs = company.api.all(&format!("{}/runs", company.base));
        runs.iter().rev().map(|run| run["processingStatus"].as_str().unwrap().to_owned()).collect()
    };
    let expected = ["inProgress", "completedWithErrors", "completed", "completedWithErrors", "queued"];
    assert_eq!(statuses(&company), expected);
    assert_eq!(statuses(&Company::deleted())[4], "completedWithErrors", "nothing ran before the cancel");
}

#[test]
fn a_run_that_is_being_stopped_says_so_to_those_who_know_the_word() {
    let mut company = Company::with_limits(Limits { profile: Profile::Strict, ..Limits::default() });
    company.api.delete(&company.base).is(204);
    company.base = format!("@/deletedItems/workflows/{}", company.workflow);
    let path = format!("{}/runs/{}", company.base, company.runs[4]);
    assert_eq!(company.api.get(&path).is(200)["processingStatus"], "unknownFutureValue");
    let prefer = "odata.maxpagesize=5, include-unknown-enum-members";
    let all = company.api.ask("GET", &path).header("prefer", prefer).send().is(200);
    assert_eq!(all["processingStatus"], "canceling");
    for status in ["unknownFutureValue", "canceling"] {
        let path = format!("{}/runs?$filter=processingStatus eq '{status}'", company.base);
        assert_eq!(company.api.get(&path).is(200)["value"][0]["id"], json!(company.runs[4]));
    }
}

#[test]
fn the_summary_of_runs_says_what_the_runs_say() {
    for company in [Company::new(), Company::deleted()] {
        let runs = company.api.all(&format!("{}/runs", company.base));
        let total = |name: &str| runs.iter().map(|run| run[name].as_i64().unwrap()).sum::<i64>();
        let of = |statuses: &[&str]| {
            let fits = |run: &&Json| statuses.contains(&run["processingStatus"].as_str().unwrap());
            runs.iter().filter(fits).count()
        };
        let times = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";
        for name in ["summary", "microsoft.graph.identityGovernance.summary"] {
            for path in company.both(&format!("runs/{name}{times}")) {
                let mut summary = company.api.get(&path).is(200);
                let context = summary.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
                assert!(
                    context.as_str().unwrap().ends_with("#microsoft.graph.identityGovernance.runSummary")
                );
                assert_eq!(
                    summary,
                    json!({
                        "failedRuns": of(&["failed", "completedWithErrors"]),
                        "failedTasks": total("failedTasksCount"),
                        "successfulRuns": of(&["completed"]),
                        "totalRuns": runs.len(),
                        "totalTasks": total("totalTasksCount"),
                        "totalUsers": total("totalUsersCount"),
                    })
                );
            }
        }
    }
}

#[test]
fn the_summary_of_reports_says_what_the_reports_say() {
    let company = Company::new();
    let reports = company.api.all(&format!("{}/taskReports", company.base));
    let total = |name: &str| reports.iter().map(|report| report[name].as_i64().unwrap()).sum::<i64>();
    let python =
        "(startDateTime=2026-03-01T00%3A00%3A00%2B00%3A00endDateTime=2026-03-08T00%3A00%3A00%2B00%3A00)";
    let mut summary = company.api.get(&format!("{}/taskReports/summary{python}", company.base)).is(200);
    let context = summary.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
    assert!(context.as_str().unwrap().ends_with("#microsoft.graph.identityGovernance.taskReportSummary"));
    assert_eq!(
        summary,
        json!({
            "failedTasks": total("failedUsersCount"),
            "successfulTasks": total("successfulUsersCount"),
            "totalTasks": total("totalUsersCount"),
            "unprocessedTasks": total("unprocessedUsersCount"),
        })
    );
    let earlier = "(startDateTime=2026-02-01T00:00:00Z,endDateTime=2026-03-01T08:00:00Z)";
    let summary = company.api.get(&format!("{}/taskReports/summary{earlier}", company.base)).is(200);
    assert_eq!(summary["totalTasks"], 0);
}

#[test]
fn runs_are_not_written() {
    let company = Company::new();
    let path = format!("{}/runs", company.base);
    let answer = company.api.post(&path, &json!({}));
    assert_eq!(answer.header("allow"), "GET");
    answer.refused(405, "GET");
    company.api.delete(&format!("{path}/{}", company.runs[0])).refused(405, "GET");
}
