//! Tokens of an issuer beside local ones.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value as Json, json};
use tenure_http::oidc::{Issuer, Oidc, Settings};
use tenure_lifecycle::clock::Clock as _;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::limits::Limits;

use crate::api::Api;

const ISSUER: &str = "https://id.example.com";
const OTHER_ISSUER: &str = "https://other.example.com";
const ADA: &str = "7f0d1c8e-3b0a-4a6d-9d5e-0f6a2b1c3d4e";

struct Door {
    api: Api,
    key: EcdsaKeyPair,
}

impl Door {
    fn new() -> Self {
        let private = EcdsaKeyPair::generate_pkcs8(&ES256, &SystemRandom::new()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ES256, private.as_ref(), &SystemRandom::new()).unwrap();
        let point = key.public_key().as_ref();
        let public = json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "kid": "k", "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]),
        }] });
        let discovery = |issuer: &str| {
            json!({
                "issuer": issuer, "jwks_uri": format!("{issuer}/keys"),
                "authorization_endpoint": format!("{issuer}/authorize"),
            })
        };
        let api = Api::with(Limits::default(), move |system| {
            let issuer = |name: &str| {
                let issuer = Issuer::new(Settings {
                    issuer: name.to_owned(),
                    audiences: vec!["api://tenure".to_owned()],
                    key_set_url: None,
                    clock_skew_seconds: 60,
                    algorithms: vec![],
                    directory_roles: false,
                });
                issuer.unwrap()
            };
            let public = public.clone();
            let fetch = move |url: &str| {
                let known = if url.starts_with(ISSUER) { ISSUER } else { OTHER_ISSUER };
                let document = if url.ends_with("/keys") { public.clone() } else { discovery(known) };
                Ok(document.to_string().into_bytes())
            };
            Some(Oidc::new(vec![issuer(ISSUER), issuer(OTHER_ISSUER)], system.clock.clone(), Arc::new(fetch)))
        });
        Self { api, key }
    }

    /// A token with these claims beside those that every token has.
    fn token(&self, claims: &Json) -> String {
        let now = self.api.system.clock.now().as_second();
        let mut all = json!({ "iss": ISSUER, "aud": "api://tenure", "sub": ADA, "exp": now + 3_600 });
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": "k" });
        let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(all.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64.encode(signature))
    }
}

#[test]
fn scopes_and_roles_open_what_they_open_for_local_tokens() {
    let door = Door::new();
    let read = "LifecycleWorkflows.Read.All";
    for claims in [
        json!({ "scp": read }),
        json!({ "scope": format!("openid {read}") }),
        json!({ "azp": "app", "roles": [read] }),
    ] {
        let token = door.token(&claims);
        door.api.ask("GET", "@/workflows").token(&token).send().is(200);
        let refused = door.api.ask("POST", "@/workflows").token(&token).json(&json!({})).send();
        let challenge = refused.header("www-authenticate").to_owned();
        assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
        refused.refused(403, "LifecycleWorkflows.ReadWrite.All");
    }
    door.api.ask("GET", "tenure.status").token(&door.token(&json!({}))).send().is(200);
    for claims in [
        json!({}),
        json!({ "roles": [read] }),
        json!({ "scp": "", "roles": [read] }),
        json!({ "scope": "*", "roles": ["*"] }),
    ] {
        door.api.ask("GET", "@/workflows").token(&door.token(&claims)).send().refused(403, read);
        door.api.ask("GET", "tenure.tokens").token(&door.token(&claims)).send().refused(403, "administrator");
    }
    door.api.get("@/workflows").is(200);
}

#[test]
fn what_is_wrong_with_a_token_is_said_with_the_way_in() {
    let door = Door::new();
    let answer = door.api.ask("GET", "users").token(&door.token(&json!({ "aud": "api://other" }))).send();
    let said = "Access token validation failure. Invalid audience.";
    assert_eq!(
        answer.header("www-authenticate"),
        format!(
            "Bearer authorization_uri=\"https://id.example.com/authorize\", error=\"invalid_token\", \
             error_description=\"{said}\""
        )
    );
    answer.refused(401, said);
    let answer = door.api.ask("GET", "users").without_token().send();
    assert_eq!(
        answer.header("www-authenticate"),
        "Bearer authorization_uri=\"https://id.example.com/authorize\""
    );
    answer.refused(401, "bearer token");
    door.api.ask("GET", "users").token(&door.token(&json!({ "exp": 1 }))).send().refused(401, "expired");
    door.api.ask("GET", "users").token("not.a.token").send().refused(401, "CompactToken");
    door.api.ask("GET", "users").token("unknown").send().refused(401, "not known");
}

#[test]
fn whoever_did_something_is_the_subject_and_the_store_knows_who_that_is() {
    let door = Door::new();
    let claims =
        json!({ "scp": "LifecycleWorkflows.ReadWrite.All", "preferred_username": "ada@example.com" });
    let workflow = json!({
        "category": "joiner",
        "displayName": "First day",
        "isEnabled": true,
        "isSchedulingEnabled": false,
        "executionConditions": { "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" },
        "tasks": [{
            "displayName": "Enable",
            "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc",
            "isEnabled": true,
            "arguments": [],
        }],
    });
    let ask = door.api.ask("POST", "@/workflows").token(&door.token(&claims)).json(&workflow);
    let made = ask.send().is(201);
    let id = made["id"].as_str().unwrap();
    let found = door.api.get(&format!("@/workflows?$filter=createdBy/id eq '{ADA}'")).is(200);
    assert_eq!(found["value"][0]["id"], id, "{found}");

    let ada = CallerId(ADA.parse().unwrap());
    let known = || door.api.system.store.vouched_caller(ada).unwrap().unwrap();
    assert_eq!(known().name, "ada@example.com");
    assert_eq!((known().issuer.as_str(), known().subject.as_str()), (ISSUER, ADA));
}

#[test]
fn nobody_passes_for_the_holder_of_a_local_token() {
    let door = Door::new();
    let local = door.api.get("tenure.tokens").is(200)["value"][0]["id"].as_str().unwrap().to_owned();
    let token = door.token(&json!({ "sub": local, "scp": "LifecycleWorkflows.ReadWrite.All" }));
    door.api.ask("GET", "@/workflows").token(&token).send().refused(401, "another caller");
}

#[test]
fn one_issuer_does_not_speak_for_the_callers_of_another() {
    let door = Door::new();
    let read = "LifecycleWorkflows.Read.All";
    let first = door.token(&json!({ "scp": read }));
    door.api.ask("GET", "@/workflows").token(&first).send().is(200);
    let second = door.token(&json!({ "iss": OTHER_ISSUER, "scp": read }));
    door.api.ask("GET", "@/workflows").token(&second).send().refused(401, "another caller");
    door.api.ask("GET", "@/workflows").token(&first).send().is(200);
    let stranger = json!({ "iss": OTHER_ISSUER, "sub": "7f0d1c8e-3b0a-4a6d-9d5e-0f6a2b1c3d4f", "scp": read });
    door.api.ask("GET", "@/workflows").token(&door.token(&stranger)).send().is(200);
}

#[test]
fn me_is_the_person_that_the_token_speaks_for() {
    let door = Door::new();
    let ann = door.api.person("ann", "IT", None, true);
    let me = |claims: Json| door.api.ask("GET", "me").token(&door.token(&claims)).send();
    assert_eq!(me(json!({ "scp": "User.Read", "upn": "ANN@example.com" })).is(200)["id"], json!(ann));
    assert_eq!(me(json!({ "scp": "User.Read", "oid": ann })).is(200)["id"], json!(ann));
    // What people may choose themselves names nobody.
    for claim in ["preferred_username", "email", "name"] {
        me(json!({ "scp": "User.Read", claim: "ann@example.com" })).refused(404, "speaks for");
    }
    me(json!({ "azp": "app", "roles": ["User.Read.All"], "idtyp": "app" })).refused(400, "delegated");
}
