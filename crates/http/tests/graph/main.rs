//! The API from outside: a whole Tenure with its real store behind the real router. Files mirror the URLs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod bad_input;
mod catalogue;
mod company;
mod describe;
mod dump;
mod groups;
mod law;
mod lists;
mod permissions;
mod tenure;
mod users;
mod walk;
mod workflows;
