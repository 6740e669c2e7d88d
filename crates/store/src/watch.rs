//! Somebody who is told of every call of the store, before and after: a test that cuts the power at each of them.

/// Where a call of the store has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A snapshot is about to be read.
    Read,
    /// Something is about to be written; nothing of it is on disk.
    Write,
    /// The writer has answered: what it has written is on disk, and nobody has heard of it yet.
    Written,
}

/// Is told of every call, in the thread of whoever calls.
pub trait Watch: Send + Sync {
    /// A call has come so far; whoever unwinds here ends it.
    fn reached(&self, moment: Moment);
}
