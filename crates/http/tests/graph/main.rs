//! The API from outside: a whole Tenure with its real store behind the real router. Files mirror the URLs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod audit_logs;
mod bad_input;
mod catalogue;
mod company;
mod deleted_items;
mod delta;
mod dump;
mod groups;
mod law;
mod lists;
mod neighbours;
mod permissions;
mod tenure;
mod users;
mod workflows;
