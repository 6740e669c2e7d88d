//! How a call proves who it is from.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::hmac;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value as Json, json};

use crate::endpoint::{Endpoint, Heard, answer};
use crate::world::{EXTENSIONS, LOCAL, World, plain};

/// What a task says that would need a token and nobody issues any.
const NOBODY: &str = "the custom task extension 'Badge system' cannot be called: nobody is configured who issues tokens for calls \
                      ([extensions.tokens])";
const RESOURCE: &str = "b0000000-0000-4000-8000-000000000001";

fn proving(endpoint: &Endpoint, authentication: Json) -> Json {
    let mut extension = plain(&endpoint.url("/"));
    extension["authenticationConfiguration"] = authentication;
    extension
}

/// Checks a call as the Standard Webhooks specification tells its receivers to.
#[expect(clippy::disallowed_methods, reason = "a receiver goes by its own clock")]
fn is_signed(call: &Heard, secret: &str) -> bool {
    let sent: u64 = call.header("webhook-timestamp").parse().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(sent) < 300, "{sent}");
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = format!("{}.{sent}.{}", call.header("webhook-id"), call.body);
    call.header("webhook-signature").split(' ').any(|one| {
        let signature = one.strip_prefix("v1,").unwrap();
        hmac::verify(&key, signed.as_bytes(), &STANDARD.decode(signature).unwrap()).is_ok()
    })
}

#[test]
fn a_signed_call_is_what_the_specification_says() {
    let (secret, next) = (signing_secret(7), signing_secret(8));
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let signature = json!({ "@odata.type": "#tenure.webhookSignature", "secret": secret });
    let extension = world.extension(&proving(&endpoint, signature));
    let workflow = world.workflow(&extension);
    world.activate(&workflow, &[&world.person("ann")]);
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    let call = endpoint.first();
    assert!(is_signed(&call, &secret) && !is_signed(&call, &next), "{call:?}");
    let mut changed = call.clone();
    changed.body.push(' ');
    assert!(!is_signed(&changed, &secret));

    // The key is changed; what is in the store is sealed with the installation's own, before and after a restart.
    let signature = json!({ "@odata.type": "#tenure.webhookSignature", "secret": next });
    let change = json!({ "authenticationConfiguration": signature });
    assert_eq!(world.server.patch(&format!("{EXTENSIONS}/{extension}"), &change).0, 204);
    let world = world.killed_and_started();
    world.activate(&workflow, &[&world.person("ben")]);
    assert!(is_signed(&endpoint.wait_for(2)[1], &next));
    world.finished(&workflow);
}

/// `whsec_` and 32 bytes.
fn signing_secret(byte: u8) -> String {
    format!("whsec_{}", STANDARD.encode([byte; 32]))
}

#[test]
fn tokens_and_passwords_arrive() {
    let world = World::new();
    for (place, (authentication, wanted)) in [
        (json!({ "@odata.type": "#tenure.bearerToken", "token": "s3cret-token" }), "Bearer s3cret-token"),
        (
            json!({ "@odata.type": "#tenure.basicAuthentication", "username": "tenure", "password": "s3cret:Wörd" }),
            "Basic dGVudXJlOnMzY3JldDpXw7ZyZA==",
        ),
        (json!({ "@odata.type": "#tenure.noAuthentication" }), ""),
    ]
    .into_iter()
    .enumerate()
    {
        let endpoint = Endpoint::saying("200 OK");
        let workflow = world.workflow(&world.extension(&proving(&endpoint, authentication)));
        world.activate(&workflow, &[&world.person(&format!("p{place}"))]);
        assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
        assert_eq!(endpoint.first().header("authorization"), wanted);
    }
}

#[test]
fn the_key_in_the_address_of_a_logic_app_is_sent() {
    let world = World::new();
    let endpoint = Endpoint::saying("202 Accepted");
    let extension = json!({
        "displayName": "Logic App",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "11112222-3333-4444-5555-666677778888",
            "resourceGroupName": "rg",
            "logicAppWorkflowName": "badge",
            "url": endpoint.url("/workflows/1/triggers/manual/paths/invoke?api-version=1&sig=s3cret%2Fkey"),
        },
        "authenticationConfiguration": { "@odata.type": "#tenure.noAuthentication" },
    });
    let workflow = world.run(&extension);
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    assert_eq!(
        endpoint.first().line,
        "POST /workflows/1/triggers/manual/paths/invoke?api-version=1&sig=s3cret%2Fkey HTTP/1.1"
    );
}

#[test]
fn graphs_own_token_is_asked_for_once_and_arrives() {
    let issuer = Endpoint::answering(|number, _| {
        let token =
            json!({ "access_token": format!("token-{number}"), "token_type": "Bearer", "expires_in": 3600 });
        answer("200 OK", &token.to_string())
    });
    let world = World::with(&tokens_from(&issuer), &[]);
    let endpoint = Endpoint::saying("202 Accepted");
    let token = json!({
        "@odata.type": "#microsoft.graph.azureAdTokenAuthentication", "resourceId": RESOURCE,
    });
    let workflow = world.workflow(&world.extension(&proving(&endpoint, token)));
    for name in ["ann", "ben", "cat"] {
        world.activate(&workflow, &[&world.person(name)]);
        world.finished(&workflow);
    }
    let arrived: BTreeSet<String> =
        endpoint.wait_for(3).iter().map(|call| call.header("authorization").to_owned()).collect();
    assert_eq!(arrived, BTreeSet::from(["Bearer token-1".to_owned()]));
    let asked = issuer.calls();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded");
    let mut form: Vec<&str> = asked[0].body.split('&').collect();
    form.sort_unstable();
    assert_eq!(
        form,
        [
            "client_id=tenure",
            "client_secret=s3cret+of+ours",
            "grant_type=client_credentials",
            &format!("scope={RESOURCE}%2F.default"),
        ]
    );
}

/// Tokens of that issuer; makes the file with the password in a folder that stays.
fn tokens_from(issuer: &Endpoint) -> String {
    let file = tempfile::Builder::new().tempfile().unwrap();
    let (_, path) = file.keep().unwrap();
    std::fs::write(&path, "s3cret of ours\n").unwrap();
    format!(
        "{LOCAL}\n[extensions.tokens]\nendpoint = \"{}\"\nclientId = \"tenure\"\nclientSecretFile = \"{}\"\n",
        issuer.url("/token"),
        path.display()
    )
}

#[test]
fn without_a_token_there_is_no_call() {
    let token = |resource: &str| json!({ "@odata.type": "#microsoft.graph.azureAdTokenAuthentication", "resourceId": resource });
    let endpoint = Endpoint::saying("202 Accepted");
    let said = |configuration: &str, authentication: Json| {
        let world = World::with(configuration, &[]);
        let workflow = world.run(&proving(&endpoint, authentication));
        let failure = world.failure(&workflow);
        assert!(!world.server.log().contains("s3cret"));
        failure
    };
    let refused = |status: &'static str| {
        Endpoint::answering(move |_, _| answer(status, "{\"error\":\"bad secret: s3cret of ours\"}"))
    };
    assert_eq!(
        said(&tokens_from(&refused("401 Unauthorized")), token(RESOURCE)),
        "no token for the call: its issuer answers 401 Unauthorized"
    );
    assert_eq!(
        said(&tokens_from(&refused("503 Service Unavailable")), token(RESOURCE)),
        "given up after 1 attempt: no token for the call: its issuer answers 503 Service Unavailable"
    );
    assert_eq!(
        said(&tokens_from(&Endpoint::saying("200 OK")), token(RESOURCE)),
        "no token for the call: its issuer's answer has none"
    );
    assert_eq!(said(LOCAL, token(RESOURCE)), NOBODY);
    assert_eq!(
        said(LOCAL, json!({ "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" })),
        NOBODY
    );
    assert!(endpoint.calls().is_empty());
}

#[test]
fn a_call_that_cannot_be_made_is_foretold() {
    let world = World::with(LOCAL, &[]);
    let mut extension = plain("https://badges.example.com/");
    extension["authenticationConfiguration"] =
        json!({ "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" });
    let workflow = world.workflow(&world.extension(&extension));
    let path =
        format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}/previewTaskFailures");
    let (status, failing) = world.server.post(&path, &json!({}));
    assert_eq!((status, &failing["value"][0]["failureReason"]), (200, &json!(NOBODY)));
    // A Logic App whose address nobody has told.
    extension["endpointConfiguration"] = json!({
        "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
        "subscriptionId": "11112222-3333-4444-5555-666677778888", "resourceGroupName": "rg",
        "logicAppWorkflowName": "badge",
    });
    let workflow = world.run(&extension);
    let unknown =
        "cannot be called: the address of the Logic App is not known: set endpointConfiguration/url";
    assert!(world.failure(&workflow).ends_with(unknown), "{}", world.failure(&workflow));
}

#[test]
fn graphs_newer_token_is_signed_for_the_call() {
    let issuer = Endpoint::answering(|_, _| {
        let token = json!({ "access_token": "bound-token", "token_type": "pop", "expires_in": 3600 });
        answer("200 OK", &token.to_string())
    });
    let world = World::with(&tokens_from(&issuer), &[]);
    let endpoint = Endpoint::saying("202 Accepted");
    let mut extension = json!({
        "displayName": "Logic App",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "11112222-3333-4444-5555-666677778888",
            "resourceGroupName": "rg",
            "logicAppWorkflowName": "badge",
        },
    });
    extension["endpointConfiguration"]["url"] = json!(endpoint.url("/invoke"));
    let workflow = world.workflow(&world.extension(&extension));
    for name in ["ann", "ben"] {
        world.activate(&workflow, &[&world.person(name)]);
        assert_eq!(world.finished(&workflow)["successfulUsersCount"], 1);
    }
    let asked = issuer.calls();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let confirmation = form_value(&asked[0].body, "req_cnf").unwrap();
    assert_eq!(form_value(&asked[0].body, "token_type").as_deref(), Some("pop"));
    for call in endpoint.wait_for(2) {
        let (header, request) = verified(call.header("authorization").strip_prefix("PoP ").unwrap());
        assert_eq!(request["at"], "bound-token");
        assert_eq!((&request["m"], &request["u"]), (&json!("POST"), &json!("management.azure.com")));
        assert_eq!(
            request["p"],
            "/subscriptions/11112222-3333-4444-5555-666677778888/resourceGroups/rg/providers/Microsoft.Logic/workflows/badge"
        );
        assert_eq!(part(&confirmation)["kid"], header["kid"], "the token is bound to the key that signs");
    }
}

fn form_value(form: &str, name: &str) -> Option<String> {
    form.split('&')
        .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value.to_owned())
}

/// A part of a token.
fn part(text: &str) -> Json {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// Header and content of a token that is signed with the key that it carries.
fn verified(token: &str) -> (Json, Json) {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let (header, request) = message.split_once('.').unwrap();
    let (header, request) = (part(header), part(request));
    let coordinate =
        |name: &str| URL_SAFE_NO_PAD.decode(request["cnf"]["jwk"][name].as_str().unwrap()).unwrap();
    let public = [&[4], coordinate("x").as_slice(), coordinate("y").as_slice()].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
        .verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap())
        .unwrap();
    (header, request)
}
