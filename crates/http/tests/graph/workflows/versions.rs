//! `…/workflows/{id}/createNewVersion`, `versions`, `tasks`

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{Company, ENABLE, WELCOME, on_demand, with};
use crate::dump::Dump;

#[test]
fn a_new_version_keeps_the_id_and_gives_the_tasks_new_ones() {
    let api = Api::new();
    let id = api.workflow(&on_demand("w"));
    let path = format!("@/workflows/{id}");
    let before = api.get(&path).is(200);
    let mut body = on_demand("w two");
    body["tasks"] = json!([
        { "displayName": "Welcome", "taskDefinitionId": WELCOME, "continueOnError": true, "arguments": [] },
        { "displayName": "Enable", "taskDefinitionId": ENABLE, "isEnabled": false, "arguments": [] },
    ]);
    let made = api.post(&format!("{path}/createNewVersion"), &json!({ "workflow": body })).is(200);
    assert_eq!((&made["id"], &made["version"]), (&json!(id), &json!(2)));
    let tasks = made["tasks"].as_array().unwrap();
    assert_eq!((tasks.len(), &tasks[1]["executionSequence"]), (2, &json!(2)));
    assert!(tasks.iter().all(|task| task["id"] != before["tasks"][0]["id"]));
    // One page leaves the wrapper out.
    let name = format!("{path}/microsoft.graph.identityGovernance.createNewVersion");
    assert_eq!(api.post(&name, &on_demand("w three")).is(200)["version"], 3);
    let versions = api.all(&format!("{path}/versions"));
    let numbers: Vec<&Json> = versions.iter().map(|version| &version["versionNumber"]).collect();
    assert_eq!(numbers, [3, 2, 1]);
    assert_eq!(api.get(&format!("{path}/versions/$count")).is(200), "3");
    let first = api.get(&format!("{path}/versions/1")).is(200);
    assert_eq!((&first["displayName"], &first["tasks"]), (&json!("w"), &before["tasks"]));
    let of_two = api.all(&format!("{path}/versions/2/tasks"));
    assert_eq!(of_two, *tasks);
    let one = of_two[0]["id"].as_str().unwrap();
    assert_eq!(api.get(&format!("{path}/versions/2/tasks/{one}")).is(200)["displayName"], "Welcome");
    api.get(&format!("{path}/versions/1/tasks/{one}")).refused(404, one);
    for number in ["0", "4", "-1", "one", "1.0", "99999999999999999999"] {
        api.get(&format!("{path}/versions/{number}")).refused(404, number);
        api.get(&format!("{path}/versions/{number}/tasks")).refused(404, number);
    }
}

#[test]
fn the_category_never_changes() {
    let api = Api::new();
    let path = format!("@/workflows/{}/createNewVersion", api.workflow(&on_demand("w")));
    let before = Dump::of(&api);
    let leaver = with(on_demand("w"), "category", json!("leaver"));
    api.post(&path, &json!({ "workflow": leaver })).refused(400, "category");
    api.post(&path, &json!({ "workflow": on_demand("w"), "colour": 1 })).refused(400, "colour");
    api.post(&path, &json!({ "workflow": [] })).refused(400, "workflow");
    api.post(&path, &json!({ "workflow": null })).refused(400, "");
    api.post(&path, &json!({})).refused(400, "category");
    before.is_unchanged(&api, "a refused version");
}

#[test]
fn name_and_description_of_a_task_are_changed_without_a_new_version() {
    let company = Company::new();
    let api = &company.api;
    let tasks = api.all(&format!("{}/tasks", company.base));
    let path = format!("{}/tasks/{}", company.base, tasks[0]["id"].as_str().unwrap());
    api.patch(&path, &json!({ "displayName": "Open the door", "description": "with a key" })).is(204);
    let mut expected = tasks[0].clone();
    expected["displayName"] = json!("Open the door");
    expected["description"] = json!("with a key");
    let mut got = api.get(&path).is(200);
    got.as_object_mut().unwrap().shift_remove("@odata.context");
    assert_eq!(got, expected);
    assert_eq!(api.get(&company.base).is(200)["version"], 2);
    assert_eq!(api.get(&format!("{}/tasks/$count", company.base)).is(200), "2");
    let before = Dump::of(api);
    for (body, named) in [
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": "welcome" }), "displayName"),
        (json!({ "isEnabled": false }), "isEnabled"),
        (json!({ "continueOnError": true }), "continueOnError"),
        (json!({ "arguments": [{ "name": "a", "value": "b" }] }), "arguments"),
        (json!({ "taskDefinitionId": WELCOME }), "taskDefinitionId"),
        (json!({ "executionSequence": 2 }), "executionSequence"),
        (json!({ "colour": 1 }), "colour"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    let old = api.all(&format!("{}/versions/1/tasks", company.base));
    let old = old[0]["id"].as_str().unwrap();
    api.patch(&format!("{}/tasks/{old}", company.base), &json!({ "displayName": "x" })).refused(404, old);
    api.patch(&format!("{}/versions/1/tasks/{old}", company.base), &json!({})).refused(405, "GET");
    before.is_unchanged(api, "a refused change of a task");
}
