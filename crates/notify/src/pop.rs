//! Proof of possession: a signed request that binds an access token to our key and to the call it is for, as Graph's calls of
//! Logic Apps carry it (behaviour §12).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tenure_lifecycle::extension::Endpoint;

use crate::config::Secret;

/// Host that such a call is signed for, whatever the address of the Logic App.
const HOST: &str = "management.azure.com";

/// A key that is made when the process starts and never leaves it.
pub(crate) struct PopKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    /// The public half.
    jwk: Value,
    /// Its thumbprint (RFC 7638).
    id: String,
}

impl PopKey {
    /// A fresh key; `None` if the system gives no random bytes.
    pub(crate) fn fresh() -> Option<Self> {
        let random = SystemRandom::new();
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let bytes = EcdsaKeyPair::generate_pkcs8(way, &random).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(way, bytes.as_ref(), &random).ok()?;
        // Uncompressed: a byte that says so, then both coordinates.
        let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
        let (x, y) = (text(x), text(y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let id = text(digest(&SHA256, canonical.as_bytes()).as_ref());
        let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        Some(Self { pair, random, jwk, id })
    }

    /// What a token is asked for with, so that it is bound to this key.
    pub(crate) fn confirmation(&self) -> String {
        text(json!({ "kid": self.id }).to_string().as_bytes())
    }

    /// The signed request for a call of a Logic App at that time; `None` if nothing can be signed.
    pub(crate) fn sign(&self, token: &Secret, endpoint: &Endpoint, now: i64, nonce: &str) -> Option<Secret> {
        let header = json!({ "typ": "pop", "alg": "ES256", "kid": self.id });
        let request = json!({
            "at": token.reveal(),
            "ts": now,
            "m": "POST",
            "u": HOST,
            "p": path(endpoint),
            "nonce": nonce,
            "cnf": { "jwk": self.jwk },
        });
        let signed =
            format!("{}.{}", text(header.to_string().as_bytes()), text(request.to_string().as_bytes()));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).ok()?;
        Some(Secret::new(format!("{signed}.{}", text(signature.as_ref()))))
    }
}

/// The resource that a Logic App is in Azure.
fn path(endpoint: &Endpoint) -> String {
    match endpoint {
        Endpoint::LogicApp { subscription_id, resource_group_name, logic_app_workflow_name, .. } => format!(
            "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/Microsoft.Logic/\
             workflows/{logic_app_workflow_name}"
        ),
        Endpoint::Http { .. } => "/".to_owned(),
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_signed_request_names_the_call_and_carries_the_key_that_signed_it() {
        let key = PopKey::fresh().unwrap();
        let endpoint = Endpoint::LogicApp {
            subscription_id: "s".to_owned(),
            resource_group_name: "g".to_owned(),
            logic_app_workflow_name: "w".to_owned(),
            url: None,
        };
        let signed = key.sign(&Secret::new("token"), &endpoint, 1_772_442_000, "n").unwrap();
        let (message, signature) = signed.reveal().rsplit_once('.').unwrap();
        let (header, request) = message.split_once('.').unwrap();
        let read =
            |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        let (header, request) = (read(header), read(request));
        assert_eq!((&header["alg"], &header["typ"]), (&json!("ES256"), &json!("pop")));
        assert_eq!(request["at"], "token");
        assert_eq!((&request["m"], &request["u"]), (&json!("POST"), &json!("management.azure.com")));
        assert_eq!(request["p"], "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/w");
        let coordinate =
            |name: &str| URL_SAFE_NO_PAD.decode(request["cnf"]["jwk"][name].as_str().unwrap()).unwrap();
        let public = [&[4], coordinate("x").as_slice(), coordinate("y").as_slice()].concat();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verified =
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public).verify(message.as_bytes(), &signature);
        assert!(verified.is_ok());
        let asked: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(key.confirmation()).unwrap()).unwrap();
        assert_eq!(asked["kid"], header["kid"]);
    }
}
