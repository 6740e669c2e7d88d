//! `…/runs/{id}/tenure.undo` and `…/userProcessingResults/{id}/tenure.undo`

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{Company, on_demand};
use crate::dump::Dump;

/// A workflow that enabled the accounts of two people: its path, its run and their ids.
fn enabled() -> (Api, String, String, [String; 2]) {
    let api = Api::new();
    let people = ["ann", "bob"].map(|name| api.person(name, "Sales", None, true));
    let workflow = api.workflow(&on_demand("w"));
    api.activate(&workflow, &[&people[0], &people[1]]);
    api.system.drain().unwrap();
    let base = format!("@/workflows/{workflow}");
    let run = api.get(&format!("{base}/runs")).is(200)["value"][0]["id"].as_str().unwrap().to_owned();
    (api, base, run, people)
}

fn is_enabled(api: &Api, person: &str) -> Json {
    api.get(&format!("users/{person}?$select=accountEnabled")).is(200)["accountEnabled"].clone()
}

#[test]
fn a_run_is_taken_back_by_a_run_and_each_names_the_other() {
    let (api, base, run, people) = enabled();
    let before = Dump::of(&api);
    let preview = api.post(&format!("{base}/runs/{run}/tenure.undo"), &json!({ "preview": true })).is(201);
    assert_eq!(
        (&preview["workflowExecutionType"], &preview["totalUsersCount"]),
        (&json!("preview"), &json!(2))
    );
    drop(before);
    api.system.drain().unwrap();
    assert_eq!(is_enabled(&api, &people[0]), true);

    let made = api.post(&format!("{base}/runs/{run}/tenure.undo"), &json!({})).is(201);
    let undo = made["id"].as_str().unwrap();
    assert_eq!(made["processingStatus"], "queued");
    assert_eq!(made["workflowExecutionType"], "activatedWithScope");
    assert_eq!(made["activatedOnScope"], Json::Null);
    assert_eq!(made["@tenure.undoes"], json!(run));
    api.system.drain().unwrap();
    for person in &people {
        assert_eq!(is_enabled(&api, person), false);
    }
    let shown = api.get(&format!("{base}/runs/{run}")).is(200);
    assert_eq!((&shown["@tenure.undoneBy"], &shown["@tenure.undoes"]), (&json!(undo), &Json::Null));
    let listed = api.get(&format!("{base}/runs?$select=id")).is(200);
    assert_eq!(listed["value"].as_array().unwrap().len(), 3);
    api.post(&format!("{base}/runs/{run}/tenure.undo"), &json!({})).refused(409, "nothing to take back");

    let audit =
        api.all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Undo workflow processing'");
    assert_eq!(audit.len(), 2, "the preview and what was done: {audit:#?}");
}

#[test]
fn one_result_is_taken_back_and_a_body_need_not_be_sent() {
    let (api, base, run, people) = enabled();
    let results = api.all(&format!("{base}/runs/{run}/userProcessingResults"));
    let of_bob = results.iter().find(|result| result["subject"]["id"] == people[1].as_str()).unwrap();
    let path = format!("{base}/userProcessingResults/{}/tenure.undo", of_bob["id"].as_str().unwrap());
    let made = api.ask("POST", &path).send().is(201);
    assert_eq!(made["totalUsersCount"], 1);
    api.system.drain().unwrap();
    assert_eq!((is_enabled(&api, &people[0]), is_enabled(&api, &people[1])), (json!(true), json!(false)));
}

#[test]
fn what_cannot_be_taken_back_is_refused_and_nothing_is_run() {
    let company = Company::new();
    let api = &company.api;
    let run = |place: usize| format!("{}/runs/{}/tenure.undo", company.base, company.runs[place]);
    let preview = format!("{}/previewWorkflow", company.base);
    let ann = company.ann.as_str();
    api.post(&preview, &json!({ "subjects": [{ "id": ann }] })).is(204);
    api.system.drain().unwrap();
    let runs = api.all(&format!("{}/runs", company.base));
    let previewed = runs[0]["id"].as_str().unwrap();
    let before = Dump::of(api);
    for (path, body, status, named) in [
        (run(0), json!({ "preview": "yes" }), 400, "preview"),
        (run(0), json!({ "force": true }), 400, "force"),
        (format!("{}/runs/{previewed}/tenure.undo", company.base), json!({}), 400, "preview"),
        (format!("{}/runs/nothing/tenure.undo", company.base), json!({}), 404, "nothing"),
        (format!("{}/userProcessingResults/nothing/tenure.undo", company.base), json!({}), 404, "nothing"),
    ] {
        api.post(&path, &body).refused(status, named);
    }
    before.is_unchanged(api, "a refused undo");
}
