//! `/users/{id}/sponsors` and `revokeSignInSessions`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::scheduled;
use crate::dump::Dump;

const AUDITS: &str = "auditLogs/directoryAudits";

fn link(id: &str) -> Json {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{id}") })
}

/// How often a person was changed.
fn version(api: &Api, id: &str) -> i64 {
    api.system.user(id.parse().unwrap()).unwrap().version
}

#[test]
fn a_sponsor_is_added_shown_and_removed() {
    let api = Api::new();
    let [guest, ann, bob] = ["guest", "ann", "bob"].map(|name| api.person(name, "IT", None, true));
    let sponsors = format!("users/{guest}/sponsors");
    assert!(api.all(&sponsors).is_empty());
    let (before_guest, before_ann) = (version(&api, &guest), version(&api, &ann));
    api.post(&format!("{sponsors}/$ref"), &link(&ann)).is(204);
    assert_eq!((version(&api, &guest), version(&api, &ann)), (before_guest + 1, before_ann + 1));
    api.post(&format!("/beta/{sponsors}/$ref"), &link("bob@example.com")).is(204);
    let all = api.all(&sponsors);
    assert_eq!(
        (ids(&all), &all[0]["@odata.type"]),
        (vec![ann.as_str(), &bob], &json!("#microsoft.graph.user"))
    );
    assert_eq!(api.get(&format!("{sponsors}/$count")).is(200), "2");
    assert_eq!(ids(&api.all(&format!("{sponsors}?$filter=displayName eq 'BOB'&$select=id"))), [&bob]);
    assert_eq!(api.all(&format!("{sponsors}?$top=1")).len(), 2);
    let entry = &api.all(AUDITS)[0];
    assert_eq!(
        (&entry["activityDisplayName"], &entry["operationType"]),
        (&json!("Add sponsor to user"), &json!("Assign"))
    );
    assert_eq!(
        (&entry["targetResources"][0]["id"], &entry["targetResources"][1]["id"]),
        (&json!(guest), &json!(bob))
    );
    let of_bob = api.all(&format!("{AUDITS}?$filter=targetResources/any(t:t/id eq '{bob}')"));
    assert_eq!(of_bob[0]["id"], entry["id"]);
    let group = api.group("Staff");
    let before = Dump::of(&api);
    for (body, named) in [
        (link(&ann), "sponsors"),
        (link(&guest), "themselves"),
        (link("nobody"), "nobody"),
        (json!({ "@odata.id": format!("https://x/groups/{group}") }), "group"),
        (json!({}), "@odata.id"),
        (json!({ "@odata.id": "https://x/users/bob@example.com", "colour": 1 }), "colour"),
    ] {
        api.post(&format!("{sponsors}/$ref"), &body).refused(400, named);
    }
    for nobody in ["x", group.as_str()] {
        api.delete(&format!("{sponsors}/{nobody}/$ref")).refused(404, nobody);
    }
    api.delete(&format!("users/{ann}/sponsors/{bob}/$ref")).refused(404, &bob);
    let bind = json!({ "sponsors@odata.bind": [format!("users/{ann}")] });
    api.patch(&format!("users/{guest}"), &bind).refused(400, "sponsors@odata.bind");
    before.is_unchanged(&api, "a refused sponsor");
    api.delete(&format!("{sponsors}/{ann}/$ref")).is(204);
    assert_eq!(api.all(AUDITS)[0]["activityDisplayName"], "Remove sponsor from user");
    assert_eq!(ids(&api.all(&sponsors)), [&bob]);
    assert_eq!(version(&api, &ann), before_ann + 2);
}

#[test]
fn somebody_new_can_have_sponsors_from_the_beginning() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let (group, before_ann) = (api.group("Staff"), version(&api, &ann));
    let guest = |sponsors: Json| json!({ "displayName": "Guest", "userPrincipalName": "guest@example.com", "sponsors@odata.bind": sponsors });
    let before = Dump::of(&api);
    for (sponsors, named) in [
        (json!([format!("users/{ann}"), "users/nobody"]), "sponsors@odata.bind/1"),
        (json!([format!("https://x/groups/{group}")]), "sponsors@odata.bind/0"),
        (json!([""]), "sponsors@odata.bind/0"),
        (json!("users/ann"), "sponsors@odata.bind"),
        (json!(vec!["users/ann@example.com"; 21]), "sponsors@odata.bind"),
    ] {
        api.post("users", &guest(sponsors)).refused(400, named);
    }
    before.is_unchanged(&api, "a refused user");
    let links =
        json!([format!("https://x/v1.0/users/{ann}"), "users('bob@example.com')", format!("users/{ann}")]);
    let made = api.post("users", &guest(links)).is(201);
    let sponsors = format!("users/{}/sponsors", made["id"].as_str().unwrap());
    assert_eq!(ids(&api.all(&sponsors)), [&ann, &bob]);
    assert_eq!(version(&api, &ann), before_ann + 1);
    let entries = api.all(AUDITS);
    let names: Vec<&str> =
        entries[..3].iter().map(|entry| entry["activityDisplayName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Add sponsor to user", "Add sponsor to user", "Add user"]);
}

#[test]
fn who_is_deleted_vouches_for_nobody_until_they_come_back() {
    let api = Api::new();
    let [guest, ann, bob] = ["guest", "ann", "bob"].map(|name| api.person(name, "IT", None, true));
    let sponsors = format!("users/{guest}/sponsors");
    for sponsor in [&ann, &bob] {
        api.post(&format!("{sponsors}/$ref"), &link(sponsor)).is(204);
    }
    let before = version(&api, &guest);
    api.delete(&format!("users/{ann}")).is(204);
    assert_eq!((ids(&api.all(&sponsors)), version(&api, &guest)), (vec![bob.as_str()], before + 1));
    api.post(&format!("directory/deletedItems/{ann}/restore"), &json!({})).is(200);
    assert_eq!(ids(&api.all(&sponsors)), [&ann, &bob]);
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
    assert_eq!(ids(&api.all(&sponsors)), [&bob]);
    assert_eq!(Dump::of(&api).rows("sponsors"), 1);
    api.delete(&format!("users/{guest}")).is(204);
    assert_eq!(Dump::of(&api).rows("sponsors"), 1);
    api.system.advance("2026-04-01T08:00:00Z").unwrap();
    assert_eq!(Dump::of(&api).rows("sponsors"), 0);
}

#[test]
fn sessions_are_ended() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let shown = format!("users/{ann}?$select=signInSessionsValidFromDateTime");
    let from = |api: &Api| api.get(&shown).is(200)["signInSessionsValidFromDateTime"].clone();
    assert_eq!(from(&api), Json::Null);
    let delta = api.get("users/delta?$deltatoken=latest&$select=signInSessionsValidFromDateTime").is(200);
    for (base, action, at) in [
        ("/v1.0", "revokeSignInSessions", "2026-03-01T08:00:00Z"),
        ("/beta", "microsoft.graph.revokeSignInSessions", "2026-03-01T09:00:00Z"),
    ] {
        api.system.advance(at).unwrap();
        let before = version(&api, &ann);
        let answer = api.ask("POST", &format!("{base}/users/{ann}/{action}")).send().is(200);
        assert_eq!(answer["value"], true);
        assert!(answer["@odata.context"].as_str().unwrap().ends_with("/$metadata#Edm.Boolean"));
        assert_eq!((from(&api), version(&api, &ann)), (json!(at), before + 1));
    }
    let entries = api.all(&format!("{AUDITS}?$filter=targetResources/any(t:t/id eq '{ann}')"));
    assert_eq!(entries[0]["activityDisplayName"], "Update StsRefreshTokenValidFrom Timestamp");
    assert_eq!(
        entries[0]["targetResources"][0]["modifiedProperties"],
        json!([{
            "displayName": "signInSessionsValidFromDateTime", "oldValue": "\"2026-03-01T08:00:00Z\"",
            "newValue": "\"2026-03-01T09:00:00Z\"",
        }])
    );
    assert_eq!(entries[1]["targetResources"][0]["modifiedProperties"][0]["oldValue"], Json::Null);
    let filter = "signInSessionsValidFromDateTime ge 2026-03-01T09:00:00Z";
    assert_eq!(ids(&api.all(&format!("users?$filter={filter}"))), [&ann]);
    let changes = api.get(crate::api::local(delta["@odata.deltaLink"].as_str().unwrap())).is(200);
    assert_eq!(changes["value"][0]["signInSessionsValidFromDateTime"], "2026-03-01T09:00:00Z");
    // Nobody says it: it is what happened.
    api.patch(&format!("users/{ann}"), &json!({ "signInSessionsValidFromDateTime": null })).is(204);
    assert_eq!(from(&api), "2026-03-01T09:00:00Z");
    let before = Dump::of(&api);
    api.ask("POST", "users/nobody/revokeSignInSessions").send().refused(404, "nobody");
    before.is_unchanged(&api, "nobody");
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
}

#[test]
fn whose_ended_sessions_bring_them_into_scope_is_processed() {
    let api = Api::new();
    let rule = "signInSessionsValidFromDateTime ge 2026-03-02T00:00:00Z";
    let workflow = api.workflow(&scheduled("Joiners", rule));
    let ann = api.person("ann", "IT", Some("2026-03-02T00:00:00Z"), true);
    let results = format!("@/workflows/{workflow}/userProcessingResults");
    api.system.advance("2026-03-02T12:00:00Z").unwrap();
    assert!(api.all(&results).is_empty());
    api.ask("POST", &format!("users/{ann}/revokeSignInSessions")).send().is(200);
    api.system.advance("2026-03-02T13:00:00Z").unwrap();
    assert_eq!(api.all(&results).len(), 1);
}
