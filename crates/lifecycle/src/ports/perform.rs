//! Doing what happens outside the store.

use std::time::Duration;

use crate::effect::Mail;
use crate::extension::CustomTaskExtension;
use crate::ids::EffectKey;

/// Why an outside effect was not done; the one who fails says whether to try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may work later.
    #[error("{0}")]
    Retryable(String),
    /// It was not tried: there was no room for it just now. It does not count as an attempt.
    #[error("{0}")]
    NotNow(String),
    /// It will never work.
    #[error("{0}")]
    Permanent(String),
}

/// Sends mails.
pub trait SendMail: Send + Sync {
    /// Sends one mail and returns when it is accepted; a repeat under the same key is harmless where the world allows it.
    /// Returns within `deadline`. The text of a failure is shown to people: it holds no secret.
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure>;
}

/// A call of a custom task extension.
#[derive(Clone, Copy, Debug)]
pub struct CallRequest<'a> {
    /// The extension: where to, how to prove who calls, how patient to be.
    pub extension: &'a CustomTaskExtension,
    /// The body, as JSON.
    pub body: &'a str,
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallReply {
    /// The body of the answer, where the outcome comes from it.
    pub body: Option<String>,
}

/// Calls custom task extensions.
pub trait CallOut: Send + Sync {
    /// Makes one attempt at a call and returns when it is accepted; the key is the same in every repeat. Returns within
    /// `deadline`. The text of a failure is shown to people: it holds no secret.
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure>;
}

/// Performs outside effects of every kind.
pub trait Perform: SendMail + CallOut {}

impl<T: SendMail + CallOut> Perform for T {}

/// Two who do it together.
pub struct Together<M, C> {
    /// Who sends mails.
    pub mail: M,
    /// Who calls extensions.
    pub calls: C,
}

impl<M: SendMail, C: CallOut> SendMail for Together<M, C> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.mail.send(mail, key, deadline)
    }
}

impl<M: SendMail, C: CallOut> CallOut for Together<M, C> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        self.calls.call(request, key, deadline)
    }
}

impl<C: CallOut> CallOut for std::sync::Arc<C> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        C::call(self, request, key, deadline)
    }
}

/// Nobody is called: where there is nobody to do it.
pub struct NoCalls;

impl CallOut for NoCalls {
    fn call(&self, _: CallRequest<'_>, _: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        Err(Failure::Permanent("custom task extensions cannot be called here".to_owned()))
    }
}
