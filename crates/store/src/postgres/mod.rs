//! PostgreSQL: as many processes as one likes, each with a few writers with group commit and several readers.
//!
//! Whoever writes has the store alone, among all processes, so that what `common` relies on with SQLite holds here too; but for
//! leases and batches that change only what is their people's, which are written beside one another.

mod apart;
mod append;
mod cluster;
mod db;
mod dialect;
mod failure;
mod functions;
mod meta;
mod migrate;
mod nudges;
mod open;
mod ranges;
mod readers;
mod slots;
mod sql;
mod transaction;
mod transfer;

// Of `common`: what reads and writes the same on both.
#[path = "../common/access_packages.rs"]
mod access_packages;
#[path = "../common/activate.rs"]
mod activate;
#[path = "../common/admit.rs"]
mod admit;
#[path = "../common/agents.rs"]
mod agents;
#[path = "../common/applications.rs"]
mod applications;
#[path = "../common/assignment_policies.rs"]
mod assignment_policies;
#[path = "../common/assignments.rs"]
mod assignments;
#[path = "../common/audit.rs"]
mod audit;
#[path = "../common/audit_entry.rs"]
mod audit_entry;
#[path = "../common/audit_log.rs"]
mod audit_log;
#[path = "../common/audit_resolve.rs"]
mod audit_resolve;
#[path = "../common/authentication_methods.rs"]
mod authentication_methods;
#[path = "../common/cancel.rs"]
mod cancel;
#[path = "../common/change_log.rs"]
mod change_log;
#[path = "../common/changes.rs"]
mod changes;
#[path = "../common/counters.rs"]
mod counters;
#[path = "../common/dates.rs"]
mod dates;
#[path = "../common/deleted_items.rs"]
mod deleted_items;
#[path = "../common/directory.rs"]
mod directory;
#[path = "../common/engine.rs"]
mod engine;
#[path = "../common/entitlements.rs"]
mod entitlements;
#[path = "../common/events.rs"]
mod events;
#[path = "../common/extensions.rs"]
mod extensions;
#[path = "../common/filter/mod.rs"]
pub mod filter;
#[path = "../common/group_changes.rs"]
mod group_changes;
#[path = "../common/groups.rs"]
mod groups;
#[path = "../common/import.rs"]
mod import;
#[path = "../common/insights.rs"]
mod insights;
#[path = "../common/lease.rs"]
mod lease;
#[path = "../common/licenses.rs"]
mod licenses;
#[path = "../common/list.rs"]
mod list;
#[path = "../common/load/mod.rs"]
mod load;
#[path = "../common/members.rs"]
mod members;
#[path = "../common/moving.rs"]
mod moving;
#[path = "../common/order.rs"]
mod order;
#[path = "../common/package_assignments.rs"]
mod package_assignments;
#[path = "../common/package_requests.rs"]
mod package_requests;
#[path = "../common/passes.rs"]
mod passes;
#[path = "../common/pinned.rs"]
mod pinned;
#[path = "../common/purge.rs"]
mod purge;
#[path = "../common/reported.rs"]
mod reported;
#[path = "../common/results.rs"]
mod results;
#[path = "../common/resume.rs"]
mod resume;
#[path = "../common/retention.rs"]
mod retention;
#[path = "../common/role_assignments.rs"]
mod role_assignments;
#[path = "../common/roles.rs"]
mod roles;
#[path = "../common/rows.rs"]
mod rows;
#[path = "../common/runs.rs"]
mod runs;
#[path = "../common/sessions.rs"]
mod sessions;
#[path = "../common/settings.rs"]
mod settings;
#[path = "../common/settle/mod.rs"]
mod settle;
#[path = "../common/sign_in.rs"]
mod sign_in;
#[path = "../common/skus.rs"]
mod skus;
#[path = "../common/sponsors.rs"]
mod sponsors;
#[path = "../common/sponsorships.rs"]
mod sponsorships;
#[path = "../common/summary.rs"]
mod summary;
#[path = "../common/sweep.rs"]
mod sweep;
#[path = "../common/task_reports.rs"]
mod task_reports;
#[path = "../common/task_results.rs"]
mod task_results;
#[path = "../common/teams.rs"]
mod teams;
#[path = "../common/tokens.rs"]
mod tokens;
#[path = "../common/undo.rs"]
mod undo;
#[path = "../common/user_changes.rs"]
mod user_changes;
#[path = "../common/user_deletion.rs"]
mod user_deletion;
#[path = "../common/user_results.rs"]
mod user_results;
#[path = "../common/users.rs"]
mod users;
#[path = "../common/workflows.rs"]
mod workflows;
#[path = "../common/writer.rs"]
mod writer;

pub use dialect::translate;
pub use open::PostgresStore;

pub(crate) use transfer::Database;

use open::PostgresStore as Store;
