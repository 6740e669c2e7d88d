//! `/workflows`: create, get, list, change, delete

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{Company, ENABLE, on_demand, scheduled, with};
use crate::dump::Dump;

#[test]
fn a_workflow_is_created_without_its_tasks_in_the_answer_and_got_with_them() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/identityGovernance/lifecycleWorkflows/workflows");
        let sent = scheduled("First day", "(department eq 'Sales')");
        let answer = api.post(&path, &sent);
        let etag = answer.header("etag").to_owned();
        let created = answer.is(201);
        for name in [
            "category",
            "displayName",
            "description",
            "isEnabled",
            "isSchedulingEnabled",
            "executionConditions",
        ] {
            assert_eq!(created[name], sent[name], "{name}");
        }
        assert!(created.get("tasks").is_none());
        assert_eq!((&created["version"], &created["deletedDateTime"]), (&json!(1), &Json::Null));
        assert_eq!(created["createdDateTime"], created["lastModifiedDateTime"]);
        assert_eq!(created["nextScheduleRunDateTime"], "2026-03-01T09:00:00Z");
        let id = created["id"].as_str().unwrap();
        let answer = api.get(&format!("{path}/{id}"));
        assert_eq!(answer.header("etag"), etag);
        let got = answer.is(200);
        let task = &got["tasks"][0];
        assert_eq!(
            task,
            &json!({
                "id": task["id"], "category": "joiner,leaver", "continueOnError": false, "description": null,
                "displayName": "Enable", "executionSequence": 1, "isEnabled": true, "taskDefinitionId": ENABLE,
                "arguments": [],
            })
        );
        assert!(got["createdBy"]["id"].is_string() && got["createdBy"] == got["lastModifiedBy"]);
        assert_eq!(got["quarantineDetails"]["quarantineType"], "notQuarantined");
        api.delete(&format!("{path}('{id}')")).is(204);
    }
}

#[test]
fn a_list_lacks_tasks_and_conditions_unless_somebody_asks() {
    let api = Api::new();
    let ids_made: Vec<String> = ["a", "b"].map(|name| api.workflow(&on_demand(name))).into();
    let list = api.all("@/workflows");
    assert_eq!(ids(&list), ids_made);
    let mut names: Vec<&String> = list[0].as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "@tenure.schedule",
            "category",
            "createdDateTime",
            "description",
            "displayName",
            "id",
            "isEnabled",
            "isSchedulingEnabled",
            "lastModifiedDateTime",
            "nextScheduleRunDateTime",
            "version",
        ]
    );
    let expanded = api.all("@/workflows?$expand=tasks,createdBy&$select=executionConditions");
    assert_eq!(expanded[0]["tasks"][0]["displayName"], "Enable");
    assert!(
        expanded[0]["executionConditions"]["@odata.type"].is_string()
            && expanded[0]["createdBy"]["id"].is_string()
    );
    assert!(expanded[0].get("displayName").is_none());
    for search in ["\"B\" \"displayName:b\"", "\"displayName:b\""] {
        assert_eq!(
            ids(&api.all(&format!("@/workflows?$search={}", search.replace('"', "%22")))),
            [&ids_made[1]]
        );
    }
    assert_eq!(ids(&api.all("@/workflows?$skip=1")), [&ids_made[1]]);
    assert_eq!(api.get("@/workflows/$count").is(200), "2");
    let selected = api.get(&format!("@/workflows/{}?$select=id,tasks", ids_made[0])).is(200);
    let names: Vec<&String> =
        selected.as_object().unwrap().keys().filter(|name| !name.contains('@')).collect();
    assert_eq!(names, ["id", "tasks"]);
}

#[test]
fn four_properties_are_changed_by_patch() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&scheduled("First day", "department eq 'IT'")));
    let before = api.get(&path).is(200);
    api.system.clock.advance(jiff::SignedDuration::from_mins(1));
    api.patch(&path, &json!({ "displayName": "Day one", "description": null })).is(204);
    let after = api.get(&path).is(200);
    assert_eq!((&after["displayName"], &after["description"]), (&json!("Day one"), &Json::Null));
    assert_eq!((&after["version"], &after["tasks"]), (&json!(1), &before["tasks"]));
    assert_ne!(after["lastModifiedDateTime"], before["lastModifiedDateTime"]);
    api.patch(&path, &json!({ "isEnabled": false })).is(204);
    let off = api.get(&path).is(200);
    assert_eq!((&off["isEnabled"], &off["isSchedulingEnabled"]), (&json!(false), &json!(false)));
    assert_eq!(off["nextScheduleRunDateTime"], Json::Null);
    // A client may send back what it has read.
    let mut echo = off.clone();
    echo["isEnabled"] = json!(true);
    api.patch(&path, &echo).is(204);
    assert_eq!(api.get(&path).is(200)["isEnabled"], true);
}

#[test]
fn what_patch_does_not_change_is_named() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&on_demand("w")));
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "category": "leaver" }), "category"),
        (json!({ "tasks": [] }), "tasks"),
        (json!({ "executionConditions": null }), "executionConditions"),
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": null }), "displayName"),
        (json!({ "displayName": "x".repeat(300) }), "displayName"),
        (json!({ "description": "x".repeat(5_000) }), "description"),
        (json!({ "isEnabled": "yes" }), "isEnabled"),
        (json!({ "isSchedulingEnabled": true }), "isSchedulingEnabled"),
        (json!({ "colour": "red" }), "colour"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    before.is_unchanged(&api, "a refused change");
}

#[test]
fn whoever_was_slower_is_told() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&on_demand("w")));
    let first = api.get(&path).header("etag").to_owned();
    let change = json!({ "displayName": "v" });
    api.ask("PATCH", &path).header("if-match", &first).json(&change).send().is(204);
    let before = Dump::of(&api);
    let version = on_demand("u");
    let task = api.all(&format!("{path}/tasks"))[0]["id"].as_str().unwrap().to_owned();
    for (method, path, body) in [
        ("PATCH", path.clone(), &change),
        ("PATCH", format!("{path}/tasks/{task}"), &change),
        ("POST", format!("{path}/createNewVersion"), &version),
        ("DELETE", path.clone(), &Json::Null),
    ] {
        for tag in [first.as_str(), "W/\"77\"", "nonsense"] {
            let ask = api.ask(method, &path).header("if-match", tag);
            let ask = if body.is_null() { ask } else { ask.json(body) };
            ask.send().refused(412, "changed");
        }
    }
    before.is_unchanged(&api, "a slower change");
    api.ask("DELETE", &path).header("if-match", "*").send().is(204);
}

#[test]
fn a_deleted_workflow_is_kept_with_everything_below_it_and_restored_without_its_schedule() {
    let company = Company::new();
    let api = &company.api;
    let live = api.get(&company.base).is(200);
    api.delete(&company.base).is(204);
    api.get(&company.base).refused(404, &company.workflow);
    api.delete(&company.base).refused(404, &company.workflow);
    api.post(&format!("{}/activate", company.base), &json!({"subjects": [{"id": company.ann}]}))
        .refused(404, "");
    assert!(api.all("@/workflows").is_empty());
    let deleted = format!("@/deletedItems/workflows/{}", company.workflow);
    assert_eq!(ids(&api.all("@/deletedItems/workflows")), [&company.workflow]);
    assert_eq!(api.get("@/deletedItems/workflows/$count").is(200), "1");
    let got = api.get(&deleted).is(200);
    assert_eq!((&got["deletedDateTime"], &got["tasks"]), (&json!("2026-03-03T12:00:00Z"), &live["tasks"]));
    for below in [
        "tasks",
        "versions",
        "versions/1/tasks",
        "runs",
        "userProcessingResults",
        "taskReports",
        "tenure.skipped",
    ] {
        assert_eq!(api.get(&format!("{deleted}/{below}")).status, 200, "{below}");
    }
    api.patch(&deleted, &json!({ "isEnabled": true })).refused(405, "DELETE");
    let restored = api.ask("POST", &format!("{deleted}/restore")).send().is(200);
    assert_eq!(
        (&restored["isSchedulingEnabled"], &restored["deletedDateTime"]),
        (&json!(false), &Json::Null)
    );
    api.ask("POST", &format!("{deleted}/restore")).send().refused(404, "");
    assert_eq!(api.get(&company.base).is(200)["version"], 2);
    assert_eq!(api.all(&format!("{}/runs", company.base)).len(), 5);
    api.activate(&company.workflow, &[&company.dee]);
}

#[test]
fn there_are_no_more_workflows_than_the_limit() {
    let limits = tenure_lifecycle::limits::Limits { workflows: 2, ..Default::default() };
    let api = Api::with_limits(limits);
    let first = api.workflow(&on_demand("a"));
    api.workflow(&on_demand("b"));
    api.post("@/workflows", &on_demand("c")).refused(409, "2 workflows");
    api.delete(&format!("@/workflows/{first}")).is(204);
    api.workflow(&on_demand("c"));
    api.ask("POST", &format!("@/deletedItems/workflows/{first}/restore")).send().refused(409, "2 workflows");
}

#[test]
fn a_scope_can_be_groups() {
    let api = Api::new();
    let staff = api.group("Staff");
    let mut body = scheduled("w", "x");
    let kind = "#microsoft.graph.identityGovernance.groupBasedSubjectSet";
    body["executionConditions"]["scope"] = json!({ "@odata.type": kind, "groups": [{ "id": staff }] });
    let id = api.workflow(&body);
    let got = api.get(&format!("@/workflows/{id}")).is(200);
    assert_eq!(got["executionConditions"], body["executionConditions"]);
    let missing = json!([{ "id": staff }, { "id": "00000000-0000-4000-8000-0000000000ff" }]);
    body["executionConditions"]["scope"]["groups"] = missing;
    api.post("@/workflows", &with(body, "displayName", json!("v"))).refused(400, "scope/groups/1/id");
}
