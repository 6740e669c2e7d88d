//! Calls of custom task extensions: their endpoints by [`Webhooks`], or written down where nothing goes outside.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tenure_lifecycle::clock::Clock;
use tenure_lifecycle::extension::{Authentication, CustomTaskExtension, Endpoint, ReplyMode, Sealed};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Endpoints, Failure};

use crate::config::Secret;
use crate::folder::Folder;
use crate::tokens::{Tokens, TokensConfig};
use crate::vault::Vault;
use crate::webhook::{CallPolicy, Proof, WebhookCall, Webhooks, check_signing_secret, check_url};

/// Calls endpoints, and keeps their secrets.
pub struct Calls {
    webhooks: Webhooks,
    policy: CallPolicy,
    vault: Vault,
    tokens: Option<Tokens>,
    /// Calls are written down by a [`CallBook`], which takes all of them.
    written_down: bool,
}

impl Calls {
    /// Calls under that policy. `tokens` says who issues the tokens of Graph's kinds.
    pub fn new(
        policy: CallPolicy,
        vault: Vault,
        tokens: Option<TokensConfig>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let tokens = tokens.map(|config| Tokens::new(config, &policy, clock.clone()));
        Self { webhooks: Webhooks::new(policy.clone(), clock), policy, vault, tokens, written_down: false }
    }

    /// The same where calls are written down instead of made.
    pub fn written_down(self) -> Self {
        Self { written_down: true, ..self }
    }

    fn open(&self, sealed: Option<&Sealed>, what: &str) -> Result<Secret, Failure> {
        let Some(sealed) = sealed else {
            return Err(Failure::Permanent(format!("the custom task extension has no {what}")));
        };
        self.vault.unseal(sealed).ok_or_else(|| {
            Failure::Permanent(format!(
                "the {what} of the custom task extension was sealed with another key; it has to be set again"
            ))
        })
    }

    /// Where the call goes.
    fn url(&self, extension: &CustomTaskExtension) -> Result<Secret, Failure> {
        match &extension.configuration.endpoint {
            Endpoint::Http { target_url } => Ok(Secret::new(target_url)),
            Endpoint::LogicApp { url: None, .. } => Err(Failure::Permanent(
                "the address of the Logic App is not known: set endpointConfiguration/url".to_owned(),
            )),
            Endpoint::LogicApp { url: Some(_), .. } => self.open(extension.sealed_url.as_ref(), "address"),
        }
    }
}

/// How a call proves itself, with its secret.
enum Proven {
    Nothing,
    Bearer(Secret),
    Pop(Secret),
    Basic(String, Secret),
    Signature(Secret),
}

impl Calls {
    fn proven(
        &self,
        extension: &CustomTaskExtension,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<Proven, Failure> {
        let secret = || self.open(extension.sealed_secret.as_ref(), "secret");
        Ok(match &extension.configuration.authentication {
            Authentication::None => Proven::Nothing,
            Authentication::Bearer => Proven::Bearer(secret()?),
            Authentication::Basic { user_name } => Proven::Basic(user_name.clone(), secret()?),
            Authentication::Signature => Proven::Signature(secret()?),
            Authentication::Token { resource_id } => {
                let resource = resource_id.as_deref().unwrap_or_default();
                Proven::Bearer(self.tokens()?.token(resource, deadline)?)
            }
            Authentication::Pop => {
                let endpoint = &extension.configuration.endpoint;
                Proven::Pop(self.tokens()?.signed(endpoint, &key.to_string(), deadline)?)
            }
        })
    }

    fn tokens(&self) -> Result<&Tokens, Failure> {
        self.tokens.as_ref().ok_or_else(|| {
            Failure::Permanent(
                "nobody is configured who issues tokens for calls ([extensions.tokens])".to_owned(),
            )
        })
    }
}

impl CallOut for Calls {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        let begun = Instant::now();
        let configuration = &request.extension.configuration;
        let timeout = Duration::from_millis(configuration.client.timeout_in_milliseconds.max(1) as u64);
        let url = self.url(request.extension)?;
        let proven = self.proven(request.extension, key, deadline)?;
        let proof = match &proven {
            Proven::Nothing => Proof::None,
            Proven::Bearer(token) => Proof::Bearer(token),
            Proven::Pop(signed) => Proof::Pop(signed),
            Proven::Basic(user, password) => Proof::Basic { user, password },
            Proven::Signature(secret) => Proof::Signature(secret),
        };
        // What it took to get a token is gone from the time of the call.
        let left = deadline.saturating_sub(begun.elapsed());
        let answer = self.webhooks.call(&WebhookCall {
            url: url.reveal(),
            id: &key.to_string(),
            body: request.body,
            proof,
            timeout: timeout.min(left),
            wants_answer: configuration.reply_mode == ReplyMode::Response,
        });
        let was_refused = matches!(answer, Err(Failure::Permanent(_)));
        if let (true, Some(tokens)) = (was_refused, &self.tokens) {
            match &configuration.authentication {
                Authentication::Token { resource_id } => {
                    tokens.forget(Some(resource_id.as_deref().unwrap_or_default()));
                }
                Authentication::Pop => tokens.forget(None),
                _ => {}
            }
        }
        Ok(CallReply { body: answer?.body })
    }
}

impl Endpoints for Calls {
    fn check_url(&self, url: &str) -> Result<(), String> {
        check_url(url, &self.policy)
    }

    fn check_signing_secret(&self, secret: &str) -> Result<(), String> {
        check_signing_secret(secret).map_err(str::to_owned)
    }

    fn seal(&self, secret: &str) -> Option<Sealed> {
        self.vault.seal(secret)
    }

    fn refusal(&self, extension: &CustomTaskExtension) -> Option<String> {
        let looked = || -> Result<(), Failure> {
            check_url(self.url(extension)?.reveal(), &self.policy).map_err(Failure::Permanent)?;
            match &extension.configuration.authentication {
                Authentication::None => {}
                Authentication::Bearer | Authentication::Basic { .. } | Authentication::Signature => {
                    self.open(extension.sealed_secret.as_ref(), "secret")?;
                }
                Authentication::Token { .. } | Authentication::Pop => {
                    self.tokens()?;
                }
            }
            Ok(())
        };
        if self.written_down { None } else { looked().err().map(|failure| failure.to_string()) }
    }
}

/// Writes calls down instead of making them: `<effect key>.json` each.
pub struct CallBook(Folder);

impl CallBook {
    /// A book in that folder.
    pub fn new(folder: PathBuf) -> Self {
        Self(Folder::new(folder))
    }
}

impl CallOut for CallBook {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        _deadline: Duration,
    ) -> Result<CallReply, Failure> {
        self.0.put(&format!("{key}.json"), || Ok(request.body.as_bytes().to_vec())).map_err(
            |error: std::io::Error| Failure::Retryable(format!("the outbox cannot be written: {error}")),
        )?;
        // Whoever would answer is not asked: what they would say is taken as said.
        let body = r#"{"data":{"operationStatus":"completed"}}"#.to_owned();
        Ok(CallReply { body: Some(body) })
    }
}
