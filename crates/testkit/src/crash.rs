//! Crash points: the power is cut while something is done outside.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Failure, Perform, QueuedWork, SendMail};

use crate::System;
use crate::system::Outcome;

/// When the power is cut; calls are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before that call has done anything.
    Before(usize),
    /// When that call has delivered, but before anybody hears of it.
    After(usize),
}

/// Performs until the power is cut; that call, and every later one, never comes back.
struct UntilCut<'a> {
    performer: &'a dyn Perform,
    cut: Cut,
    calls: Mutex<usize>,
}

/// What unwinds a worker whose power was cut.
struct PowerCut;

impl UntilCut<'_> {
    /// Performs unless the power is cut by then; `otherwise` is what nobody hears.
    fn until_cut<T>(&self, perform: impl FnOnce() -> T, otherwise: T) -> T {
        // Held while delivering: what is delivered is so in the order of the calls, and nothing after the cut.
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls += 1;
        let (is_delivered, comes_back) = match self.cut {
            Cut::Before(call) => (*calls < call, *calls < call),
            Cut::After(call) => (*calls <= call, *calls < call),
        };
        let outcome = if is_delivered { perform() } else { otherwise };
        drop(calls);
        if !comes_back {
            resume_unwind(Box::new(PowerCut));
        }
        outcome
    }
}

impl SendMail for UntilCut<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.until_cut(|| self.performer.send(mail, key, deadline), Ok(()))
    }
}

impl CallOut for UntilCut<'_> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        self.until_cut(|| self.performer.call(request, key, deadline), Ok(CallReply { body: None }))
    }
}

impl System {
    /// Processes, in batches of that many users, until nothing can be done now or the power is cut (then `None`).
    pub fn drain_until(&self, cut: Cut, batch: i64) -> Outcome<Option<QueuedWork>> {
        self.drain_with(self.deliveries.as_ref(), cut, batch)
    }

    /// The same with somebody else performing what is done outside.
    pub fn drain_with(&self, performer: &dyn Perform, cut: Cut, batch: i64) -> Outcome<Option<QueuedWork>> {
        let performer = UntilCut { performer, cut, calls: Mutex::new(0) };
        let worker = Worker::new(&self.lifecycle, &performer, 1).with_batch(batch);
        match catch_unwind(AssertUnwindSafe(|| worker.drain())) {
            Ok(work) => Ok(Some(work?)),
            Err(_) if is_cut(&performer) => Ok(None),
            Err(other) => resume_unwind(other),
        }
    }
}

/// A scope of threads replaces what unwound one of them, so the calls say whether it was the cut.
fn is_cut(performer: &UntilCut<'_>) -> bool {
    let (Cut::Before(call) | Cut::After(call)) = performer.cut;
    *performer.calls.lock().unwrap_or_else(PoisonError::into_inner) >= call
}
