//! What an extension may be is decided when it is written, and what is secret about it is never shown.

use serde_json::{Value as Json, json};

use crate::world::{EXTENSIONS, LOCAL, World, plain};

/// A change of a good extension: where, and to what.
fn with(pointer: &str, value: Json) -> Json {
    let mut extension = plain("http://127.0.0.1:9/");
    let (object, name) = pointer.rsplit_once('/').unwrap();
    extension.pointer_mut(object).unwrap()[name] = value;
    extension
}

impl World {
    /// Neither a new extension nor a change of that one may be so; the refusal names this and repeats no secret.
    fn refuses(&self, extension: &str, body: &Json, named: &str) {
        let path = format!("{EXTENSIONS}/{extension}");
        for (status, answer) in [self.server.post(EXTENSIONS, body), self.server.patch(&path, body)] {
            assert_eq!(status, 400, "{body}: {answer}");
            let message = answer["error"]["message"].as_str().unwrap();
            assert!(message.contains(named), "{body}: '{named}' is not in: {message}");
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}

const URL: &str = "/endpointConfiguration/targetUrl";
const AUTHENTICATION: &str = "/authenticationConfiguration";

#[test]
fn an_address_where_calls_may_not_go_is_refused() {
    let world = World::new();
    let extension = world.extension(&plain("http://127.0.0.1:9/"));
    for (url, named) in [
        ("http://127.0.0.2/", "calls may not go to 127.0.0.2, an address of this machine itself"),
        ("http://[::1]/", "calls may not go to ::1"),
        ("http://10.1.2.3/?key=s3cret", "calls may not go to 10.1.2.3"),
        ("https://169.254.169.254/", "calls may not go to 169.254.169.254, a link-local address"),
        ("https://0x7f000002/", "calls may not go to 127.0.0.2"),
        ("https://[::ffff:10.0.0.1]/", "calls may not go to 10.0.0.1"),
        ("ftp://example.com/", "https://"),
        ("https://tenure:s3cret@example.com/", "user"),
        ("https://example.com/#s3cret", "fragment"),
        ("s3cret", "targetUrl"),
        ("", "targetUrl"),
    ] {
        world.refuses(&extension, &with(URL, json!(url)), named);
    }
    let logic_app = json!({
        "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
        "subscriptionId": "11112222-3333-4444-5555-666677778888",
        "resourceGroupName": "rg",
        "logicAppWorkflowName": "badge",
        "url": "https://192.168.0.1/invoke?sig=s3cret",
    });
    world.refuses(&extension, &with("/endpointConfiguration", logic_app), "endpointConfiguration/url");
}

#[test]
fn calls_are_encrypted_and_public_unless_the_configuration_says_otherwise() {
    let world = World::with("", &[]);
    let extension = world.extension(&plain("https://badges.example.com/"));
    for (url, named) in [
        ("http://badges.example.com/", "https://"),
        ("https://127.0.0.1/", "calls may not go to 127.0.0.1"),
        ("https://192.168.1.1/", "calls may not go to 192.168.1.1"),
    ] {
        world.refuses(&extension, &with(URL, json!(url)), named);
    }
}

#[test]
fn a_proof_that_cannot_be_made_is_refused() {
    let world = World::new();
    let extension = world.extension(&plain("http://127.0.0.1:9/"));
    for (authentication, named) in [
        (json!({ "@odata.type": "#tenure.webhookSignature" }), "authenticationConfiguration/secret"),
        (
            json!({ "@odata.type": "#tenure.webhookSignature", "secret": "s3cret" }),
            "a signing secret begins with whsec_",
        ),
        (
            json!({ "@odata.type": "#tenure.webhookSignature", "secret": "whsec_s3cretAA" }),
            "authenticationConfiguration/secret",
        ),
        (json!({ "@odata.type": "#tenure.bearerToken" }), "authenticationConfiguration/token"),
        (json!({ "@odata.type": "#tenure.bearerToken", "token": "" }), "authenticationConfiguration/token"),
        (
            json!({ "@odata.type": "#tenure.bearerToken", "token": "s3cret\r\nX: y" }),
            "authenticationConfiguration/token",
        ),
        (
            json!({ "@odata.type": "#tenure.basicAuthentication", "password": "s3cret" }),
            "authenticationConfiguration/username",
        ),
        (
            json!({ "@odata.type": "#tenure.basicAuthentication", "username": "a:b", "password": "s3cret" }),
            "authenticationConfiguration/username",
        ),
        (
            json!({ "@odata.type": "#tenure.basicAuthentication", "username": "a" }),
            "authenticationConfiguration/password",
        ),
        (json!({ "@odata.type": "#tenure.passwordInTheClear" }), "authenticationConfiguration/@odata.type"),
        (json!({}), "authenticationConfiguration/@odata.type"),
        (
            json!({ "@odata.type": "#tenure.noAuthentication", "token": "s3cret" }),
            "authenticationConfiguration/token",
        ),
    ] {
        world.refuses(&extension, &with(AUTHENTICATION, authentication), named);
    }
    let carrier = json!({ "@odata.type": "#microsoft.graph.carrierPigeon" });
    world.refuses(&extension, &with("/endpointConfiguration", carrier), "endpointConfiguration/@odata.type");
    world.refuses(&extension, &with("/replyMode", json!("pigeon")), "replyMode");
}

#[test]
fn how_patient_a_call_may_be_depends_on_the_profile() {
    for (profile, longest, most) in [("generous", 30_000, 20), ("strict", 2_000, 1)] {
        let world = World::with(&format!("profile = \"{profile}\"\n{LOCAL}"), &[]);
        let client = |timeout: i64, retries: i64| json!({ "timeoutInMilliseconds": timeout, "maximumRetries": retries });
        let whole = |client: Json| with("/clientConfiguration", client);
        let extension = world.extension(&whole(client(longest, most)));
        assert_eq!(
            world.get(&format!("{EXTENSIONS}/{extension}"))["clientConfiguration"],
            client(longest, most)
        );
        world.extension(&whole(client(200, 0)));
        for (timeout, retries, named) in [
            (199, 0, "timeoutInMilliseconds"),
            (longest + 1, 0, "timeoutInMilliseconds"),
            (200, most + 1, "maximumRetries"),
            (200, -1, "maximumRetries"),
        ] {
            let named = format!("clientConfiguration/{named}");
            world.refuses(&extension, &whole(client(timeout, retries)), &named);
        }
    }
}

#[test]
fn what_is_secret_is_not_shown() {
    let world = World::new();
    let signed = format!("whsec_{}", "s3cretS3CRET".repeat(4));
    let logic_app = json!({
        "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
        "subscriptionId": "11112222-3333-4444-5555-666677778888",
        "resourceGroupName": "rg",
        "logicAppWorkflowName": "badge",
        "url": "https://logic.example.com/invoke?sig=s3cret",
    });
    let cases = [
        (AUTHENTICATION, json!({ "@odata.type": "#tenure.bearerToken", "token": "s3cret" })),
        (
            AUTHENTICATION,
            json!({ "@odata.type": "#tenure.basicAuthentication", "username": "u", "password": "s3cret" }),
        ),
        (AUTHENTICATION, json!({ "@odata.type": "#tenure.webhookSignature", "secret": signed })),
        ("/endpointConfiguration", logic_app),
    ];
    for (pointer, secret) in cases {
        let body = with(pointer, secret.clone());
        let (status, created) = world.server.post(EXTENSIONS, &body);
        assert_eq!(status, 201, "{created}");
        let path = format!("{EXTENSIONS}/{}", created["id"].as_str().unwrap());
        let read = world.get(&path);
        // What is shown can be written back, as declarative tools do; the secret stays.
        let (status, changed) = world.server.patch(&path, &read);
        assert_eq!(status, 204, "{changed}");
        for shown in [created, read, changed, world.get(&path), world.get(EXTENSIONS)] {
            assert!(!shown.to_string().contains("s3cret"), "{shown}");
        }
        let name = pointer.trim_start_matches('/');
        assert_eq!(world.get(&path)[name]["@odata.type"], secret["@odata.type"]);
    }
    let audit = world.get("/v1.0/auditLogs/directoryAudits").to_string();
    assert!(audit.contains("Badge system") && !audit.contains("s3cret"), "{audit}");
}
