//! What becomes of those who wait when the run, the workflow or the person is taken away.

use serde_json::json;

use crate::endpoint::{Endpoint, Heard};
use crate::world::{WORKFLOWS, World, calling, plain, waiting};

/// A workflow for which these people wait, and where each call is answered.
fn waited_for(world: &World, endpoint: &Endpoint, names: &[&str]) -> (String, Vec<String>) {
    let workflow = world.workflow(&world.extension(&waiting(endpoint)));
    let people: Vec<String> = names.iter().map(|name| world.person(name)).collect();
    world.activate(&workflow, &people.iter().map(String::as_str).collect::<Vec<_>>());
    let callbacks = endpoint.wait_for(names.len()).iter().map(Heard::callback).collect();
    world.parked(&workflow, names.len());
    (workflow, callbacks)
}

fn cancel(world: &World, workflow: &str) {
    let run = world.newest_run(workflow)["id"].clone();
    let scope = json!({ "@odata.type": "#microsoft.graph.identityGovernance.cancelRunsScope", "runs": [{ "id": run }] });
    let (status, answer) =
        world.server.post(&format!("{WORKFLOWS}/{workflow}/cancelProcessing"), &json!({ "scope": scope }));
    assert_eq!(status, 204, "{answer}");
}

#[test]
fn an_administrator_cancels_those_who_wait_at_once() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann", "ben", "cat"]);
    world.resumed(&callbacks[0], "Completed");
    world.server.wait_for(&format!("{WORKFLOWS}/{workflow}/runs"), |runs| {
        runs["value"][0]["successfulUsersCount"] == 1
    });
    cancel(&world, &workflow);
    let run = world.finished(&workflow);
    assert_eq!((&run["successfulUsersCount"], &run["totalUsersCount"]), (&json!(1), &json!(3)), "{run}");
    let report = &world.get(&format!("{WORKFLOWS}/{workflow}/taskReports"))["value"][0];
    assert_eq!(
        (&report["successfulUsersCount"], &report["failedUsersCount"], &report["unprocessedUsersCount"]),
        (&json!(1), &json!(0), &json!(2))
    );
    let statuses: Vec<_> =
        world.results(&workflow).iter().map(|result| result["processingStatus"].clone()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == json!("canceled")).count(), 2, "{statuses:?}");
    for callback in &callbacks {
        assert_eq!(world.resume(callback, "Completed").0, 409);
    }
    assert_eq!(world.newest_run(&workflow), run, "nothing comes after the end");
    assert_eq!(world.count("SELECT (SELECT count(*) FROM pending) + (SELECT count(*) FROM requeued)"), 0);
}

#[test]
fn an_administrator_cancels_those_who_are_tried_again_at_once() {
    let world = World::new();
    let endpoint = Endpoint::saying("503 Service Unavailable");
    let mut extension = plain(&endpoint.url("/"));
    extension["clientConfiguration"]["maximumRetries"] = json!(5);
    let workflow = world.run(&extension);
    let path = format!("{WORKFLOWS}/{workflow}/userProcessingResults?$expand=taskProcessingResults");
    world.server.wait_for(&path, |results| {
        results["value"][0]["taskProcessingResults"][0]["processingInfo"].is_string()
    });
    cancel(&world, &workflow);
    world.finished(&workflow);
    assert_eq!(world.results(&workflow)[0]["processingStatus"], "canceled");
    assert_eq!(endpoint.calls().len(), 1);
}

#[test]
fn those_who_wait_finish_though_the_workflow_is_disabled() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann"]);
    let path = format!("{WORKFLOWS}/{workflow}");
    assert_eq!(world.server.patch(&path, &json!({ "isEnabled": false })).0, 204);
    assert_eq!(world.newest_run(&workflow)["processingStatus"], "canceling");
    world.resumed(&callbacks[0], "Completed");
    for task in world.tasks(&workflow) {
        assert_eq!(task["processingStatus"], "completed", "{task}");
    }
}

#[test]
fn an_administrator_cancels_those_who_were_to_finish() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann"]);
    let path = format!("{WORKFLOWS}/{workflow}");
    assert_eq!(world.server.patch(&path, &json!({ "isEnabled": false })).0, 204);
    cancel(&world, &workflow);
    world.finished(&workflow);
    assert_eq!(world.results(&workflow)[0]["processingStatus"], "canceled");
    assert_eq!(world.resume(&callbacks[0], "Completed").0, 409);
}

#[test]
fn those_who_wait_finish_on_their_version() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann", "ben"]);
    // The next version calls nobody, and the extension is not used any more.
    let next = json!({ "workflow": {
        "category": "leaver",
        "displayName": "Badge",
        "isEnabled": true,
        "isSchedulingEnabled": false,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly",
        },
        "tasks": [calling("")["tasks"][1]],
    } });
    let (status, answer) = world.server.post(&format!("{WORKFLOWS}/{workflow}/createNewVersion"), &next);
    assert_eq!(status, 200, "{answer}");
    // They know no other address than the one that they were given.
    for (callback, word) in callbacks.iter().zip(["Completed", "Failed"]) {
        world.resumed(callback, word);
    }
    let run = world.finished(&workflow);
    assert_eq!((&run["successfulUsersCount"], &run["failedUsersCount"]), (&json!(1), &json!(1)), "{run}");
    for result in world.results(&workflow) {
        assert_eq!(result["workflowVersion"], 1);
        let name = &result["taskProcessingResults"][0]["task"]["displayName"];
        assert_eq!(name, "Withdraw the badge", "{result}");
    }
    // A task of another version is none of this result's.
    let of_next =
        world.get(&format!("{WORKFLOWS}/{workflow}"))["tasks"][0]["id"].as_str().unwrap().to_owned();
    let task = callbacks[0].split('/').nth(7).unwrap();
    assert_eq!(world.resume(&callbacks[0].replace(task, &of_next), "Completed").0, 404);
}

#[test]
fn those_who_wait_finish_though_the_workflow_is_deleted() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann"]);
    assert_eq!(world.server.delete(&format!("{WORKFLOWS}/{workflow}")), 204);
    world.resumed(&callbacks[0], "Completed");
    let deleted = WORKFLOWS.replace("/workflows", "/deletedItems/workflows");
    let runs = world.server.wait_for(&format!("{deleted}/{workflow}/runs"), |runs| {
        runs["value"][0]["completedDateTime"].is_string()
    });
    assert_eq!(runs["value"][0]["successfulUsersCount"], 1, "{runs}");
}

#[test]
fn a_person_who_is_deleted_meanwhile_is_not_touched_any_more() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let (workflow, callbacks) = waited_for(&world, &endpoint, &["ann", "ben"]);
    let results = world.results(&workflow);
    let subjects: Vec<&str> =
        results.iter().map(|result| result["subject"]["id"].as_str().unwrap()).collect();
    // One is deleted, one for good.
    for subject in &subjects {
        assert_eq!(world.server.delete(&format!("/v1.0/users/{subject}")), 204);
    }
    assert_eq!(world.server.delete(&format!("/v1.0/directory/deletedItems/{}", subjects[1])), 204);
    assert_eq!(world.newest_run(&workflow)["processingStatus"], "inProgress");
    for callback in &callbacks {
        world.resumed(callback, "Completed");
    }
    world.finished(&workflow);
    for result in world.results(&workflow) {
        assert_eq!(result["processingStatus"], "canceled", "{result}");
        let tasks = &result["taskProcessingResults"];
        assert_eq!(tasks[0]["processingStatus"], "completed", "what was done is said: {result}");
        assert_eq!(tasks[1]["processingStatus"], "canceled", "{result}");
    }
}

#[test]
fn a_person_who_is_deleted_meanwhile_is_through_when_the_call_was_the_last_task() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let mut workflow = calling(&world.extension(&waiting(&endpoint)));
    workflow["tasks"].as_array_mut().unwrap().truncate(1);
    let workflow = world.server.create(WORKFLOWS, &workflow);
    let ann = world.person("ann");
    world.activate(&workflow, &[&ann]);
    let callback = endpoint.first().callback();
    assert_eq!(world.server.delete(&format!("/v1.0/users/{ann}")), 204);
    world.resumed(&callback, "Completed");
    world.finished(&workflow);
    assert_eq!(world.results(&workflow)[0]["processingStatus"], "completed");
}
