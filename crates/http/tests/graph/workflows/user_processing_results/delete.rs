//! `DELETE …/userProcessingResults/{id}`, with and without `/$ref` (seed-surface §3.5)

use serde_json::json;

use crate::company::{Company, reported};
use crate::dump::Dump;

#[test]
fn a_result_is_deleted_in_both_forms_and_its_id_never_comes_again() {
    for company in [Company::new(), Company::deleted()] {
        let parents = company.parents(0);
        for (parent, place, form) in [(&parents[0], 0, ""), (&parents[1], 1, "/$ref"), (&parents[1], 2, "")] {
            let path = format!("{parent}/{}", company.reported[place]);
            company.api.delete(&format!("{path}{form}")).is(204);
            company.api.get(&path).refused(404, "");
            company.api.delete(&format!("{path}{form}")).refused(404, "");
        }
        assert_eq!(company.results(0).len(), 2);
        let again = company.api.post(&parents[1], &reported()).is(201);
        assert!(company.reported.iter().all(|id| again["id"] != json!(id)));
    }
}

#[test]
fn its_numbers_leave_the_run() {
    let company = Company::new();
    let run = format!("{}/runs/{}", company.base, company.runs[0]);
    let before = company.api.get(&run).is(200);
    assert_eq!(before["processingStatus"], "inProgress");
    for id in &company.reported {
        company.api.delete(&format!("{run}/userProcessingResults/{id}")).is(204);
    }
    let after = company.api.get(&run).is(200);
    assert_eq!((&before["totalUsersCount"], &after["totalUsersCount"]), (&json!(5), &json!(2)));
    assert_eq!((&before["totalTasksCount"], &after["totalTasksCount"]), (&json!(15), &json!(6)));
    assert_eq!(after["processingStatus"], "completedWithErrors");
}

#[test]
fn a_finished_result_of_the_engine_takes_its_task_results_and_report_numbers_with_it() {
    let company = Company::new();
    let (path, run) = (company.path_of(1, 1), format!("{}/runs/{}", company.base, company.runs[1]));
    let failed = |run: &str| {
        let reports = company.api.all(&format!("{}/taskReports?$filter=runId eq '{run}'", company.base));
        reports.iter().map(|report| report["failedUsersCount"].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!(failed(&company.runs[1]), 1);
    company.api.delete(&path).is(204);
    assert_eq!(failed(&company.runs[1]), 0);
    let tasks = company.api.all(&format!("{run}/taskProcessingResults"));
    assert!(tasks.iter().all(|task| task["subject"]["id"] == json!(company.ann)), "{tasks:#?}");
    assert_eq!(company.api.get(&run).is(200)["processingStatus"], "completed");
    let before = Dump::of(&company.api);
    company.api.delete(&company.path_of(4, 0)).refused(409, "");
    before.is_unchanged(&company.api, "deleting a result under way");
}
