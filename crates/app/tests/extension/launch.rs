//! Launch and continue, launch and wait: what arrives, and what becomes of the task.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value as Json, json};

use crate::endpoint::{Endpoint, answer};
use crate::world::{WORKFLOWS, World, plain, waiting};

#[test]
fn launch_and_continue_is_done_when_the_call_is_accepted() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let extension = world.extension(&plain(&endpoint.url("/badge?of=all")));
    let workflow = world.workflow(&extension);
    let (ann, meg) = (world.person("ann"), world.person("meg"));
    let manager = json!({ "@odata.id": format!("{}/v1.0/users/{meg}", world.server.url) });
    let (status, answer) = world.server.put(&format!("/v1.0/users/{ann}/manager/$ref"), &manager);
    assert_eq!(status, 204, "{answer}");
    world.activate(&workflow, &[&ann]);

    let tasks = world.tasks(&workflow);
    assert_eq!(tasks.len(), 2, "{tasks:?}");
    for task in &tasks {
        assert_eq!(task["processingStatus"], "completed", "{task}");
    }
    assert_eq!(world.get(&format!("/v1.0/users/{ann}?$select=accountEnabled"))["accountEnabled"], true);

    let calls = endpoint.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let call = &calls[0];
    assert_eq!(call.line, "POST /badge?of=all HTTP/1.1");
    assert_eq!(call.header("content-type"), "application/json");
    assert!(call.header("user-agent").starts_with("Tenure/"), "{call:?}");
    assert!(!call.header("webhook-id").is_empty());
    assert_eq!(call.header("idempotency-key"), call.header("webhook-id"));
    assert_eq!((call.header("authorization"), call.header("webhook-signature")), ("", ""));

    let stored = world.get(&format!("{WORKFLOWS}/{workflow}"));
    let (task, result) = (stored["tasks"][0]["id"].as_str().unwrap(), tasks[0]["id"].as_str().unwrap());
    let path = format!(
        "/identityGovernance/lifecycleWorkflows/workflows/{workflow}/tasks/{task}/taskProcessingResults/{result}/resume"
    );
    let expected = json!({
        "source": "LifecycleWorkflows",
        "type": "lifecycleEvent",
        "data": {
            "callbackUriPath": path,
            "subject": {
                "id": ann,
                "displayName": "ann",
                "email": "ann@example.com",
                "userPrincipalName": "ann@example.com",
                "manager": { "id": meg, "displayName": "meg", "email": "meg@example.com" },
            },
            "task": { "id": task, "displayName": "Withdraw the badge" },
            "taskProcessingResult": { "id": result, "createdDateTime": tasks[0]["createdDateTime"] },
            "workflow": { "id": workflow, "displayName": "Badge", "workflowVersion": 1 },
        },
    });
    assert_eq!(call.json(), expected);

    let audit = world.audit("Call custom task extension");
    assert_eq!(audit.len(), 1, "{audit:?}");
    let targets: Vec<&Json> =
        audit[0]["targetResources"].as_array().unwrap().iter().map(|target| &target["id"]).collect();
    assert_eq!(targets, [&json!(ann), &json!(extension)], "{audit:?}");
}

#[test]
fn launch_and_wait_is_done_when_somebody_says_so() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    world.parked(&workflow, 1);

    let run = world.newest_run(&workflow);
    assert_eq!(run["processingStatus"], "inProgress", "{run}");
    let result = &world.results(&workflow)[0];
    assert_eq!(result["processingStatus"], "inProgress", "{result}");
    assert_eq!(result["totalUnprocessedTasksCount"], 2, "{result}");
    let task = world.get(callback.strip_suffix("/resume").unwrap());
    assert_eq!((&task["processingStatus"], &task["completedDateTime"]), (&json!("inProgress"), &Json::Null));
    let report = &world.get(&format!("{WORKFLOWS}/{workflow}/taskReports"))["value"][0];
    assert_eq!((&report["unprocessedUsersCount"], &report["successfulUsersCount"]), (&json!(1), &json!(0)));

    world.resumed(&callback, "Completed");
    for task in world.tasks(&workflow) {
        assert_eq!(task["processingStatus"], "completed", "{task}");
    }
    assert_eq!(world.finished(&workflow)["processingStatus"], "completed");
    assert_eq!(endpoint.calls().len(), 1, "whoever has answered is not called again");
    let (resumed, called) = (world.audit("Resume task"), world.audit("Call custom task extension"));
    assert_eq!((resumed.len(), called.len()), (1, 1));
    assert_eq!(resumed[0]["initiatedBy"]["app"]["displayName"], "local-admin", "{resumed:?}");
}

#[test]
fn launch_and_wait_has_failed_when_somebody_says_so() {
    let world = World::new();
    let endpoint = Endpoint::saying("200 OK");
    let workflow = world.run(&waiting(&endpoint));
    world.resumed(&endpoint.first().callback(), "Failed");
    let tasks = world.tasks(&workflow);
    assert_eq!(tasks[0]["failureReason"], "whoever was called said that it failed");
    assert_eq!(tasks[1]["processingStatus"], "queued", "the next task is not reached: {tasks:?}");
    assert_eq!(world.finished(&workflow)["processingStatus"], "failed");
    assert_eq!(world.results(&workflow)[0]["processingStatus"], "failed");
}

/// An endpoint that answers only when it is told to.
fn slow() -> (Endpoint, std::sync::mpsc::Sender<()>) {
    let (tell, told): (_, Receiver<()>) = channel();
    let told = Mutex::new(told);
    let endpoint = Endpoint::doing(move |_, _, mut stream| {
        told.lock().unwrap().recv().ok();
        drop(stream.write_all(answer("202 Accepted", "").as_bytes()));
    });
    (endpoint, tell)
}

#[test]
fn a_callback_may_come_before_the_call_is_answered() {
    let world = World::new();
    let (endpoint, tell) = slow();
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    world.resumed(&callback, "completed");
    assert_eq!(world.resume(&callback, "failed").0, 409, "the first word counts");
    assert_eq!(world.newest_run(&workflow)["processingStatus"], "inProgress");
    tell.send(()).unwrap();
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    assert_eq!(endpoint.calls().len(), 1);
}

#[test]
fn a_callback_counts_though_the_call_is_never_answered() {
    let world = World::new();
    let (endpoint, tell) = slow();
    let mut extension = waiting(&endpoint);
    extension["clientConfiguration"]["timeoutInMilliseconds"] = json!(200);
    let workflow = world.run(&extension);
    world.resumed(&endpoint.first().callback(), "Completed");
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    assert_eq!(endpoint.calls().len(), 1);
    drop(tell);
}

#[test]
fn killed_while_somebody_waits_it_still_knows_for_whom() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let workflow = world.run(&waiting(&endpoint));
    let callback = endpoint.first().callback();
    world.parked(&workflow, 1);
    let world = world.killed_and_started();
    world.resumed(&callback, "Completed");
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    assert_eq!(endpoint.calls().len(), 1);
}
