//! Outside effects, written down instead of done; they can be made to fail.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tenure_lifecycle::effect::{Effect, Mail};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{Failure, Perform};

/// What was delivered, and what the next deliveries come to.
#[derive(Default)]
pub struct Deliveries {
    done: Mutex<Vec<(EffectKey, Mail)>>,
    next: Mutex<VecDeque<Failure>>,
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

    /// The keys under which mails were delivered, in order.
    pub fn keys(&self) -> Vec<EffectKey> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(key, _)| *key).collect()
    }
}

impl Perform for Deliveries {
    fn perform(&self, effect: &Effect, key: EffectKey, _deadline: Duration) -> Result<(), Failure> {
        if let Some(failure) = self.next.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return Err(failure);
        }
        if let Effect::SendMail(mail) = effect {
            self.done.lock().unwrap_or_else(PoisonError::into_inner).push((key, mail.clone()));
        }
        Ok(())
    }
}
