//! Tokens of an issuer that is made up, whose clock is moved by hand.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jiff::SignedDuration;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tenure_lifecycle::clock::{Clock as _, ManualClock};

use super::*;

const ISSUER: &str = "https://id.example.com";
const DISCOVERY: &str = "https://id.example.com/.well-known/openid-configuration";

struct Signer {
    id: &'static str,
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Signer {
    fn new(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let private = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private.as_ref(), &random).unwrap();
        Self { id, pair, random }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig",
            "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..]),
        })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64.encode(signature))
    }

    fn token(&self, claims: &Value) -> String {
        self.sign(&json!({ "alg": "ES256", "typ": "JWT", "kid": self.id }), claims)
    }
}

/// What the issuer publishes; `None` is an issuer that does not answer.
#[derive(Default)]
struct World {
    keys: Mutex<Option<Vec<Value>>>,
    read: AtomicUsize,
}

struct Door {
    oidc: Oidc,
    clock: Arc<ManualClock>,
    world: Arc<World>,
    signer: Signer,
    /// Tells of each reading of keys.
    readings: mpsc::Receiver<()>,
}

impl Door {
    fn new() -> Self {
        Self::with(|_| ())
    }

    fn with(change: impl Fn(&mut Settings)) -> Self {
        let mut settings = Settings {
            issuer: ISSUER.to_owned(),
            audiences: vec!["api://tenure".to_owned()],
            key_set_url: None,
            clock_skew_seconds: 60,
            algorithms: vec![],
            directory_roles: false,
        };
        change(&mut settings);
        let signer = Signer::new("first");
        let world = Arc::new(World::default());
        *world.keys.lock().unwrap() = Some(vec![signer.public()]);
        let (told, readings) = mpsc::channel();
        let (seen, told) = (world.clone(), Mutex::new(told));
        let fetch = move |url: &str| {
            let keys = seen.keys.lock().unwrap().clone().ok_or("connection refused")?;
            if url == DISCOVERY {
                return Ok(json!({ "issuer": ISSUER, "jwks_uri": "https://keys.example.com/k" })
                    .to_string()
                    .into_bytes());
            }
            assert_eq!(url, "https://keys.example.com/k");
            seen.read.fetch_add(1, Ordering::SeqCst);
            let _ = told.lock().unwrap().send(());
            Ok(json!({ "keys": keys }).to_string().into_bytes())
        };
        let clock = Arc::new(ManualClock::at("2026-03-01T08:00:00Z".parse().unwrap()));
        let issuer = Issuer::new(settings).unwrap();
        let oidc = Oidc::new(vec![issuer], clock.clone(), Arc::new(fetch));
        Self { oidc, clock, world, signer, readings }
    }

    /// Claims that are good for an hour from now.
    fn claims(&self) -> Value {
        let now = self.clock.now().as_second();
        json!({ "iss": ISSUER, "aud": "api://tenure", "sub": "ada", "iat": now, "exp": now + 3_600, "scope": "A" })
    }

    fn with_claim(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    fn refusal(&self, token: &str) -> Option<Refusal> {
        self.oidc.verified(token).err()
    }

    fn publish(&self, keys: Option<Vec<Value>>) {
        *self.world.keys.lock().unwrap() = keys;
    }

    fn wait(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    fn read(&self) -> usize {
        self.world.read.load(Ordering::SeqCst)
    }
}

#[test]
fn a_good_token_opens_the_door() {
    let door = Door::new();
    for claims in [
        door.claims(),
        door.with_claim("aud", json!(["something else", "api://tenure"])),
        door.with_claim("nbf", json!(door.clock.now().as_second() + 59)),
        door.with_claim("exp", json!(door.clock.now().as_second() - 59)),
        door.with_claim("exp", json!(1e12)),
    ] {
        assert_eq!(door.refusal(&door.signer.token(&claims)), None, "{claims}");
    }
    let header = json!({ "alg": "ES256", "typ": "at+JWT" });
    assert_eq!(door.refusal(&door.signer.sign(&header, &door.claims())), None, "the only key needs no name");
    assert_eq!(door.read(), 1);
}

#[test]
fn each_thing_that_is_wrong_is_refused_for_what_it_is() {
    let door = Door::new();
    let now = door.clock.now().as_second();
    for (name, value, expected) in [
        ("iss", json!("https://id.example.com/"), Refusal::Issuer),
        ("iss", json!([ISSUER]), Refusal::Issuer),
        ("aud", json!("api://other"), Refusal::Audience),
        ("aud", json!("api://tenure api://other"), Refusal::Audience),
        ("aud", json!(null), Refusal::Audience),
        ("aud", json!([]), Refusal::Audience),
        ("exp", json!(now - 60), Refusal::Expired),
        ("exp", json!(null), Refusal::Expired),
        ("exp", json!("tomorrow"), Refusal::Malformed),
        ("exp", json!(1e300), Refusal::Malformed),
        ("nbf", json!(now + 61), Refusal::NotYetValid),
        ("nbf", json!("now"), Refusal::Malformed),
        ("cnf", json!({ "jkt": "x" }), Refusal::Bound),
    ] {
        let token = door.signer.token(&door.with_claim(name, value.clone()));
        assert_eq!(door.refusal(&token), Some(expected), "{name}: {value}");
    }
    let claims = door.claims();
    for (header, expected) in [
        (json!({ "alg": "none" }), Refusal::Malformed),
        (json!({ "alg": "None" }), Refusal::Malformed),
        (json!({ "alg": "HS256", "kid": "first" }), Refusal::Algorithm),
        (json!({ "alg": "ES384", "kid": "first" }), Refusal::Algorithm),
        (json!({ "alg": "RS256", "kid": "first" }), Refusal::Key),
        (json!({ "alg": "ES256", "kid": "first", "typ": "logout+jwt" }), Refusal::Kind),
        (json!({ "alg": "ES256", "kid": "first", "crit": ["b64"], "b64": false }), Refusal::Malformed),
        (json!({ "alg": "ES256", "kid": "first", "enc": "A128GCM" }), Refusal::Malformed),
        (json!([]), Refusal::Malformed),
    ] {
        assert_eq!(door.refusal(&door.signer.sign(&header, &claims)), Some(expected), "{header}");
    }
}

#[test]
fn a_key_that_comes_with_the_token_is_not_believed() {
    let door = Door::new();
    let stranger = Signer::new("first");
    assert_eq!(door.refusal(&stranger.token(&door.claims())), Some(Refusal::Signature));
    let header =
        json!({ "alg": "ES256", "kid": "mine", "jwk": stranger.public(), "jku": "https://evil.example" });
    assert_eq!(door.refusal(&stranger.sign(&header, &door.claims())), Some(Refusal::Key));
}

#[test]
fn a_token_that_was_changed_is_refused() {
    let door = Door::new();
    let token = door.signer.token(&door.claims());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let more = BASE64.encode(door.with_claim("scope", json!("A B")).to_string());
    for changed in [
        format!("{header}.{more}.{signature}"),
        format!("{signed}."),
        format!("{signed}.{}", &signature[..signature.len() - 4]),
        format!("{signed}.{}", BASE64.encode([0; 64])),
    ] {
        assert_eq!(door.refusal(&changed), Some(Refusal::Signature), "{changed}");
    }
    for malformed in ["..", "a.b.c", "...", &format!("{token}.x"), &"a".repeat(LONGEST_TOKEN + 1)] {
        assert_eq!(door.refusal(malformed), Some(Refusal::Malformed), "{malformed}");
    }
}

#[test]
fn an_algorithm_that_was_not_allowed_is_refused() {
    let door = Door::with(|settings| settings.algorithms = vec!["RS256".to_owned()]);
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), Some(Refusal::Algorithm));
    assert_eq!(door.read(), 0, "nobody is asked for keys that would not be used");
}

#[test]
fn a_new_key_is_found_and_an_old_one_is_gone() {
    let door = Door::new();
    let old = door.signer.token(&door.claims());
    assert_eq!(door.refusal(&old), None);
    let next = Signer::new("second");
    door.publish(Some(vec![next.public()]));
    door.wait(SignedDuration::from_secs(30));
    assert_eq!(door.refusal(&old), None, "keys that are known are not asked for");
    assert_eq!(door.refusal(&next.token(&door.claims())), None);
    assert_eq!(door.refusal(&old), Some(Refusal::Key), "what is not published any more is not good any more");
    assert_eq!(door.read(), 2);
}

#[test]
fn whoever_invents_key_ids_cannot_make_us_ask_more_often() {
    let door = Door::new();
    let stranger = Signer::new("invented");
    for _ in 0..100 {
        assert_eq!(door.refusal(&stranger.token(&door.claims())), Some(Refusal::Key));
    }
    assert_eq!(door.read(), 1);
    door.wait(SignedDuration::from_secs(30));
    for _ in 0..100 {
        assert_eq!(door.refusal(&stranger.token(&door.claims())), Some(Refusal::Key));
    }
    assert_eq!(door.read(), 2);
}

#[test]
fn an_issuer_that_is_down_is_borne_for_a_day() {
    let door = Door::new();
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), None);
    door.publish(None);
    door.wait(SignedDuration::from_hours(23));
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), None);
    door.wait(SignedDuration::from_hours(1));
    let token = door.signer.token(&door.claims());
    assert_eq!(door.refusal(&token), Some(Refusal::NoKeys));
    assert_eq!(door.refusal(&Signer::new("other").token(&door.claims())), Some(Refusal::NoKeys));
    door.publish(Some(vec![door.signer.public()]));
    door.wait(SignedDuration::from_secs(5));
    assert_eq!(door.refusal(&token), None, "it is asked again soon");
}

#[test]
fn old_keys_are_read_again_beside_the_request() {
    let door = Door::new();
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), None);
    door.readings.recv_timeout(Duration::from_secs(30)).unwrap();
    door.wait(SignedDuration::from_mins(59));
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), None);
    assert_eq!(door.read(), 1);
    door.wait(SignedDuration::from_mins(1));
    assert_eq!(door.refusal(&door.signer.token(&door.claims())), None);
    door.readings.recv_timeout(Duration::from_secs(30)).unwrap();
}

#[test]
fn a_caller_is_named_by_what_stays() {
    let door = Door::new();
    let caller = |changes: Value| {
        let mut claims = door.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let token = door.signer.token(&claims);
        let (issuer, claims) = door.oidc.verified(&token).ok().unwrap();
        claims.caller(issuer, door.clock.now())
    };
    const ID: &str = "7f0d1c8e-3b0a-4a6d-9d5e-0f6a2b1c3d4e";
    let person =
        caller(json!({ "oid": ID, "sub": "pairwise", "preferred_username": "ada@example.com" })).unwrap();
    assert_eq!((person.id.to_string().as_str(), person.subject.as_str()), (ID, ID));
    assert_eq!((person.name.as_str(), person.is_application), ("ada@example.com", false));
    assert_eq!(caller(json!({ "sub": ID })).unwrap().id.to_string(), ID);

    let ada = caller(json!({ "sub": "ada", "name": "Ada\nLovelace" })).unwrap();
    assert_eq!(ada.id, caller(json!({ "sub": "ada" })).unwrap().id);
    assert_ne!(ada.id, caller(json!({ "sub": "bo" })).unwrap().id);
    assert_eq!(ada.name, "AdaLovelace");

    let app = caller(json!({ "sub": "app", "client_id": "app" })).unwrap();
    assert_eq!((app.name.as_str(), app.is_application), ("app", true));
    let app = caller(json!({ "idtyp": "app", "oid": ID, "appid": "a", "app_displayname": "Sync" })).unwrap();
    assert_eq!((app.name.as_str(), app.is_application), ("Sync", true));

    assert!(caller(json!({ "sub": "x".repeat(256) })).is_none());
    assert!(caller(json!({ "sub": null })).is_none());
}
