//! Moving a clock that stands still: every sweep that falls due on the way is run, in order.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::housekeeping::keep_house;
use super::notices::tell_administrators;
use super::sweep::{next_due, sweep_all};
use super::worker::{Step, Worker};
use crate::clock::ManualClock;
use crate::operations::Lifecycle;
use crate::ports::{Lane, Perform, QueuedWork, StoreError};

/// Rounds of sweeping and processing at one moment.
const ROUNDS: usize = 5;

/// A clock that somebody moves, and the engine that follows it. Nobody else processes beside it: then everything is
/// through when [`Simulation::advance`] returns.
pub struct Simulation {
    lifecycle: Arc<Lifecycle>,
    performer: Arc<dyn Perform>,
    clock: Arc<ManualClock>,
    moving: Mutex<()>,
}

/// What others do at a moment; whether it was anything.
pub type Others<'o> = dyn FnMut() -> Result<bool, StoreError> + 'o;

/// Why the clock was not moved.
#[derive(Debug, thiserror::Error)]
pub enum AdvanceError {
    /// Time does not run backwards.
    #[error("the clock stands at {now}; it cannot be moved back")]
    Backwards {
        /// Where the clock stands.
        now: Timestamp,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Simulation {
    /// `clock` is the one that `lifecycle` reads.
    pub fn new(lifecycle: Arc<Lifecycle>, performer: Arc<dyn Perform>, clock: Arc<ManualClock>) -> Self {
        Self { lifecycle, performer, clock, moving: Mutex::new(()) }
    }

    /// Moves the clock to `to`; when this returns, everything that was due by then has been swept and processed.
    pub fn advance(&self, to: Timestamp) -> Result<(), AdvanceError> {
        self.advance_among(to, &mut || Ok(false))
    }

    /// The same in a world that answers: when everything is through at a moment, `others` do what they do then, such as
    /// calling back; true if they did something, which is then processed at that moment too.
    pub fn advance_among(&self, to: Timestamp, others: &mut Others<'_>) -> Result<(), AdvanceError> {
        let _one_at_a_time = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.lifecycle.now();
        if to < now {
            return Err(AdvanceError::Backwards { now });
        }
        self.settle_among(now, others)?;
        loop {
            let now = self.lifecycle.now();
            let store = &self.lifecycle.store;
            // What is tried again, or waits in vain, is so when its time comes, and so does an assignment end.
            let queued = match store.queued_work(now, &Lane::Any)? {
                QueuedWork::At(at) => Some(at),
                QueuedWork::Nothing | QueuedWork::Now => None,
            };
            let stops = [next_due(&self.lifecycle, now)?, store.next_expiry(now)?, queued];
            match stops.into_iter().flatten().filter(|at| *at > now).min() {
                Some(at) if at < to => {
                    self.clock.set(at);
                    self.settle_among(at, others)?;
                }
                _ => break,
            }
        }
        self.clock.set(to);
        self.settle_among(to, others)?;
        Ok(())
    }

    fn settle_among(&self, limit: Timestamp, others: &mut Others<'_>) -> Result<(), StoreError> {
        loop {
            self.settle(limit)?;
            if !others()? {
                return Ok(());
            }
        }
    }

    /// Sweeps, then processes until nothing is left that can be done before `limit`.
    fn settle(&self, limit: Timestamp) -> Result<(), StoreError> {
        while keep_house(&self.lifecycle, self.lifecycle.now())? {}
        let worker = Worker::new(&self.lifecycle, self.performer.as_ref(), 0);
        // Processing may free occasions, or change what others wait for, and so somebody else may be due; a few rounds
        // settle that.
        for _ in 0..ROUNDS {
            let swept = sweep_all(&self.lifecycle, self.lifecycle.now())?;
            let mut worked = false;
            loop {
                match worker.step()? {
                    Step::Worked => worked = true,
                    Step::Idle(QueuedWork::At(at)) if at <= limit => {
                        self.clock.set(at.max(self.lifecycle.now()));
                    }
                    Step::Idle(_) => break,
                }
            }
            if swept.quarantined {
                tell_administrators(&self.lifecycle, self.performer.as_ref())?;
            }
            if swept.admitted == 0 && !worked {
                break;
            }
        }
        Ok(())
    }
}
