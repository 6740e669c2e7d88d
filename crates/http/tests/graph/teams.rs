//! `/teams`, `/groups/{id}/team`, `joinedTeams` and the members of teams

use serde_json::{Value as Json, json};

use crate::api::{Api, ids, local};
use crate::dump::Dump;

const AUDITS: &str = "auditLogs/directoryAudits";

fn member(id: &str) -> Json {
    json!({
        "@odata.type": "#microsoft.graph.aadUserConversationMember", "roles": [],
        "user@odata.bind": format!("https://graph.microsoft.com/v1.0/users('{id}')"),
    })
}

fn unified(api: &Api, name: &str) -> String {
    let body = json!({
        "displayName": name, "mailEnabled": true, "mailNickname": name, "securityEnabled": false,
        "groupTypes": ["Unified"], "visibility": "Private",
    });
    api.post("groups", &body).is(201)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_group_becomes_a_team() {
    let api = Api::new();
    let (crew, staff) = (unified(&api, "Crew"), api.group("Staff"));
    for base in ["/v1.0", "/beta"] {
        let group = unified(&api, "Other");
        let path = format!("{base}/groups/{group}/team");
        api.get(&path).refused(404, &group);
        api.get(&format!("{base}/teams/{group}")).refused(404, &group);
        let made = api.ask("PUT", &path).json(&json!({ "funSettings": { "allowGiphy": true } })).send();
        assert_eq!(made.header("location"), format!("http://localhost{base}/teams/{group}"));
        let made = made.is(201);
        assert!(made["@odata.context"].as_str().unwrap().ends_with("#teams/$entity"));
        let shown = json!({
            "id": group, "createdDateTime": crate::api::NOW, "description": null, "displayName": "Other",
            "isArchived": false, "visibility": "private",
        });
        for place in [path, format!("{base}/teams/{group}"), format!("{base}/teams('{group}')")] {
            let mut got = api.get(&place).is(200);
            got.as_object_mut().unwrap().shift_remove("@odata.context");
            assert_eq!(got, shown, "{place}");
        }
        let group = api.get(&format!("{base}/groups/{group}?$select=resourceProvisioningOptions")).is(200);
        assert_eq!(group["resourceProvisioningOptions"], json!(["Team"]));
    }
    assert_eq!(api.get("teams/$count").is(200), "2");
    let before = Dump::of(&api);
    let put = |id: &str| api.ask("PUT", &format!("groups/{id}/team"));
    put(&staff).send().refused(400, "groupTypes");
    put(&crew).json(&json!({ "colour": "red" })).send().refused(400, "colour");
    put("x").send().refused(404, "x");
    let team = ids(&api.all("teams"))[0].to_owned();
    put(&team).send().refused(409, &team);
    before.is_unchanged(&api, "a refused team");
    put(&crew).send().is(201);
    let entry = &api.all(AUDITS)[0];
    assert_eq!(
        (&entry["activityDisplayName"], &entry["targetResources"][0]["id"]),
        (&json!("Update group"), &json!(crew))
    );
    // A group that is a team no more is none.
    api.patch(&format!("groups/{crew}"), &json!({ "resourceProvisioningOptions": [] })).is(204);
    api.get(&format!("teams/{crew}")).refused(404, &crew);
    api.delete(&format!("groups/{team}")).is(204);
    assert_eq!(api.all("teams").len(), 1);
}

#[test]
fn a_team_is_created_and_found() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    api.group("Staff");
    let body = json!({
        "template@odata.bind": "https://graph.microsoft.com/v1.0/teamsTemplates('standard')",
        "displayName": "Crew", "description": "All hands", "members": [member("ann@example.com")],
    });
    let made = api.post("/beta/teams", &body).is(201);
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["visibility"], &made["description"]), (&json!("public"), &json!("All hands")));
    let group = api.get(&format!("groups/{id}")).is(200);
    assert_eq!((&group["groupTypes"], &group["mailEnabled"]), (&json!(["Unified"]), &json!(true)));
    assert_eq!(group["visibility"], "Public");
    assert_eq!(ids(&api.all(&format!("groups/{id}/members"))), [&ann]);
    api.post("teams", &json!({ "displayName": "Deck", "visibility": "PRIVATE" })).is(201);
    for (filter, found) in [
        ("displayName eq 'crew'", 1),
        ("visibility eq 'private'", 1),
        ("startsWith(description,'All')", 1),
        ("displayName ne 'x'", 2),
    ] {
        let list = api.get(&format!("teams?$filter={filter}&$count=true")).is(200);
        assert_eq!((list["value"].as_array().unwrap().len(), &list["@odata.count"]), (found, &json!(found)));
    }
    assert_eq!(api.all("teams?$top=1&$orderby=displayName desc")[0]["displayName"], "Deck");
    let full = api.get("teams?$format=json;odata.metadata=full").is(200);
    assert_eq!(full["value"][0]["@odata.type"], "#microsoft.graph.team");
    api.get(local(full["value"][0]["@odata.id"].as_str().unwrap())).is(200);
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "description": "x" }), "displayName"),
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": "x", "visibility": "secret" }), "visibility"),
        (json!({ "displayName": "x", "channels": [] }), "channels"),
        (json!({ "displayName": "x", "members": [member("nobody")] }), "nobody"),
    ] {
        api.post("teams", &body).refused(400, named);
    }
    api.get("teams?$filter=mail eq 'x'").refused(400, "mail");
    before.is_unchanged(&api, "a refused team");
}

#[test]
fn the_members_of_a_team_are_those_of_its_group() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, false));
    let team = api.post("teams", &json!({ "displayName": "Crew" })).is(201);
    let team = team["id"].as_str().unwrap();
    let members = format!("teams/{team}/members");
    let made = api.post(&members, &member(&ann)).is(201);
    assert_eq!(made["@odata.type"], "#microsoft.graph.aadUserConversationMember");
    let link = json!({ "@odata.id": format!("users/{bob}") });
    api.post(&format!("groups/{team}/members/$ref"), &link).is(204);
    let all = api.all(&members);
    assert_eq!(
        all[0],
        json!({
            "@odata.type": "#microsoft.graph.aadUserConversationMember", "id": ann, "displayName": "ann",
            "email": "ann@example.com", "roles": [], "userId": ann,
        })
    );
    assert_eq!((ids(&all), &all[1]["email"]), (vec![ann.as_str(), &bob], &Json::Null));
    assert_eq!(api.get(&format!("{members}/$count")).is(200), "2");
    assert_eq!(ids(&api.all(&format!("{members}?$filter=displayName eq 'BOB'"))), [&bob]);
    assert_eq!(api.get(&format!("{members}/{bob}")).is(200)["userId"], json!(bob));
    let full = api.get(&format!("{members}?$format=json;odata.metadata=full")).is(200);
    let member_link = local(full["value"][0]["@odata.id"].as_str().unwrap());
    assert_eq!(api.get(member_link).is(200)["id"], json!(ann));
    let entry = &api.all(AUDITS)[1];
    assert_eq!(entry["activityDisplayName"], "Add member to group");
    assert_eq!(entry["targetResources"][1]["id"], json!(team));
    let joined = api.all(&format!("users/{ann}/joinedTeams"));
    assert_eq!((ids(&joined), &joined[0]["displayName"]), (vec![team], &json!("Crew")));
    assert_eq!(api.get(&format!("users/{ann}/joinedTeams/$count")).is(200), "1");
    let staff = api.group("Staff");
    api.post(&format!("groups/{staff}/members/$ref"), &json!({ "@odata.id": format!("users/{ann}") }))
        .is(204);
    assert_eq!(api.all(&format!("users/{ann}/joinedTeams?$filter=displayName ne 'x'")).len(), 1);
    let before = Dump::of(&api);
    for (body, named) in [
        (member(&ann), "members"),
        (member("nobody"), "nobody"),
        (member(&staff), &staff),
        (json!({ "roles": [] }), "user@odata.bind"),
        (json!({ "user@odata.bind": format!("users/{ann}"), "roles": ["owner"] }), "roles"),
        (json!({ "user@odata.bind": format!("users/{ann}"), "@odata.type": "#x.y" }), "@odata.type"),
    ] {
        api.post(&members, &body).refused(400, named);
    }
    // A group that is no team has members and none of these.
    api.get(&format!("teams/{staff}/members")).refused(404, &staff);
    api.post(&format!("teams/{staff}/members"), &member(&bob)).refused(404, &staff);
    for nobody in ["x", team] {
        api.get(&format!("{members}/{nobody}")).refused(404, nobody);
        api.delete(&format!("{members}/{nobody}")).refused(404, nobody);
    }
    before.is_unchanged(&api, "a refused member");
    api.delete(&format!("{members}/{ann}")).is(204);
    api.get(&format!("{members}/{ann}")).refused(404, &ann);
    assert_eq!(ids(&api.all(&format!("groups/{team}/members"))), [&bob]);
    assert!(api.all(&format!("users/{ann}/joinedTeams")).is_empty());
    api.delete(&format!("users/{bob}")).is(204);
    api.get(&format!("{members}/{bob}")).refused(404, &bob);
    assert!(api.all(&members).is_empty());
}
