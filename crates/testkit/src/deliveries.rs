//! Outside effects, written down instead of done; they can be made to fail.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Failure, SendMail};

/// What was delivered, and what the next deliveries come to.
#[derive(Default)]
pub struct Deliveries {
    done: Mutex<Vec<(EffectKey, Mail)>>,
    next: Mutex<VecDeque<Failure>>,
    calls: Mutex<Vec<(EffectKey, String)>>,
    answers: Mutex<VecDeque<String>>,
    tried: Mutex<Vec<EffectKey>>,
}

impl Deliveries {
    /// Lets the next delivery fail.
    pub fn fail_next(&self, failure: Failure) {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).push_back(failure);
    }

    /// The mails that were delivered, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|(_, mail)| mail.clone())
            .collect()
    }

    /// The keys under which mails and calls were tried, those that failed too, in order.
    pub fn tried(&self) -> Vec<EffectKey> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keys under which mails were delivered, in order.
    pub fn keys(&self) -> Vec<EffectKey> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(key, _)| *key).collect()
    }
}

impl Deliveries {
    /// The same, which goes its own way from now on.
    pub(crate) fn copy(&self) -> Self {
        fn copy<T: Clone>(shared: &Mutex<T>) -> Mutex<T> {
            Mutex::new(shared.lock().unwrap_or_else(PoisonError::into_inner).clone())
        }
        let Self { done, next, calls, answers, tried } = self;
        Self {
            done: copy(done),
            next: copy(next),
            calls: copy(calls),
            answers: copy(answers),
            tried: copy(tried),
        }
    }

    fn failure(&self, key: EffectKey) -> Option<Failure> {
        self.tried.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        self.next.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Forgets what was delivered until now.
    pub fn forget(&self) {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The bodies of the calls that were made, in order, each with its key.
    pub fn calls(&self) -> Vec<(EffectKey, String)> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the next call is answered.
    pub fn answer_next(&self, body: &str) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(body.to_owned());
    }
}

impl SendMail for Deliveries {
    fn send(&self, mail: &Mail, key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        if let Some(failure) = self.failure(key) {
            return Err(failure);
        }
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push((key, mail.clone()));
        Ok(())
    }
}

impl CallOut for Deliveries {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        _deadline: Duration,
    ) -> Result<CallReply, Failure> {
        if let Some(failure) = self.failure(key) {
            return Err(failure);
        }
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push((key, request.body.to_owned()));
        Ok(CallReply { body: self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front() })
    }
}
