//! `POST …/workflows/{id}/activate`

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::on_demand;
use crate::dump::Dump;

#[test]
fn one_call_is_one_run_with_each_person_once() {
    let api = Api::new();
    let workflow = api.workflow(&on_demand("w"));
    let people: Vec<String> = ["a", "b"].map(|name| api.person(name, "IT", None, true)).into();
    let link = format!("https://graph.microsoft.com/v1.0/users/{}", people[0]);
    let subjects = json!([
        { "id": people[1], "@odata.type": "#microsoft.graph.user" }, { "@odata.id": link }, { "id": people[1] },
    ]);
    let base = format!("@/workflows/{workflow}");
    for name in ["activate", "ACTIVATE", "microsoft.graph.identityGovernance.activate"] {
        let answer = api.post(&format!("{base}/{name}"), &json!({ "subjects": subjects }));
        assert_eq!((answer.status, answer.body), (204, Json::Null));
    }
    let runs = api.all(&format!("{base}/runs"));
    assert_eq!(runs.len(), 3);
    for run in runs {
        assert_eq!((&run["processingStatus"], &run["totalUsersCount"]), (&json!("queued"), &json!(2)));
        assert_eq!((&run["workflowExecutionType"], &run["totalTasksCount"]), (&json!("onDemand"), &json!(2)));
    }
    api.system.drain().unwrap();
    assert_eq!(
        api.get(&format!("users/{}?$select=accountEnabled", people[1])).is(200)["accountEnabled"],
        true
    );
}

#[test]
fn unknown_subjects_and_workflows_that_may_not_run_are_refused() {
    let api =
        Api::with_limits(tenure_lifecycle::limits::Limits { subjects_per_activate: 3, ..Default::default() });
    let (workflow, off) = (api.workflow(&on_demand("w")), api.workflow(&on_demand("off")));
    api.patch(&format!("@/workflows/{off}"), &json!({ "isEnabled": false })).is(204);
    let ann = api.person("ann", "IT", None, true);
    let gone = api.person("gone", "IT", None, true);
    api.delete(&format!("users/{gone}")).is(204);
    let group = api.group("Staff");
    let path = format!("@/workflows/{workflow}/activate");
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({}), "subjects"),
        (json!({ "subjects": null }), "subjects"),
        (json!({ "subjects": [] }), "subjects"),
        (json!({ "subjects": { "id": ann } }), "subjects"),
        (json!({ "subjects": [ann] }), "subjects/0"),
        (json!({ "subjects": [{ "id": ann }, {}] }), "subjects/1/id"),
        (json!({ "subjects": [{ "id": ann }, { "id": null }] }), "subjects/1/id"),
        (json!({ "subjects": [{ "id": ann }, { "id": "nobody" }] }), "subjects/1/id"),
        (json!({ "subjects": [{ "id": ann }, { "id": gone }] }), "subjects/1/id"),
        (json!({ "subjects": [{ "id": ann }, { "id": group }] }), "subjects/1/id"),
        (json!({ "subjects": [{ "id": "00000000-0000-0000-0000-000000000000" }] }), "subjects/0/id"),
        (json!({ "subjects": [{ "@odata.id": "https://x/users/" }] }), "subjects/0"),
        (json!({ "subjects": [{ "id": ann }, { "id": ann }, { "id": ann }, { "id": ann }] }), "subjects"),
        (json!({ "subjects": [{ "id": ann }], "colour": 1 }), "colour"),
    ] {
        api.post(&path, &body).refused(400, named);
    }
    let ann = json!({ "subjects": [{ "id": ann }] });
    api.post(&format!("@/workflows/{off}/activate"), &ann).refused(400, "isEnabled");
    api.post("@/workflows/00000000-0000-4000-8000-0000000000ff/activate", &ann)
        .refused(404, "does not exist");
    api.ask("GET", &path).send().refused(405, "POST");
    before.is_unchanged(&api, "a refused activate");
}
