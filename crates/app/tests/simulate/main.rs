//! `tenure simulate`: days played with the real engine, on a copy or on an empty directory.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod callbacks;
mod copy;
mod files;
mod replay;
mod wrong_use;
