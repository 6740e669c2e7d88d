//! What somebody has in hand: leases that were given and not let go of yet. Whatever fails meanwhile, even the answer of the
//! store, nobody stays in hand: all of it is given back before anything else is leased.

use std::cell::{Cell, RefCell};

use jiff::{SignedDuration, Timestamp};

use crate::operations::Lifecycle;
use crate::ports::{Lane, Lease, StoreError};

/// Pause before people whose turn failed have another one.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(5);

/// The leases of a worker, or of somebody who performs what goes outside.
pub(super) struct Hands<'a> {
    lifecycle: &'a Lifecycle,
    owner: u64,
    held: RefCell<Vec<Lease>>,
    /// The last lease that was asked for and given.
    last: Cell<i64>,
    /// Whether a lease was asked for and it is not known whether it was given: the answer was lost.
    is_unsure: Cell<bool>,
}

impl<'a> Hands<'a> {
    pub(super) fn new(lifecycle: &'a Lifecycle, owner: u64) -> Self {
        let (held, last, is_unsure) = Default::default();
        Self { lifecycle, owner, held, last, is_unsure }
    }

    /// Asks for a lease.
    pub(super) fn lease(&self, limit: i64, now: Timestamp, lane: &Lane) -> Result<Option<Lease>, StoreError> {
        // Also if this panics.
        self.is_unsure.set(true);
        let lease = self.lifecycle.store.lease(self.owner, limit, now, lane)?;
        self.is_unsure.set(false);
        if let Some(lease) = &lease {
            self.last.set(lease.id);
        }
        Ok(lease)
    }

    /// Does the work of a lease; if that fails or panics, it is still in hand.
    pub(super) fn with(
        &self,
        lease: Lease,
        work: impl FnOnce(Lease) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.held.borrow_mut().push(lease.clone());
        match work(lease) {
            // Whoever has the lease now does the work.
            Ok(()) | Err(StoreError::LeaseLost) => {
                self.held.borrow_mut().pop();
                Ok(())
            }
            Err(error) => {
                // If that fails too, it is tried again before anything else is leased.
                drop(self.give_back());
                Err(error)
            }
        }
    }

    /// Gives back what is in hand, so that the people have another turn.
    pub(super) fn give_back(&self) -> Result<(), StoreError> {
        let store = &self.lifecycle.store;
        let not_before = || {
            let now = self.lifecycle.clock.now();
            now.checked_add(AFTER_FAILURE).unwrap_or(now)
        };
        if self.is_unsure.get() {
            store.abandon_untold(self.owner, self.last.get(), not_before())?;
            self.is_unsure.set(false);
        }
        let mut held = self.held.borrow_mut();
        while let Some(lease) = held.last() {
            store.abandon(lease, not_before())?;
            held.pop();
        }
        Ok(())
    }
}
