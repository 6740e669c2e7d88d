//! Reading.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::{Address, Epoch};

use super::fake::{
    EPOCH, System, report_id, result_id, run_id, task_id, task_result_id, user_id, workflow_id,
};

fn ids(list: &Json) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn results_are_listed_under_workflow_and_run_with_their_subject_inline() {
    let system = System::new();
    let expected = [result_id(1, 1), result_id(1, 2), result_id(1, 3)];
    for path in ["userProcessingResults".to_owned(), format!("runs/{}/userProcessingResults", run_id(1))] {
        let (status, list) = system.get(&format!("{path}?$count=true"));
        assert_eq!((status, ids(&list)), (200, expected.iter().map(String::as_str).collect()));
        assert_eq!(list["@odata.count"], 3);
        assert_eq!(list["value"][0]["subject"], json!({ "id": user_id(1) }));
        assert_eq!(list["value"][2]["subject"], Json::Null);
        assert_eq!(system.get(&format!("{path}/$count")), (200, json!(3)));
    }
    let (_, list) = system.get("userProcessingResults?$select=id,failedTasksCount&$expand=subject&$top=1");
    assert!(
        list["@odata.context"].as_str().unwrap().ends_with("/userProcessingResults(id,failedTasksCount)")
    );
    assert_eq!(list["value"][0]["subject"]["displayName"], "Person 1");
    assert_eq!(list["value"][0].as_object().unwrap().len(), 3);
    let next = list["@odata.nextLink"].as_str().unwrap().strip_prefix("http://host/v1.0/").unwrap();
    assert_eq!(ids(&system.ask_at("GET", next, Json::Null, "").1), [&result_id(1, 2)]);
}

#[test]
fn a_person_who_is_gone_stays_an_id() {
    let system = System::new();
    let (_, list) = system.get("userProcessingResults?$expand=subject($select=displayName,employeeId)");
    assert_eq!(list["value"][0]["subject"]["displayName"], "Person 1");
    assert_eq!(list["value"][0]["subject"]["employeeId"], Json::Null);
    assert_eq!(list["value"][1]["subject"], json!({ "id": user_id(2) }));
    assert_eq!(system.get(&format!("userProcessingResults/{}/subject", result_id(1, 2))).0, 404);
    assert_eq!(system.get(&format!("userProcessingResults/{}/subject", result_id(1, 3))).0, 404);
    let (status, person) =
        system.get(&format!("userProcessingResults/{}/subject?$select=id", result_id(1, 1)));
    assert_eq!((status, person["id"].clone()), (200, json!(user_id(1))));
    assert_eq!(person["displayName"], Json::Null);
}

#[test]
fn ids_of_other_kinds_stores_and_workflows_are_404() {
    let system = System::new();
    let foreign = Address::UserResult(1, 1).public(Epoch(7)).to_string();
    for id in
        ["nonsense", &foreign, &run_id(1), &result_id(1, 99), &result_id(99, 1), &workflow_id(1).to_string()]
    {
        for path in [
            format!("userProcessingResults/{id}"),
            format!("userProcessingResults/{id}/subject"),
            format!("userProcessingResults/{id}/taskProcessingResults"),
            format!("userProcessingResults/{id}/reprocessedRuns"),
            format!("runs/{}/userProcessingResults/{id}", run_id(1)),
            format!("taskReports/{id}"),
            format!("tasks/{id}/taskProcessingResults"),
            format!("versions/{id}/tasks/{id}/taskProcessingResults"),
        ] {
            assert_eq!(system.get(&path).0, 404, "{path}");
        }
    }
    let foreign = Address::Run(1).public(Epoch(7)).to_string();
    for id in ["nonsense", &foreign, &run_id(2), &run_id(99), &result_id(1, 1)] {
        for rest in ["", "/userProcessingResults", "/taskProcessingResults/$count", "/reprocessedRuns"] {
            assert_eq!(system.get(&format!("runs/{id}{rest}")).0, 404);
        }
    }
    // The live workflow is not among the deleted ones, and the run of the deleted one is.
    assert_eq!(system.get_deleted("runs").0, 200);
    assert_eq!(system.get_deleted(&format!("runs/{}", run_id(2))).0, 200);
    assert_eq!(system.get_deleted(&format!("runs/{}", run_id(1))).0, 404);
    let live =
        format!("identityGovernance/lifecycleWorkflows/deletedItems/workflows/{}/runs", workflow_id(1));
    assert_eq!(system.ask_at("GET", &live, Json::Null, "").0, 404);
}

#[test]
fn task_results_carry_the_task_of_the_version_that_ran() {
    let system = System::new();
    let below_result = format!("userProcessingResults/{}/taskProcessingResults", result_id(1, 1));
    let (_, list) = system.get(&below_result);
    assert_eq!(list["value"][1]["task"]["id"], json!(task_id(1, 2)));
    assert_eq!(list["value"][1]["subject"], json!({ "id": user_id(1) }));
    let one = task_result_id(1, 1, 2);
    for parent in [
        format!("userProcessingResults/{}", result_id(1, 1)),
        format!("runs/{}/userProcessingResults/{}", run_id(1), result_id(1, 1)),
        format!("runs/{}", run_id(1)),
        format!("versions/1/tasks/{}", task_id(1, 2)),
    ] {
        let (status, result) =
            system.get(&format!("{parent}/taskProcessingResults/{one}?$expand=task($select=id)"));
        assert_eq!((status, &result["task"]), (200, &json!({ "id": task_id(1, 2) })), "{parent}");
        let (_, task) = system.get(&format!("{parent}/taskProcessingResults/{one}/task"));
        assert_eq!(task["displayName"], "task 2 of version 1");
        assert_eq!(system.get(&format!("{parent}/taskProcessingResults/{one}/subject")).0, 200);
    }
    for wrong in [
        format!("userProcessingResults/{}", result_id(1, 3)),
        format!("versions/1/tasks/{}", task_id(1, 1)),
        format!("versions/2/tasks/{}", task_id(1, 2)),
        format!("tasks/{}", task_id(2, 2)),
        format!("taskReports/{}", report_id(1, 1)),
    ] {
        assert_eq!(system.get(&format!("{wrong}/taskProcessingResults/{one}")).0, 404, "{wrong}");
    }
    let (_, reported) =
        system.get(&format!("userProcessingResults/{}/taskProcessingResults", result_id(1, 3)));
    assert_eq!(reported["value"][0]["task"], Json::Null);
    let reported = format!("runs/{}/taskProcessingResults/{}/task", run_id(1), task_result_id(1, 3, 3));
    assert_eq!(system.get(&reported).0, 404);
}

#[test]
fn task_results_can_be_expanded() {
    let system = System::new();
    let (_, list) =
        system.get("userProcessingResults?$expand=taskProcessingResults($select=id),reprocessedRuns");
    let first = &list["value"][0];
    assert_eq!(
        first["taskProcessingResults"],
        json!([{ "id": task_result_id(1, 1, 1) }, { "id": task_result_id(1, 1, 2) }])
    );
    assert_eq!(first["reprocessedRuns"], json!([]));
    assert_eq!(system.get("userProcessingResults?$expand=shoes").0, 400);
}

#[test]
fn filters_reach_the_store_in_its_own_terms() {
    let system = System::new();
    let person = user_id(1);
    for (path, stored) in [
        (format!("userProcessingResults?$filter=SUBJECT eq '{person}'"), format!("subject/id eq {person}")),
        (
            "userProcessingResults?$filter=workflowExecutionType lt 'preview' and id ne 'x'".to_owned(),
            "workflowExecutionType in ('scheduled','onDemand','unknownFutureValue','activatedWithScope') and id ne 'x'"
                .to_owned(),
        ),
        (
            "runs?$filter=processingStatus eq 'unknownfuturevalue'".to_owned(),
            "processingStatus in ('canceling','quarantined')".to_owned(),
        ),
        (
            format!("taskReports?$filter=task eq '{}'", task_id(1, 2)),
            "workflowVersion in (1) and executionSequence in (2)".to_owned(),
        ),
    ] {
        assert_eq!(system.get(&path).0, 200, "{path}");
        assert_eq!(system.filter().unwrap(), stored);
    }
    for (path, named) in [
        ("userProcessingResults?$filter=failedTasksCount gt 0", "failedTasksCount"),
        ("userProcessingResults?$filter=processingStatus gt 'failed'", "processingStatus"),
        ("userProcessingResults?$filter=processingStatus eq 'done'", "processingStatus"),
        ("userProcessingResults?$orderby=subject/id", "subject/id"),
        ("runs?$filter=shoeSize eq 1", "shoeSize"),
        ("runs?$filter=workflowExecutionType gt 'scheduled'", "workflowExecutionType"),
        ("taskReports?$orderby=task", "task"),
        ("runs?$search=x", "$search"),
    ] {
        let (status, error) = system.get(path);
        assert!(status == 400 && error["message"].as_str().unwrap().contains(named), "{path}: {error}");
    }
}

#[test]
fn later_members_are_sent_to_those_who_ask() {
    let system = System::new();
    let run = format!("runs/{}", run_id(1));
    let (_, early) = system.get(&run);
    assert_eq!(early["processingStatus"], "unknownFutureValue");
    assert_eq!(early["workflowExecutionType"], "unknownFutureValue");
    let (_, all) = system.ask("GET", &run, Json::Null, "odata.maxpagesize=5, include-unknown-enum-members");
    assert_eq!(all["processingStatus"], "canceling");
    assert_eq!(all["workflowExecutionType"], "preview");
    assert_eq!(all["id"], json!(Address::Run(1).public(EPOCH).to_string()));
}

#[test]
fn reports_hold_their_task_and_definition() {
    let system = System::new();
    let (_, list) = system.get("taskReports");
    assert_eq!(ids(&list), [&report_id(1, 1)]);
    assert_eq!(list["value"][0]["task"]["id"], json!(task_id(1, 1)));
    let one = format!("taskReports/{}", report_id(1, 1));
    let (_, report) = system.get(&format!("{one}?$expand=taskDefinition($select=displayName)"));
    assert_eq!(report["taskDefinition"].as_object().unwrap().len(), 1);
    assert_eq!(system.get(&format!("{one}/task")).1["id"], json!(task_id(1, 1)));
    assert_eq!(system.get(&format!("{one}/taskDefinition")).0, 200);
    assert_eq!(system.get(&format!("{one}/taskProcessingResults/$count")), (200, json!(1)));
    assert_eq!(system.get(&format!("runs/{}/reprocessedRuns", run_id(1))).1["value"], json!([]));
    assert_eq!(system.get(&format!("runs/{}/reprocessedRuns/$count", run_id(1))), (200, json!(0)));
}

#[test]
fn summaries_are_bare_and_need_their_times() {
    let system = System::new();
    let times = "(startDateTime=2026-03-02T09:00:00Z,endDateTime=2026-03-03T00:00:00Z)";
    let users =
        json!({ "failedTasks": 1, "failedUsers": 1, "successfulUsers": 1, "totalTasks": 6, "totalUsers": 3 });
    for (path, kind) in [
        (format!("userProcessingResults/summary{times}"), "userSummary"),
        (format!("runs/{}/userProcessingResults/summary{times}", run_id(1)), "userSummary"),
        (format!("userProcessingResults/usersSummary{times}"), "usersProcessingSummary"),
        (format!("userProcessingResults/userSsummary{times}"), "usersProcessingSummary"),
    ] {
        let (status, mut summary) = system.get(&path);
        let context = summary.as_object_mut().unwrap().remove("@odata.context").unwrap();
        assert_eq!((status, &summary), (200, &users), "{path}");
        assert_eq!(context, format!("http://host/v1.0/$metadata#microsoft.graph.identityGovernance.{kind}"));
    }
    assert_eq!(system.get(&format!("runs/summary{times}")).1["totalRuns"], 1);
    assert_eq!(system.get(&format!("taskReports/summary{times}")).1["unprocessedTasks"], 1);
    let python = "(startDateTime=2026-03-02T09%3A00%3A00%2B00%3A00endDateTime=2026-03-03T00%3A00%3A00.000000%2B00%3A00)";
    assert_eq!(system.get(&format!("userProcessingResults/summary{python}")).1["totalUsers"], 3);
    // The end is exclusive.
    let before = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-02T09:00:00Z)";
    assert_eq!(system.get(&format!("userProcessingResults/summary{before}")).1["totalUsers"], 0);
    for (times, named) in [
        ("(endDateTime=2026-03-03T00:00:00Z)", "startDateTime"),
        ("(startDateTime=2026-03-03T00:00:00Z)", "endDateTime"),
        ("(startDateTime=2026-03-03T00:00:00Z,endDateTime=soon)", "endDateTime"),
        ("(startDateTime=2026-03-03T00:00:00Z,endDateTime=2026-03-02T00:00:00Z)", "startDateTime"),
    ] {
        for path in ["runs", "userProcessingResults", "taskReports"] {
            let (status, error) = system.get(&format!("{path}/summary{times}"));
            assert_eq!((status, &error["target"]), (400, &json!(named)));
        }
    }
}
