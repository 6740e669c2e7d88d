//! One worker: leases a range, performs what is frozen, plans, settles.

use std::cell::RefCell;
use std::collections::HashSet;
use std::time::Duration;

use jiff::SignedDuration;

use super::perform::perform;
use super::plan::Planning;
use crate::audit::Actor;
use crate::operations::Lifecycle;
use crate::ports::{Batch, Lease, Perform, QueuedWork, Settlement, StoreError, UserOutcome};
use crate::workflow::{ExecutionConditions, Rule, Scope};

/// Users of one batch.
const BATCH: i64 = 1_000;
/// Time for the outside effects of one batch; a lease lasts longer.
const OUTSIDE: Duration = Duration::from_mins(4);

/// Pause before the users of a batch that failed have another turn.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(5);

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
    owner: u64,
    batch: i64,
    /// Leases whose work failed and that could not be given back yet.
    failed: RefCell<Vec<Lease>>,
}

impl<'a> Worker<'a> {
    /// A worker of that name.
    pub fn new(lifecycle: &'a Lifecycle, performer: &'a dyn Perform, owner: u64) -> Self {
        Self { lifecycle, performer, owner, batch: BATCH, failed: RefCell::default() }
    }

    /// The same worker with batches of that many users.
    pub fn with_batch(self, batch: i64) -> Self {
        Self { batch, ..self }
    }

    /// Processes one range, if there is one.
    pub fn step(&self) -> Result<Step, StoreError> {
        let store = &self.lifecycle.store;
        let now = self.lifecycle.clock.now();
        self.give_back()?;
        let Some(lease) = store.lease(self.owner, self.batch, now)? else {
            return Ok(Step::Idle(store.queued_work(now)?));
        };
        // Until the work is done the lease counts as failed; a panic leaves it so.
        self.failed.borrow_mut().push(lease.clone());
        match self.process(lease) {
            // Whoever has the lease now does the work.
            Ok(()) | Err(StoreError::LeaseLost) => {
                self.failed.borrow_mut().pop();
                Ok(Step::Worked)
            }
            Err(error) => {
                // If that fails too, it is tried again before anything else is leased.
                drop(self.give_back());
                Err(error)
            }
        }
    }

    /// Gives back the leases whose work failed, so that their users have another turn.
    fn give_back(&self) -> Result<(), StoreError> {
        let mut failed = self.failed.borrow_mut();
        while let Some(lease) = failed.last() {
            let now = self.lifecycle.clock.now();
            self.lifecycle.store.abandon(lease, now.checked_add(AFTER_FAILURE).unwrap_or(now))?;
            failed.pop();
        }
        Ok(())
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
            let mut batch = self.lifecycle.store.load(&lease)?;
            batch.people.letterhead = self.lifecycle.letterhead()?;
            let settlement = self.plan(&lease, &batch);
            let outside: Vec<i64> = settlement
                .users
                .iter()
                .filter(|user| matches!(user.outcome, UserOutcome::Outside(_)))
                .map(|user| user.seq)
                .collect();
            let settled = self.lifecycle.store.settle(&lease, settlement, Actor::Engine)?;
            if settled.released {
                self.lifecycle.changes.ring();
            }
            let again: HashSet<i64> = settled.again.into_iter().collect();
            let rest: Vec<i64> = outside.into_iter().filter(|seq| !again.contains(seq)).collect();
            if rest.is_empty() {
                return Ok(());
            }
            lease.only = Some(rest);
        }
    }

    fn plan(&self, lease: &Lease, batch: &Batch) -> Settlement {
        let mut performed = perform(self.lifecycle, batch, lease.run, self.performer, OUTSIDE);
        let rule = match &batch.version.conditions {
            ExecutionConditions::TriggerAndScope { scope: Scope::Rule { rule }, .. } => {
                Rule::parse(rule).ok()
            }
            _ => None,
        };
        let (limits, ids) = (&self.lifecycle.limits, self.lifecycle.ids.as_ref());
        let planning = Planning::of(batch, rule.as_ref(), limits, ids, self.lifecycle.clock.now());
        let users: Vec<_> =
            batch.users.iter().map(|user| planning.user(user, performed.remove(&user.seq))).collect();
        let mut touched: Vec<i64> =
            users.iter().flat_map(|user| &user.effects).filter_map(|(_, change)| change.group()).collect();
        touched.sort_unstable();
        touched.dedup();
        let groups = touched
            .into_iter()
            .filter_map(|number| batch.people.groups.get(&number))
            .map(|group| (group.number, group.version))
            .collect();
        let keep_lease = users.iter().any(|user| matches!(user.outcome, UserOutcome::Outside(_)));
        Settlement { at: planning.now, users, change: batch.change, groups, keep_lease }
    }
}
