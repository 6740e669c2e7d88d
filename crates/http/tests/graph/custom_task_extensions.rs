//! `…/customTaskExtensions`

use serde_json::{Value as Json, json};
use tenure_lifecycle::extension::{EndpointPatch, ExtensionPatch, LogicAppPatch};
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::limits::Profile;
use tenure_lifecycle::token::Caller;

use crate::api::{Api, NOW, ids};
use crate::company::{on_demand, with};
use crate::dump::Dump;

const PATH: &str = "@/customTaskExtensions";
const AT_ONCE: &str = "@tenure.maximumConcurrentCalls";
const APP: &str = "a0000000-0000-4000-8000-000000000001";
const OTHER_APP: &str = "a0000000-0000-4000-8000-000000000002";

/// What examples of Graph send for an extension that waits.
pub(crate) fn badge() -> Json {
    json!({
        "displayName": "Contoso badge system",
        "description": "Withdraws the badge",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "11112222-3333-4444-5555-666677778888",
            "resourceGroupName": "contoso-rg",
            "logicAppWorkflowName": "contoso-badge",
        },
        "authenticationConfiguration": { "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" },
        "clientConfiguration": {
            "@odata.type": "#microsoft.graph.customExtensionClientConfiguration",
            "maximumRetries": 1,
            "timeoutInMilliseconds": 1000,
        },
        "callbackConfiguration": {
            "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
            "timeoutDuration": "PT1H",
            "authorizedApps": [],
        },
    })
}

fn created(api: &Api, body: &Json) -> String {
    api.post(PATH, body).is(201)["id"].as_str().unwrap().to_owned()
}

#[test]
fn an_extension_is_created_as_graph_does() {
    let api = Api::new();
    let answer = api.post(PATH, &badge());
    assert_eq!(answer.header("etag"), "W/\"1\"");
    let mut body = answer.is(201);
    let id = body["id"].as_str().unwrap().to_owned();
    let context = body.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
    assert!(
        context
            .as_str()
            .unwrap()
            .ends_with("/v1.0/$metadata#identityGovernance/lifecycleWorkflows/customTaskExtensions/$entity")
    );
    let mut expected = badge();
    expected["id"] = json!(id);
    expected["createdDateTime"] = json!(NOW);
    expected["lastModifiedDateTime"] = json!(NOW);
    expected["replyMode"] = json!("callback");
    expected["endpointConfiguration"]["url"] = Json::Null;
    expected["clientConfiguration"].as_object_mut().unwrap().shift_remove("@odata.type");
    assert_eq!(body, expected);
    for base in ["/v1.0", "/beta"] {
        let path = format!("{base}/identityGovernance/lifecycleWorkflows/customTaskExtensions");
        let got = api.get(&format!("{path}/{id}"));
        assert_eq!(got.header("etag"), "W/\"1\"");
        let mut got = got.is(200);
        got.as_object_mut().unwrap().shift_remove("@odata.context");
        assert_eq!(got, expected);
        assert_eq!(api.all(&path), [expected.clone()]);
        assert_eq!(api.get(&format!("{path}/$count")).is(200), "1");
    }
    for missing in ["nonsense", "00000000-0000-4000-8000-0000000000ff"] {
        api.get(&format!("{PATH}/{missing}")).refused(404, missing);
        api.patch(&format!("{PATH}/{missing}"), &json!({})).refused(404, missing);
        api.delete(&format!("{PATH}/{missing}")).refused(404, missing);
    }
}

#[test]
fn a_launch_and_continue_extension_needs_little() {
    let api = Api::new();
    let body = json!({ "DisplayName": "x", "EndpointConfiguration": badge()["endpointConfiguration"] });
    let body = api.post(PATH, &body).is(201);
    assert_eq!((&body["callbackConfiguration"], &body["replyMode"]), (&Json::Null, &json!("none")));
    assert_eq!(
        body["authenticationConfiguration"],
        json!({ "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" })
    );
    assert_eq!(body["clientConfiguration"], json!({ "maximumRetries": 1, "timeoutInMilliseconds": 1000 }));
}

#[test]
fn authorized_apps_are_read_in_each_way_and_shown_in_one() {
    let api = Api::new();
    let bound = format!("https://graph.microsoft.com/v1.0/applications('{APP}')");
    for (name, value) in [
        ("authorizedApps", json!([APP])),
        ("authorizedApps", json!([{ "@odata.type": "#microsoft.graph.application", "id": APP }])),
        ("authorizedApps@odata.bind", json!([bound])),
    ] {
        let mut body = badge();
        let callback = body["callbackConfiguration"].as_object_mut().unwrap();
        callback.shift_remove("authorizedApps");
        callback.insert(name.to_owned(), value);
        let id = created(&api, &body);
        let got = api.get(&format!("{PATH}/{id}")).is(200);
        assert_eq!(got["callbackConfiguration"]["authorizedApps"], json!([{ "id": APP }]), "{name}");
        // What was read can be sent back.
        api.patch(&format!("{PATH}/{id}"), &got).is(204);
        let again = api.get(&format!("{PATH}/{id}")).is(200);
        assert_eq!(again["callbackConfiguration"], got["callbackConfiguration"]);
    }
}

#[test]
fn a_patch_changes_what_it_names() {
    let api = Api::new();
    let path = format!("{PATH}/{}", created(&api, &badge()));
    api.system.clock.set("2026-03-02T08:00:00Z".parse().unwrap());
    let change = json!({
        "description": null,
        "endpointConfiguration": { "logicAppWorkflowName": "key" },
        "clientConfiguration": { "timeoutInMilliseconds": 200 },
        "callbackConfiguration": { "authorizedApps": [APP, OTHER_APP] },
    });
    assert_eq!(api.patch(&path, &change).is(204), Json::Null);
    let got = api.get(&path);
    assert_eq!(got.header("etag"), "W/\"2\"");
    let got = got.is(200);
    assert_eq!(got["description"], Json::Null);
    assert_eq!(
        (&got["createdDateTime"], &got["lastModifiedDateTime"]),
        (&json!(NOW), &json!("2026-03-02T08:00:00Z"))
    );
    assert_eq!(got["endpointConfiguration"]["logicAppWorkflowName"], "key");
    assert_eq!(got["endpointConfiguration"]["resourceGroupName"], "contoso-rg");
    assert_eq!(got["clientConfiguration"], json!({ "maximumRetries": 1, "timeoutInMilliseconds": 200 }));
    assert_eq!(got["callbackConfiguration"]["timeoutDuration"], "PT1H");
    assert_eq!(got["callbackConfiguration"]["authorizedApps"], json!([{ "id": APP }, { "id": OTHER_APP }]));
    api.patch(&path, &json!({ "callbackConfiguration": null, "clientConfiguration": null })).is(204);
    let got = api.get(&path).is(200);
    assert_eq!((&got["callbackConfiguration"], &got["replyMode"]), (&Json::Null, &json!("none")));
    assert_eq!(got["clientConfiguration"]["timeoutInMilliseconds"], 1000);
}

#[test]
fn how_many_calls_are_under_way_at_once_is_a_setting() {
    let api = Api::new();
    let mut body = badge();
    body["clientConfiguration"][AT_ONCE] = json!(2);
    let path = format!("{PATH}/{}", created(&api, &body));
    let allowed = || api.get(&path).is(200)["clientConfiguration"].get(AT_ONCE).cloned();
    assert_eq!(allowed(), Some(json!(2)));
    // What was read can be sent back, and what is not named stays.
    api.patch(&path, &api.get(&path).is(200)).is(204);
    api.patch(&path, &json!({ "clientConfiguration": { "maximumRetries": 0 } })).is(204);
    assert_eq!(allowed(), Some(json!(2)));
    api.patch(&path, &json!({ "clientConfiguration": { AT_ONCE: 16 } })).is(204);
    assert_eq!(allowed(), Some(json!(16)));
    api.patch(&path, &json!({ "clientConfiguration": { AT_ONCE: null } })).is(204);
    assert_eq!(allowed(), None);
}

#[test]
fn what_breaks_a_rule_is_named_and_changes_nothing() {
    let api = Api::new();
    let id = created(&api, &badge());
    let before = Dump::of(&api);
    let inside = |name: &str, member: &str, value: Json| {
        let mut body = badge();
        body[name][member] = value;
        body
    };
    let (endpoint, client, callback) =
        ("endpointConfiguration", "clientConfiguration", "callbackConfiguration");
    for (body, named) in [
        (with(badge(), "displayName", json!("")), "displayName"),
        (with(badge(), "displayName", Json::Null), "displayName"),
        (with(badge(), "description", json!("a\0")), "description"),
        (with(badge(), "colour", json!(1)), "colour"),
        (with(badge(), endpoint, json!([])), endpoint),
        (inside(endpoint, "subscriptionId", json!("x")), "endpointConfiguration/subscriptionId"),
        (inside(endpoint, "resourceGroupName", json!(" ")), "endpointConfiguration/resourceGroupName"),
        (inside(endpoint, "@odata.type", json!("#microsoft.graph.carrierPigeon")), "@odata.type"),
        (with(badge(), "authenticationConfiguration", json!({ "@odata.type": "#x.basic" })), "@odata.type"),
        (inside(client, "timeoutInMilliseconds", json!(199)), "clientConfiguration/timeoutInMilliseconds"),
        (inside(client, "timeoutInMilliseconds", json!(30_001)), "clientConfiguration/timeoutInMilliseconds"),
        (inside(client, "maximumRetries", json!(21)), "clientConfiguration/maximumRetries"),
        (inside(client, AT_ONCE, json!(0)), "clientConfiguration/@tenure.maximumConcurrentCalls"),
        (inside(client, AT_ONCE, json!(17)), "clientConfiguration/@tenure.maximumConcurrentCalls"),
        (inside(client, AT_ONCE, json!("3")), "clientConfiguration/@tenure.maximumConcurrentCalls"),
        (inside(callback, "timeoutDuration", json!("PT4M")), "callbackConfiguration/timeoutDuration"),
        (inside(callback, "timeoutDuration", json!("PT3H1S")), "callbackConfiguration/timeoutDuration"),
        (inside(callback, "timeoutDuration", json!("1h")), "callbackConfiguration/timeoutDuration"),
        (inside(callback, "authorizedApps", json!(["app"])), "callbackConfiguration/authorizedApps/0"),
        (with(badge(), "replyMode", json!("none")), "replyMode"),
    ] {
        api.post(PATH, &body).refused(400, named);
        api.patch(&format!("{PATH}/{id}"), &body).refused(400, named);
    }
    let token = json!({
        "authenticationConfiguration": {
            "@odata.type": "#microsoft.graph.azureAdTokenAuthentication", "resourceId": APP,
        },
    });
    api.patch(&format!("{PATH}/{id}"), &token).refused(400, "never becomes the other");
    api.post(PATH, &json!({ "displayName": "x" })).refused(400, "endpointConfiguration");
    before.is_unchanged(&api, "a refused extension");
}

#[test]
fn graphs_own_limits_of_a_call_hold_in_the_strict_profile() {
    let api = Api::with_limits(Profile::Strict.limits());
    for (member, most) in [("timeoutInMilliseconds", 2_000), ("maximumRetries", 1)] {
        let mut body = badge();
        body["clientConfiguration"][member] = json!(most);
        created(&api, &body);
        body["clientConfiguration"][member] = json!(most + 1);
        api.post(PATH, &body).refused(400, member);
    }
}

#[test]
fn whoever_is_late_is_told() {
    let api = Api::new();
    let path = format!("{PATH}/{}", created(&api, &badge()));
    let change = |tag: &str| {
        api.ask("PATCH", &path).header("if-match", tag).json(&json!({ "displayName": "y" })).send()
    };
    change("W/\"7\"").refused(412, "changed");
    assert_eq!(change("W/\"1\"").status, 204);
    api.ask("DELETE", &path).header("if-match", "W/\"1\"").send().refused(412, "changed");
    assert_eq!(api.ask("DELETE", &path).header("if-match", "W/\"2\"").send().status, 204);
    api.get(&path).refused(404, "task extension");
}

#[test]
fn an_extension_that_a_workflow_uses_stays() {
    let api = Api::new();
    let extension = created(&api, &badge());
    let path = format!("{PATH}/{extension}");
    let mut leavers = on_demand("Leavers");
    let mut workflow = String::new();
    for spelling in [
        format!("{{{extension}}}"),
        format!("urn:uuid:{extension}"),
        extension.replace('-', ""),
        format!(" {} ", extension.to_uppercase()),
    ] {
        leavers["tasks"] = json!([{
            "displayName": "Badge", "taskDefinitionId": "4262b724-8dba-4fad-afc3-43fcbb497a0e",
            "arguments": [{ "name": "CustomTaskExtensionID", "value": spelling }],
        }]);
        if !workflow.is_empty() {
            api.delete(&format!("@/workflows/{workflow}")).is(204);
        }
        workflow = api.workflow(&leavers);
        let before = Dump::of(&api);
        api.delete(&path).refused(409, "Leavers");
        before.is_unchanged(&api, &spelling);
    }
    api.post(
        &format!("@/workflows/{workflow}/createNewVersion"),
        &json!({ "workflow": on_demand("Leavers") }),
    )
    .is(200);
    assert_eq!(api.delete(&path).is(204), Json::Null);
    assert_eq!(api.all(PATH), Vec::<Json>::new());
}

#[test]
fn who_made_it_is_shown_on_demand() {
    let api = Api::new();
    let by_token = created(&api, &badge());
    let user = api.person("ann", "IT", None, true);
    let endpoint = LogicAppPatch {
        subscription_id: Some("11112222-3333-4444-5555-666677778888".to_owned()),
        resource_group_name: Some("rg".to_owned()),
        logic_app_workflow_name: Some("app".to_owned()),
        url: None,
    };
    let new = ExtensionPatch {
        display_name: Some("hers".to_owned()),
        endpoint: Some(EndpointPatch::LogicApp(endpoint)),
        ..ExtensionPatch::default()
    };
    let ann = Caller { id: CallerId(user.parse().unwrap()), ..api.system.caller.clone() };
    let by_ann = api.system.lifecycle.create_extension(&ann, &new).unwrap().id.to_string();
    for who in ["createdBy", "lastModifiedBy"] {
        let all = api.all(&format!("{PATH}?$expand={who}($select=displayName)"));
        let person = |id: &str| all.iter().find(|item| item["id"] == id).unwrap()[who].clone();
        assert_eq!(person(&by_ann)["displayName"], "ann");
        assert_eq!(person(&by_token).as_object().unwrap().len(), 1);
        assert_eq!(api.get(&format!("{PATH}/{by_ann}?$select={who}")).is(200)[who], json!({ "id": user }));
        let filtered = api.all(&format!("{PATH}?$filter={who}/id eq '{user}'"));
        assert_eq!(ids(&filtered), [by_ann.as_str()]);
        let path = format!("{PATH}/{by_ann}/{who}");
        assert_eq!(api.get(&format!("{path}?$select=displayName")).is(200)["displayName"], "ann");
        api.get(&format!("{path}/mailboxSettings")).refused(404, "mailbox");
        api.patch(&format!("{path}/mailboxSettings"), &json!({})).refused(404, "mailbox");
        assert_eq!(api.get(&format!("{path}/serviceProvisioningErrors")).is(200)["value"], json!([]));
        assert_eq!(api.get(&format!("{path}/serviceProvisioningErrors/$count")).is(200), "0");
        for below in
            ["", "/mailboxSettings", "/serviceProvisioningErrors", "/serviceProvisioningErrors/$count"]
        {
            api.get(&format!("{PATH}/{by_token}/{who}{below}")).refused(404, "does not exist");
        }
    }
}

#[test]
fn there_are_only_so_many() {
    let limits = tenure_lifecycle::limits::Limits { custom_task_extensions: 1, ..Default::default() };
    let api = Api::with_limits(limits);
    created(&api, &badge());
    api.post(PATH, &badge()).refused(409, "at most 1");
}
