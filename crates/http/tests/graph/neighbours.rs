//! `/me`, `/organization` and `/applications`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::dump::Dump;

#[test]
fn a_local_token_speaks_for_nobody() {
    let api = Api::new();
    api.get("me").refused(400, "/me request is only valid with delegated authentication flow.");
    api.ask("GET", "/beta/me").token(&api.token(&["User.Read"])).send().refused(400, "delegated");
    api.ask("GET", "me").token(&api.token(&["Group.Read.All"])).send().refused(403, "User.Read");
}

#[test]
fn there_is_one_organization() {
    let api = Api::new();
    let list = api.all("organization");
    assert_eq!((list.len(), &list[0]["displayName"]), (1, &json!("Tenure")));
    assert_eq!(list[0]["verifiedDomains"], json!([]));
    assert_eq!(list[0]["createdDateTime"], crate::api::NOW);
    let id = list[0]["id"].as_str().unwrap();
    api.patch("@/settings", &json!({ "emailSettings": { "senderDomain": "contoso.com" } })).is(204);
    let got = api.get(&format!("organization/{id}?$select=id,verifiedDomains")).is(200);
    assert_eq!(got["id"], json!(id));
    assert_eq!(got["verifiedDomains"][0]["name"], "contoso.com");
    assert_eq!(got["verifiedDomains"][0]["isDefault"], true);
    for other in ["x", "00000000-0000-0000-0000-000000000000"] {
        api.get(&format!("organization/{other}")).refused(404, other);
    }
    // It stays when another process opens the data.
    let again = api.system.crashed().unwrap();
    let installation = tenure_lifecycle::ports::Tokens::installation(again.store.as_ref()).unwrap();
    assert_eq!(installation.organization.to_string(), id);
}

#[test]
fn an_application_is_created_found_and_deleted() {
    let api = Api::new();
    let app_id = "ce79fdc4-cd1d-4ea5-8139-e74d7dbe0bb7";
    let body = json!({ "displayName": "Ticket system", "appId": app_id });
    let made = api.post("applications", &body).is(201);
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["appId"], &made["createdDateTime"]), (&json!(app_id), &json!(crate::api::NOW)));
    let other = api.post("applications", &json!({ "displayName": "Other" })).is(201);
    assert_ne!(other["appId"], made["appId"]);
    for filter in [
        format!("appId eq '{app_id}'"),
        format!("APPID eq '{}'", app_id.to_uppercase()),
        "displayName eq 'ticket SYSTEM'".to_owned(),
        format!("id eq '{id}'"),
        "startsWith(displayName,'Tick')".to_owned(),
    ] {
        assert_eq!(ids(&api.all(&format!("applications?$filter={filter}"))), [id], "{filter}");
    }
    assert_eq!(api.all("applications?$top=1").len(), 2);
    assert_eq!(api.get("applications/$count").is(200), "2");
    for path in [
        format!("applications/{id}"),
        format!("applications('{id}')"),
        format!("applications(appId='{app_id}')"),
    ] {
        let got = api.get(&path).is(200);
        assert_eq!(got["id"], made["id"], "{path}");
        assert!(got["@odata.context"].as_str().unwrap().ends_with("#applications/$entity"), "{path}");
    }
    let before = Dump::of(&api);
    api.post("applications", &body).refused(409, "appId");
    for (body, named) in [
        (json!({}), "displayName"),
        (json!({ "displayName": "" }), "displayName"),
        (json!({ "displayName": "x", "appId": "x" }), "appId"),
        (json!({ "displayName": "x", "web": {} }), "web"),
    ] {
        api.post("applications", &body).refused(400, named);
    }
    for nobody in ["x", app_id] {
        api.get(&format!("applications/{nobody}")).refused(404, nobody);
        api.delete(&format!("applications/{nobody}")).refused(404, nobody);
    }
    api.get("applications(appId='x')").refused(404, "x");
    before.is_unchanged(&api, "a refused application");
    api.delete(&format!("applications/{id}")).is(204);
    api.get(&format!("applications/{id}")).refused(404, id);
    assert_eq!(
        api.get(&format!("applications?$filter=appId eq '{app_id}'")).is(200)["value"],
        Json::Array(vec![])
    );
    api.post("applications", &body).is(201);
}
