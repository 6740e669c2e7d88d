//! `/servicePrincipals`: agent identities and who vouches for them

use serde_json::{Value as Json, json};

use crate::api::{Api, ids, local};
use crate::dump::Dump;

const AGENTS: &str = "servicePrincipals/microsoft.graph.agentIdentity";
const AUDITS: &str = "auditLogs/directoryAudits";

fn link(id: &str) -> Json {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{id}") })
}

fn agent(api: &Api, name: &str, sponsors: &[&str]) -> String {
    let links: Vec<String> = sponsors.iter().map(|id| format!("https://x/v1.0/users/{id}")).collect();
    let body = json!({ "displayName": name, "sponsors@odata.bind": links });
    api.post(AGENTS, &body).is(201)["id"].as_str().unwrap().to_owned()
}

fn version(api: &Api, id: &str) -> i64 {
    api.system.user(id.parse().unwrap()).unwrap().version
}

#[test]
fn an_agent_is_created_got_changed_and_deleted() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    for base in ["/v1.0", "/beta"] {
        let before = version(&api, &ann);
        let body = json!({
            "@odata.type": "#Microsoft.Graph.agentIdentity", "displayName": "Orders",
            "agentIdentityBlueprintId": "65ac62f0-6e37-4a4c-9e1c-3d2f1f6a0a10",
            "sponsors@odata.bind": ["https://graph.microsoft.com/v1.0/users/ann@example.com"],
        });
        let made = api.post(&format!("{base}/{AGENTS}"), &body).is(201);
        let id = made["id"].as_str().unwrap();
        assert_eq!(version(&api, &ann), before + 1);
        let mut shown = json!({
            "@odata.type": "#microsoft.graph.agentIdentity", "id": id, "accountEnabled": true,
            "createdDateTime": crate::api::NOW, "displayName": "Orders", "servicePrincipalType": "ServiceIdentity",
        });
        let places = [
            format!("{base}/servicePrincipals/{id}"),
            format!("{base}/servicePrincipals('{id}')/microsoft.graph.agentIdentity"),
        ];
        for place in &places {
            let mut got = api.get(place).is(200);
            got.as_object_mut().unwrap().shift_remove("@odata.context");
            assert_eq!(got, shown, "{place}");
        }
        api.patch(&places[0], &json!({ "ACCOUNTENABLED": false })).is(204);
        api.patch(&places[1], &json!({ "displayName": "Order desk" })).is(204);
        shown["accountEnabled"] = json!(false);
        shown["displayName"] = json!("Order desk");
        assert_eq!(api.all(&format!("{base}/{AGENTS}")), [shown]);
        assert_eq!(version(&api, &ann), before + 1);
        let entries = api.all(&format!("{AUDITS}?$filter=targetResources/any(t:t/id eq '{id}')"));
        let names: Vec<&str> =
            entries.iter().map(|entry| entry["activityDisplayName"].as_str().unwrap()).collect();
        assert_eq!(
            names,
            [
                "Update agent identity",
                "Update agent identity",
                "Add sponsor to agent identity",
                "Add agent identity"
            ]
        );
        assert_eq!(
            entries[0]["targetResources"][0]["modifiedProperties"],
            json!([{ "displayName": "displayName", "oldValue": "\"Orders\"", "newValue": "\"Order desk\"" }])
        );
        assert_eq!(entries[2]["targetResources"][1]["id"], json!(ann));
        assert_eq!(
            (&entries[0]["category"], &entries[0]["loggedByService"]),
            (&json!("AgentIdentity"), &json!("Core Directory"))
        );
        api.delete(&places[1]).is(204);
        assert_eq!(version(&api, &ann), before + 2);
        for place in &places {
            api.get(place).refused(404, id);
            api.patch(place, &json!({ "displayName": "x" })).refused(404, id);
            api.delete(place).refused(404, id);
        }
        assert_eq!(api.get(&format!("{base}/{AGENTS}/$count")).is(200), "0");
        assert!(api.all(&format!("users/{ann}/tenure.sponsoredAgents")).is_empty());
    }
}

#[test]
fn agents_are_listed_as_everything_is() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let made = ["Orders", "Desk", "Stock"].map(|name| agent(&api, name, &[&ann]));
    api.patch(&format!("servicePrincipals/{}", made[1]), &json!({ "accountEnabled": false })).is(204);
    for list in [AGENTS, "servicePrincipals", &format!("users/{ann}/tenure.sponsoredAgents")] {
        assert_eq!(ids(&api.all(&format!("{list}?$top=1"))), [&made[0], &made[1], &made[2]], "{list}");
        assert_eq!(ids(&api.all(&format!("{list}?$filter=accountEnabled eq false"))), [&made[1]], "{list}");
        assert_eq!(ids(&api.all(&format!("{list}?$search=\"displayName:stoc\""))), [&made[2]], "{list}");
        assert_eq!(ids(&api.all(&format!("{list}?$orderby=displayName&$select=id")))[0], made[1], "{list}");
        assert_eq!(api.get(&format!("{list}/$count?$filter=id eq '{}'", made[0])).is(200), "1", "{list}");
        assert_eq!(api.get(&format!("{list}?$count=true&$top=1")).is(200)["@odata.count"], 3, "{list}");
        api.get(&format!("{list}?$filter=shoe eq 1")).refused(400, "shoe");
    }
    let full = api.get(&format!("{AGENTS}?$format=json;odata.metadata=full")).is(200);
    let link = local(full["value"][0]["@odata.id"].as_str().unwrap());
    assert_eq!(link, format!("/v1.0/servicePrincipals('{}')", made[0]));
    api.get(link).is(200);
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let (made, group) = (agent(&api, "Orders", &[&ann]), api.group("Staff"));
    let before = Dump::of(&api);
    let sponsors = json!([format!("users/{ann}")]);
    for (body, named) in [
        (json!({ "sponsors@odata.bind": sponsors }), "displayName"),
        (json!({ "displayName": "", "sponsors@odata.bind": sponsors }), "displayName"),
        (json!({ "displayName": "x" }), "sponsors@odata.bind"),
        (json!({ "displayName": "x", "sponsors@odata.bind": [] }), "sponsors@odata.bind"),
        (json!({ "displayName": "x", "sponsors@odata.bind": ["users/nobody"] }), "sponsors@odata.bind/0"),
        (json!({ "displayName": "x", "sponsors@odata.bind": [format!("groups/{group}")] }), "group"),
        (json!({ "displayName": "x", "sponsors@odata.bind": sponsors, "appId": "x" }), "appId"),
    ] {
        api.post(AGENTS, &body).refused(400, named);
    }
    let path = format!("servicePrincipals/{made}");
    for (body, named) in [
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "accountEnabled": 1 }), "accountEnabled"),
        (json!({ "sponsors@odata.bind": sponsors }), "sponsors@odata.bind"),
        (json!({ "tags": [] }), "tags"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    api.get(&format!("servicePrincipals/{ann}")).refused(404, &ann);
    api.post("servicePrincipals", &json!({})).refused(405, "GET");
    before.is_unchanged(&api, "a refused agent");
}

#[test]
fn somebody_always_vouches_for_an_agent() {
    let api = Api::new();
    let [ann, bob, cyd] = ["ann", "bob", "cyd"].map(|name| api.person(name, "IT", None, true));
    let made = agent(&api, "Orders", &[&ann]);
    let [plain, cast] = [
        format!("servicePrincipals/{made}/sponsors"),
        format!("/beta/servicePrincipals/{made}/microsoft.graph.agentIdentity/sponsors"),
    ];
    let before = Dump::of(&api);
    for (body, named) in [(link(&ann), "sponsors"), (link("nobody"), "nobody"), (json!({}), "@odata.id")] {
        api.post(&format!("{plain}/$ref"), &body).refused(400, named);
    }
    api.delete(&format!("{plain}/{ann}/$ref")).refused(400, "sponsors");
    api.delete(&format!("{plain}/{bob}/$ref")).refused(404, &bob);
    before.is_unchanged(&api, "a refused sponsor");
    let versions = (version(&api, &bob), version(&api, &ann));
    api.post(&format!("{plain}/$ref"), &link(&bob)).is(204);
    api.post(&format!("{cast}/$ref"), &link(&cyd)).is(204);
    let all = api.all(&cast);
    assert_eq!(
        (ids(&all), &all[0]["@odata.type"]),
        (vec![ann.as_str(), &bob, &cyd], &json!("#microsoft.graph.user"))
    );
    assert_eq!(api.get(&format!("{plain}/$count")).is(200), "3");
    assert_eq!(ids(&api.all(&format!("users/{cyd}/tenure.sponsoredAgents"))), [&made]);
    api.delete(&format!("{cast}/{ann}/$ref")).is(204);
    assert_eq!((version(&api, &bob), version(&api, &ann)), (versions.0 + 1, versions.1 + 1));
    let entry = &api.all(AUDITS)[0];
    assert_eq!(entry["activityDisplayName"], "Remove sponsor from agent identity");
    assert_eq!(
        (&entry["targetResources"][0]["id"], &entry["targetResources"][1]["id"]),
        (&json!(made), &json!(ann))
    );
    // Who is deleted does not count.
    api.delete(&format!("users/{cyd}")).is(204);
    assert_eq!(ids(&api.all(&plain)), [&bob]);
    api.delete(&format!("{plain}/{bob}/$ref")).refused(400, "sponsors");
    api.post(&format!("directory/deletedItems/{cyd}/restore"), &json!({})).is(200);
    api.delete(&format!("{plain}/{bob}/$ref")).is(204);
    assert_eq!(ids(&api.all(&plain)), [&cyd]);
    api.delete(&format!("users/{cyd}")).is(204);
    api.delete(&format!("directory/deletedItems/{cyd}")).is(204);
    assert!(api.all(&plain).is_empty());
    assert_eq!(Dump::of(&api).rows("agent_sponsors"), 0);
}

#[test]
fn who_may_not_read_people_sees_only_who_vouches() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let path = format!("servicePrincipals/{}/sponsors", agent(&api, "Orders", &[&ann]));
    let token = api.token(&["AgentIdentity.Read.All"]);
    let ask = |query: &str| api.ask("GET", &format!("{path}{query}")).token(&token).send();
    let shown = json!([{ "@odata.type": "#microsoft.graph.user", "id": ann }]);
    assert_eq!(ask("").is(200)["value"], shown);
    assert_eq!(ask(&format!("?$filter=id eq '{ann}'")).is(200)["value"], shown);
    assert_eq!(ask("/$count").is(200), "1");
    for query in ["?$select=displayName", "?$filter=department eq 'IT'", "/$count?$filter=department eq 'IT'"]
    {
        ask(query).refused(400, if query.contains("select") { "displayName" } else { "department" });
    }
    ask("?$expand=manager").refused(400, "manager");
}
