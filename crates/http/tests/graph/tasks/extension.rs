//! "Run a custom task extension".

use serde_json::{Value as Json, json};
use tenure_lifecycle::ports::Failure;

use super::world::{NOBODY, task, workflow};
use crate::api::{Api, NOW};
use crate::company::with;
use crate::custom_task_extensions::badge;
use crate::dump::Dump;

pub(super) const EXTENSION: &str = "4262b724-8dba-4fad-afc3-43fcbb497a0e";
/// The id that other pages of Graph have.
const OTHER_ID: &str = "d79d1fcc-16be-490c-a865-f4533b1639ee";
const ARGUMENT: &str = "customTaskExtensionID";
const CALLED: &str = "Call custom task extension";

impl Api {
    /// Creates an extension that nobody answers.
    pub(super) fn extension(&self) -> String {
        self.extension_of(&with(badge(), "callbackConfiguration", Json::Null))
    }

    fn extension_of(&self, body: &Json) -> String {
        self.post("@/customTaskExtensions", body).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// The last call that was made, as it was sent.
    fn last_call(&self) -> Json {
        let (_, body) = self.system.deliveries.calls().pop().unwrap();
        serde_json::from_str(&body).unwrap()
    }

    /// The one task result of the newest run.
    fn last_result(&self, workflow: &str) -> Json {
        let run = self.all(&format!("@/workflows/{workflow}/runs")).remove(0);
        let run = run["id"].as_str().unwrap();
        self.all(&format!("@/workflows/{workflow}/runs/{run}/taskProcessingResults")).remove(0)
    }

    /// Calls back as a call says.
    fn answer(&self, call: &Json, status: &str) -> crate::api::Answer {
        let path = call["data"]["callbackUriPath"].as_str().unwrap();
        let body = json!({
            "source": "badge", "type": "lifecycleEvent",
            "data": {
                "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackData",
                "operationStatus": status,
            },
        });
        self.post(&format!("/beta{path}"), &body)
    }
}

/// Somebody with a manager.
fn world() -> (Api, String, String) {
    let api = Api::new();
    let (ann, boss) = (api.somebody("ann", &[]), api.somebody("boss", &[]));
    api.manages(&boss, &ann);
    (api, ann, boss)
}

#[test]
fn an_endpoint_is_called_and_that_is_all() {
    let (api, ann, boss) = world();
    let extension = api.extension();
    for (place, (category, definition)) in
        [("joiner", EXTENSION), ("mover", EXTENSION), ("leaver", EXTENSION), ("leaver", OTHER_ID)]
            .into_iter()
            .enumerate()
    {
        let id = api.workflow_of(category, definition, &[("CustomTaskExtensionID", &extension)]);
        api.process(&id, &ann)
            .was_foretold("would call the custom task extension 'Contoso badge system'")
            .did(&[(CALLED, &[&ann, &extension])]);
        let result = api.last_result(&id);
        let task = api.all(&format!("@/workflows/{id}/tasks")).remove(0);
        let (task, result) = (task["id"].as_str().unwrap(), result["id"].as_str().unwrap());
        assert_eq!(
            api.last_call(),
            json!({
                "source": "LifecycleWorkflows",
                "type": "lifecycleEvent",
                "data": {
                    "callbackUriPath": format!(
                        "/identityGovernance/lifecycleWorkflows/workflows/{id}/tasks/{task}/taskProcessingResults/{result}/resume"
                    ),
                    "subject": {
                        "id": ann, "displayName": "ann", "email": "ann@example.com",
                        "userPrincipalName": "ann@example.com",
                        "manager": { "id": boss, "displayName": "boss", "email": "boss@example.com" },
                    },
                    "task": { "id": task, "displayName": "Task 1" },
                    "taskProcessingResult": { "id": result, "createdDateTime": NOW },
                    "workflow": { "id": id, "displayName": "A workflow", "workflowVersion": 1 },
                },
            })
        );
        assert_eq!(api.system.deliveries.calls().len(), place + 1);
        api.answer(&api.last_call(), "Completed").refused(409, "not waiting");
    }
}

#[test]
fn who_has_neither_manager_nor_address_is_called_about_all_the_same() {
    let (api, _, _) = world();
    let bob = api.somebody("bob", &[("mail", Json::Null)]);
    let id = api.workflow_of("joiner", EXTENSION, &[(ARGUMENT, &api.extension())]);
    api.process(&id, &bob);
    let subject = api.last_call()["data"]["subject"].clone();
    assert_eq!((&subject["email"], &subject["manager"]), (&Json::Null, &Json::Null));
}

#[test]
fn a_task_waits_until_somebody_calls_back() {
    let (api, ann, _) = world();
    let extension = api.extension_of(&badge());
    let mut tasks = vec![task(EXTENSION, &[(ARGUMENT, &extension)]), task(super::account::DISABLE, &[])];
    tasks[0]["continueOnError"] = json!(true);
    let id = api.workflow(&workflow("leaver", tasks));
    for (said, status, reason) in [
        ("Completed", "completed", Json::Null),
        ("failed", "failed", json!("whoever was called said that it failed")),
    ] {
        api.activate(&id, &[&ann]);
        api.system.drain().unwrap();
        let call = api.last_call();
        assert_eq!(api.last_result(&id)["processingStatus"], "inProgress");
        api.system.clock.advance(jiff::SignedDuration::from_mins(59));
        assert_eq!(api.answer(&call, said).is(204), Json::Null);
        api.answer(&call, said).refused(409, "not waiting");
        api.system.drain().unwrap();
        let result = api.last_result(&id);
        assert_eq!((&result["processingStatus"], &result["failureReason"]), (&json!(status), &reason));
        api.answer(&call, said).refused(409, "not waiting");
    }
    assert_eq!(api.system.deliveries.calls().len(), 2, "nobody is called again");
    assert_eq!(api.property(&ann, "accountEnabled"), false);
}

#[test]
fn a_task_whose_callback_never_comes_fails() {
    let (api, ann, _) = world();
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &api.extension_of(&badge()))]);
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    let call = api.last_call();
    api.system.advance("2026-03-01T09:00:01Z").unwrap();
    let result = api.last_result(&id);
    assert_eq!(
        (&result["processingStatus"], &result["failureReason"]),
        (&json!("failed"), &json!("nobody called back until 2026-03-01T09:00:00Z"))
    );
    api.answer(&call, "Completed").refused(409, "not waiting");
}

#[test]
fn the_answer_of_the_endpoint_may_say_it() {
    let (api, ann, _) = world();
    let extension = api.extension_of(&with(
        with(badge(), "callbackConfiguration", Json::Null),
        "replyMode",
        json!("response"),
    ));
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &extension)]);
    api.system.deliveries.answer_next(r#"{"data":{"operationStatus":"Completed"}}"#);
    api.process(&id, &ann).did(&[(CALLED, &[&ann, &extension])]);
    for (answer, reason) in [
        (r#"{"data":{"operationStatus":"Failed"}}"#, "the endpoint's answer says that it failed"),
        ("ok", "the endpoint's answer is no JSON; it has to say operationStatus: completed or failed"),
    ] {
        api.system.deliveries.answer_next(answer);
        let came = api.run_for(&id, &ann);
        assert_eq!((&came.tasks[0]["failureReason"], came.status.as_str()), (&json!(reason), "failed"));
    }
}

#[test]
fn an_endpoint_that_refuses_or_is_not_reached_fails_the_task() {
    let (api, ann, _) = world();
    let once = with(badge(), "clientConfiguration", json!({ "maximumRetries": 1 }));
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &api.extension_of(&once))]);
    api.system.deliveries.fail_next(Failure::Permanent("contoso.example answered 403".to_owned()));
    // An attempt that was made is told, though nothing was done.
    let came = api.run_for(&id, &ann).told(&[("Attempt of a task failed", &[&ann])]);
    assert_eq!(came.tasks[0]["failureReason"], "contoso.example answered 403");
    assert_eq!(came.status, "failed");
    // Tried again once, as the extension says.
    for _ in 0..2 {
        api.system.deliveries.fail_next(Failure::Retryable("no connection to contoso.example".to_owned()));
    }
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    assert_eq!(api.last_result(&id)["processingStatus"], "inProgress");
    api.system.advance("2026-03-01T09:00:00Z").unwrap();
    let result = api.last_result(&id);
    assert_eq!(result["failureReason"], "given up after 2 attempts: no connection to contoso.example");
    assert!(api.system.deliveries.calls().is_empty());
}

#[test]
fn an_extension_that_is_used_stays_and_has_to_be_there() {
    let (api, _, _) = world();
    let (extension, gone) = (api.extension(), api.extension());
    api.delete(&format!("@/customTaskExtensions/{gone}")).is(204);
    for (arguments, named) in [
        (vec![], ARGUMENT),
        (vec![(ARGUMENT, "")], ARGUMENT),
        (vec![(ARGUMENT, "badge")], "'badge' is none"),
        (vec![(ARGUMENT, NOBODY)], NOBODY),
        (vec![(ARGUMENT, &gone)], &gone),
        (vec![(ARGUMENT, &extension), ("CustomTaskExtensionId", &extension)], "twice"),
        (vec![("extensionId", &extension)], "extensionId"),
    ] {
        api.arguments_refused("joiner", EXTENSION, &arguments, named);
    }
    let two = format!("{extension},{extension}");
    api.arguments_refused("joiner", EXTENSION, &[(ARGUMENT, &two)], "must be one custom task extension");
    api.workflow_of("joiner", EXTENSION, &[(ARGUMENT, &extension)]);
    let before = Dump::of(&api);
    api.delete(&format!("@/customTaskExtensions/{extension}")).refused(409, "A workflow");
    before.is_unchanged(&api, "a refused deletion");
}

#[test]
fn a_call_that_was_taken_is_on_record_whatever_follows() {
    let (api, ann, _) = world();
    let extension = api.extension_of(&badge());
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &extension)]);
    let called =
        || api.all(&format!("auditLogs/directoryAudits?$filter=activityDisplayName eq '{CALLED}'")).len();
    // Waiting, and when whoever was called says that it failed.
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    assert_eq!(called(), 1);
    api.answer(&api.last_call(), "Failed").is(204);
    api.system.drain().unwrap();
    assert_eq!((called(), api.last_result(&id)["processingStatus"].clone()), (1, json!("failed")));
    // When nobody calls back.
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    api.system.advance("2026-03-01T12:00:00Z").unwrap();
    assert_eq!((called(), api.last_result(&id)["processingStatus"].clone()), (2, json!("failed")));
    // When the answer itself says that it failed: that was no attempt in vain.
    let answering = with(with(badge(), "callbackConfiguration", Json::Null), "replyMode", json!("response"));
    let answering = with(answering, "displayName", json!("Another badge system"));
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &api.extension_of(&answering))]);
    api.system.deliveries.answer_next(r#"{"data":{"operationStatus":"failed"}}"#);
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    let result = api.last_result(&id);
    assert_eq!(result["failureReason"], "the endpoint's answer says that it failed");
    assert_eq!(called(), 3);
    assert!(api.all("auditLogs/directoryAudits?$filter=result eq 'failure'").is_empty());
}

#[test]
fn attempts_are_told_while_a_task_waits_and_when_it_failed() {
    let (api, ann, _) = world();
    let extension = api.extension_of(&badge());
    let id = api.workflow_of("leaver", EXTENSION, &[(ARGUMENT, &extension)]);
    api.system.deliveries.fail_next(Failure::Retryable("badges.example answered 500".to_owned()));
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    api.system.advance("2026-03-01T08:01:00Z").unwrap();
    let tried = "done at attempt 2; the one before: badges.example answered 500";
    let info = api.last_result(&id)["processingInfo"].as_str().unwrap().to_owned();
    assert!(info.starts_with("waits to be called back until ") && info.ends_with(tried), "{info}");
    api.answer(&api.last_call(), "failed").is(204);
    api.system.drain().unwrap();
    let reason = api.last_result(&id)["failureReason"].as_str().unwrap().to_owned();
    assert_eq!(reason, format!("whoever was called said that it failed; {tried}"));
}
