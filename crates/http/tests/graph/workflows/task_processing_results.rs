//! `…/taskProcessingResults` below runs, tasks, versions and task reports

use serde_json::json;

use crate::company::Company;

#[test]
fn a_task_result_is_reached_from_everywhere_it_belongs_and_from_nowhere_else() {
    for company in [Company::new(), Company::deleted()] {
        let (base, run) = (&company.base, &company.runs[1]);
        let welcomed = company.api.all(&format!("{}/taskProcessingResults", company.path_of(1, 1))).remove(1);
        let (id, task) = (welcomed["id"].as_str().unwrap(), welcomed["task"]["id"].as_str().unwrap());
        let report = format!("$filter=runId eq '{run}' and task/id eq '{task}'");
        let report = company.api.all(&format!("{base}/taskReports?{report}"));
        let report = report[0]["id"].as_str().unwrap();
        for parent in [
            format!("userProcessingResults/{}", company.result(1, 1)),
            format!("runs/{run}"),
            format!("versions/1/tasks/{task}"),
            format!("taskReports/{report}"),
        ] {
            for path in company.both(&format!("{parent}/taskProcessingResults/{id}")) {
                let got = company.api.get(&path).is(200);
                assert_eq!(
                    (&got["task"], &got["subject"]),
                    (&welcomed["task"], &welcomed["subject"]),
                    "{path}"
                );
                assert_eq!(company.api.get(&format!("{path}/task")).is(200)["displayName"], "Welcome");
                assert_eq!(company.api.get(&format!("{path}/subject")).is(200)["id"], json!(company.bob));
            }
        }
        let (new, old) =
            (company.api.all(&format!("{base}/tasks")), company.api.all(&format!("{base}/versions/1/tasks")));
        let others = company.api.all(&format!("{base}/taskReports"));
        for parent in [
            format!("userProcessingResults/{}", company.result(1, 0)),
            format!("runs/{}", company.runs[0]),
            format!("tasks/{task}"),
            format!("tasks/{}", new[1]["id"].as_str().unwrap()),
            format!("versions/1/tasks/{}", old[0]["id"].as_str().unwrap()),
            format!("versions/2/tasks/{task}"),
            format!("versions/3/tasks/{task}"),
            format!("versions/one/tasks/{task}"),
            format!("taskReports/{}", others[0]["id"].as_str().unwrap()),
        ] {
            for below in ["", "/task", "/subject"] {
                let path = format!("{base}/{parent}/taskProcessingResults/{id}{below}");
                company.api.get(&path).refused(404, "");
            }
        }
    }
}

#[test]
fn what_one_task_did_is_listed_over_its_runs_newest_first() {
    let company = Company::new();
    let old = company.api.all(&format!("{}/versions/1/tasks", company.base));
    let welcome = old[1]["id"].as_str().unwrap();
    let path = format!("{}/versions/1/tasks/{welcome}/taskProcessingResults", company.base);
    let list = company.api.all(&format!("{path}?$expand=subject"));
    let names: Vec<&str> = list.iter().map(|item| item["subject"]["displayName"].as_str().unwrap()).collect();
    assert_eq!(names, ["cyd", "ann", "bob", "dee", "eve"]);
    let now = company.api.all(&format!("{}/tasks", company.base));
    let path = format!("{}/tasks/{}/taskProcessingResults", company.base, now[1]["id"].as_str().unwrap());
    let statuses: Vec<_> =
        company.api.all(&path).into_iter().map(|item| item["processingStatus"].clone()).collect();
    assert_eq!(statuses, ["queued", "completed", "failed"]);
}
