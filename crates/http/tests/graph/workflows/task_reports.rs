//! `…/workflows/{id}/taskReports`

use serde_json::json;

use crate::company::{Company, WELCOME};

#[test]
fn a_report_counts_people_for_one_task_of_one_run() {
    for company in [Company::new(), Company::deleted()] {
        let all = company.api.all(&format!("{}/taskReports", company.base));
        // Three tasks in each of three runs, two in each of the later ones.
        assert_eq!(all.len(), 13);
        let filter = format!("$filter=runId eq '{}' and taskDefinition/id eq '{WELCOME}'", company.runs[1]);
        let found = company.api.all(&format!("{}/taskReports?{filter}", company.base));
        let [report] = found.as_slice() else { panic!("{found:#?}") };
        for path in company.both(&format!("taskReports/{}", report["id"].as_str().unwrap())) {
            let got = company.api.get(&path).is(200);
            for (name, value) in [
                ("runId", json!(company.runs[1])),
                ("processingStatus", json!("completedWithErrors")),
                ("totalUsersCount", json!(2)),
                ("successfulUsersCount", json!(1)),
                ("failedUsersCount", json!(1)),
                ("unprocessedUsersCount", json!(0)),
                ("startedDateTime", json!("2026-03-02T00:00:00Z")),
                ("completedDateTime", json!("2026-03-02T00:00:00Z")),
            ] {
                assert_eq!((&got[name], &report[name]), (&value, &value), "{name}");
            }
            assert_eq!(got["task"]["displayName"], "Welcome");
            assert_eq!(company.api.get(&format!("{path}/task")).is(200)["id"], got["task"]["id"]);
            let definition = company.api.get(&format!("{path}/taskDefinition")).is(200);
            assert_eq!(definition["id"], WELCOME);
            let expand = "$expand=taskDefinition($select=displayName),task($select=id)";
            let expanded = company.api.get(&format!("{path}?{expand}")).is(200);
            assert_eq!(expanded["taskDefinition"].as_object().unwrap().len(), 1);
            assert_eq!(expanded["task"], json!({ "id": got["task"]["id"] }));
            assert_eq!(company.api.get(&format!("{path}/taskProcessingResults/$count")).is(200), "2");
        }
    }
}

#[test]
fn unprocessed_are_those_whose_turn_never_came() {
    let company = Company::new();
    let reports =
        company.api.all(&format!("{}/taskReports?$filter=runId eq '{}'", company.base, company.runs[1]));
    let last = reports.iter().find(|report| report["task"]["displayName"] == "Staff").unwrap();
    assert_eq!((&last["successfulUsersCount"], &last["unprocessedUsersCount"]), (&json!(1), &json!(1)));
    let queued =
        company.api.all(&format!("{}/taskReports?$filter=runId eq '{}'", company.base, company.runs[4]));
    assert!(
        queued
            .iter()
            .all(|report| report["processingStatus"] == "queued" && report["startedDateTime"].is_null())
    );
}

#[test]
fn ids_of_others_are_not_found() {
    let company = Company::new();
    let other = company.api.workflow(&crate::company::on_demand("Other"));
    let reports = company.api.all(&format!("{}/taskReports", company.base));
    let id = reports[0]["id"].as_str().unwrap();
    let foreign = format!("4abcdef0{}", &id[8..]);
    for path in [
        format!("@/workflows/{other}/taskReports/{id}"),
        format!("{}/taskReports/{foreign}", company.base),
        format!("{}/taskReports/{}", company.base, company.runs[0]),
        format!("{}/taskReports/nonsense", company.base),
    ] {
        for below in
            ["", "/task", "/taskDefinition", "/taskProcessingResults", "/taskProcessingResults/$count"]
        {
            company.api.get(&format!("{path}{below}")).refused(404, "");
        }
    }
}
