//! `@tenure.retry` of tasks: how often what happens outside is tried, and where the attempts are seen.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ports::{Failure, QueuedWork};

use crate::api::Api;
use crate::company::{WELCOME, on_demand};
use crate::dump::Dump;

/// A workflow whose only task sends a mail and is tried in that way.
fn welcome(retry: &Json) -> Json {
    let mut body = on_demand("w");
    body["tasks"] = json!([{
        "displayName": "Welcome", "taskDefinitionId": WELCOME, "arguments": [], "@tenure.retry": retry,
    }]);
    body
}

fn retry(attempts: i64, first: i64, longest: i64) -> Json {
    json!({ "maximumAttempts": attempts, "firstWaitInSeconds": first, "longestWaitInSeconds": longest })
}

#[test]
fn it_is_echoed_and_kept_by_whoever_sends_it_back() {
    let api = Api::new();
    let id = api.workflow(&welcome(&retry(3, 5, 60)));
    let path = format!("@/workflows/{id}");
    let whole = api.get(&path).is(200);
    let task = &whole["tasks"][0];
    assert_eq!(task["@tenure.retry"], retry(3, 5, 60));
    let task_path = format!("{path}/tasks/{}", task["id"].as_str().unwrap());
    assert_eq!(api.get(&task_path).is(200)["@tenure.retry"], retry(3, 5, 60));

    let before = Dump::of(&api);
    let mut echo = task.clone();
    echo["@tenure.retry"] = retry(4, 5, 60);
    api.patch(&task_path, &echo).refused(400, "@tenure.retry");
    echo["@tenure.retry"] = Json::Null;
    api.patch(&task_path, &echo).refused(400, "@tenure.retry");
    let mut other = whole.clone();
    other["tasks"][0]["@tenure.retry"] = retry(4, 5, 60);
    api.patch(&path, &other).refused(400, "tasks");
    before.is_unchanged(&api, "a refused retry");
    api.patch(&path, &whole).is(204);
    echo["@tenure.retry"] = retry(3, 5, 60);
    echo["description"] = json!("Said hello");
    api.patch(&task_path, &echo).is(204);
    let mut changed = api.get(&path).is(200);
    assert_eq!(changed["tasks"][0]["@tenure.retry"], retry(3, 5, 60));

    changed["displayName"] = json!("w two");
    let made = api.post(&format!("{path}/createNewVersion"), &json!({ "workflow": changed })).is(200);
    assert_eq!((&made["version"], &made["tasks"][0]["@tenure.retry"]), (&json!(2), &retry(3, 5, 60)));
    // Who leaves it out leaves it to the installation.
    changed["tasks"][0].as_object_mut().unwrap().shift_remove("@tenure.retry");
    let made = api.post(&format!("{path}/createNewVersion"), &json!({ "workflow": changed })).is(200);
    assert!(made["tasks"][0].get("@tenure.retry").is_none(), "{made}");
    let second = api.get(&format!("{path}/versions/2")).is(200);
    assert_eq!(second["tasks"][0]["@tenure.retry"], retry(3, 5, 60));
}

#[test]
fn what_is_left_out_is_the_default() {
    let api = Api::new();
    let made = |retry: &Json| {
        let id = api.workflow(&welcome(retry));
        api.all(&format!("@/workflows/{id}/tasks")).remove(0)
    };
    for (given, kept) in [
        (json!({ "maximumAttempts": 1 }), retry(1, 10, 3600)),
        (json!({ "maximumAttempts": 100, "firstWaitInSeconds": 86_400 }), retry(100, 86_400, 86_400)),
        (json!({ "MaximumAttempts": 2, "longestWaitInSeconds": 10 }), retry(2, 10, 10)),
    ] {
        assert_eq!(made(&given)["@tenure.retry"], kept, "{given}");
    }
    assert!(made(&Json::Null).get("@tenure.retry").is_none());
}

#[test]
fn what_breaks_a_rule_is_named() {
    let api = Api::new();
    let before = Dump::of(&api);
    let at = |name: &str| format!("tasks/0/@tenure.retry{name}");
    for (given, named) in [
        (json!({}), at("/maximumAttempts")),
        (json!(5), at("")),
        (json!({ "maximumAttempts": "5" }), at("/maximumAttempts")),
        (retry(0, 10, 10), at("/maximumAttempts")),
        (retry(101, 10, 10), at("/maximumAttempts")),
        (retry(-1, 10, 10), at("/maximumAttempts")),
        (retry(2, 0, 10), at("/firstWaitInSeconds")),
        (retry(2, 86_401, 86_401), at("/firstWaitInSeconds")),
        (retry(2, 10, 9), at("/longestWaitInSeconds")),
        (retry(2, 10, 86_401), at("/longestWaitInSeconds")),
        (json!({ "maximumAttempts": 2, "jitter": true }), at("/jitter")),
    ] {
        api.post("@/workflows", &welcome(&given)).refused(400, &named);
    }
    before.is_unchanged(&api, "a refused retry");
}

/// What an entry of the audit says under that name.
fn detail(entry: &Json, name: &str) -> String {
    let details = entry["additionalDetails"].as_array().unwrap();
    let found = details.iter().find(|one| one["key"] == name);
    found.map(|found| found["value"].as_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn the_attempts_stand_in_the_result_and_in_the_audit() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&welcome(&retry(3, 5, 8)));
    let results = format!("@/workflows/{workflow}/userProcessingResults");
    let away = || Failure::Retryable("the mail server put off the mail: 451 4.3.0 later".to_owned());
    api.activate(&workflow, &[&ann]);
    let task = || {
        let result = api.all(&results)[0]["id"].as_str().unwrap().to_owned();
        api.all(&format!("{results}/{result}/taskProcessingResults")).remove(0)
    };
    let mut waits = vec![];
    for attempt in 1..=2 {
        api.system.deliveries.fail_next(away());
        let now = api.system.lifecycle.now();
        let QueuedWork::At(at) = api.system.drain().unwrap() else { panic!("a repeat is expected") };
        waits.push(at.duration_since(now).as_secs());
        let waiting = task();
        assert_eq!(waiting["processingStatus"], "inProgress");
        let info = waiting["processingInfo"].as_str().unwrap();
        let said = "the mail server put off the mail: 451 4.3.0 later";
        let second = at + jiff::SignedDuration::from_millis(999);
        assert_eq!(info, format!("attempt {attempt} failed: {said}; the next one is at {second:.0}"));
        api.system.clock.set(at);
    }
    // 5 and 8 seconds, each up to a quarter longer.
    assert!((5..7).contains(&waits[0]) && (8..=10).contains(&waits[1]), "{waits:?}");
    assert_eq!(api.system.drain().unwrap(), QueuedWork::Nothing);
    let done = task();
    assert_eq!((&done["processingStatus"], &done["failureReason"]), (&json!("completed"), &Json::Null));
    assert_eq!(
        done["processingInfo"],
        "done at attempt 3; the one before: the mail server put off the mail: 451 4.3.0 later"
    );
    let filter = "activityDisplayName eq 'Attempt of a task failed'";
    let mut entries = api.all(&format!("auditLogs/directoryAudits?$filter={filter}"));
    entries.reverse();
    assert_eq!(entries.len(), 2);
    for (entry, attempt) in entries.iter().zip(1..) {
        assert_eq!(entry["targetResources"][0]["id"], json!(ann), "{entry}");
        let said = "the mail server put off the mail: 451 4.3.0 later";
        assert_eq!((&entry["result"], &entry["resultReason"]), (&json!("failure"), &json!(said)));
        assert_eq!(detail(entry, "attempt"), format!("{attempt}"));
        // It is no property of the person.
        assert_eq!(entry["targetResources"][0]["modifiedProperties"], json!([]));
    }
    let failures = api.all("auditLogs/directoryAudits?$filter=result eq 'failure'");
    assert_eq!(failures.len(), 2);
    let sent = api
        .all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Send mail' and result eq 'success'");
    assert_eq!((sent.len(), detail(&sent[0], "recipients").as_str()), (1, "ann@example.com"));
    assert_eq!(sent[0]["targetResources"][0]["modifiedProperties"], json!([]));
}

#[test]
fn what_there_was_no_room_for_is_no_attempt() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&welcome(&retry(1, 1, 1)));
    api.activate(&workflow, &[&ann]);
    for _ in 0..3 {
        api.system.deliveries.fail_next(Failure::NotNow("too many mails are under way".to_owned()));
    }
    while let QueuedWork::At(at) = api.system.drain().unwrap() {
        api.system.clock.set(at);
    }
    let results = format!("@/workflows/{workflow}/userProcessingResults");
    let result = api.all(&format!("{results}?$expand=taskProcessingResults")).remove(0);
    let task = &result["taskProcessingResults"][0];
    assert_eq!((&task["processingStatus"], &task["processingInfo"]), (&json!("completed"), &Json::Null));
    assert_eq!(api.system.deliveries.mails().len(), 1);
}

#[test]
fn it_is_given_up_after_as_many_attempts_as_the_task_says() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&welcome(&retry(2, 1, 1)));
    api.activate(&workflow, &[&ann]);
    for _ in 0..2 {
        api.system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    }
    while let QueuedWork::At(at) = api.system.drain().unwrap() {
        api.system.clock.set(at);
    }
    let results = format!("@/workflows/{workflow}/userProcessingResults");
    let result = api.all(&format!("{results}?$expand=taskProcessingResults")).remove(0);
    assert_eq!(result["processingStatus"], "failed");
    let task = &result["taskProcessingResults"][0];
    assert_eq!(task["failureReason"], "given up after 2 attempts: the server is away");
    assert!(api.system.deliveries.mails().is_empty());
}
