//! SQLite: one writer with group commit, several readers, WAL, `synchronous=FULL`.

mod activate;
mod admit;
mod audit;
mod cancel;
mod counters;
mod directory;
mod engine;
pub mod filter;
mod groups;
mod import;
mod lease;
mod list;
mod load;
mod lock;
mod members;
mod migrate;
mod open;
mod order;
mod purge;
mod reported;
mod results;
mod rows;
mod runs;
mod settle;
mod summary;
mod sweep;
mod task_reports;
mod task_results;
mod tokens;
mod user_results;
mod users;
mod workflows;
mod writer;

pub use open::{OpenError, SqliteStore};
