//! `POST /$batch`

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::{Company, on_demand};
use crate::dump::Dump;

fn batch(api: &Api, requests: &Json) -> Vec<Json> {
    let answer = api.post("/v1.0/$batch", &json!({ "requests": requests })).is(200);
    answer["responses"].as_array().unwrap().clone()
}

const WORKFLOWS: &str = "/identityGovernance/lifecycleWorkflows/workflows";

#[test]
fn each_request_is_answered_as_if_it_had_come_alone() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{WORKFLOWS}/{}", company.workflow);
    let requests = json!([
        { "id": "get", "method": "GET", "url": path },
        { "id": "page", "method": "GET", "url": "/users?$select=displayName&$orderby=displayName",
          "headers": { "Prefer": "odata.maxpagesize=2", "client-request-id": "mine" } },
        { "id": "count", "method": "GET", "url": "/users/$count" },
        { "id": "filter", "method": "GET", "url": "users?$filter=displayName eq 'ann'&$select=id" },
        { "id": "patch", "method": "PATCH", "url": path, "headers": { "Content-Type": "application/json" },
          "body": { "description": "by batch" } },
        { "id": "none", "method": "GET", "url": "/nowhere" },
        { "id": "wrong", "method": "POST", "url": format!("{path}/activate"), "body": { "subjects": [] } },
    ]);
    let answers = batch(api, &requests);
    let statuses: Vec<(&str, u64)> =
        answers.iter().map(|one| (one["id"].as_str().unwrap(), one["status"].as_u64().unwrap())).collect();
    assert_eq!(
        statuses,
        [
            ("get", 200),
            ("page", 200),
            ("count", 200),
            ("filter", 200),
            ("patch", 204),
            ("none", 404),
            ("wrong", 400)
        ]
    );
    assert_eq!(answers[0]["body"]["displayName"], "Joiners");
    assert_eq!(answers[0]["headers"]["ETag"], "W/\"2\"");
    assert_eq!(answers[1]["body"]["value"].as_array().unwrap().len(), 2);
    assert_eq!(answers[1]["headers"]["client-request-id"], "mine");
    let next = answers[1]["body"]["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with("http://localhost/v1.0/users?"), "{next}");
    assert_eq!(answers[2]["body"], "5");
    assert_eq!(answers[3]["body"]["value"][0]["id"], json!(company.ann));
    assert!(answers[4].get("body").is_none());
    assert_eq!(answers[5]["body"]["error"]["code"], "ResourceNotFound");
    assert!(answers[6]["body"]["error"]["message"].as_str().unwrap().contains("subjects"));
    assert_eq!(api.get(&company.base).is(200)["description"], "by batch");
    let beta =
        api.post("/beta/%24batch", &json!({ "requests": [{ "id": "1", "method": "GET", "url": path }] }));
    let context = beta.is(200)["responses"][0]["body"]["@odata.context"].as_str().unwrap().to_owned();
    assert!(context.contains("/beta/$metadata#"), "{context}");
}

#[test]
fn what_depends_on_a_failure_is_not_done() {
    let api = Api::new();
    let create = |id: &str, name: &str, after: &[&str]| {
        json!({ "id": id, "method": "POST", "url": WORKFLOWS, "body": on_demand(name), "dependsOn": after,
            "headers": { "Content-Type": "application/json" } })
    };
    let broken = json!({ "id": "2", "method": "POST", "url": WORKFLOWS, "body": {}, "dependsOn": ["1"] });
    let answers = batch(
        &api,
        &json!([create("3", "c", &["2"]), create("1", "a", &[]), broken, create("4", "d", &["1"])]),
    );
    let statuses: Vec<(&str, u64)> =
        answers.iter().map(|one| (one["id"].as_str().unwrap(), one["status"].as_u64().unwrap())).collect();
    assert_eq!(statuses, [("1", 201), ("2", 400), ("3", 424), ("4", 201)]);
    assert_eq!(answers[2]["body"]["error"]["code"], "FailedDependency");
    let names: Vec<Json> = api.all("@/workflows").into_iter().map(|one| one["displayName"].clone()).collect();
    assert_eq!(names, ["a", "d"]);
}

#[test]
fn a_batch_opens_nothing_that_its_token_does_not() {
    let api = Api::new();
    let token = api.token(&["User.Read.All"]);
    let requests = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/users" },
        { "id": "2", "method": "GET", "url": WORKFLOWS, "headers": { "Authorization": format!("Bearer {}", api.admin) } },
    ] });
    let answer = api.ask("POST", "/v1.0/$batch").token(&token).json(&requests).send().is(200);
    let statuses: Vec<&Json> =
        answer["responses"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, [200, 403]);
    api.ask("POST", "/v1.0/$batch").without_token().json(&requests).send().refused(401, "bearer");
}

#[test]
fn what_is_no_batch_is_refused_and_nothing_of_it_is_done() {
    let api = Api::new();
    let create = json!({ "id": "1", "method": "POST", "url": WORKFLOWS, "body": on_demand("a") });
    let before = Dump::of(&api);
    for (body, named) in [
        (json!({}), "requests"),
        (json!({ "requests": [create, create] }), "requests/1/id"),
        (
            json!({ "requests": [create, { "id": "2", "method": "GET", "url": "/users", "dependsOn": ["9"] }] }),
            "dependsOn",
        ),
        (json!({ "requests": vec![create.clone(); 21] }), "20"),
        (json!({ "requests": [create], "colour": 1 }), "colour"),
    ] {
        api.post("/v1.0/$batch", &body).refused(400, named);
    }
    api.ask("POST", "/v1.0/$batch").bytes("{").send().refused(400, "JSON");
    api.ask("GET", "/v1.0/$batch").send().refused(405, "POST");
    before.is_unchanged(&api, "a refused batch");
    let nested = json!([{ "id": "1", "method": "POST", "url": "/$batch", "body": { "requests": [] } }]);
    assert_eq!(batch(&api, &nested)[0]["status"], 400);
    let foreign = json!([{ "id": "1", "method": "GET", "url": "https://elsewhere.example/v1.0/users" }]);
    assert_eq!(batch(&api, &foreign)[0]["status"], 404);
}
