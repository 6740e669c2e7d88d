//! Results of days gone by, so that what is measured is measured on top of them.

use std::path::Path;

use crate::raw::Raw;
use crate::setup::{NOW, Work, caller};

const DAY: i64 = 86_400_000;

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
