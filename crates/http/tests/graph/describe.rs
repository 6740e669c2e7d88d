//! `$metadata`, `openapi.json` and the service document

use serde_json::json;

use crate::api::Api;

#[test]
fn the_api_describes_itself_to_anybody() {
    let api = Api::new();
    for version in ["v1.0", "beta"] {
        let metadata = api.ask("GET", &format!("/{version}/$metadata")).without_token().send();
        assert!(metadata.header("content-type").starts_with("application/xml"));
        assert!(!metadata.header("request-id").is_empty());
        let policies = metadata.is(200).as_str().unwrap().contains("lifecyclePolicies");
        assert_eq!(policies, version == "beta");
        let document = api.ask("GET", &format!("/{version}/openapi.json")).without_token().send().is(200);
        assert_eq!(document["servers"], json!([{ "url": format!("/{version}") }]));
        let activate = "/identityGovernance/lifecycleWorkflows/workflows/{workflow-id}/microsoft.graph.identityGovernance.activate";
        assert!(document["paths"][activate]["post"]["requestBody"].is_object());
        let service = api.ask("GET", &format!("/{version}/")).without_token().send().is(200);
        assert_eq!(service["@odata.context"], format!("http://localhost/{version}/$metadata"));
        assert_eq!(service["value"][0], json!({ "name": "users", "kind": "EntitySet", "url": "users" }));
    }
    let first = api.ask("GET", "/openapi.json").without_token().send().is(200);
    assert_eq!(first, api.get("/v1.0/openapi.json").is(200));
}

#[test]
fn a_description_is_only_read() {
    let api = Api::new();
    for path in ["/v1.0/$metadata", "/beta/openapi.json", "/v1.0"] {
        let answer = api.ask("POST", path).without_token().send();
        assert_eq!(answer.header("allow"), "GET, HEAD");
        answer.refused(405, "GET");
    }
    api.ask("HEAD", "/v1.0/$metadata").without_token().send().is(200);
}
