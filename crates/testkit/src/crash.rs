//! Crash points: the power is cut while the store is asked for something, or while something is done outside.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Failure, Perform, QueuedWork, SendMail};
use tenure_store::{Moment, Watch};

use crate::System;
use crate::system::Outcome;

/// When the power is cut; calls are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before that call has done anything.
    Before(usize),
    /// When that call has delivered, or is on disk, but before anybody hears of it.
    After(usize),
}

/// What a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Something is read from the store.
    Read,
    /// Something is written to the store.
    Write,
    /// Something is done outside.
    Outside,
}

/// The power: calls need it. That at which it is cut, and every later one, never comes back.
#[derive(Default)]
pub struct Power(Mutex<State>);

#[derive(Default)]
struct State {
    /// The calls that are counted; `None` while nobody counts.
    calls: Option<Vec<Call>>,
    cut: Option<Cut>,
    is_out: bool,
    /// What somebody else does just before the call of that number.
    interference: Option<(usize, Interference)>,
}

/// What somebody else does in between.
type Interference = Box<dyn FnOnce() + Send>;

/// What unwinds whoever needs power that is cut.
struct PowerCut;

impl Power {
    /// Does something until it is through or the power is cut (then `None`); gives also what was called until then.
    pub fn until<T>(&self, cut: Option<Cut>, act: impl FnOnce() -> T) -> (Option<T>, Vec<Call>) {
        *self.state() = State { calls: Some(Vec::new()), cut, ..State::default() };
        let done = catch_unwind(AssertUnwindSafe(act));
        let State { calls, is_out, .. } = std::mem::take(&mut *self.state());
        // A scope of threads replaces what unwound one of them, so it is not looked at whether it was the cut.
        let done = match done {
            _ if is_out => None,
            Ok(done) => Some(done),
            Err(other) => resume_unwind(other),
        };
        (done, calls.unwrap_or_default())
    }

    /// Does something while somebody else does something just before the call of that number, counted from 1; gives also whether
    /// it came to that, and what was called.
    pub fn interfered_with(
        &self,
        before: usize,
        interference: impl FnOnce() + Send + 'static,
        act: impl FnOnce(),
    ) -> (bool, Vec<Call>) {
        let interference: Option<(usize, Interference)> = Some((before, Box::new(interference)));
        *self.state() = State { calls: Some(Vec::new()), interference, ..State::default() };
        act();
        let State { calls, interference, .. } = std::mem::take(&mut *self.state());
        (interference.is_none(), calls.unwrap_or_default())
    }

    /// Lets somebody else do what they do before this call, whose calls are not counted.
    fn interfere(&self) {
        let mut state = self.state();
        let next = state.calls.as_ref().map(|calls| calls.len() + 1);
        let Some((_, act)) = state.interference.take_if(|(before, _)| Some(*before) == next) else { return };
        let calls = state.calls.take();
        drop(state);
        act();
        self.state().calls = calls;
    }

    /// Somebody who performs as long as there is power.
    pub fn over<'a>(&'a self, performer: &'a dyn Perform) -> Powered<'a> {
        Powered { performer, power: self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts a call; unwinds if the power is cut before it, or was.
    fn begin(&mut self, call: Call) {
        let Some(calls) = &mut self.calls else { return };
        calls.push(call);
        self.is_out |= matches!(self.cut, Some(Cut::Before(cut)) if calls.len() >= cut);
        self.go_on();
    }

    /// Unwinds if the power is cut now that a call is through, or was.
    fn end(&mut self) {
        let Some(calls) = &self.calls else { return };
        self.is_out |= matches!(self.cut, Some(Cut::After(cut)) if calls.len() >= cut);
        self.go_on();
    }

    fn go_on(&self) {
        if self.is_out {
            resume_unwind(Box::new(PowerCut));
        }
    }
}

impl Watch for Power {
    fn reached(&self, moment: Moment) {
        if moment != Moment::Written {
            self.interfere();
        }
        let mut state = self.state();
        match moment {
            Moment::Write => state.begin(Call::Write),
            Moment::Written => state.end(),
            Moment::Read => {
                state.begin(Call::Read);
                // It leaves nothing, so it is all the same when it is cut.
                state.end();
            }
        }
    }
}

/// Performs as long as there is power.
pub struct Powered<'a> {
    performer: &'a dyn Perform,
    power: &'a Power,
}

impl Powered<'_> {
    fn perform<T>(&self, perform: impl FnOnce(&dyn Perform) -> T) -> T {
        self.power.interfere();
        // Held while delivering: what is delivered is so in the order of the calls, and nothing after the cut.
        let mut state = self.power.state();
        state.begin(Call::Outside);
        let outcome = perform(self.performer);
        state.end();
        outcome
    }
}

impl SendMail for Powered<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.perform(|performer| performer.send(mail, key, deadline))
    }
}

impl CallOut for Powered<'_> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        self.perform(|performer| performer.call(request, key, deadline))
    }
}

impl System {
    /// Processes, in batches of that many users, until nothing can be done now or the power is cut (then `None`).
    pub fn drain_until(&self, cut: Cut, batch: i64) -> Outcome<Option<QueuedWork>> {
        self.drain_with(self.deliveries.as_ref(), cut, batch)
    }

    /// The same with somebody else performing what is done outside; only that is counted.
    pub fn drain_with(&self, performer: &dyn Perform, cut: Cut, batch: i64) -> Outcome<Option<QueuedWork>> {
        let power = Power::default();
        let performer = power.over(performer);
        let worker = Worker::new(&self.lifecycle, &performer, 1).with_batch(batch);
        Ok(power.until(Some(cut), || worker.drain()).0.transpose()?)
    }
}
