//! `resume` of what does not wait, or does not wait any more.

use serde_json::json;

use crate::endpoint::Endpoint;
use crate::world::{WORKFLOWS, World, callback_body, plain, waiting};

const NOT_WAITING: &str = "The task is not waiting for a callback.";

impl World {
    fn refused(&self, path: &str) {
        let (status, answer) = self.resume(path, "Completed");
        assert_eq!((status, &answer["error"]["message"]), (409, &json!(NOT_WAITING)), "{path}: {answer}");
    }
}

#[test]
fn a_task_is_resumed_once() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    world.resumed(&callback, "Completed");
    world.refused(&callback);
    world.finished(&workflow);
    world.refused(&callback);
    assert_eq!(world.audit("Resume task").len(), 1);
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
}

#[test]
fn every_path_to_the_result_resumes_it() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.workflow(&world.extension(&waiting(&endpoint)));
    let people: Vec<String> = (0..4).map(|place| world.person(&format!("p{place}"))).collect();
    world.activate(&workflow, &people.iter().map(String::as_str).collect::<Vec<_>>());
    endpoint.wait_for(4);
    let base = format!("{WORKFLOWS}/{workflow}");
    let run = world.newest_run(&workflow)["id"].as_str().unwrap().to_owned();
    let report = world.get(&format!("{base}/taskReports"))["value"][0]["id"].as_str().unwrap().to_owned();
    let results = world.results(&workflow);
    let ids = |place: usize| {
        let result = &results[place];
        let task = result["taskProcessingResults"][0]["id"].as_str().unwrap();
        (result["id"].as_str().unwrap(), task)
    };
    let paths = [
        format!("{base}/userProcessingResults/{}/taskProcessingResults/{}", ids(0).0, ids(0).1),
        format!("{base}/runs/{run}/taskProcessingResults/{}", ids(1).1),
        format!("{base}/taskReports/{report}/taskProcessingResults/{}", ids(2).1),
        format!("{base}/subjectProcessingResults/{}/taskProcessingResults/{}", ids(3).0, ids(3).1)
            .replacen("/v1.0/", "/beta/", 1),
    ];
    for (path, action) in
        paths.iter().zip(["resume", "microsoft.graph.identityGovernance.resume", "RESUME", "resume"])
    {
        world.resumed(&format!("{path}/{action}"), "COMPLETED");
    }
    assert_eq!(world.finished(&workflow)["successfulUsersCount"], 4);
}

#[test]
fn what_is_no_callback_changes_nothing() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    let mut without_status = callback_body("Completed");
    without_status["data"].as_object_mut().unwrap().remove("operationStatus");
    for (body, named) in [
        (json!({}), "data"),
        (without_status, "operationStatus"),
        (callback_body("maybe"), "operationStatus"),
        (json!({ "data": { "operationStatus": "completed", "colour": 1 } }), "colour"),
    ] {
        let (status, answer) = world.server.post(&callback, &body);
        assert_eq!(status, 400, "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().contains(named), "{answer}");
    }
    for (from, to) in [("taskProcessingResults/", "taskProcessingResults/x"), ("/tasks/", "/tasks/x")] {
        assert_eq!(world.resume(&callback.replacen(from, to, 1), "Completed").0, 404);
    }
    world.resumed(&callback, "Completed");
    world.finished(&workflow);
}

#[test]
fn a_task_that_does_not_call_is_not_resumed() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    endpoint.first();
    let results = world.results(&workflow);
    let result = results[0]["id"].as_str().unwrap();
    // The next task, which is not reached yet, and then is done.
    let next = results[0]["taskProcessingResults"][1]["id"].as_str().unwrap();
    let path =
        format!("{WORKFLOWS}/{workflow}/userProcessingResults/{result}/taskProcessingResults/{next}/resume");
    world.refused(&path);
    world.resumed(&endpoint.first().callback(), "Completed");
    world.finished(&workflow);
    world.refused(&path);
}

#[test]
fn a_task_that_calls_and_continues_is_not_resumed_though_its_call_is_tried_again() {
    let world = World::new();
    let endpoint = Endpoint::saying("503 Service Unavailable");
    let mut extension = plain(&endpoint.url("/"));
    extension["clientConfiguration"]["maximumRetries"] = json!(1);
    let workflow = world.run(&extension);
    let callback = endpoint.first().callback();
    world.refused(&callback);
    assert_eq!(world.newest_run(&workflow)["processingStatus"], "inProgress");
}

#[test]
fn a_reported_result_is_not_resumed() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&plain(&endpoint.url("/")));
    let run = world.finished(&workflow)["id"].as_str().unwrap().to_owned();
    let base = format!("{WORKFLOWS}/{workflow}/runs/{run}/userProcessingResults");
    let reported = world.server.create(
        &base,
        &json!({
            "processingStatus": "inProgress",
            "scheduledDateTime": "2026-03-02T09:00:00Z",
            "workflowExecutionType": "onDemand",
            "workflowVersion": 1,
            "totalTasksCount": 1,
            "failedTasksCount": 0,
            "totalUnprocessedTasksCount": 1,
        }),
    );
    let tasks = format!("{base}/{reported}/taskProcessingResults");
    let task = world.server.create(
        &tasks,
        &json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "inProgress" }),
    );
    world.refused(&format!("{tasks}/{task}/resume"));
}
