//! Results of days gone by, so that what is measured is measured on top of them.

use std::path::Path;

use rusqlite::Connection;
use tenure_lifecycle::workflow::Workflow;

use crate::raw::Raw;
use crate::setup::{NOW, Work, caller, company, open};

const DAY: i64 = 86_400_000;

/// A directory, and a workflow with that many results, of which one in so many has failed.
pub(crate) fn with_failures(
    directory: &Path,
    people: u64,
    results: u64,
    one_in: u64,
) -> anyhow::Result<Workflow> {
    let workflow = {
        let (store, lifecycle) = open(directory)?;
        company(store.as_ref(), &lifecycle, people, Work::Bookkeeping, false)?
    };
    write(directory, workflow.number, people, results)?;
    let connection = Connection::open(directory.join("tenure.db"))?;
    connection.execute(
        "UPDATE user_results SET status = 5, failed = 1 WHERE seq % ?1 = 0",
        [one_in.max(1) as i64],
    )?;
    Ok(workflow)
}

/// Writes so many results of a workflow, five tasks each: a run of everybody each day, the last one yesterday.
pub(crate) fn write(directory: &Path, workflow: i64, people: u64, results: u64) -> anyhow::Result<()> {
    let days = results.div_ceil(people.max(1)) as i64;
    let mut left = results;
    for day in 0..days {
        let users = people.min(left);
        let raw = Raw {
            work: Work::Bookkeeping,
            users,
            every: 1,
            at: NOW - (days - day) * DAY,
            per_run: 100_000,
            workflow,
            actor: caller().id.0.into_bytes(),
        };
        raw.write(directory)?;
        left -= users;
    }
    Ok(())
}
