//! What issuers publish: the discovery document and the keys they sign with.

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde_json::Value;

use super::issuer::{Algorithm, is_safe};

/// Most keys of one issuer that are kept.
const MOST_KEYS: usize = 100;

/// A public key of an issuer.
#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    public: DecodingKey,
}

impl Key {
    /// Reads a key; `None` for one that signs nothing that is accepted here.
    fn read(value: &Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
        let (of_type, public): (&[Algorithm], _) = match &jwk.algorithm {
            AlgorithmParameters::RSA(parameters) => (
                &[Algorithm::Rs256, Algorithm::Ps256],
                DecodingKey::from_rsa_components(&parameters.n, &parameters.e).ok()?,
            ),
            AlgorithmParameters::EllipticCurve(parameters) if parameters.curve == EllipticCurve::P256 => {
                (&[Algorithm::Es256], DecodingKey::from_ec_components(&parameters.x, &parameters.y).ok()?)
            }
            _ => return None,
        };
        let for_signatures =
            jwk.common.public_key_use.is_none_or(|purpose| purpose == PublicKeyUse::Signature)
                && jwk.common.key_operations.is_none_or(|all| all.contains(&KeyOperations::Verify));
        let meant = |algorithm: &Algorithm| match jwk.common.key_algorithm {
            None => true,
            Some(KeyAlgorithm::RS256) => *algorithm == Algorithm::Rs256,
            Some(KeyAlgorithm::PS256) => *algorithm == Algorithm::Ps256,
            Some(KeyAlgorithm::ES256) => *algorithm == Algorithm::Es256,
            Some(_) => false,
        };
        let algorithms: Vec<Algorithm> = of_type.iter().copied().filter(meant).collect();
        (for_signatures && !algorithms.is_empty()).then_some(Self {
            id: jwk.common.key_id,
            algorithms,
            public,
        })
    }
}

/// Reads a JWK set. Keys of kinds that are not known are passed over: issuers publish them beside others.
pub(super) fn read_key_set(document: &[u8]) -> Result<Vec<Key>, String> {
    let document: Value =
        serde_json::from_slice(document).map_err(|error| format!("the key set is no JSON: {error}"))?;
    let keys = document["keys"].as_array().ok_or("the key set has no 'keys'")?;
    Ok(keys.iter().filter_map(Key::read).take(MOST_KEYS).collect())
}

/// The key that a token was signed with: the one of that id, or the only one that fits if the token names none.
pub(super) fn find<'a>(keys: &'a [Key], id: Option<&str>, algorithm: Algorithm) -> Option<&'a DecodingKey> {
    let mut fitting = keys.iter().filter(|key| {
        key.algorithms.contains(&algorithm) && id.is_none_or(|id| key.id.as_deref() == Some(id))
    });
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Some(&key.public),
        _ => None,
    }
}

/// What the discovery document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Discovered {
    /// Where the keys are.
    pub(super) key_set_url: String,
    /// Where people sign in.
    pub(super) authorization_uri: Option<String>,
}

/// Where an issuer describes itself (OpenID Connect Discovery 1.0, section 4).
pub(super) fn discovery_url(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// Reads a discovery document, which has to be this issuer's.
pub(super) fn read_discovery(document: &[u8], issuer: &str) -> Result<Discovered, String> {
    let document: Value = serde_json::from_slice(document)
        .map_err(|error| format!("the discovery document is no JSON: {error}"))?;
    let named = document["issuer"].as_str().unwrap_or_default();
    if named != issuer {
        return Err(format!("the discovery document is of another issuer: '{named}'"));
    }
    let key_set_url = document["jwks_uri"].as_str().ok_or("the discovery document has no 'jwks_uri'")?;
    if !is_safe(key_set_url) {
        return Err(format!("the keys are said to be at '{key_set_url}', which is not safe to read"));
    }
    let authorization_uri = document["authorization_endpoint"].as_str();
    // It goes into a quoted string of a header.
    let plain = |uri: &&str| is_safe(uri) && !uri.contains(['"', '\\', ',']);
    Ok(Discovered {
        key_set_url: key_set_url.to_owned(),
        authorization_uri: authorization_uri.filter(plain).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    // RFC 7517, appendix A.1, and RFC 7515, appendix A.2.
    const RSA: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    const X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
    const Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    fn keys(keys: &Value) -> Vec<Key> {
        read_key_set(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn keys_of_other_kinds_and_uses_are_passed_over() {
        let found = keys(&json!([
            { "kty": "RSA", "kid": "a", "n": RSA, "e": "AQAB" },
            { "kty": "RSA", "kid": "b", "n": RSA, "e": "AQAB", "use": "enc" },
            { "kty": "RSA", "kid": "c", "n": RSA, "e": "AQAB", "alg": "RS512" },
            { "kty": "RSA", "kid": "d", "n": RSA, "e": "AQAB", "key_ops": ["encrypt"] },
            { "kty": "EC", "kid": "e", "crv": "P-256", "x": X, "y": Y, "use": "sig", "alg": "ES256" },
            { "kty": "EC", "kid": "f", "crv": "P-384", "x": X, "y": Y },
            { "kty": "oct", "kid": "g", "k": "c2VjcmV0" },
            { "kty": "AKP", "kid": "h", "alg": "ML-DSA-44", "pub": "x" },
            { "kty": "RSA", "kid": "i", "n": "not base64!", "e": "AQAB" },
            "x"
        ]));
        let ids: Vec<_> = found.iter().map(|key| key.id.as_deref().unwrap()).collect();
        assert_eq!(ids, ["a", "e"]);
        assert_eq!(found[0].algorithms, [Algorithm::Rs256, Algorithm::Ps256]);
        assert_eq!(found[1].algorithms, [Algorithm::Es256]);
    }

    #[test]
    fn a_key_is_found_by_its_id_or_because_no_other_fits() {
        let two = keys(&json!([
            { "kty": "RSA", "kid": "a", "n": RSA, "e": "AQAB", "alg": "RS256" },
            { "kty": "EC", "crv": "P-256", "x": X, "y": Y },
        ]));
        assert!(find(&two, Some("a"), Algorithm::Rs256).is_some());
        assert!(
            find(&two, Some("a"), Algorithm::Ps256).is_none(),
            "a key serves the algorithm it is made for"
        );
        assert!(find(&two, Some("a"), Algorithm::Es256).is_none());
        assert!(find(&two, None, Algorithm::Es256).is_some());
        assert!(find(&two, Some("b"), Algorithm::Es256).is_none());
        let alike = json!({ "kty": "EC", "crv": "P-256", "x": X, "y": Y });
        assert!(find(&keys(&json!([alike, alike])), None, Algorithm::Es256).is_none());
    }

    #[test]
    fn what_is_no_key_set_is_said() {
        for text in ["", "[]", "{}", "{\"keys\": 1}"] {
            assert!(read_key_set(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_discovery_document_speaks_for_its_own_issuer_and_names_a_safe_place() {
        let read =
            |document: Value| read_discovery(document.to_string().as_bytes(), "https://id.example.com/t");
        let good = json!({
            "issuer": "https://id.example.com/t",
            "jwks_uri": "https://keys.example.com/k",
            "authorization_endpoint": "https://id.example.com/t/auth",
        });
        let found = read(good.clone()).unwrap();
        assert_eq!(found.key_set_url, "https://keys.example.com/k");
        assert_eq!(found.authorization_uri.unwrap(), "https://id.example.com/t/auth");
        for (name, value) in [
            ("issuer", json!("https://id.example.com/t/")),
            ("issuer", json!(null)),
            ("jwks_uri", json!("http://keys.example.com/k")),
            ("jwks_uri", json!(1)),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            assert!(read(bad).is_err(), "{name}");
        }
        let mut odd = good;
        odd["authorization_endpoint"] = json!("https://id.example.com/\",x=\"");
        assert_eq!(read(odd).unwrap().authorization_uri, None);
        assert_eq!(
            discovery_url("https://a.example/t/"),
            "https://a.example/t/.well-known/openid-configuration"
        );
    }
}
