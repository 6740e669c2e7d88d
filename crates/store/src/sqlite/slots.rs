//! Counters of each process: there is one, so what it counts is added to where it belongs at once.

use rusqlite::Connection;
use tenure_lifecycle::ids::RunNumber;

use super::counters::RunMove;

// The tables to read counters from.
pub(super) const RUNS: &str = "runs";
pub(super) const RUNS_BY_SCHEDULED: &str = "FROM runs r INDEXED BY runs_scheduled WHERE r.workflow = ?";
pub(super) const TASK_REPORTS: &str = "task_reports";
pub(super) const SUMMARIES: &str = "summaries";
pub(super) const SUMMARY_DAYS: &str = "summary_days";
pub(super) const REPORT_DAYS: &str = "report_days";
pub(super) const TASK_DAYS: &str = "task_days";

/// Keeps a step of a run apart: nobody does.
pub(super) fn add(_: &Connection, _: (RunNumber, i64), _: &RunMove, _: i64) -> rusqlite::Result<()> {
    Ok(())
}

/// What is kept apart of a run: nothing.
pub(super) fn take(_: &Connection, _: RunNumber) -> rusqlite::Result<RunMove> {
    Ok(RunMove::default())
}

/// Whether a run is through though nothing says so yet: never.
pub(super) fn is_through(_: &Connection, _: RunNumber) -> rusqlite::Result<bool> {
    Ok(false)
}
