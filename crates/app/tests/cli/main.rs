//! The binary as people use it.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod demo;
mod explain;
mod forecast;
mod import;
mod mail;
mod preview;
mod sample;
mod serve;
mod template;
mod tls;
mod token;
mod undo;
mod workflow;
mod wrong_use;
