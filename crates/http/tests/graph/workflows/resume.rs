//! `POST …/taskProcessingResults/{id}/resume`, `activateAndWait`, and what hangs below callers and subjects

use serde_json::json;

use crate::company::{Company, on_demand};
use crate::dump::Dump;

#[test]
fn a_task_that_does_not_wait_is_not_resumed() {
    let company = Company::new();
    let api = &company.api;
    let body = json!({ "source": "x", "type": "lifecycleEvent",
        "data": { "@odata.type": "#x.customTaskExtensionCallbackData", "operationStatus": "Completed" } });
    let result = company.path_of(1, 0);
    let task = api.all(&format!("{result}/taskProcessingResults")).remove(0);
    let id = task["id"].as_str().unwrap();
    let before = Dump::of(api);
    for below in [
        result.clone(),
        result.replace("userProcessingResults", "subjectProcessingResults"),
        format!("{}/runs/{}", company.base, company.runs[1]),
        format!("{}/userProcessingResults/{}", company.base, company.result(1, 0)),
    ] {
        let path = format!("{below}/taskProcessingResults/{id}/resume");
        api.post(&path, &body).refused(409, "not waiting");
        api.post(&path, &json!({})).refused(400, "data");
        api.post(&path, &json!({ "data": { "operationStatus": "maybe" } }))
            .refused(400, "data/operationStatus");
    }
    api.post(&format!("{result}/taskProcessingResults/x/resume"), &body).refused(404, "x");
    before.is_unchanged(api, "a refused resume");
    let token = api.token(&["LifecycleWorkflows.Read.All"]);
    let path = format!("{result}/taskProcessingResults/{id}/resume");
    api.ask("POST", &path).token(&token).json(&body).send().refused(403, "LifecycleWorkflows.ReadWrite.All");
}

#[test]
fn only_provisioning_waits_for_a_workflow() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/activateAndWait", company.base);
    let subject =
        json!({ "subject": { "@odata.type": "#x.provisioningObjectWorkflowSubject", "id": company.ann } });
    api.post(&path, &subject).refused(400, "extensibility");
    api.post(&path, &json!({})).refused(400, "subject");
    assert_eq!(api.all(&format!("{}/runs", company.base)).len(), 5);
}

#[test]
fn below_callers_and_subjects_there_is_nothing_or_an_empty_list() {
    let company = Company::new();
    let api = &company.api;
    let workflow = api.workflow(&on_demand("w"));
    for caller in ["createdBy", "lastModifiedBy", "versions/1/createdBy", "versions/1/lastModifiedBy"] {
        for below in
            ["", "/mailboxSettings", "/serviceProvisioningErrors", "/serviceProvisioningErrors/$count"]
        {
            api.get(&format!("@/workflows/{workflow}/{caller}{below}")).refused(404, "caller");
        }
    }
    let result = company.path_of(1, 0);
    let task = api.all(&format!("{result}/taskProcessingResults")).remove(0);
    for subject in [
        format!("{result}/subject"),
        format!("{result}/taskProcessingResults/{}/subject", task["id"].as_str().unwrap()),
    ] {
        assert_eq!(api.get(&format!("{subject}/serviceProvisioningErrors")).is(200)["value"], json!([]));
        assert_eq!(api.get(&format!("{subject}/serviceProvisioningErrors/$count")).is(200), "0");
        api.get(&format!("{subject}/mailboxSettings")).refused(404, "mailbox");
        api.patch(&format!("{subject}/mailboxSettings"), &json!({})).refused(404, "mailbox");
    }
}
