//! What Tenure adds: tokens, the clock, its status; and the door itself

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::dump::Dump;

#[test]
fn a_token_is_shown_once_and_opens_the_door_until_it_is_withdrawn_or_expires() {
    let api = Api::new();
    let body =
        json!({ "name": "reports", "scopes": ["LifecycleWorkflows-Reports.Read.All"], "ttlSeconds": 60 });
    let made = api.post("tenure.tokens", &body).is(201);
    let (id, text) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(text.starts_with("tnr_"));
    let list = api.all("tenure.tokens");
    assert!(ids(&list).contains(&id) && list.iter().all(|token| token.get("token").is_none()));
    let asked = |token: &str| api.ask("GET", "tenure.status").token(token).send();
    asked(text).is(200);
    api.system.clock.advance(jiff::SignedDuration::from_secs(60));
    asked(text).refused(401, "expired");
    let made = api.post("tenure.tokens", &json!({ "name": "x", "scopes": ["*"] })).is(201);
    let (id, text) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    api.delete(&format!("tenure.tokens/{id}")).is(204);
    asked(text).refused(401, "withdrawn");
    api.delete(&format!("tenure.tokens/{id}")).refused(404, id);
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({ "scopes": ["*"] }), "name"),
        (json!({ "name": "", "scopes": ["*"] }), "name"),
        (json!({ "name": "x" }), "scopes"),
        (json!({ "name": "x", "scopes": [] }), "scopes"),
        (json!({ "name": "x", "scopes": ["Everything"] }), "scopes"),
        (json!({ "name": "x", "scopes": ["*"], "ttlSeconds": 0 }), "ttlSeconds"),
        (json!({ "name": "x", "scopes": ["*"], "hash": "y" }), "hash"),
    ] {
        api.post("tenure.tokens", &body).refused(400, named);
    }
    before.is_unchanged(&api, "a refused token");
}

#[test]
fn the_clock_moves_forward_with_everything_due_on_the_way() {
    let api = Api::new();
    api.person("ann", "Sales", Some("2026-03-02T00:00:00Z"), true);
    let workflow = api.workflow(&crate::company::scheduled("w", "department eq 'Sales'"));
    api.post("tenure.advanceClock", &json!({ "to": "2026-03-03T00:00:00Z" })).is(204);
    assert_eq!(api.all(&format!("@/workflows/{workflow}/userProcessingResults")).len(), 1);
    let status = api.get("tenure.status").is(200);
    assert_eq!((&status["now"], &status["population"]), (&json!("2026-03-03T00:00:00Z"), &json!(1)));
    let before = Dump::of(&api);
    for body in [json!({}), json!({ "to": "2026-03-02T00:00:00Z" }), json!({ "to": 5 })] {
        api.post("tenure.advanceClock", &body).refused(400, "to");
    }
    before.is_unchanged(&api, "a refused clock");
}

#[test]
fn only_its_health_and_its_description_are_shown_without_a_token() {
    let api = Api::new();
    let health = api.ask("GET", "/healthz").without_token().send();
    assert_eq!(health.is(200), "ok\n");
    for path in ["/", "/v2.0", "/v1.0/users", "/v2.0/users", "/v1.0/nothing", "/v1.0/users/$metadata"] {
        let answer = api.ask("GET", path).without_token().send();
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        answer.refused(401, "bearer token");
    }
    for path in ["/", "/v2.0", "/v2.0/users", "/v1.0/nothing", "/v1.0/users//"] {
        api.get(path).refused(404, "does not exist");
    }
}

#[test]
fn requests_are_told_apart_by_their_ids() {
    let api = Api::new();
    let ask = |id: &str| api.ask("GET", "users").header("client-request-id", id).send();
    assert_eq!(ask("my-1").header("client-request-id"), "my-1");
    assert_ne!(ask("x").header("request-id"), ask("x").header("request-id"));
    let refused = api.ask("GET", "users/x").header("client-request-id", "my-2").send();
    assert_eq!(refused.body["error"]["innerError"]["client-request-id"], "my-2");
    assert_ne!(ask(&"x".repeat(200)).header("client-request-id"), "x".repeat(200));
}

#[test]
fn an_import_needs_its_two_parts_and_a_map_that_can_be_read() {
    let api = Api::new();
    let part = |name: &str, text: &str| {
        format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let send = |form: String| {
        let ask = api
            .ask("POST", "directory/tenure.import")
            .header("content-type", "multipart/form-data; boundary=B");
        ask.bytes(format!("{form}--B--\r\n")).send()
    };
    let before = Dump::of(&api);
    send(String::new()).refused(400, "map");
    send(part("map", "")).refused(400, "file");
    send(part("file", "a,b")).refused(400, "map");
    send(part("map", "x = [") + &part("file", "a,b")).refused(400, "map");
    send(part("map", "") + &part("map", "")).refused(400, "map");
    send(part("shoe", "")).refused(400, "shoe");
    api.ask("POST", "directory/tenure.import").json(&Json::Null).send().refused(415, "multipart/form-data");
    let broken = api.ask("POST", "directory/tenure.import").header("content-type", "multipart/form-data");
    broken.bytes("x").send().refused(400, "form");
    before.is_unchanged(&api, "a refused import");
    let left = std::fs::read_dir(api.system.directory.path()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("upload")), "{left:?}");
}
