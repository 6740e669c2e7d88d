//! Counters: of a run, of its task reports and of summaries; they move in the transaction of the rows they count.

use std::collections::BTreeMap;

use tenure_lifecycle::ids::{Ordinal, RunNumber};
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{
    CancelReason, ExecutionType, ReportCounters, RunCounters, Status, TaskCounts, UserCounts, run_status,
};

use super::db::{self, Connection, Row, params};
use super::rows::{corrupt, database};
use super::slots;

/// The counter columns, in the order in which [`counters`] reads them.
pub(super) const COUNTERS: &str =
    "users_total, users_queued, users_in_progress, users_successful, users_with_errors,
       users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed";

/// Reads counters from columns that begin at `from`.
pub(super) fn counters(row: &Row<'_>, from: usize) -> db::Result<RunCounters> {
    Ok(RunCounters {
        users: UserCounts {
            total: row.get(from)?,
            queued: row.get(from + 1)?,
            in_progress: row.get(from + 2)?,
            successful: row.get(from + 3)?,
            with_errors: row.get(from + 4)?,
            failed: row.get(from + 5)?,
            canceled: row.get(from + 6)?,
        },
        tasks: TaskCounts {
            total: row.get(from + 7)?,
            failed: row.get(from + 8)?,
            unprocessed: row.get(from + 9)?,
        },
    })
}

/// What happened to one task over some users.
#[derive(Clone, Copy, Default)]
pub(super) struct ReportMove {
    pub(super) counters: ReportCounters,
    pub(super) started: Option<i64>,
    pub(super) completed: Option<i64>,
}

/// A step of a run's counters.
#[derive(Default)]
pub(super) struct RunMove {
    /// By scheduled time; engine results have the run's.
    pub(super) by_time: BTreeMap<i64, RunCounters>,
    pub(super) reports: BTreeMap<Ordinal, ReportMove>,
    /// The earliest moment at which a user was begun.
    pub(super) started: Option<i64>,
}

const DAY: i64 = 24 * 60 * 60 * 1_000;

impl RunMove {
    /// What it comes to, whenever it is scheduled for.
    pub(super) fn sum(&self) -> RunCounters {
        let mut sum = RunCounters::default();
        for counters in self.by_time.values() {
            sum.add(counters);
        }
        sum
    }

    /// Adds another step.
    fn add(&mut self, other: Self) {
        for (scheduled, counters) in other.by_time {
            self.by_time.entry(scheduled).or_default().add(&counters);
        }
        for (ordinal, step) in other.reports {
            let report = self.reports.entry(ordinal).or_default();
            report.counters.add(&step.counters);
            report.started = report.started.into_iter().chain(step.started).min();
            report.completed = report.completed.max(step.completed);
        }
        self.started = self.started.into_iter().chain(other.started).min();
    }

    /// Applies the step, and what waits in slots, to the run, its reports and its summaries; says whether the run is finished.
    pub(super) fn apply(
        mut self,
        connection: &Connection,
        run: RunNumber,
        at: i64,
    ) -> Result<bool, StoreError> {
        self.add(slots::take(connection, run).map_err(database)?);
        let delta = self.sum();
        let sql = format!(
            "SELECT {COUNTERS}, workflow, cancel, started, completed, open, type FROM runs WHERE number = ?1"
        );
        let (mut now, workflow, cancel, started, completed, open, kind) = connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row([run], |row| {
                    let cancel: Option<i64> = row.get(11)?;
                    let (started, completed): (Option<i64>, Option<i64>) = (row.get(12)?, row.get(13)?);
                    Ok((
                        counters(row, 0)?,
                        row.get::<_, i64>(10)?,
                        cancel,
                        started,
                        completed,
                        row.get::<_, bool>(14)?,
                        row.get::<_, i64>(15)?,
                    ))
                })
            })
            .map_err(database)?;
        let cancel = match cancel {
            None => None,
            Some(code) => Some(CancelReason::from_code(code).ok_or_else(|| corrupt("runs", "cancel", run))?),
        };
        now.add(&delta);
        let status = run_status(&now, cancel.is_some());
        // A run that is being admitted to is not finished, however its counters stand.
        let status = if open && status.is_finished() { Status::Queued } else { status };
        let started = started.into_iter().chain(self.started).min();
        let completed = status.is_finished().then(|| completed.unwrap_or(at));
        connection
            .prepare_cached(
                "UPDATE runs
                    SET users_total = ?2, users_queued = ?3, users_in_progress = ?4, users_successful = ?5,
                        users_with_errors = ?6, users_failed = ?7, users_canceled = ?8, tasks_total = ?9,
                        tasks_failed = ?10, tasks_unprocessed = ?11, status = ?12, started = ?13, completed = ?14,
                        updated = ?15,
                        change_to = CASE WHEN CAST(?14 AS bigint) IS NOT NULL
                                         THEN coalesce(change_to, (SELECT max(number) FROM audit)) END
                  WHERE number = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    run,
                    now.users.total,
                    now.users.queued,
                    now.users.in_progress,
                    now.users.successful,
                    now.users.with_errors,
                    now.users.failed,
                    now.users.canceled,
                    now.tasks.total,
                    now.tasks.failed,
                    now.tasks.unprocessed,
                    status.code(),
                    started,
                    completed,
                    at
                ])
            })
            .map_err(database)?;
        // A preview did nothing: nobody shall be counted as processed by it.
        let summed = kind != ExecutionType::Preview.code();
        for (scheduled, delta) in self.by_time.iter().filter(|_| summed) {
            move_summary(connection, workflow, *scheduled, run, delta).map_err(database)?;
        }
        for (ordinal, step) in &self.reports {
            move_report(connection, run, *ordinal, step, at).map_err(database)?;
        }
        Ok(status.is_finished())
    }
}

pub(super) fn move_summary(
    connection: &Connection,
    workflow: i64,
    scheduled: i64,
    run: RunNumber,
    delta: &RunCounters,
) -> db::Result<()> {
    let set = |table: &str| {
        COUNTERS
            .split(',')
            .map(str::trim)
            .map(|counter| format!("{counter} = {table}.{counter} + excluded.{counter}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (users, tasks) = (&delta.users, &delta.tasks);
    let sql = format!(
        "INSERT INTO summaries (workflow, scheduled, run, {COUNTERS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (workflow, scheduled, run) DO UPDATE SET {}",
        set("summaries")
    );
    connection.prepare_cached(&sql)?.execute(params![
        workflow,
        scheduled,
        run,
        users.total,
        users.queued,
        users.in_progress,
        users.successful,
        users.with_errors,
        users.failed,
        users.canceled,
        tasks.total,
        tasks.failed,
        tasks.unprocessed
    ])?;
    let sql = format!(
        "INSERT INTO summary_days (workflow, day, {COUNTERS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (workflow, day) DO UPDATE SET {}",
        set("summary_days")
    );
    connection.prepare_cached(&sql)?.execute(params![
        workflow,
        scheduled.div_euclid(DAY),
        users.total,
        users.queued,
        users.in_progress,
        users.successful,
        users.with_errors,
        users.failed,
        users.canceled,
        tasks.total,
        tasks.failed,
        tasks.unprocessed
    ])?;
    Ok(())
}

fn move_report(
    connection: &Connection,
    run: RunNumber,
    ordinal: Ordinal,
    step: &ReportMove,
    at: i64,
) -> db::Result<()> {
    let delta = &step.counters;
    connection
        .prepare_cached(
            "INSERT INTO task_reports (run, ordinal, total, successful, failed, in_progress, started, completed, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (run, ordinal) DO UPDATE
                SET total = task_reports.total + excluded.total,
                    successful = task_reports.successful + excluded.successful,
                    failed = task_reports.failed + excluded.failed,
                    in_progress = task_reports.in_progress + excluded.in_progress,
                    started = min(coalesce(task_reports.started, excluded.started),
                                  coalesce(excluded.started, task_reports.started)),
                    completed = max(coalesce(task_reports.completed, excluded.completed),
                                    coalesce(excluded.completed, task_reports.completed)),
                    updated = excluded.updated",
        )?
        .execute(params![
            run,
            ordinal,
            delta.total,
            delta.successful,
            delta.failed,
            delta.in_progress,
            step.started,
            step.completed,
            at
        ])?;
    Ok(())
}
