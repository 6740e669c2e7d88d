//! Performing the frozen outside effects of a batch, several at a time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use super::reply;
use crate::audit::Actor;
use crate::clock::from_millis;
use crate::directory::Pass;
use crate::effect::{Call, Outside, PassOrder};
use crate::extension::ReplyMode;
use crate::ids::{Address, EffectKey, Ordinal, RunNumber, Seq};
use crate::operations::{Lifecycle, PassText, new_pass};
use crate::ports::{Batch, CallRequest, Failure, Issued, PendingEffect, Perform};
use crate::run::CancelReason;

/// Outside calls under way at once.
const AT_ONCE: usize = 16;
/// Longest time one outside effect may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// What became of frozen effects that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// They are done.
    Through,
    /// They are done as far as we can do them; somebody calls back within that time.
    Waits(SignedDuration),
}

/// What became of a user's frozen effects; nothing is said of those there was no time for.
pub(super) type Performed = HashMap<Seq, Result<Done, Failure>>;

/// Performs the frozen effects of all users of the batch, until `budget` is used up.
pub(super) fn perform(
    lifecycle: &Lifecycle,
    batch: &Batch,
    run: RunNumber,
    performer: &dyn Perform,
    budget: Duration,
) -> Performed {
    if batch.cancel == Some(CancelReason::Administrator) {
        return Performed::new();
    }
    let waiting: Vec<(Seq, &PendingEffect)> = batch
        .users
        .iter()
        .filter_map(|user| user.pending.as_ref().map(|pending| (user.seq, pending)))
        // Whoever was called, or has answered already, is not called again.
        .filter(|(_, pending)| pending.waits_until.is_none() && pending.answer.is_none())
        .collect();
    let performed = Mutex::new(Performed::with_capacity(waiting.len()));
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let work = || {
        while let Some((seq, pending)) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
            if begun.elapsed() + DEADLINE > budget {
                return;
            }
            let task = Task { lifecycle, batch, performer, address: (run, *seq, pending.ordinal) };
            let outcome = task.perform(&pending.effects);
            performed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(*seq, outcome);
        }
    };
    match waiting.len() {
        0 => {}
        1 => work(),
        many => std::thread::scope(|scope| {
            for _ in 0..many.min(AT_ONCE) {
                scope.spawn(work);
            }
        }),
    }
    performed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The task of one user whose outside effects are performed.
struct Task<'a> {
    lifecycle: &'a Lifecycle,
    batch: &'a Batch,
    performer: &'a dyn Perform,
    address: (RunNumber, Seq, Ordinal),
}

impl Task<'_> {
    /// Performs the effects in order, until one fails. What one issues, later ones carry.
    fn perform(&self, effects: &[Outside]) -> Result<Done, Failure> {
        let (run, seq, ordinal) = self.address;
        let task_result = Address::TaskResult(run, seq, ordinal).public(self.batch.epoch);
        let mut pass: Option<PassText> = None;
        let mut done = Done::Through;
        for (place, effect) in effects.iter().enumerate() {
            let key = EffectKey { task_result, effect: place as u32 };
            match effect {
                Outside::IssuePass(order) => pass = Some(self.issue(order)?),
                Outside::SendMail(mail) => match &pass {
                    Some(pass) => {
                        let sent = self.performer.send(&mail.with_pass(pass.reveal()), key, DEADLINE);
                        if sent.is_err() {
                            self.take_back(effects);
                        }
                        sent?;
                    }
                    None => self.performer.send(mail, key, DEADLINE)?,
                },
                Outside::Call(call) => done = self.call(call, key)?,
            }
        }
        Ok(done)
    }

    /// Issues a pass; an earlier one is revoked by it.
    fn issue(&self, order: &PassOrder) -> Result<PassText, Failure> {
        let (text, hash) = new_pass(self.lifecycle.ids.as_ref());
        let pass = Pass {
            id: order.id,
            user: order.user,
            created: self.lifecycle.now(),
            starts: from_millis(order.starts),
            lifetime_minutes: order.lifetime_minutes,
            is_usable_once: order.is_usable_once,
        };
        match self.lifecycle.store.issue_pass(&pass, &hash, Some(self.address), Actor::Engine) {
            Ok(Issued::Issued) => Ok(text),
            Ok(Issued::NoUser) => Err(Failure::Permanent("the user does not exist any more".to_owned())),
            Ok(Issued::HasOne) => {
                Err(Failure::Permanent("the user has a temporary access pass that is not over".to_owned()))
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a pass could not be issued");
                Err(Failure::Retryable("the temporary access pass could not be stored".to_owned()))
            }
        }
    }

    /// Takes back the passes of a task whose mail may not have reached anybody: one that nobody knows is good for nobody.
    fn take_back(&self, effects: &[Outside]) {
        for effect in effects {
            let Outside::IssuePass(order) = effect else { continue };
            let (store, now) = (&self.lifecycle.store, self.lifecycle.now());
            if let Err(error) = store.delete_pass(order.user, order.id, now, Actor::Engine) {
                tracing::error!(error = &error as &dyn std::error::Error, "a pass could not be taken back");
            }
        }
    }

    /// Calls an extension, as it is configured now.
    fn call(&self, call: &Call, key: EffectKey) -> Result<Done, Failure> {
        let Some(extension) = self.batch.people.extensions.get(&call.extension) else {
            let reason = format!("the custom task extension {} does not exist any more", call.extension);
            return Err(Failure::Permanent(reason));
        };
        let body = call.body(key.task_result);
        let reply = self.performer.call(CallRequest { extension, body: &body }, key, DEADLINE)?;
        let configuration = &extension.configuration;
        match (configuration.reply_mode, &configuration.callback) {
            (ReplyMode::Response, _) => reply::outcome(reply.body.as_deref()),
            (_, Some(callback)) => Ok(Done::Waits(SignedDuration::from_secs(callback.timeout_in_seconds))),
            (_, None) => Ok(Done::Through),
        }
    }
}
