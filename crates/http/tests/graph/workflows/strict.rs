//! The strict profile: Graph's own limits

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Profile;

use crate::api::Api;
use crate::company::{ADD_TO_GROUPS, ENABLE, on_demand, scheduled, with};
use crate::dump::Dump;

#[test]
fn graphs_own_limits_hold() {
    let api = Api::with_limits(Profile::Strict.limits());
    let people: Vec<Json> =
        (0..11).map(|number| json!({ "id": api.person(&format!("p{number}"), "IT", None, true) })).collect();
    let workflow = api.workflow(&on_demand("w"));
    let path = format!("@/workflows/{workflow}");
    for action in ["activate", "previewWorkflow"] {
        api.post(&format!("{path}/{action}"), &json!({ "subjects": people })).refused(400, "10");
        api.post(&format!("{path}/{action}"), &json!({ "subjects": people[..10] })).is(204);
    }
    let users =
        |users: &[Json]| json!({ "scope": { "@odata.type": "#x.activateUserScope", "users": users } });
    api.post(&format!("{path}/activateWithScope"), &users(&people)).refused(400, "10");
    api.post(&format!("{path}/activateWithScope"), &users(&people[..10])).is(204);
    let mut many = on_demand("many");
    let task = |number: usize| json!({"displayName": format!("t{number}"), "taskDefinitionId": ENABLE, "arguments": []});
    many["tasks"] = (0..26).map(task).collect();
    api.post("@/workflows", &many).refused(400, "25");
    let mut far = scheduled("far", "department eq 'IT'");
    far["executionConditions"]["trigger"]["offsetInDays"] = json!(181);
    api.post("@/workflows", &far).refused(400, "offsetInDays");
    far["executionConditions"]["trigger"]["offsetInDays"] = json!(-180);
    api.workflow(&far);
    for number in 2..100 {
        api.workflow(&on_demand(&format!("w{number}")));
    }
    let before = Dump::of(&api);
    api.post("@/workflows", &on_demand("one too many")).refused(409, "100");
    before.is_unchanged(&api, "a workflow too many");
}

#[test]
fn a_mover_is_unknown_to_those_who_do_not_ask_for_later_members() {
    for (profile, shown) in [(Profile::Strict, "unknownFutureValue"), (Profile::Generous, "mover")] {
        let api = Api::with_limits(profile.limits());
        let mut mover = with(on_demand("m"), "category", json!("mover"));
        mover["tasks"][0]["taskDefinitionId"] = json!(ADD_TO_GROUPS);
        mover["tasks"][0]["arguments"] = json!([{ "name": "groupID", "value": api.group("Staff") }]);
        let made = api.post("@/workflows", &mover).is(201);
        assert_eq!(made["category"], shown);
        let workflow = made["id"].as_str().unwrap().to_owned();
        let of = |path: &str| -> String {
            let answer = api.get(path).is(200);
            let item = answer["value"].get(0).unwrap_or(&answer);
            item["category"].as_str().unwrap().to_owned()
        };
        for path in ["", "/versions", "/versions/1"] {
            assert_eq!(of(&format!("@/workflows/{workflow}{path}")), shown, "{path}");
        }
        assert_eq!(of("@/workflows?$filter=category eq 'mover'"), shown);
        let definition = of("@/taskDefinitions?$filter=category has 'mover'");
        assert_eq!(definition.rsplit(',').next().unwrap(), shown);
        // What a client reads, it may send back.
        let path = format!("@/workflows/{workflow}");
        api.patch(&path, &json!({ "category": shown, "description": "new" })).is(204);
        mover["category"] = json!(shown);
        let version = api.post(&format!("{path}/createNewVersion"), &json!({ "workflow": mover })).is(200);
        assert_eq!((&version["category"], &version["version"]), (&json!(shown), &json!(2)));
        let joiner = api.workflow(&on_demand("j"));
        let echo = json!({ "category": "unknownFutureValue" });
        api.patch(&format!("@/workflows/{joiner}"), &echo).refused(400, "category");
        let asked =
            api.ask("GET", "@/workflows").header("prefer", "include-unknown-enum-members").send().is(200);
        assert_eq!(asked["value"][0]["category"], "mover");
    }
}
