//! One worker: leases a range, performs what is frozen or hands it over, plans, settles.

use std::collections::HashSet;
use std::time::Duration;

use super::handover::Handover;
use super::hands::Hands;
use super::perform::{Performed, perform};
use super::turn::{load, settle};
use crate::operations::Lifecycle;
use crate::ports::{Lane, Lease, Perform, QueuedWork, StoreError};

/// Users of one batch.
const BATCH: i64 = 1_000;
/// How long outside effects of one batch are begun; a lease lasts longer.
const OUTSIDE: Duration = Duration::from_secs(210);

/// What a step found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It processed a range.
    Worked,
    /// There was nothing to lease.
    Idle(QueuedWork),
}

/// Processes queued users, range by range.
pub struct Worker<'a> {
    lifecycle: &'a Lifecycle,
    performer: &'a dyn Perform,
    batch: i64,
    /// Who does what is to be done outside; `None` is the worker itself.
    handover: Option<&'a Handover>,
    hands: Hands<'a>,
}

impl<'a> Worker<'a> {
    /// A worker of that name, who does everything.
    pub fn new(lifecycle: &'a Lifecycle, performer: &'a dyn Perform, owner: u64) -> Self {
        Self { lifecycle, performer, batch: BATCH, handover: None, hands: Hands::new(lifecycle, owner) }
    }

    /// The same worker, who hands over what is to be done outside.
    pub(super) fn handing_over_to(self, handover: &'a Handover) -> Self {
        Self { handover: Some(handover), ..self }
    }

    /// The same worker with batches of that many users.
    pub fn with_batch(self, batch: i64) -> Self {
        Self { batch, ..self }
    }

    /// Processes one range, if there is one.
    pub fn step(&self) -> Result<Step, StoreError> {
        let now = self.lifecycle.clock.now();
        self.hands.give_back()?;
        let lane = if self.handover.is_some() { Lane::Here } else { Lane::Any };
        let Some(lease) = self.hands.lease(self.batch, now, &lane)? else {
            return Ok(Step::Idle(self.lifecycle.store.queued_work(now, &lane)?));
        };
        self.hands.with(lease, |lease| self.process(lease))?;
        Ok(Step::Worked)
    }

    /// Processes ranges until there is nothing that can be done now.
    pub fn drain(&self) -> Result<QueuedWork, StoreError> {
        loop {
            if let Step::Idle(work) = self.step()? {
                return Ok(work);
            }
        }
    }

    fn process(&self, mut lease: Lease) -> Result<(), StoreError> {
        loop {
            let batch = load(self.lifecycle, &lease)?;
            let performed = match self.handover {
                None => perform(self.lifecycle, &batch, lease.run, self.performer, OUTSIDE),
                // What is to be done outside is for others to do.
                Some(_) => Performed::new(),
            };
            let rest = settle(
                self.lifecycle,
                &lease,
                &batch,
                performed,
                &HashSet::new(),
                (false, self.handover.is_some()),
            )?;
            if rest.is_empty() {
                return Ok(());
            }
            lease.only = Some(rest.iter().map(|(seq, _)| *seq).collect());
            if let Some(handover) = self.handover {
                lease.place = rest[0].1;
                return match handover.offer(lease) {
                    Ok(()) => {
                        self.lifecycle.work.ring();
                        Ok(())
                    }
                    Err(lease) => {
                        let now = self.lifecycle.clock.now();
                        self.lifecycle.store.abandon(&lease, now)?;
                        self.lifecycle.work.ring();
                        Ok(())
                    }
                };
            }
        }
    }
}
