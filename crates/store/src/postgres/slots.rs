//! Counters of each writer. Whoever settles beside others would wait for them at the row of the run; so each connection that
//! writes counts in a row of its own, its slot, and who reads adds them up. They are added to where they belong by whoever writes there
//! and has the store for itself, at the latest when the run is through.

use std::collections::BTreeMap;

use tenure_lifecycle::ids::{Ordinal, RunNumber};
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::ReportCounters;

use super::counters::{ReportMove, RunMove, counters};
use super::db::{Connection, Kind, Many, OptionalExtension as _, Result, later, params};
use super::failure::database;
use super::summary::SUMS;

// The tables to read counters from: views that add them up.
pub(super) const RUNS: &str = "runs_now";
pub(super) const RUNS_BY_SCHEDULED: &str = "FROM runs_now r WHERE r.workflow = ?";
pub(super) const TASK_REPORTS: &str = "task_reports_now";
pub(super) const SUMMARIES: &str = "summaries_now";
pub(super) const SUMMARY_DAYS: &str = "summary_days_now";
pub(super) const REPORT_DAYS: &str = "report_days_now";
pub(super) const TASK_DAYS: &str = "task_days_now";

const ADD_TO_RUN: Many = Many {
    table: "run_slots",
    key: 2,
    columns: &[Kind::Number; 14],
    before: "INSERT INTO run_slots (run, slot, users_total, users_queued, users_in_progress, users_successful, users_with_errors,
                            users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed, started, updated) SELECT * FROM",
    after: "ON CONFLICT (run, slot) DO UPDATE
              SET users_total = run_slots.users_total + excluded.users_total,
                  users_queued = run_slots.users_queued + excluded.users_queued,
                  users_in_progress = run_slots.users_in_progress + excluded.users_in_progress,
                  users_successful = run_slots.users_successful + excluded.users_successful,
                  users_with_errors = run_slots.users_with_errors + excluded.users_with_errors,
                  users_failed = run_slots.users_failed + excluded.users_failed,
                  users_canceled = run_slots.users_canceled + excluded.users_canceled,
                  tasks_total = run_slots.tasks_total + excluded.tasks_total,
                  tasks_failed = run_slots.tasks_failed + excluded.tasks_failed,
                  tasks_unprocessed = run_slots.tasks_unprocessed + excluded.tasks_unprocessed,
                  started = least(run_slots.started, excluded.started), updated = excluded.updated",
};
const ADD_TO_REPORT: Many = Many {
    table: "report_slots",
    key: 0,
    columns: &[Kind::Number; 10],
    before: "INSERT INTO report_slots
        (run, ordinal, slot, total, successful, failed, in_progress, started, completed, updated) SELECT * FROM",
    after: "ON CONFLICT (run, ordinal, slot) DO UPDATE
              SET total = report_slots.total + excluded.total, successful = report_slots.successful + excluded.successful,
                  failed = report_slots.failed + excluded.failed, in_progress = report_slots.in_progress + excluded.in_progress,
                  started = least(report_slots.started, excluded.started),
                  completed = greatest(report_slots.completed, excluded.completed), updated = excluded.updated",
};

/// Keeps a step of a run in a slot of it.
pub(super) fn add(
    connection: &Connection,
    (run, slot): (RunNumber, i64),
    step: &RunMove,
    at: i64,
) -> Result<()> {
    let delta = step.sum();
    let (users, tasks) = (&delta.users, &delta.tasks);
    later(connection, ADD_TO_RUN)?.execute(params![
        run,
        slot,
        users.total,
        users.queued,
        users.in_progress,
        users.successful,
        users.with_errors,
        users.failed,
        users.canceled,
        tasks.total,
        tasks.failed,
        tasks.unprocessed,
        step.started,
        at
    ])?;
    let mut reports = later(connection, ADD_TO_REPORT)?;
    for (ordinal, step) in &step.reports {
        let delta = &step.counters;
        reports.execute(params![
            run,
            *ordinal,
            slot,
            delta.total,
            delta.successful,
            delta.failed,
            delta.in_progress,
            step.started,
            step.completed,
            at
        ])?;
    }
    connection.flush()
}

/// Takes what is in the slots of a run.
pub(super) fn take(connection: &Connection, run: RunNumber) -> Result<RunMove> {
    let sql = format!("SELECT {SUMS}, min(started), count(*) FROM run_slots WHERE run = ?1");
    let (sum, started, slots) = connection.prepare_cached(&sql)?.query_row([run], |row| {
        Ok((counters(row, 0)?, row.get::<_, Option<i64>>(10)?, row.get::<_, i64>(11)?))
    })?;
    if slots == 0 {
        return Ok(RunMove::default());
    }
    let scheduled = connection
        .prepare_cached("SELECT scheduled FROM runs WHERE number = ?1")?
        .query_row([run], |row| row.get(0))?;
    let reports: BTreeMap<Ordinal, ReportMove> = connection
        .prepare_cached(
            "SELECT ordinal, sum(total), sum(successful), sum(failed), sum(in_progress), min(started), max(completed)
               FROM report_slots WHERE run = ?1 GROUP BY ordinal",
        )?
        .query_map([run], |row| {
            let counters = ReportCounters {
                total: row.get(1)?,
                successful: row.get(2)?,
                failed: row.get(3)?,
                in_progress: row.get(4)?,
            };
            Ok((row.get(0)?, ReportMove { counters, started: row.get(5)?, completed: row.get(6)? }))
        })?
        .collect::<Result<_>>()?;
    for table in ["run_slots", "report_slots"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE run = ?1"))?.execute([run])?;
    }
    Ok(RunMove { by_time: BTreeMap::from([(scheduled, sum)]), reports, started })
}

/// Whether a run is through, though its slots are not added up yet and nothing says so.
pub(super) fn is_through(connection: &Connection, run: RunNumber) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM runs_now r
              WHERE r.number = ?1 AND r.open = 0 AND r.users_queued + r.users_in_progress = 0
                AND EXISTS (SELECT 1 FROM run_slots s WHERE s.run = r.number)",
        )?
        .exists([run])
}

/// A run that is through, of which whoever settled last was kept from saying so.
pub(super) fn any_through(connection: &Connection) -> Result<Option<RunNumber>> {
    connection
        .prepare_cached(
            "SELECT s.run FROM run_slots s JOIN runs_now r ON r.number = s.run
              WHERE r.open = 0 AND r.users_queued + r.users_in_progress = 0 LIMIT 1",
        )?
        .query_row([], |row| row.get(0))
        .optional()
}

/// Adds up all slots, wherever their runs have come to.
pub(super) fn add_up(connection: &Connection) -> std::result::Result<(), StoreError> {
    let runs: Vec<(RunNumber, i64)> = connection
        .prepare_cached("SELECT run, max(updated) FROM run_slots GROUP BY run")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(database)?;
    for (run, at) in runs {
        RunMove::default().apply(connection, run, at)?;
    }
    Ok(())
}
