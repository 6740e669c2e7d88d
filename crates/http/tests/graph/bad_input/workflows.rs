//! Workflows that break a rule, one rule at a time.

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{ADD_TO_GROUPS, ENABLE, WELCOME, scheduled, with};
use crate::dump::Dump;

/// The workflow with another value at a place, such as `/tasks/0/displayName`; null takes it away.
fn changed(place: &str, value: &Json) -> Json {
    let mut body = scheduled("w", "department eq 'Sales'");
    let (parent, name) = place.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match parent {
        Json::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
        parent => parent[name] = value.clone(),
    }
    body
}

fn task(name: &str, definition: &str, arguments: Json) -> Json {
    json!({ "displayName": name, "taskDefinitionId": definition, "arguments": arguments })
}

#[test]
fn the_property_that_breaks_a_rule_is_named_by_create_and_by_new_version() {
    let limits = tenure_lifecycle::limits::Limits { tasks_per_workflow: 3, ..Default::default() };
    let api = Api::with_limits(limits);
    let version =
        format!("@/workflows/{}/createNewVersion", api.workflow(&scheduled("v", "department eq 'IT'")));
    let three: Vec<Json> = ["a", "b", "c"].map(|name| task(name, ENABLE, json!([]))).into();
    let four: Vec<Json> = ["a", "b", "c", "d"].map(|name| task(name, ENABLE, json!([]))).into();
    api.workflow(&changed("/tasks", &json!(three)));
    let argument = |name: &str, value: Json| json!([{ "name": name, "value": value }]);
    let before = Dump::of(&api);
    let cases: Vec<(&str, Json, &str)> = vec![
        ("/category", json!("joinerr"), "category"),
        ("/category", json!(1), "category"),
        ("/category", json!("joiner,leaver"), "category"),
        ("/category", Json::Null, "category"),
        ("/displayName", Json::Null, "displayName"),
        ("/displayName", json!(""), "displayName"),
        ("/displayName", json!("  "), "displayName"),
        ("/displayName", json!("x".repeat(257)), "displayName"),
        ("/displayName", json!("a\u{0}b"), "displayName"),
        ("/displayName", json!("a\r\nBcc: x"), "displayName"),
        ("/displayName", json!(["w"]), "displayName"),
        ("/description", json!("x".repeat(4_097)), "description"),
        ("/description", json!("a\u{0}b"), "description"),
        ("/description", json!(5), "description"),
        ("/isEnabled", json!("true"), "isEnabled"),
        ("/isEnabled", json!(false), "isSchedulingEnabled"),
        ("/isSchedulingEnabled", json!(1), "isSchedulingEnabled"),
        ("/executionConditions", Json::Null, "isSchedulingEnabled"),
        ("/executionConditions", json!([]), "executionConditions"),
        ("/executionConditions", json!({}), "executionConditions/@odata.type"),
        ("/executionConditions/@odata.type", json!("#x.y"), "executionConditions/@odata.type"),
        ("/executionConditions/scope", Json::Null, "executionConditions/scope"),
        ("/executionConditions/scope/@odata.type", json!("x"), "executionConditions/scope/@odata.type"),
        ("/executionConditions/scope/rule", Json::Null, "executionConditions/scope/rule"),
        ("/executionConditions/scope/rule", json!(5), "executionConditions/scope/rule"),
        ("/executionConditions/scope/colour", json!(5), "executionConditions/scope/colour"),
        ("/executionConditions/trigger", Json::Null, "executionConditions/trigger"),
        ("/executionConditions/trigger/timeBasedAttribute", json!("birthday"), "trigger/timeBasedAttribute"),
        ("/executionConditions/trigger/timeBasedAttribute", Json::Null, "trigger/timeBasedAttribute"),
        ("/executionConditions/trigger/offsetInDays", json!(3_651), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", json!(-3_651), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", json!(i64::from(i32::MIN)), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", json!(1e20), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", json!(1.5), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", json!("7"), "trigger/offsetInDays"),
        ("/executionConditions/trigger/offsetInDays", Json::Null, "trigger/offsetInDays"),
        (
            "/executionConditions/trigger/@odata.type",
            json!("#x.membershipChangeTrigger"),
            "executionConditions/trigger",
        ),
        ("/tasks", Json::Null, "tasks"),
        ("/tasks", json!([]), "tasks"),
        ("/tasks", json!({}), "tasks"),
        ("/tasks", json!(four), "tasks"),
        ("/tasks", json!(["x"]), "tasks/0"),
        (
            "/tasks",
            json!([task("a", ENABLE, json!([])), task("A", ENABLE, json!([]))]),
            "tasks/1/displayName",
        ),
        ("/tasks/0/displayName", json!(""), "tasks/0/displayName"),
        ("/tasks/0/displayName", Json::Null, "tasks/0/displayName"),
        ("/tasks/0/displayName", json!("x".repeat(257)), "tasks/0/displayName"),
        ("/tasks/0/description", json!("a\u{0}b"), "tasks/0/description"),
        ("/tasks/0/taskDefinitionId", Json::Null, "tasks/0/taskDefinitionId"),
        ("/tasks/0/taskDefinitionId", json!("nonsense"), "tasks/0/taskDefinitionId"),
        (
            "/tasks/0/taskDefinitionId",
            json!("00000000-0000-4000-8000-0000000000ff"),
            "tasks/0/taskDefinitionId",
        ),
        // Only leavers lose all of their groups.
        (
            "/tasks/0/taskDefinitionId",
            json!("b3a31406-2a15-4c9a-b25b-a658fa5f07fc"),
            "tasks/0/taskDefinitionId",
        ),
        ("/tasks/0/executionSequence", json!(2), "tasks/0/executionSequence"),
        ("/tasks/0/executionSequence", json!("1"), "tasks/0/executionSequence"),
        ("/tasks/0/isEnabled", json!("yes"), "tasks/0/isEnabled"),
        ("/tasks/0/continueOnError", json!(0), "tasks/0/continueOnError"),
        ("/tasks/0/arguments", json!({}), "tasks/0/arguments"),
        ("/tasks/0/arguments", json!([5]), "tasks/0/arguments/0"),
        ("/tasks/0/arguments", json!([{ "value": "x" }]), "tasks/0/arguments/0/name"),
        ("/tasks/0/arguments", argument("x", json!(5)), "tasks/0/arguments/0/value"),
        ("/tasks/0/arguments", argument("shoeSize", json!("43")), "shoeSize"),
        ("/tasks/0/colour", json!("red"), "tasks/0/colour"),
        ("/tasks/0", task("g", ADD_TO_GROUPS, json!([])), "tasks/0/arguments"),
        ("/tasks/0", task("g", ADD_TO_GROUPS, argument("groupID", json!("nonsense"))), "tasks/0/arguments"),
        (
            "/tasks/0",
            task("m", WELCOME, argument("customBody", json!("x".repeat(70_000)))),
            "tasks/0/arguments",
        ),
        ("/tasks/0", task("m", WELCOME, argument("customSubject", json!("a\u{0}b"))), "tasks/0/arguments"),
        ("/settings", json!({ "quarantineConfiguration": { "matchMode": "any" } }), "settings"),
        ("/administrationScopeTargets", json!([{ "id": "x" }]), "administrationScopeTargets"),
        ("/colour", json!("red"), "colour"),
        ("/owner@odata.bind", json!("https://x/users/y"), "owner@odata.bind"),
    ];
    for (place, value, named) in cases {
        let body = changed(place, &value);
        api.post("@/workflows", &body).refused(400, named);
        api.post(&version, &json!({ "workflow": body })).refused(400, named);
        api.post(&version, &body).refused(400, named);
    }
    before.is_unchanged(&api, "a workflow that breaks a rule");
}

#[test]
fn a_rule_that_cannot_be_read_is_named_with_the_position() {
    let api = Api::new();
    let before = Dump::of(&api);
    let deep = format!("{}department eq 'x'{}", "(".repeat(5_000), ")".repeat(5_000));
    let deep_not = format!("{}department eq 'x'", "not ".repeat(5_000));
    let deep_any = format!("{}x eq 'x'{}", "otherMails/any(x:".repeat(1_000), ")".repeat(1_000));
    let long = format!("department eq '{}'", "x".repeat(10_000));
    for (rule, named) in [
        ("", "position 0"),
        ("department", "position 10"),
        ("department eq", "position 13"),
        ("department is 'x'", "position 11"),
        ("department eq Sales", "position 14"),
        ("department eq 'Sales", "position 14"),
        ("(department eq 'Sales'", "position 22"),
        ("department eq 'Sales')", "position 21"),
        ("department eq 'a' xor city eq 'b'", "position 18"),
        ("department eq 'a\u{0}' \u{0}", "position"),
        ("\u{0}", "position 0"),
        ("employeeHireDate gt 2026-02-30", "position 20"),
        ("toLower(department) eq 'x'", "position 0"),
        ("otherMails/all()", "position"),
        ("shoeSize eq 43", "shoeSize"),
        ("department gt 'a'", "department"),
        ("otherMails eq 'x'", "otherMails"),
        ("accountEnabled eq 'true'", "accountEnabled"),
        (&deep, "is not valid"),
        (&deep_not, "is not valid"),
        (&deep_any, "is not valid"),
        (&long, "is not valid"),
    ] {
        let answer = api.post("@/workflows", &scheduled("w", rule));
        let message = answer.body["error"]["message"].as_str().unwrap_or_default().to_owned();
        answer.refused(400, named);
        assert!(message.contains("executionConditions/scope/rule"), "{message}");
        assert!(message.len() < 1_000, "{}", message.len());
    }
    before.is_unchanged(&api, "a rule that cannot be read");
    // As many tasks as the limit says, and offsets at both ends.
    for offset in [-3_650, 3_650] {
        api.workflow(&changed("/executionConditions/trigger/offsetInDays", &json!(offset)));
    }
    let hundred: Vec<Json> = (0..100).map(|n| task(&format!("t{n}"), ENABLE, json!([]))).collect();
    let mut body = with(scheduled("w", "department eq 'x'"), "tasks", json!(hundred));
    api.workflow(&body);
    let before = Dump::of(&api);
    body["tasks"].as_array_mut().unwrap().push(task("one more", ENABLE, json!([])));
    api.post("@/workflows", &body).refused(400, "at most 100 tasks");
    before.is_unchanged(&api, "one task too many");
}
