//! Extensions that are changed or deleted while somebody waits for them, or is about to call them.

use serde_json::json;

use crate::endpoint::{Endpoint, answer};
use crate::world::{EXTENSIONS, WORKFLOWS, World, calling, plain, waiting};

/// A version of the workflow that calls nobody.
fn without_call(world: &World, workflow: &str) {
    let mut next = calling("");
    next["tasks"].as_array_mut().unwrap().remove(0);
    let (status, answer) =
        world.server.post(&format!("{WORKFLOWS}/{workflow}/createNewVersion"), &json!({ "workflow": next }));
    assert_eq!(status, 200, "{answer}");
}

#[test]
fn an_extension_that_a_workflow_calls_is_not_deleted() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let extension = world.extension(&waiting(&endpoint));
    let workflow = world.workflow(&extension);
    let path = format!("{EXTENSIONS}/{extension}");
    assert_eq!(world.server.delete(&path), 409);
    without_call(&world, &workflow);
    assert_eq!(world.server.delete(&path), 204);
    let (status, answer) = world.server.post(WORKFLOWS, &calling(&extension));
    assert_eq!(status, 400, "{answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains(&extension), "{answer}");
}

#[test]
fn whoever_waits_for_one_that_is_deleted_is_still_answered() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let extension = world.extension(&waiting(&endpoint));
    let workflow = world.workflow(&extension);
    world.activate(&workflow, &[&world.person("ann")]);
    let callback = endpoint.first().callback();
    world.parked(&workflow, 1);
    without_call(&world, &workflow);
    assert_eq!(world.server.delete(&format!("{EXTENSIONS}/{extension}")), 204);
    world.resumed(&callback, "Completed");
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
}

#[test]
fn a_call_that_is_tried_again_goes_where_the_extension_says_by_then() {
    let world = World::new();
    let (away, back) = (Endpoint::saying("503 Service Unavailable"), Endpoint::saying("202 Accepted"));
    let mut extension = plain(&away.url("/"));
    extension["clientConfiguration"]["maximumRetries"] = json!(1);
    let extension = world.extension(&extension);
    let mut workflow = calling(&extension);
    workflow["tasks"][0]["@tenure.retry"] = json!({ "maximumAttempts": 5, "firstWaitInSeconds": 1 });
    let workflow = world.server.create(WORKFLOWS, &workflow);
    world.activate(&workflow, &[&world.person("ann")]);
    let first = away.first();
    let moved = json!({
        "endpointConfiguration": { "targetUrl": back.url("/moved") },
        "authenticationConfiguration": { "@odata.type": "#tenure.bearerToken", "token": "t0ken" },
    });
    assert_eq!(world.server.patch(&format!("{EXTENSIONS}/{extension}"), &moved).0, 204);
    let again = back.first();
    assert_eq!(again.header("authorization"), "Bearer t0ken");
    assert_eq!((again.header("webhook-id"), &again.body), (first.header("webhook-id"), &first.body));
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
}

#[test]
fn a_call_of_one_that_is_deleted_meanwhile_fails_and_says_so() {
    let world = World::new();
    let endpoint = Endpoint::answering(|_, _| answer("503 Service Unavailable", ""));
    let mut extension = waiting(&endpoint);
    extension["clientConfiguration"]["maximumRetries"] = json!(3);
    let extension = world.extension(&extension);
    let mut workflow = calling(&extension);
    workflow["tasks"][0]["@tenure.retry"] = json!({ "maximumAttempts": 5, "firstWaitInSeconds": 1 });
    let workflow = world.server.create(WORKFLOWS, &workflow);
    world.activate(&workflow, &[&world.person("ann")]);
    let callback = endpoint.first().callback();
    without_call(&world, &workflow);
    assert_eq!(world.server.delete(&format!("{EXTENSIONS}/{extension}")), 204);
    assert_eq!(
        world.failure(&workflow),
        format!("failed at attempt 2: the custom task extension {extension} does not exist any more")
    );
    assert_eq!(world.resume(&callback, "Completed").0, 409);
}

#[test]
fn whoever_waits_goes_on_though_the_extension_does_not_wait_any_more() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let extension = world.extension(&waiting(&endpoint));
    let workflow = world.workflow(&extension);
    let (ann, ben) = (world.person("ann"), world.person("ben"));
    world.activate(&workflow, &[&ann]);
    let callback = endpoint.first().callback();
    world.parked(&workflow, 1);
    let path = format!("{EXTENSIONS}/{extension}");
    assert_eq!(world.server.patch(&path, &json!({ "callbackConfiguration": null })).0, 204);
    world.activate(&workflow, &[&ben]);
    let run = world.finished(&workflow);
    assert_eq!(run["successfulUsersCount"], 1, "ben is through: {run}");
    world.resumed(&callback, "Failed");
    world
        .server
        .wait_for(&format!("{WORKFLOWS}/{workflow}/runs"), |runs| runs["value"][1]["failedUsersCount"] == 1);
}
