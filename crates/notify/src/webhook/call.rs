//! What is called, and what came back.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::ports::Failure;
use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{HeaderMap, HeaderValue};

use super::signature::sign;
use crate::config::Secret;

/// One attempt to call an endpoint. It has no printed form, because addresses may hold keys.
pub struct WebhookCall<'a> {
    /// Address of the endpoint.
    pub url: &'a str,
    /// What the receiver knows a repeat by; the same in every attempt.
    pub id: &'a str,
    /// What is sent: JSON, byte for byte.
    pub body: &'a str,
    /// How the receiver knows that the call is ours.
    pub proof: Proof<'a>,
    /// How long the attempt may take, from looking the name up to the end of the answer.
    pub timeout: Duration,
    /// Whether the body of the answer is read.
    pub wants_answer: bool,
}

/// How the receiver knows that a call is ours.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// Not at all, or by a key in the address.
    None,
    /// `Authorization: Bearer`.
    Bearer(&'a Secret),
    /// `Authorization: PoP`, a request that is signed.
    Pop(&'a Secret),
    /// `Authorization: Basic`.
    Basic {
        /// Name to sign in with; without a colon.
        user: &'a str,
        /// Password to sign in with.
        password: &'a Secret,
    },
    /// `webhook-signature`, made with a secret of the form `whsec_…`.
    Signature(&'a Secret),
}

/// The endpoint's word that it has taken the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status, from 200 to 299.
    pub status: u16,
    /// The body, if it was wanted.
    pub body: Option<String>,
}

impl Proof<'_> {
    pub(super) fn is_given(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The value of `Authorization`.
    pub(super) fn authorization(&self) -> Option<String> {
        match self {
            Self::None | Self::Signature(_) => None,
            Self::Bearer(token) => Some(format!("Bearer {}", token.reveal())),
            Self::Pop(signed) => Some(format!("PoP {}", signed.reveal())),
            Self::Basic { user, password } => {
                Some(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.reveal()))))
            }
        }
    }
}

/// The headers of one attempt.
pub(super) fn headers(call: &WebhookCall<'_>, clock: &dyn Clock) -> Result<HeaderMap, Failure> {
    let value = |text: &str, what: &str| match HeaderValue::from_str(text) {
        Ok(value) if text.is_ascii() => Ok(value),
        Ok(_) | Err(_) => {
            Err(Failure::Permanent(format!("{what} cannot be sent: a header holds printable ASCII only")))
        }
    };
    let timestamp = clock.now().as_second();
    let id = value(call.id, "the id of the call")?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("idempotency-key", id.clone());
    headers.insert("webhook-id", id);
    headers.insert("webhook-timestamp", timestamp.into());
    if let Proof::Basic { user, .. } = call.proof
        && user.contains(':')
    {
        return Err(Failure::Permanent("the user to sign in with must not hold a colon".to_owned()));
    }
    if let Some(authorization) = call.proof.authorization() {
        let mut authorization = value(&authorization, "the token")?;
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
    }
    if let Proof::Signature(secret) = call.proof {
        let signature = sign(secret.reveal(), call.id, timestamp, call.body)
            .map_err(|reason| Failure::Permanent(format!("the call cannot be signed: {reason}")))?;
        headers.insert("webhook-signature", value(&signature, "the signature")?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::clock::ManualClock;

    use super::*;

    fn made(id: &str, proof: Proof<'_>) -> Result<HeaderMap, Failure> {
        let call = WebhookCall {
            url: "https://hooks.example.com/",
            id,
            body: "{}",
            proof,
            timeout: Duration::from_secs(1),
            wants_answer: false,
        };
        headers(&call, &ManualClock::at("2026-03-02T09:00:00.9Z".parse().unwrap()))
    }

    #[test]
    fn a_repeat_has_the_same_headers() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let once = made("id-1", Proof::Signature(&secret)).unwrap();
        assert_eq!(once, made("id-1", Proof::Signature(&secret)).unwrap());
        assert_eq!(
            (&once["webhook-id"], &once["idempotency-key"]),
            (&"id-1".parse().unwrap(), &"id-1".parse().unwrap())
        );
        assert_eq!(once["webhook-timestamp"], "1772442000");
        assert_ne!(
            once["webhook-signature"],
            made("id-2", Proof::Signature(&secret)).unwrap()["webhook-signature"]
        );
    }

    #[test]
    fn passwords_and_tokens_are_sent_and_not_printed() {
        let secret = Secret::new("s3cret Wörd");
        let basic = Proof::Basic { user: "Tenure", password: &secret };
        let headers = made("id-1", basic).unwrap();
        assert_eq!(headers[AUTHORIZATION], "Basic VGVudXJlOnMzY3JldCBXw7ZyZA==");
        let token = Secret::new("s3cret");
        let bearer = made("id-1", Proof::Bearer(&token)).unwrap();
        assert_eq!(bearer[AUTHORIZATION], "Bearer s3cret");
        for printed in [
            format!("{headers:?}"),
            format!("{basic:?}"),
            format!("{bearer:?}"),
            format!("{:?} {:?}", Proof::Bearer(&token), Proof::Signature(&token)),
        ] {
            assert!(!printed.contains("s3cret") && !printed.contains("VGVudXJl"), "{printed}");
        }
    }

    #[test]
    fn what_cannot_be_sent_fails_for_good_and_is_not_repeated() {
        let secret = Secret::new("s3cret\r\nX: y");
        for (outcome, reason) in [
            (made("id\n1", Proof::None), "the id of the call cannot be sent"),
            (made("1", Proof::Bearer(&secret)), "the token cannot be sent"),
            (made("1", Proof::Bearer(&Secret::new("s3cret-Wörd"))), "the token cannot be sent"),
            (made("1", Proof::Basic { user: "a:b", password: &secret }), "must not hold a colon"),
            (
                made("1", Proof::Signature(&secret)),
                "the call cannot be signed: a signing secret begins with whsec_",
            ),
        ] {
            match outcome {
                Err(Failure::Permanent(text)) => {
                    assert!(text.contains(reason) && !text.contains("s3cret"), "{text}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
