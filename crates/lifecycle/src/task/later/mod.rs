//! Tasks that are listed and cannot be used yet, a file a subject. One that is built moves to a file of its own.

mod access_packages;
mod accounts;
mod extension;
mod licenses;
mod mails;
mod sponsorships;
mod teams;

use super::TaskDefinition;

static SUBJECTS: [&[TaskDefinition]; 7] = [
    accounts::DEFINITIONS,
    mails::DEFINITIONS,
    teams::DEFINITIONS,
    licenses::DEFINITIONS,
    access_packages::DEFINITIONS,
    sponsorships::DEFINITIONS,
    extension::DEFINITIONS,
];

/// The definitions of all tasks to come.
pub(super) fn definitions() -> impl Iterator<Item = &'static TaskDefinition> {
    SUBJECTS.into_iter().flatten()
}
