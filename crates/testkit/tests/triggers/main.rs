//! When a workflow runs by itself, trigger by trigger: the rows of `docs/scheduling.md`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod business;
mod clock;
mod dates;
mod events;
mod guests;
mod interval;
mod many;
mod stage;
