//! Performing the frozen outside effects of a batch, several at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
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
use crate::ports::{Batch, CallRequest, Failure, Issued, LoadedUser, PendingEffect, Perform};
use crate::run::CancelReason;

/// Outside effects under way at once in a turn.
const AT_ONCE: usize = 16;
/// Longest time one outside effect may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// What became of frozen effects that were taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// They are done.
    Through,
    /// They are done as far as we can do them; somebody calls back within that time.
    Waits(SignedDuration),
    /// The endpoint has taken the call, and its answer says that the task failed.
    Failed(String),
}

/// What became of one attempt at a user's frozen effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Result<Done, Failure>,
    /// How many of the effects, from the first on, are done and need not be repeated, whatever follows.
    pub done: u32,
}

/// What became of users' frozen effects; nothing is said of those there was no time for.
pub(super) type Performed = HashMap<Seq, Attempt>;

/// Whether a user has something that is to be done outside now.
pub(super) fn is_to_be_performed(batch: &Batch, user: &LoadedUser) -> bool {
    // Whoever was called, or has answered already, is not called again.
    let is_open = |pending: &PendingEffect| pending.waits_until.is_none() && pending.answer.is_none();
    batch.cancel != Some(CancelReason::Administrator) && user.pending.as_ref().is_some_and(is_open)
}

/// Performs the frozen effects of users of the batch; after the time to `begin`, none is begun any more.
pub(super) fn perform(
    lifecycle: &Lifecycle,
    batch: &Batch,
    run: RunNumber,
    performer: &dyn Perform,
    begin: Duration,
) -> Performed {
    let waiting: Vec<(Seq, &PendingEffect)> = batch
        .users
        .iter()
        .filter(|user| is_to_be_performed(batch, user))
        .filter_map(|user| user.pending.as_ref().map(|pending| (user.seq, pending)))
        .collect();
    let performed = Mutex::new(Performed::with_capacity(waiting.len()));
    let next = AtomicUsize::new(0);
    let turn =
        Turn { lifecycle, run, begun: Instant::now(), begin, looked: Mutex::new((Instant::now(), false)) };
    let work = || {
        while let Some((seq, pending)) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
            if turn.is_over() {
                return;
            }
            let address = (run, *seq, pending.ordinal);
            let attempt = Task { lifecycle, batch, performer, turn: &turn, address }.attempt(pending);
            performed.lock().unwrap_or_else(PoisonError::into_inner).insert(*seq, attempt);
        }
    };
    match waiting.len() {
        0 => {}
        1 => work(),
        many => std::thread::scope(|scope| {
            for _ in 0..many.min(at_once(batch, &waiting)) {
                scope.spawn(work);
            }
        }),
    }
    performed.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// How many effects may be under way at once: as many as the extensions that are called allow.
fn at_once(batch: &Batch, waiting: &[(Seq, &PendingEffect)]) -> usize {
    let calls = waiting.iter().flat_map(|(_, pending)| &pending.effects).filter_map(|effect| match effect {
        Outside::Call(call) => batch.people.extensions.get(&call.extension),
        Outside::IssuePass(_) | Outside::SendMail(_) => None,
    });
    calls.map(|extension| extension.configuration.client.at_once()).min().unwrap_or(AT_ONCE).min(AT_ONCE)
}

/// How long a batch may be performed.
struct Turn<'a> {
    lifecycle: &'a Lifecycle,
    run: RunNumber,
    begun: Instant,
    begin: Duration,
    /// When it was last looked whether an administrator stops the run, and what was found.
    looked: Mutex<(Instant, bool)>,
}

/// How often it is looked whether an administrator stops the run.
const LOOK: Duration = Duration::from_secs(1);

impl Turn<'_> {
    /// Whether nothing more is begun: there is no time left, or an administrator stops the run.
    fn is_over(&self) -> bool {
        self.begun.elapsed() > self.begin || self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if !looked.1 && looked.0.elapsed() >= LOOK {
            // If it cannot be read, the settlement will say so.
            let run = self.lifecycle.store.run(self.run).ok().flatten();
            let is_stopped = run.is_some_and(|run| run.cancel == Some(CancelReason::Administrator));
            *looked = (Instant::now(), is_stopped);
        }
        looked.1
    }
}

/// A pass that was issued, and the number drawn for it.
struct NewPass {
    text: PassText,
    number: u32,
}

/// The task of one user whose outside effects are performed.
struct Task<'a> {
    lifecycle: &'a Lifecycle,
    batch: &'a Batch,
    performer: &'a dyn Perform,
    turn: &'a Turn<'a>,
    address: (RunNumber, Seq, Ordinal),
}

impl Task<'_> {
    /// Performs the effects that are not done yet, in order, until one fails.
    fn attempt(&self, pending: &PendingEffect) -> Attempt {
        let (run, seq, ordinal) = self.address;
        let task_result = Address::TaskResult(run, seq, ordinal).public(self.batch.epoch);
        let mut pass: Option<NewPass> = None;
        let mut through = Done::Through;
        for (place, effect) in pending.effects.iter().enumerate().skip(pending.done as usize) {
            // Not between a pass and the mails that carry it: they would have to be sent again with another one.
            if place > pending.done as usize && pass.is_none() && self.turn.is_over() {
                let late = Failure::NotNow("there was no time left".to_owned());
                return Attempt { outcome: Err(late), done: place as u32 };
            }
            let key = EffectKey::of(task_result, place as u32);
            match self.perform(effect, key, &mut pass) {
                Ok(done) => through = done,
                // A pass is kept nowhere, so that a repeat issues another, which everybody has to be sent.
                Err(failure) => {
                    let Some(pass) = pass else {
                        return Attempt { outcome: Err(failure), done: place as u32 };
                    };
                    self.take_back(&pending.effects);
                    return Attempt { outcome: Err(without(failure, pass.text.reveal())), done: 0 };
                }
            }
        }
        if pass.is_some() {
            self.replace(&pending.effects);
        }
        Attempt { outcome: Ok(through), done: pending.effects.len() as u32 }
    }

    /// Revokes the passes that the person had before: everybody who is to know has the new one. A task that fails revokes
    /// nobody's.
    fn replace(&self, effects: &[Outside]) {
        for effect in effects {
            let Outside::IssuePass(order) = effect else { continue };
            let (store, now) = (&self.lifecycle.store, self.lifecycle.now());
            if let Err(error) = store.replace_passes(order.user, order.id, now, self.address) {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an earlier pass could not be revoked"
                );
            }
        }
    }

    /// Performs one effect. What one issues, later ones carry.
    fn perform(&self, effect: &Outside, key: EffectKey, pass: &mut Option<NewPass>) -> Result<Done, Failure> {
        match effect {
            Outside::IssuePass(order) => *pass = Some(self.issue(order)?),
            Outside::SendMail(mail) => match pass {
                Some(pass) => {
                    let key = EffectKey { pass: pass.number, ..key };
                    self.performer.send(&mail.with_pass(pass.text.reveal()), key, DEADLINE)?;
                }
                None => self.performer.send(mail, key, DEADLINE)?,
            },
            Outside::Call(call) => return self.call(call, key),
        }
        Ok(Done::Through)
    }

    /// Issues a pass; an earlier one is revoked by it. One that was to be good from a moment on that is over by now is good
    /// for its whole time all the same: a mail server that was away does not shorten it.
    fn issue(&self, order: &PassOrder) -> Result<NewPass, Failure> {
        let (text, hash) = new_pass(self.lifecycle.ids.as_ref());
        // Drawn, not made of the pass, which could be guessed from it.
        let [.., a, b, c, d] = self.lifecycle.ids.fresh().into_bytes();
        let number = u32::from_be_bytes([a, b, c, d]).max(1);
        let now = self.lifecycle.now();
        let pass = Pass {
            id: order.id,
            user: order.user,
            created: now,
            starts: from_millis(order.starts).max(now),
            lifetime_minutes: order.lifetime_minutes,
            is_usable_once: order.is_usable_once,
        };
        match self.lifecycle.store.issue_pass(&pass, &hash, Some(self.address), Actor::Engine) {
            Ok(Issued::Issued) => Ok(NewPass { text, number }),
            Ok(Issued::NoUser) => Err(Failure::Permanent("the user does not exist any more".to_owned())),
            Ok(Issued::HasOne) => {
                Err(Failure::Permanent("the user has a temporary access pass that is not over".to_owned()))
            }
            Ok(Issued::Refused(why)) => Err(Failure::Permanent(why.to_owned())),
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
            let task = Some(self.address);
            if let Err(error) = store.delete_pass(order.user, order.id, now, task, Actor::Engine) {
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
            (ReplyMode::Response, _) => Ok(reply::outcome(reply.body.as_deref())),
            (_, Some(callback)) => Ok(Done::Waits(SignedDuration::from_secs(callback.timeout_in_seconds))),
            (_, None) => Ok(Done::Through),
        }
    }
}

/// Letters of a pass in a row that are not repeated.
const RECOGNISED: usize = 6;

/// The failure without the words of somebody who repeats the pass that they were sent: what failed is kept and shown, a
/// pass is not.
fn without(failure: Failure, pass: &str) -> Failure {
    let is_repeated = |text: &str| {
        let pieces = pass.as_bytes().windows(RECOGNISED);
        pieces.into_iter().any(|piece| text.as_bytes().windows(RECOGNISED).any(|found| found == piece))
    };
    let instead = || "the mail was not taken (why is left out: it repeats the pass)".to_owned();
    match failure {
        Failure::Retryable(text) if is_repeated(&text) => Failure::Retryable(instead()),
        Failure::Permanent(text) if is_repeated(&text) => Failure::Permanent(instead()),
        other => other,
    }
}
