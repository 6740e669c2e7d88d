//! What a run did is taken back by a run, and what cannot be is said.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod again;
mod changed_since;
mod every_effect;
#[path = "../ledger/mod.rs"]
mod ledger;
mod many;
mod stage;
