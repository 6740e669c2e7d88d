//! Tokens for calls, from somebody who issues them: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::extension::Endpoint;
use tenure_lifecycle::ports::Failure;
use ureq::Agent;
use url::{Host, Url};

use crate::config::Secret;
use crate::pop::PopKey;
use crate::text::one_line;
use crate::webhook::{CallPolicy, tls};

/// Whom tokens are for that Logic Apps take together with a signed request.
const POP_RESOURCE: &str = "https://management.azure.com";
/// How long before its end a token is not used any more.
const MARGIN: SignedDuration = SignedDuration::from_secs(60);
/// How long a token is good whose issuer does not say.
const UNSAID: i64 = 300;

/// Who issues tokens, and as whom we ask.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// Where tokens are asked for.
    pub endpoint: String,
    /// Our name there.
    pub client_id: String,
    /// Our password there.
    pub client_secret: Secret,
}

impl TokensConfig {
    /// Checks where the password would be sent: to an encrypted address, or to this machine.
    pub fn check(&self) -> Result<(), String> {
        let url = Url::parse(&self.endpoint).map_err(|error| format!("endpoint is no address: {error}"))?;
        let is_local = match url.host() {
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("endpoint must hold no user and no password".to_owned());
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if is_local => Ok(()),
            _ => Err("endpoint must begin with https://: a password is sent there".to_owned()),
        }
    }
}

/// Asks for tokens, and keeps them in memory while they are good.
pub(crate) struct Tokens {
    config: TokensConfig,
    agent: Agent,
    longest: u64,
    clock: Arc<dyn Clock>,
    key: Option<PopKey>,
    /// By resource, and whether they are bound to our key.
    known: Mutex<HashMap<(String, bool), (Secret, Timestamp)>>,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    expires_in: Option<i64>,
}

impl Tokens {
    pub(crate) fn new(config: TokensConfig, policy: &CallPolicy, clock: Arc<dyn Clock>) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // Where the password goes is configured, not found in the environment.
            .proxy(None)
            .tls_config(tls())
            .user_agent(concat!("Tenure/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let (longest, key) = (policy.most_answer_bytes as u64, PopKey::fresh());
        Self { config, agent, longest, clock, key, known: Mutex::default() }
    }

    /// A signed request for one call of an endpoint, with a token that is bound to our key.
    pub(crate) fn signed(
        &self,
        endpoint: &Endpoint,
        nonce: &str,
        deadline: Duration,
    ) -> Result<Secret, Failure> {
        let unsigned = || Failure::Retryable("the call cannot be signed: no random bytes".to_owned());
        let key = self.key.as_ref().ok_or_else(unsigned)?;
        let confirmation = key.confirmation();
        let token = self.good(POP_RESOURCE, Some(&confirmation), deadline)?;
        key.sign(&token, endpoint, self.clock.now().as_second(), nonce).ok_or_else(unsigned)
    }

    /// Forgets the tokens for a resource: somebody did not take one.
    pub(crate) fn forget(&self, resource: Option<&str>) {
        let resource = resource.unwrap_or(POP_RESOURCE);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(of, _), _| of != resource);
    }

    /// A token for that resource.
    pub(crate) fn token(&self, resource: &str, deadline: Duration) -> Result<Secret, Failure> {
        self.good(resource, None, deadline)
    }

    /// A token that is good by now; `bound` says to which key.
    fn good(&self, resource: &str, bound: Option<&str>, deadline: Duration) -> Result<Secret, Failure> {
        let named = (resource.to_owned(), bound.is_some());
        let now = self.clock.now();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, until)) = known().get(&named)
            && *until > now
        {
            return Ok(token.clone());
        }
        let issued = self.ask(resource, bound, deadline)?;
        let good = SignedDuration::from_secs(issued.expires_in.unwrap_or(UNSAID));
        let until = now.checked_add(good).and_then(|end| end.checked_sub(MARGIN)).unwrap_or(now);
        let token = Secret::new(issued.access_token);
        known().insert(named, (token.clone(), until));
        Ok(token)
    }

    fn ask(&self, resource: &str, bound: Option<&str>, deadline: Duration) -> Result<Issued, Failure> {
        let scope = format!("{resource}/.default");
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.config.client_id.as_str()),
            ("client_secret", self.config.client_secret.reveal()),
            ("scope", scope.as_str()),
        ];
        if let Some(confirmation) = bound {
            form.extend([("token_type", "pop"), ("req_cnf", confirmation)]);
        }
        let unreachable = |error: ureq::Error| {
            Failure::Retryable(format!("no token for the call: {}", one_line(&error.to_string(), 200)))
        };
        let request = self.agent.post(&self.config.endpoint).config().timeout_global(Some(deadline)).build();
        let mut answer = request.send_form(form).map_err(unreachable)?;
        let status = answer.status();
        // What it says may repeat what was sent to it, so it is not passed on.
        if status.is_server_error() || status.as_u16() == 429 {
            return Err(Failure::Retryable(format!("no token for the call: its issuer answers {status}")));
        }
        if !status.is_success() {
            return Err(Failure::Permanent(format!("no token for the call: its issuer answers {status}")));
        }
        let text =
            answer.body_mut().with_config().limit(self.longest).read_to_string().map_err(unreachable)?;
        serde_json::from_str(&text)
            .map_err(|_| Failure::Permanent("no token for the call: its issuer's answer has none".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_sent_encrypted_or_to_this_machine() {
        for (endpoint, is_taken) in [
            ("https://login.example.com/token", true),
            ("http://127.0.0.1:8080/token", true),
            ("http://[::1]/token", true),
            ("http://localhost:8080/token", true),
            ("http://localhost.evil.example/token", false),
            ("http://127.0.0.1@evil.example/token", false),
            ("https://user:password@login.example.com/token", false),
            ("http://login.example.com/token", false),
            ("ftp://localhost/token", false),
            ("token", false),
        ] {
            let config = TokensConfig {
                endpoint: endpoint.to_owned(),
                client_id: "tenure".to_owned(),
                client_secret: Secret::new("x"),
            };
            assert_eq!(config.check().is_ok(), is_taken, "{endpoint}");
        }
    }
}
