//! The sample company of `tenure demo`: made up, and the same for the same day and number of people.
//!
//! ```text
//! names + random ──► company: people, groups ──► hr/people.csv ──► the import that everybody uses
//! examples/workflows/*.yaml ──► workflow_file ──► workflows ──► the engine that everybody uses ──► report
//! ```

mod company;
mod folder;
mod names;
mod people_file;
mod random;
mod report;
mod settle_in;

pub(crate) use company::Company;
pub(crate) use folder::recreate;
pub(crate) use report::Report;
pub(crate) use settle_in::{settle_in, today};
