//! `POST …/workflows/{id}/cancelProcessing`

use serde_json::{Value as Json, json};

use crate::company::Company;
use crate::dump::Dump;

fn body(runs: &[&str]) -> Json {
    let runs: Vec<Json> = runs.iter().map(|id| json!({ "id": id })).collect();
    json!({ "scope": { "@odata.type": "#microsoft.graph.identityGovernance.cancelRunsScope", "runs": runs } })
}

#[test]
fn who_was_not_processed_is_canceled() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/cancelProcessing", company.base);
    api.post(&path, &body(&[&company.runs[4]])).is(204);
    let run = format!("{}/runs/{}", company.base, company.runs[4]);
    assert_eq!(api.get(&run).is(200)["processingStatus"], "canceling");
    api.system.drain().unwrap();
    assert_eq!(
        api.get(&run).is(200)["processingStatus"],
        "completedWithErrors",
        "nothing ran before the cancel"
    );
    let results = api.all(&format!("{run}/userProcessingResults"));
    assert_eq!(results[0]["processingStatus"], "canceled");
    api.post(&path, &body(&[&company.runs[4]])).refused(409, "finished");
}

#[test]
fn one_run_of_the_workflow_that_is_not_finished_has_to_be_named() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/cancelProcessing", company.base);
    let before = Dump::of(api);
    for (body, status, named) in [
        (json!({}), 400, "scope"),
        (json!({ "scope": { "@odata.type": "#x.cancelEverything", "runs": [] } }), 400, "scope/@odata.type"),
        (json!({ "scope": {} }), 400, "scope/runs"),
        (body(&[]), 400, "scope/runs"),
        (body(&[&company.runs[4], &company.runs[3]]), 400, "scope/runs"),
        (body(&["x"]), 400, "scope/runs/0/id"),
        (body(&[&company.runs[3]]), 409, "finished"),
    ] {
        api.post(&path, &body).refused(status, named);
    }
    before.is_unchanged(api, "a refused cancelProcessing");
}
