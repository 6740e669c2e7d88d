//! Waiting to be called back: whatever dies, is canceled or comes too late, everybody ends once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "../ledger/mod.rs"]
mod ledger;

mod badge;
mod crashing;
mod deadline;
mod interference;
mod law;
