//! Nobody outside: mails and calls are accepted at once and go nowhere, and whoever was called answers as the plan says.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clap::ValueEnum;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ids::{Address, EffectKey};
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{Answer, CallOut, CallReply, CallRequest, Failure, SendMail, StoreError};

/// What those say who are called and waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Callbacks {
    /// They call back at once: it is done
    #[default]
    Complete,
    /// They call back at once: it failed
    Fail,
    /// They never call back
    Timeout,
}

/// Whoever mails and calls go to.
pub(crate) struct Outside {
    callbacks: Callbacks,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    mails: u64,
    calls: u64,
    /// Calls that are not answered yet.
    open: Vec<EffectKey>,
}

impl Outside {
    pub(crate) fn new(callbacks: Callbacks) -> Self {
        Self { callbacks, seen: Mutex::default() }
    }

    /// How many mails and calls were accepted.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.mails, seen.calls)
    }

    /// Calls back whom nobody has answered yet; true if anybody waited.
    pub(crate) fn answer(&self, lifecycle: &Lifecycle) -> Result<bool, StoreError> {
        let open = std::mem::take(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner).open);
        let answer = match self.callbacks {
            Callbacks::Complete => Answer::Completed,
            Callbacks::Fail => Answer::Failed,
            Callbacks::Timeout => return Ok(false),
        };
        let mut waited = false;
        for key in open {
            if let Some((_, Address::TaskResult(run, seq, ordinal))) = Address::parse(key.task_result) {
                let task = (run, seq, ordinal);
                // Who does not wait to be called back is through already.
                waited |= lifecycle.store.resume(task, answer, lifecycle.now(), Actor::Engine)?;
            }
        }
        Ok(waited)
    }
}

impl SendMail for Outside {
    fn send(&self, _mail: &Mail, _key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).mails += 1;
        Ok(())
    }
}

impl CallOut for Outside {
    fn call(&self, _: CallRequest<'_>, key: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.calls += 1;
        seen.open.push(key);
        // Heard only by those who take the outcome from the answer.
        let status = if self.callbacks == Callbacks::Fail { "failed" } else { "completed" };
        Ok(CallReply { body: Some(format!(r#"{{"operationStatus":"{status}"}}"#)) })
    }
}
