//! `/groups` and their members

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::dump::Dump;

#[test]
fn a_group_is_created_got_changed_and_deleted() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let ann = api.person("ann", "IT", None, true);
        let sent = json!({
            "displayName": "Sales", "mailEnabled": false, "mailNickname": "sales", "securityEnabled": true,
            "groupTypes": [], "description": "who sells", "members@odata.bind": [format!("https://x/users/{ann}")],
        });
        let created = api.post(&format!("{base}/groups"), &sent).is(201);
        assert!(created["@odata.context"].as_str().unwrap().ends_with("#groups/$entity"));
        let id = created["id"].as_str().unwrap();
        let path = format!("{base}/groups/{id}");
        assert_eq!(api.get(&path).is(200)["description"], "who sells");
        assert_eq!(ids(&api.all(&format!("{path}/members"))), [&ann]);
        api.patch(&path, &json!({ "displayName": "Vendors", "description": null, "visibility": "PRIVATE" }))
            .is(204);
        let got = api.get(&format!("{path}?$select=displayName,description,visibility")).is(200);
        assert_eq!(
            (&got["displayName"], &got["description"], &got["visibility"]),
            (&json!("Vendors"), &Json::Null, &json!("Private"))
        );
        api.delete(&path).is(204);
        api.get(&path).refused(404, id);
        assert!(api.all(&format!("{base}/users/{ann}/memberOf")).is_empty());
        api.delete(&format!("{base}/users/{ann}")).is(204);
    }
}

#[test]
fn members_are_added_counted_and_removed() {
    let api = Api::new();
    let (staff, board) = (api.group("Staff"), api.group("Board"));
    let people: Vec<String> = ["a", "b", "c"].map(|name| api.person(name, "IT", None, true)).into();
    for person in &people {
        let link =
            json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{person}") });
        api.post(&format!("groups/{staff}/members/$ref"), &link).is(204);
    }
    let link = json!({ "@odata.id": format!("https://x/users('{}')", people[1]) });
    api.post(&format!("groups/{board}/members/$ref"), &link).is(204);
    let page = api.get(&format!("groups/{staff}/members?$count=true&$top=2")).is(200);
    assert_eq!(page["@odata.count"], 3);
    assert_eq!(page["value"][0]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(api.get(&format!("groups/{staff}/members/$count")).is(200), "3");
    assert_eq!(api.get(&format!("groups/{staff}/members/$count?$filter=displayName ne 'a'")).is(200), "2");
    assert_eq!(api.get(&format!("users/{}/memberOf/$count", people[1])).is(200), "2");
    let groups = api.all(&format!("users/{}/memberOf", people[1]));
    assert_eq!(
        (ids(&groups), &groups[0]["@odata.type"]),
        (vec![staff.as_str(), &board], &json!("#microsoft.graph.group"))
    );
    let before = Dump::of(&api);
    api.post(&format!("groups/{board}/members/$ref"), &link).refused(400, "members");
    for body in [json!({}), json!({ "@odata.id": "https://x/users/nobody" }), json!({ "id": staff })] {
        api.post(&format!("groups/{board}/members/$ref"), &body).refused(400, "id");
    }
    api.delete(&format!("groups/{board}/members/{}/$ref", people[0])).refused(404, &people[0]);
    api.delete(&format!("groups/{board}/members/nobody/$ref")).refused(404, "nobody");
    for missing in ["nonsense", people[0].as_str()] {
        api.get(&format!("groups/{missing}/members")).refused(404, missing);
        api.get(&format!("groups/{missing}/members/$count")).refused(404, missing);
        api.get(&format!("groups/{missing}")).refused(404, missing);
    }
    before.is_unchanged(&api, "a refused member");
    api.delete(&format!("groups/{board}/members/{}/$ref", people[1])).is(204);
    api.delete(&format!("users/{}", people[0])).is(204);
    assert_eq!(ids(&api.all(&format!("groups/{staff}/members"))), [&people[1], &people[2]]);
    assert_eq!(api.get(&format!("groups/{staff}/members/$count")).is(200), "2");
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let api = Api::new();
    let path = format!("groups/{}", api.group("Staff"));
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": null }), "displayName"),
        (json!({ "mailEnabled": "no" }), "mailEnabled"),
        (json!({ "groupTypes": ["Round"] }), "groupTypes"),
        (json!({ "visibility": "hidden" }), "visibility"),
        (json!({ "description": "x".repeat(5_000) }), "description"),
        (json!({ "description": "a\u{0}b" }), "description"),
        (json!({ "mailNickname": "a\u{0}b" }), "mailNickname"),
        (json!({ "members@odata.bind": ["https://x/users/nobody"] }), "members@odata.bind/0"),
        (json!({ "members@odata.bind": vec!["https://x/users/y"; 21] }), "members@odata.bind"),
        (json!({ "owners@odata.bind": [] }), "owners@odata.bind"),
        (json!({ "colour": 1 }), "colour"),
    ] {
        api.patch(&path, &body).refused(400, named);
        api.post("groups", &crate::company::with(body, "securityEnabled", json!(true))).refused(400, "");
    }
    before.is_unchanged(&api, "a refused group");
}

#[test]
fn a_group_changes_as_a_whole_or_not_at_all() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "Sales", None, true), api.person("bob", "Sales", None, true));
    let path = format!("groups/{}", api.group("Staff"));
    let links =
        |ids: &[&String]| -> Json { ids.iter().map(|id| json!(format!("https://x/users/{id}"))).collect() };
    api.patch(&path, &json!({ "members@odata.bind": links(&[&ann]) })).is(204);
    let before = Dump::of(&api);
    let body = json!({ "displayName": "Crew", "members@odata.bind": links(&[&bob, &ann]) });
    api.patch(&path, &body).refused(400, "members");
    // Whoever is in it would have a role, or none, from one moment to the next.
    let body = json!({ "displayName": "Crew", "isAssignableToRole": true });
    api.patch(&path, &body).refused(400, "isAssignableToRole");
    before.is_unchanged(&api, "a refused change");
    let body =
        json!({ "displayName": "Crew", "isAssignableToRole": false, "members@odata.bind": links(&[&bob]) });
    api.patch(&path, &body).is(204);
    assert_eq!(ids(&api.all(&format!("{path}/members"))), [&ann, &bob]);
    assert_eq!(api.get(&path).is(200)["displayName"], "Crew");
}
