//! `POST …/workflows/{id}/clearQuarantine`, and `tenure.skipped`

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{on_demand, scheduled, with};
use crate::dump::Dump;

const DISABLE: &str = "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950";

#[test]
fn a_leaver_workflow_with_too_many_people_waits_until_it_is_cleared() {
    let limits = tenure_lifecycle::limits::Limits { leavers_at_most: 2, ..Default::default() };
    let api = Api::with_limits(limits);
    let mut body = with(scheduled("Leavers", "department eq 'Sales'"), "category", json!("leaver"));
    body["executionConditions"]["trigger"]["timeBasedAttribute"] = json!("employeeLeaveDateTime");
    body["tasks"] = json!([{ "displayName": "Disable", "taskDefinitionId": DISABLE, "arguments": [] }]);
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}");
    for name in ["a", "b", "c"] {
        let id = api.person(name, "Sales", None, true);
        api.patch(&format!("users/{id}"), &json!({ "employeeLeaveDateTime": "2026-03-02T00:00:00Z" }))
            .is(204);
    }
    let clear = format!("{path}/clearQuarantine");
    let before = Dump::of(&api);
    api.ask("POST", &clear).send().refused(409, "not in quarantine");
    before.is_unchanged(&api, "clearing nothing");
    api.system.advance("2026-03-02T01:00:00Z").unwrap();
    assert!(api.all(&format!("{path}/runs")).is_empty());
    let held = api.get(&path).is(200)["quarantineDetails"].clone();
    assert_eq!(held["quarantineType"], "multipleConditionsExceeded");
    assert_eq!(held["quarantinedDateTime"], "2026-03-02T00:00:00Z");
    let reason = held["quarantineReason"].as_str().unwrap();
    assert!(reason.contains("3 people") && reason.contains('2'), "{reason}");
    let cleared = api.ask("POST", &clear).send().is(200);
    assert_eq!(cleared["quarantineDetails"]["quarantineType"], "notQuarantined");
    assert_eq!(cleared["quarantineDetails"]["quarantineReason"], Json::Null);
    assert!(api.all(&format!("{path}/runs")).is_empty(), "clearing runs nothing");
    api.system.advance("2026-03-02T04:00:00Z").unwrap();
    let runs = api.all(&format!("{path}/runs"));
    assert_eq!((runs.len(), &runs[0]["successfulUsersCount"]), (1, &json!(3)));
    api.ask("POST", "@/workflows/nonsense/clearQuarantine").send().refused(404, "nonsense");
}

#[test]
fn whoever_was_due_and_not_processed_is_listed_with_the_reason() {
    let api = Api::new();
    let early = api.person("early", "Sales", Some("2026-01-01T00:00:00Z"), true);
    let other = api.person("other", "IT", Some("2026-03-01T00:00:00Z"), true);
    let path = format!("@/workflows/{}", api.workflow(&scheduled("Joiners", "department eq 'Sales'")));
    api.system.sweep().unwrap();
    let list = api.all(&format!("{path}/tenure.skipped?$top=1"));
    assert_eq!(
        list,
        [
            json!({
                "subject": { "id": early, "displayName": "early" }, "dueDateTime": "2026-01-01T00:00:00Z",
                "reason": "outsideCatchUp",
            }),
            json!({
                "subject": { "id": other, "displayName": "other" }, "dueDateTime": "2026-03-01T00:00:00Z",
                "reason": "outOfScope",
            }),
        ]
    );
    let by_hand = api.workflow(&on_demand("w"));
    assert!(api.all(&format!("@/workflows/{by_hand}/tenure.skipped")).is_empty());
}
