//! Custom task extensions, from outside: a real server calls a real endpoint, and whoever may answers.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod callers;
mod changed_meanwhile;
mod endpoint;
mod failures;
mod launch;
mod parked;
mod proof;
mod reply;
mod resume;
mod simulated;
mod stopped_meanwhile;
mod stopping;
#[expect(dead_code, reason = "the search for secrets uses the rest of it")]
mod world;
mod written;
