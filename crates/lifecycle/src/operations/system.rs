//! A Tenure in one value.

use std::sync::{Arc, Mutex};

use crate::audit::{Activity, Actor, Entry};
use crate::clock::{Clock, Ids, whole_millis};
use crate::engine::Signal;
use crate::limits::Limits;
use crate::ports::Store;
use crate::token::Caller;

/// The store with everything that operations on it need.
pub struct Lifecycle {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Fresh ids.
    pub ids: Arc<dyn Ids>,
    /// What is allowed.
    pub limits: Limits,
    /// Rung when there is something to process.
    pub work: Signal,
    /// Rung when somebody may have become due.
    pub changes: Signal,
    /// Held while an import is written, and while somebody looks who is due.
    pub(crate) importing: Mutex<()>,
}

impl Lifecycle {
    /// A Tenure on that store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, limits: Limits) -> Self {
        Self {
            store,
            clock,
            ids,
            limits,
            work: Signal::default(),
            changes: Signal::default(),
            importing: Mutex::new(()),
        }
    }

    /// The present moment, as the store keeps it.
    pub fn now(&self) -> jiff::Timestamp {
        whole_millis(self.clock.now())
    }

    pub(super) fn entry(&self, caller: &Caller, activity: Activity, after: Option<String>) -> Entry {
        Entry { at: self.now(), actor: Actor::Caller(caller.id), activity, before: None, after }
    }
}
