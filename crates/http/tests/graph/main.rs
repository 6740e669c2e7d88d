//! The API from outside: a whole Tenure with its real store behind the real router. Files mirror the URLs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod bad_input;
mod catalogue;
mod company;
mod containers;
mod custom_task_extensions;
mod dump;
mod groups;
mod insights;
mod law;
mod lists;
mod permissions;
mod tenure;
mod users;
mod workflow_templates;
mod workflows;
