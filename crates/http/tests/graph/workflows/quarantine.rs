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

#[test]
fn the_limits_of_a_workflow_are_its_settings_and_need_no_new_version() {
    let api = Api::new();
    let kind = |name: &str| format!("#microsoft.graph.identityGovernance.{name}QuarantineCondition");
    let count = |threshold: i64| json!({ "@odata.type": kind("countBased"), "threshold": threshold });
    let limits = json!({ "conditions": [count(2)], "matchMode": "any" });
    let body = with(on_demand("w"), "settings", json!({ "quarantineConfiguration": limits }));
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}");
    let said = |path: &str| api.get(path).is(200)["settings"]["quarantineConfiguration"].clone();
    assert_eq!(said(&path), limits);
    let share = json!({
        "conditions": [count(5), { "@odata.type": kind("percentageBased"), "percentage": 10 }], "matchMode": "all",
    });
    api.patch(&path, &json!({ "settings": { "quarantineConfiguration": share } })).is(204);
    assert_eq!((said(&path), &api.get(&path).is(200)["version"]), (share.clone(), &json!(1)));
    // A new version that does not say stays as it is; one that says takes them away.
    let version = format!("{path}/createNewVersion");
    api.post(&version, &json!({ "workflow": on_demand("w") })).is(200);
    assert_eq!(said(&path), share);
    let none = with(on_demand("w"), "settings", json!({ "quarantineConfiguration": null }));
    api.post(&version, &json!({ "workflow": none })).is(200);
    assert_eq!(said(&path), Json::Null);
    let before = Dump::of(&api);
    for (limits, named) in [
        (json!({ "conditions": [] }), "settings/quarantineConfiguration/conditions"),
        (json!({ "conditions": [count(0)] }), "settings/quarantineConfiguration/conditions/0/threshold"),
        (json!({ "conditions": [{}] }), "settings/quarantineConfiguration/conditions/0/@odata.type"),
        (json!("none"), "settings/quarantineConfiguration"),
    ] {
        let settings = json!({ "settings": { "quarantineConfiguration": limits } });
        api.patch(&path, &settings).refused(400, named);
        api.post("@/workflows", &with(on_demand("x"), "settings", settings["settings"].clone()))
            .refused(400, named);
    }
    api.patch(&path, &json!({ "settings": { "other": 1 } })).refused(400, "settings/other");
    before.is_unchanged(&api, "refused limits");
}

#[test]
fn an_activation_beyond_the_limits_is_a_conflict_that_says_why() {
    let api = Api::new();
    let people = ["a", "b"].map(|name| json!({ "id": api.person(name, "Sales", None, true) }));
    let limits = json!({ "conditions": [{ "threshold": 1 }] });
    let body = with(on_demand("w"), "settings", json!({ "quarantineConfiguration": limits }));
    let path = format!("@/workflows/{}", api.workflow(&body));
    let both = json!({ "subjects": people });
    api.post(&format!("{path}/activate"), &both).refused(409, "2 people were asked for");
    let held = api.get(&path).is(200)["quarantineDetails"].clone();
    assert_eq!(held["quarantineType"], "countBasedThresholdExceeded");
    assert!(api.all(&format!("{path}/runs")).is_empty());
    let audit = api.all("auditLogs/directoryAudits?$filter=activityDisplayName eq 'Quarantine workflow'");
    assert_eq!(audit[0]["initiatedBy"]["app"]["displayName"], "test", "{audit:#?}");
    api.ask("POST", &format!("{path}/clearQuarantine")).send().is(200);
    api.post(&format!("{path}/activate"), &both).is(204);
}
