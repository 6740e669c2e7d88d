//! The API from outside: a whole Tenure with its real store behind the real router. Files mirror the URLs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access_packages;
mod agents;
mod api;
mod audit_logs;
mod authentication;
mod bad_input;
mod batch;
mod catalogue;
mod company;
mod containers;
mod custom_task_extensions;
mod deleted_items;
mod delta;
mod describe;
mod dsc;
mod dump;
mod expand;
mod generated_queries;
mod groups;
mod import;
mod insights;
mod law;
mod licenses;
mod lifecycle_policies;
mod lists;
mod metadata;
mod neighbours;
mod oidc;
mod package_assignments;
mod paging;
mod permissions;
mod preview_mail;
mod roles;
mod search;
mod spelling;
mod sponsors;
mod tasks;
mod teams;
mod tenure;
mod users;
mod walk;
mod workflow_templates;
mod workflows;
