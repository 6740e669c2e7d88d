//! Turns at places outside: mails and calls, a portion at a time, so that what is done is on record soon and everybody has
//! their turn.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::handover::Handover;
use super::hands::Hands;
use super::perform::{is_to_be_performed, perform};
use super::turn::{load, settle};
use super::worker::Step;
use crate::ids::Seq;
use crate::operations::Lifecycle;
use crate::ports::{Lease, Perform, Place, StoreError};

/// Users of the first portion of a turn: they are in flight until it is over, and nothing else is done for them.
const FIRST: usize = 32;
/// Users of a portion at a place that is quick.
const PORTION: usize = 256;
/// How long effects of one portion are begun, before what was done is put on record.
const BEGIN: Duration = Duration::from_millis(250);
/// How long a turn lasts before others have theirs.
const TURN: Duration = Duration::from_secs(5);

/// Somebody who performs.
pub(super) struct Outside<'a> {
    pub(super) lifecycle: &'a Lifecycle,
    pub(super) performer: &'a dyn Perform,
    pub(super) handover: &'a Handover,
    pub(super) hands: Hands<'a>,
    pub(super) stop: &'a AtomicBool,
}

impl Outside<'_> {
    /// Takes one turn, if there is one to take.
    pub(super) fn step(&self) -> Result<Step, StoreError> {
        let (store, now) = (&self.lifecycle.store, self.lifecycle.clock.now());
        self.hands.give_back()?;
        let found = self.handover.take(|lane| self.hands.lease(PORTION as i64, now, lane))?;
        let Some(lease) = found else {
            return Ok(Step::Idle(store.queued_work(now, &self.handover.lane())?));
        };
        let _turn = TurnAt(self, lease.place);
        self.hands.with(lease, |lease| self.turn(lease))?;
        Ok(Step::Worked)
    }

    fn turn(&self, mut lease: Lease) -> Result<(), StoreError> {
        let begun = Instant::now();
        let mut rest: VecDeque<Seq> = lease.only.take().unwrap_or_default().into();
        let mut portion = FIRST;
        while !rest.is_empty() {
            if begun.elapsed() >= TURN || self.stop.load(Ordering::SeqCst) {
                return self.lifecycle.store.abandon(&lease, self.lifecycle.clock.now());
            }
            lease.only = Some(rest.drain(..portion.min(rest.len())).collect());
            lease.only = Some(self.lifecycle.store.take_up(&lease, self.lifecycle.clock.now())?);
            let batch = load(self.lifecycle, &lease)?;
            let performed = perform(self.lifecycle, &batch, lease.run, self.performer, BEGIN);
            let done = performed.len();
            let left: HashSet<Seq> = batch
                .users
                .iter()
                .filter(|user| is_to_be_performed(&batch, user) && !performed.contains_key(&user.seq))
                .map(|user| user.seq)
                .collect();
            let goes_on = (!rest.is_empty(), true);
            let next = settle(self.lifecycle, &lease, &batch, performed, &left, goes_on)?;
            // As many as there was time for.
            portion = if left.is_empty() { portion * 2 } else { done }.clamp(FIRST, PORTION);
            rest.extend(left);
            rest.extend(next.into_iter().map(|(seq, _)| seq));
        }
        Ok(())
    }
}

/// A turn under way at a place, which is over whatever becomes of it.
struct TurnAt<'a>(&'a Outside<'a>, Place);

impl Drop for TurnAt<'_> {
    fn drop(&mut self) {
        self.0.handover.end(self.1);
        // Somebody may wait for room at that place.
        self.0.lifecycle.work.ring();
    }
}
