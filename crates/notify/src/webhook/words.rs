//! What an endpoint says about a failure, as far as people may read it.

use super::call::{Proof, WebhookCall};
use super::target::Target;
use crate::text::{RECOGNISED, one_line, repeats};

/// Longest text of an endpoint that is passed on.
pub(super) const WORDS: usize = 300;

/// What was sent to an endpoint in confidence. Some endpoints repeat in their error pages what they were sent.
pub(super) struct Confidential(Vec<String>);

impl Confidential {
    pub(super) fn of(call: &WebhookCall<'_>) -> Self {
        let mut texts = match call.proof {
            Proof::None => Vec::new(),
            Proof::Bearer(secret) | Proof::Pop(secret) | Proof::Signature(secret) => {
                vec![secret.reveal().to_owned()]
            }
            Proof::Basic { password, .. } => vec![password.reveal().to_owned()],
        };
        texts.extend(call.proof.authorization().and_then(|value| Some(value.split_once(' ')?.1.to_owned())));
        Self(texts)
    }

    /// Adds the query of an address: it may hold a key.
    pub(super) fn add_query(&mut self, target: &Target) {
        self.0.extend(target.query().map(str::to_owned));
        self.0.extend(target.query_values().filter(|value| value.chars().count() >= RECOGNISED));
    }

    /// The endpoint's words on one line, with a colon before them; nothing if there are none, a remark if they repeat
    /// what is confidential.
    pub(super) fn words(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        if self.is_repeated_in(&text) {
            return " (its words are left out: they repeat what was sent in confidence)".to_owned();
        }
        match one_line(&text, WORDS) {
            none if none.is_empty() => none,
            some => format!(": {some}"),
        }
    }

    fn is_repeated_in(&self, text: &str) -> bool {
        self.0.iter().any(|secret| repeats(text, secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use crate::webhook::policy::CallPolicy;

    fn confidential(proof: Proof<'_>, url: &str) -> Confidential {
        let timeout = std::time::Duration::ZERO;
        let call = WebhookCall { url, id: "1", body: "{}", proof, timeout, wants_answer: false };
        let mut confidential = Confidential::of(&call);
        confidential.add_query(&Target::read(url, &CallPolicy::default()).unwrap());
        confidential
    }

    #[test]
    fn words_are_one_short_line() {
        let nothing = confidential(Proof::None, "https://hooks.example.com/");
        assert_eq!(nothing.words(b""), "");
        assert_eq!(nothing.words(b" \r\n"), "");
        assert_eq!(nothing.words(b"no such\r\nperson \x1b[31m\xff"), ": no such  person  [31m\u{fffd}");
        let long = nothing.words(&[b'x'; 4096]);
        assert_eq!(long.chars().count(), 2 + WORDS);
    }

    #[test]
    fn words_that_repeat_a_secret_are_left_out() {
        let password = Secret::new("correct-horse-battery");
        let basic = Proof::Basic { user: "tenure", password: &password };
        let url = "https://hooks.example.com/?api=2&sig=a%2Fbcdefghijkl";
        for (proof, body) in [
            (Proof::Bearer(&password), "bad token correct-horse-battery"),
            (Proof::Signature(&password), "...ect-horse..."),
            (basic, "no such user tenure with correct-horse-battery"),
            (basic, "Authorization: Basic dGVudXJlOmNvcnJlY3QtaG9yc2UtYmF0dGVyeQ=="),
            (Proof::None, "cannot POST /?api=2&sig=a%2Fbcdefghijkl"),
            (Proof::None, "signature a/bcdefghijkl is out of date"),
            (Proof::Bearer(&Secret::new("pw")), "pw is wrong"),
        ] {
            let words = confidential(proof, url).words(body.as_bytes());
            assert!(words.contains("left out") && !words.contains("horse"), "{words}");
        }
        let words = confidential(Proof::Bearer(&password), url).words(b"the horse is correct");
        assert_eq!(words, ": the horse is correct");
    }
}
