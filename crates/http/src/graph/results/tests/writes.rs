//! Results that are reported from outside.

use serde_json::{Value as Json, json};

use super::fake::{System, result_id, run_id, task_result_id, user_id};

fn body() -> Json {
    json!({
        "failedTasksCount": 0,
        "processingStatus": "completed",
        "scheduledDateTime": "2026-03-02T09:00:00Z",
        "totalTasksCount": 3,
        "totalUnprocessedTasksCount": 0,
        "workflowExecutionType": "onDemand",
        "workflowVersion": 1,
    })
}

fn with(name: &str, value: Json) -> Json {
    let mut body = body();
    body[name] = value;
    body
}

#[test]
fn a_result_is_created_under_its_run() {
    let system = System::new();
    let path = format!("runs/{}/userProcessingResults", run_id(1));
    let (status, created) = system.ask("POST", &path, with("subject", json!({ "id": user_id(1) })), "");
    assert_eq!((status, &created["id"]), (201, &json!(result_id(1, 4))));
    assert_eq!(created["subject"], json!({ "id": user_id(1) }));
    assert!(created["@odata.context"].as_str().unwrap().ends_with("/userProcessingResults/$entity"));
    let (status, error) = system.ask("POST", "userProcessingResults", body(), "");
    assert!(status == 400 && error["message"].as_str().unwrap().contains("under a run"));
    for (name, value, named) in [
        ("workflowVersion", json!(3), "workflowVersion"),
        ("failedTasksCount", json!(-1), "failedTasksCount"),
        ("failedTasksCount", json!(4), "totalTasksCount"),
        ("subject", json!({ "id": user_id(2) }), "subject/id"),
        ("subject", json!({ "id": "x" }), "subject/id"),
    ] {
        let (status, error) = system.ask("POST", &path, with(name, value), "");
        assert_eq!((status, &error["target"]), (400, &json!(named)));
    }
    assert_eq!(system.ask("POST", &path, Json::Null, "").0, 400);
}

#[test]
fn a_result_is_changed_and_deleted_unless_it_is_under_way() {
    let system = System::new();
    let path = |seq| format!("userProcessingResults/{}", result_id(1, seq));
    let patch = json!({ "processingStatus": "FAILED", "failedTasksCount": 2 });
    let (status, changed) = system.ask("PATCH", &path(3), patch.clone(), "");
    assert_eq!(
        (status, &changed["processingStatus"], &changed["failedTasksCount"]),
        (200, &json!("failed"), &json!(2))
    );
    assert_eq!(system.ask("PATCH", &path(1), patch.clone(), "").0, 200);
    assert_eq!(system.ask("PATCH", &path(2), patch, "").0, 409);
    assert_eq!(system.ask("PATCH", &path(3), json!({ "colour": 1 }), "").1["target"], "colour");
    assert_eq!(system.ask("DELETE", &path(2), Json::Null, "").0, 409);
    assert_eq!(system.ask("DELETE", &path(3), Json::Null, "").0, 204);
    assert_eq!(system.ask("DELETE", &path(3), Json::Null, "").0, 404);
    assert_eq!(system.ask("DELETE", &format!("{}/$ref", path(1)), Json::Null, "").0, 204);
}

#[test]
fn a_subject_is_added_once_and_removed() {
    let system = System::new();
    let reported = format!("runs/{}/userProcessingResults/{}/subject", run_id(1), result_id(1, 3));
    let add = |body: Json| system.ask("POST", &format!("{reported}/$ref"), body, "");
    for (body, named) in [
        (json!({}), "id"),
        (json!({ "id": user_id(2) }), "id"),
        (json!({ "@odata.id": "https://host/v1.0/users/nobody" }), "@odata.id"),
    ] {
        let (status, error) = add(body);
        assert_eq!((status, &error["target"]), (400, &json!(named)));
    }
    assert_eq!(system.ask("DELETE", &format!("{reported}/$ref"), Json::Null, "").0, 404);
    assert_eq!(add(json!({ "@odata.id": format!("https://host/v1.0/users/{}", user_id(3)) })).0, 204);
    assert_eq!(
        add(json!({ "id": user_id(1), "birthday": "1990-01-01T00:00:00Z", "businessPhones": [] })).0,
        409
    );
    assert_eq!(system.get(&reported).1["displayName"], "Person 3");
    assert_eq!(system.ask("DELETE", &format!("{reported}/{}/$ref", user_id(1)), Json::Null, "").0, 404);
    assert_eq!(system.ask("DELETE", &format!("{reported}/{}/$ref", user_id(3)), Json::Null, "").0, 204);
    assert_eq!(add(json!({ "id": "p1@x" })).0, 204);
    assert_eq!(system.ask("DELETE", &format!("{reported}/$ref"), Json::Null, "").0, 204);

    let engine = format!("userProcessingResults/{}/subject", result_id(1, 1));
    assert_eq!(system.ask("POST", &format!("{engine}/$ref"), json!({ "id": user_id(3) }), "").0, 409);
    assert_eq!(system.ask("DELETE", &format!("{engine}/{}/$ref", user_id(1)), Json::Null, "").0, 409);
}

#[test]
fn a_task_result_is_created_by_both_printed_forms() {
    let system = System::new();
    let base = format!("userProcessingResults/{}/taskProcessingResults", result_id(1, 3));
    let body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
    let (status, created) = system.ask("POST", &base, body.clone(), "");
    assert_eq!(
        (status, &created["id"], &created["task"]),
        (201, &json!(task_result_id(1, 3, 9)), &Json::Null)
    );
    let second = format!("{base}/{}/task/taskProcessingResults", task_result_id(1, 3, 3));
    assert_eq!(system.ask("POST", &second, body.clone(), "").0, 201);
    let elsewhere = format!("{base}/{}/task/taskProcessingResults", task_result_id(1, 1, 1));
    assert_eq!(system.ask("POST", &elsewhere, body, "").0, 404);
    let (status, error) = system.ask("POST", &base, json!({ "processingStatus": "completed" }), "");
    assert_eq!((status, &error["target"]), (400, &json!("createdDateTime")));
}
