//! Mail from the task to a real server: what arrives there, and what becomes of it when the server does not want it, or
//! is away.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[path = "../../../notify/tests/support/mod.rs"]
#[expect(dead_code, reason = "not every test needs all of the support")]
mod support;

mod company;
mod outage;
mod refusals;
mod sender;
mod several;
mod snapshot;
mod words;
