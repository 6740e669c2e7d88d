//! `/users`, their managers and the groups they are in

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::dump::Dump;

#[test]
fn a_person_is_created_got_changed_and_deleted() {
    let api = Api::new();
    for base in ["/v1.0", "/beta"] {
        let sent = json!({
            "accountEnabled": true, "displayName": "Adele Vance", "mailNickname": "AdeleV",
            "userPrincipalName": "AdeleV@contoso.com", "department": "Retail",
            "employeeHireDate": "2026-03-02T01:00:00+01:00", "otherMails": ["a@b.c"],
            "employeeOrgData": { "costCenter": "C-17", "division": null },
            "onPremisesExtensionAttributes": { "extensionAttribute1": "x" },
            "passwordProfile": { "password": "xWwvJ]6NMw+bWH-d", "forceChangePasswordNextSignIn": true },
        });
        let created = api.post(&format!("{base}/users"), &sent).is(201);
        assert!(created["@odata.context"].as_str().unwrap().ends_with("#users/$entity"));
        assert!(created.get("passwordProfile").is_none());
        let id = created["id"].as_str().unwrap();
        for key in [id, "adelev@CONTOSO.com", "AdeleV%40contoso.com"] {
            let names =
                "id,department,employeeHireDate,otherMails,employeeOrgData,onPremisesExtensionAttributes";
            let got = api.get(&format!("{base}/users/{key}?$select={names}")).is(200);
            assert_eq!((&got["id"], &got["department"]), (&json!(id), &json!("Retail")), "{key}");
            assert_eq!(got["employeeHireDate"], "2026-03-02T00:00:00Z");
            assert_eq!(
                (&got["otherMails"], &got["employeeOrgData"]),
                (&sent["otherMails"], &sent["employeeOrgData"])
            );
            assert_eq!(got["onPremisesExtensionAttributes"]["extensionAttribute1"], "x");
        }
        let default = api.get(&format!("{base}/users('{id}')")).is(200);
        assert!(default.get("department").is_none() && default["displayName"] == "Adele Vance");
        let path = format!("{base}/users/{id}");
        api.patch(
            &path,
            &json!({ "DEPARTMENT": "Sales", "employeeOrgData": null, "@tenure.protected": true }),
        )
        .is(204);
        let got = api.get(&format!("{path}?$select=department,employeeOrgData")).is(200);
        assert_eq!((&got["department"], &got["employeeOrgData"]), (&json!("Sales"), &Json::Null));
        assert_eq!(got["@tenure.protected"], true);
        api.delete(&path).is(204);
        api.get(&path).refused(404, id);
        api.delete(&path).refused(404, id);
        assert_eq!(api.get(&format!("{base}/users/$count")).is(200), "0");
    }
}

#[test]
fn a_manager_is_set_shown_and_cleared() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let path = format!("users/{ann}/manager");
    api.get(&path).refused(404, "manager");
    let link = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{bob}") });
    api.ask("PUT", &format!("{path}/$ref")).json(&link).send().is(204);
    let manager = api.get(&path).is(200);
    assert_eq!((&manager["id"], &manager["@odata.type"]), (&json!(bob), &json!("#microsoft.graph.user")));
    let expanded = api.get(&format!("users/{ann}?$expand=manager($select=id,displayName)")).is(200);
    assert_eq!(expanded["manager"]["displayName"], "bob");
    let list = api.all("users?$expand=manager&$filter=displayName eq 'ann'");
    assert_eq!(list[0]["manager"]["id"], json!(bob));
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "@odata.id": format!("https://x/users/{ann}") }), "themselves"),
        (json!({ "@odata.id": "https://x/users/nobody" }), "nobody"),
        (json!({ "@odata.id": "" }), "@odata.id"),
        (json!({}), "@odata.id"),
        (json!({ "@odata.id": "https://x/users/bob@example.com", "colour": 1 }), "colour"),
    ] {
        api.ask("PUT", &format!("{path}/$ref")).json(&body).send().refused(400, named);
    }
    api.patch(&format!("users/{ann}"), &json!({ "manager@odata.bind": format!("https://x/users/{ann}") }))
        .refused(400, "manager@odata.bind");
    before.is_unchanged(&api, "a refused manager");
    api.delete(&format!("users/{bob}")).is(204);
    api.get(&path).refused(404, "manager");
    api.delete(&format!("{path}/$ref")).is(204);
    let carl = json!({
        "displayName": "carl", "userPrincipalName": "carl@example.com",
        "manager@odata.bind": "https://graph.microsoft.com/v1.0/users/ann@example.com",
    });
    let carl = api.post("users", &carl).is(201);
    let path = format!("users/{}/manager", carl["id"].as_str().unwrap());
    assert_eq!(api.get(&path).is(200)["id"], json!(ann));
}

#[test]
fn lists_of_texts_are_filtered_by_any() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    api.person("bob", "IT", None, true);
    api.patch(&format!("users/{ann}"), &json!({ "otherMails": ["ann@old.example", "a@b"] })).is(204);
    for filter in [
        "otherMails/any(m:m eq 'A@B')",
        "otherMails/any(mail:endsWith(mail,'old.example'))",
        "otherMails/any()",
        "not (otherMails/any(m:m ne 'a@b')) or displayName eq 'ann'",
    ] {
        let found = api.all(&format!("users?$filter={filter}"));
        assert_eq!(ids(&found)[0], ann, "{filter}");
    }
    api.get("users?$filter=otherMails eq 'a@b'").refused(400, "otherMails");
    api.get("users?$orderby=otherMails").refused(400, "otherMails");
    api.get("users?$skip=1").refused(400, "$skip");
    api.get("users?$search=\"otherMails:ann\"").refused(400, "$search");
}

#[test]
fn what_does_not_fit_is_named_and_nothing_changed() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let path = format!("users/{ann}");
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "shoeSize": 43 }), "shoeSize"),
        (json!({ "displayName": null }), "displayName"),
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": 5 }), "displayName"),
        (json!({ "displayName": "a\u{0}b" }), "displayName"),
        (json!({ "department": "a\u{0}b" }), "department"),
        (json!({ "department": "x".repeat(5_000) }), "department"),
        (json!({ "userPrincipalName": "no at sign" }), "userPrincipalName"),
        (json!({ "userPrincipalName": null }), "userPrincipalName"),
        (json!({ "accountEnabled": "true" }), "accountEnabled"),
        (json!({ "employeeHireDate": "soon" }), "employeeHireDate"),
        (json!({ "employeeHireDate": "2026-02-30T00:00:00Z" }), "employeeHireDate"),
        (json!({ "otherMails": "a@b" }), "otherMails"),
        (json!({ "otherMails": [5] }), "otherMails"),
        (json!({ "otherMails": ["a\u{0}b"] }), "otherMails"),
        (json!({ "assignedPlans": [{ "service": 5 }] }), "assignedPlans"),
        (json!({ "employeeOrgData": { "shoe": 1 } }), "employeeOrgData/shoe"),
        (json!({ "employeeOrgData": [] }), "employeeOrgData"),
        (json!({ "@tenure.protected": "yes" }), "@tenure.protected"),
        (json!({ "manager@odata.bind": "/" }), "manager@odata.bind"),
        (json!({ "owner@odata.bind": "https://x/users/y" }), "owner@odata.bind"),
    ] {
        api.patch(&path, &body).refused(400, named);
    }
    for (body, named) in [
        (json!({ "displayName": "x" }), "userPrincipalName"),
        (json!({ "userPrincipalName": "x@y" }), "displayName"),
    ] {
        api.post("users", &body).refused(400, named);
    }
    let taken = json!({ "displayName": "Ann", "userPrincipalName": "ANN@example.com" });
    api.post("users", &taken).refused(409, "userPrincipalName");
    before.is_unchanged(&api, "a refused user");
}
