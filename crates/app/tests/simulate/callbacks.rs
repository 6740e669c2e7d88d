//! Who is called and waited for answers as the plan says, and nobody is called.

use std::fs;
use std::net::TcpListener;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::files::{joiner, told};
use crate::harness::{Done, Server, tenure_in};

const BASE: &str = "/v1.0/identityGovernance/lifecycleWorkflows";
const EXTENSION: &str = "4262b724-8dba-4fad-afc3-43fcbb497a0e";

#[test]
fn who_is_called_answers_as_the_plan_says() {
    let folder = TempDir::new().unwrap();
    let endpoint = TcpListener::bind("127.0.0.1:0").unwrap();
    endpoint.set_nonblocking(true).unwrap();
    let local = "[extensions]\nallowHttp = true\nallowedNetworks = [\"127.0.0.1/32\"]\n";
    fs::write(folder.path().join("tenure.toml"), local).unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01T00:00:00Z"]);
    let extension = server.create(
        &format!("{BASE}/customTaskExtensions"),
        &json!({
            "displayName": "Badge",
            "endpointConfiguration": {
                "@odata.type": "#microsoft.graph.httpRequestEndpoint",
                "targetUrl": format!("http://{}/", endpoint.local_addr().unwrap()),
            },
            "authenticationConfiguration": { "@odata.type": "#tenure.noAuthentication" },
            "callbackConfiguration": {
                "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
                "timeoutDuration": "PT10M",
            },
        }),
    );
    let mut calling = joiner();
    calling["tasks"] = json!([{
        "displayName": "Badge", "taskDefinitionId": EXTENSION,
        "arguments": [{ "name": "customTaskExtensionID", "value": extension }],
    }]);
    server.create(&format!("{BASE}/workflows"), &calling);
    let ann = json!({
        "displayName": "ann", "userPrincipalName": "ann@example.com", "userType": "Member",
        "accountEnabled": false, "employeeHireDate": "2026-03-02T23:55:00Z",
    });
    server.create("/v1.0/users", &ann);
    let play = |callbacks: &str, to: &str| -> Json {
        let data = server.data.to_str().unwrap();
        let arguments = [
            "simulate",
            "--data",
            data,
            "--from",
            "2026-03-01",
            "--to",
            to,
            "--callbacks",
            callbacks,
            "--json",
        ];
        Done::of(&mut tenure_in(folder.path(), &arguments)).json()
    };
    let completed = play("complete", "2026-03-05");
    assert_eq!(told(&completed), ["2026-03-02 Join ann completed"]);
    assert_eq!((&completed["totals"]["calls"], &completed["totals"]["waiting"]), (&json!(1), &json!(0)));
    let failed = play("fail", "2026-03-05");
    assert_eq!(told(&failed), ["2026-03-02 Join ann failed"]);
    let late = play("timeout", "2026-03-05");
    assert_eq!(told(&late), ["2026-03-03 Join ann failed"], "ten minutes later is tomorrow");
    let reason = late["days"][0]["results"][0]["failures"][0].as_str().unwrap();
    assert!(reason.starts_with("Badge: "), "{reason}");
    assert_eq!(play("timeout", "2026-03-02")["totals"]["waiting"], 1);
    assert!(endpoint.accept().is_err(), "nobody was called");
}
