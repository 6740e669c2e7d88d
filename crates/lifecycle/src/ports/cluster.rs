//! Processes that share a store: who of them sweeps, what becomes of one that is gone, and how they wake one another.

use jiff::Timestamp;

use super::StoreError;
use crate::extension::Sealed;

/// What a process tells the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bell {
    /// There is something to process.
    Work,
    /// Somebody may have become due.
    Changes,
    /// There is something to tell the administrators.
    Notices,
}

/// What must not happen at the same time, whatever processes do it: half an import is no state to judge anybody by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Somebody imports; others may too.
    Import,
    /// Somebody looks who is due.
    Sweep,
}

/// What is called when another process has told something.
pub type Told = Box<dyn Fn(Bell) + Send + Sync>;

/// The processes that share a store. A store that one process has to itself has nobody to tell.
pub trait Cluster {
    /// The number of this process among all that have had the store.
    fn process(&self) -> i64;
    /// Queues again whoever is leased to a process that is gone. What may still be under way outside waits for the end of
    /// its lease.
    fn take_over(&self, now: Timestamp) -> Result<u64, StoreError>;
    /// Whether this process is the one that sweeps, which it then is for a while: one at a time is.
    fn lead(&self) -> Result<bool, StoreError>;
    /// Whether the store answers just now, however busy it is.
    fn answers(&self) -> Result<(), StoreError>;
    /// Waits until what must not happen at the same time is over, and keeps it away until what is given is dropped.
    fn keep_apart(&self, what: Apart) -> Result<Box<dyn Send>, StoreError>;
    /// Keeps what was sealed with this process's key, unless another was first: then gives what that one sealed with its own.
    fn agree(&self, sealed: &Sealed) -> Result<Sealed, StoreError>;
    /// Wakes the other processes, soon. It is a nudge: whoever misses it looks by themselves before long.
    fn tell(&self, bell: Bell);
    /// Has the process told from now on.
    fn hear(&self, told: Told);
}
