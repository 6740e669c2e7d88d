//! The signature of a call, as the [Standard Webhooks](https://www.standardwebhooks.com) specification has it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

const PREFIX: &str = "whsec_";

/// Checks that a text is a secret that calls can be signed with: `whsec_` and 24 to 64 bytes in base64.
pub fn check_signing_secret(secret: &str) -> Result<(), &'static str> {
    key(secret).map(drop)
}

/// The value of `webhook-signature` for one attempt.
pub(super) fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String, &'static str> {
    let mut context = hmac::Context::with_key(&key(secret)?);
    for part in [id, ".", &timestamp.to_string(), ".", body] {
        context.update(part.as_bytes());
    }
    Ok(format!("v1,{}", STANDARD.encode(context.sign())))
}

fn key(secret: &str) -> Result<hmac::Key, &'static str> {
    let encoded = secret.strip_prefix(PREFIX).ok_or("a signing secret begins with whsec_")?;
    let bytes = STANDARD.decode(encoded).map_err(|_| "what follows whsec_ in a signing secret is base64")?;
    if !(24..=64).contains(&bytes.len()) {
        return Err("a signing secret holds 24 to 64 bytes, which is 32 to 88 characters after whsec_");
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_gives_the_published_signature() {
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_cannot_sign_is_refused_with_the_reason() {
        let of = |bytes: usize| format!("{PREFIX}{}", STANDARD.encode(vec![7; bytes]));
        for (secret, reason) in [
            (String::new(), "begins with whsec_"),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), "begins with whsec_"),
            ("whsec_not base64 at all, really".to_owned(), "base64"),
            ("whsec_".to_owned(), "24 to 64 bytes"),
            (of(23), "24 to 64 bytes"),
            (of(65), "24 to 64 bytes"),
        ] {
            let refused = check_signing_secret(&secret).unwrap_err();
            assert!(refused.contains(reason), "{secret}: {refused}");
        }
        for bytes in [24, 32, 64] {
            assert_eq!(check_signing_secret(&of(bytes)), Ok(()));
        }
        assert_eq!((of(24).len(), of(64).len()), (PREFIX.len() + 32, PREFIX.len() + 88));
    }
}
