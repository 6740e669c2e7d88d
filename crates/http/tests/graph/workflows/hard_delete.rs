//! `DELETE …/deletedItems/workflows/{id}`: for good

use serde_json::json;

use crate::company::{Company, on_demand};
use crate::dump::Dump;

#[test]
fn a_workflow_deleted_for_good_is_gone_with_everything_below_it() {
    let company = Company::deleted();
    let api = &company.api;
    let other = api.workflow(&on_demand("other"));
    api.activate(&other, &[&company.ann]);
    api.system.drain().unwrap();
    let kept = api.all(&format!("@/workflows/{other}/userProcessingResults"));
    let result = company.path_of(0, 0);
    api.delete(&company.base).is(204);
    for path in [&company.base, &format!("{}/runs", company.base), &result] {
        api.get(path).refused(404, &company.workflow);
    }
    api.delete(&company.base).refused(404, &company.workflow);
    api.post(&format!("{}/restore", company.base), &json!({})).refused(404, &company.workflow);
    assert!(api.all("@/deletedItems/workflows").is_empty());
    api.system.advance("2026-03-04T00:00:00Z").unwrap();
    let left = Dump::of(api);
    for rows in [
        "user_results",
        "task_results",
        "task_reports",
        "summaries",
        "summary_days",
        "run_days",
        "occasions",
        "versions",
    ] {
        assert_eq!(left.rows(rows), usize::from(rows != "occasions"), "{rows}: only the other workflow's");
    }
    assert_eq!(api.all(&format!("@/workflows/{other}/userProcessingResults")), kept);
    // The insights of the time are the other workflow's alone, and the audit still says what was done in which run.
    let times = "(startDateTime=2026-01-01T00:00:00Z,endDateTime=2027-01-01T12:00:00Z)";
    assert_eq!(api.get(&format!("@/insights/workflowsProcessedSummary{times}")).is(200)["totalUsers"], 1);
    let updates = format!(
        "auditLogs/directoryAudits?$filter=activityDisplayName eq 'Update user' and targetResources/any(t:t/id eq '{}')",
        company.ann
    );
    let entry = api
        .all(&updates)
        .into_iter()
        .find(|entry| entry["initiatedBy"]["app"]["displayName"] == "Tenure")
        .unwrap();
    assert_eq!(
        (&entry["loggedByService"], &entry["correlationId"]),
        (&json!("Lifecycle Workflows"), &json!(company.runs[1]))
    );
}

#[test]
fn what_was_deleted_a_month_ago_goes_by_itself() {
    let company = Company::deleted();
    let api = &company.api;
    api.system.advance("2026-04-02T11:00:00Z").unwrap();
    assert_eq!(api.all("@/deletedItems/workflows").len(), 1);
    api.system.advance("2026-04-02T13:00:00Z").unwrap();
    assert!(api.all("@/deletedItems/workflows").is_empty());
    assert_eq!(Dump::of(api).rows("user_results"), 0);
}

#[test]
fn what_is_not_deleted_is_not_deleted_for_good() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    company
        .api
        .delete(&format!("@/deletedItems/workflows/{}", company.workflow))
        .refused(404, &company.workflow);
    company.api.post(&format!("{}/restore", company.base), &json!({})).refused(409, "not deleted");
    before.is_unchanged(&company.api, "a refused delete");
}

#[test]
fn actions_on_a_deleted_workflow_are_a_conflict() {
    let company = Company::deleted();
    let before = Dump::of(&company.api);
    for action in [
        "activate",
        "activateWithScope",
        "activateAndWait",
        "cancelProcessing",
        "clearQuarantine",
        "createNewVersion",
        "previewWorkflow",
        "previewTaskFailures",
    ] {
        let subjects = json!({ "subjects": [{ "id": company.ann }] });
        company.api.post(&format!("{}/{action}", company.base), &subjects).refused(409, "deleted");
        let nobody = format!("@/deletedItems/workflows/{}/{action}", company.ann);
        company.api.post(&nobody, &subjects).refused(404, &company.ann);
    }
    before.is_unchanged(&company.api, "an action on a deleted workflow");
}
