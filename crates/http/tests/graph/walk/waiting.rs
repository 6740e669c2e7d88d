//! Somebody who waits to be called back.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{on_demand, with};

/// A workflow whose one task calls an extension and waits, run for this person: the ids of all that hangs on it.
pub(super) fn waiting(api: &Api, name: &str, person: &str) -> HashMap<&'static str, String> {
    let extension = json!({
        "displayName": name,
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.httpRequestEndpoint", "targetUrl": "https://badges.example.com/order",
        },
        "authenticationConfiguration": { "@odata.type": "#tenure.noAuthentication" },
        "callbackConfiguration": {
            "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
            "timeoutDuration": "PT1H",
        },
    });
    let extension = api.post("@/customTaskExtensions", &extension).is(201);
    let task = json!({
        "displayName": "Order a badge", "taskDefinitionId": "4262b724-8dba-4fad-afc3-43fcbb497a0e",
        "arguments": [{ "name": "customTaskExtensionID", "value": extension["id"] }],
    });
    let workflow = api.workflow(&with(on_demand(name), "tasks", json!([task])));
    api.activate(&workflow, &[person]);
    api.system.drain().unwrap();
    let base = format!("@/workflows/{workflow}");
    let first = |path: &str| -> String {
        let found: Json = api.all(&format!("{base}/{path}")).remove(0);
        found["id"].as_str().unwrap().to_owned()
    };
    let run = first("runs");
    let result = first(&format!("runs/{run}/userProcessingResults"));
    let task_result = first(&format!("runs/{run}/taskProcessingResults"));
    HashMap::from([
        ("task-id", first("tasks")),
        ("taskReport-id", first("taskReports")),
        ("subjectProcessingResult-id", result.clone()),
        ("userProcessingResult-id", result),
        ("taskProcessingResult-id", task_result),
        ("run-id", run),
        ("workflowVersion-versionNumber", "1".to_owned()),
        ("workflow-id", workflow),
    ])
}
