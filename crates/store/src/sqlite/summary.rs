//! Summaries: counters added up by scheduled time, whole days by day. No result row is read.

use jiff::Timestamp;
use rusqlite::{Connection, ToSql};
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{ReportCounters, RunCounters, Status};

use super::counters::counters;
use super::rows::{corrupt, database};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const SUMS: &str = "coalesce(sum(users_total), 0), coalesce(sum(users_queued), 0), coalesce(sum(users_in_progress), 0),
       coalesce(sum(users_successful), 0), coalesce(sum(users_with_errors), 0), coalesce(sum(users_failed), 0),
       coalesce(sum(users_canceled), 0), coalesce(sum(tasks_total), 0), coalesce(sum(tasks_failed), 0),
       coalesce(sum(tasks_unprocessed), 0)";

fn sum(connection: &Connection, source: &str, parameters: &[&dyn ToSql]) -> Result<RunCounters, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {SUMS} FROM {source}"))
        .and_then(|mut statement| statement.query_row(parameters, |row| counters(row, 0)))
        .map_err(database)
}

/// Counters of the user results scheduled in `[start, end)`.
pub(super) fn users(
    connection: &Connection,
    workflow: i64,
    run: Option<i64>,
    start: Timestamp,
    end: Timestamp,
) -> Result<RunCounters, StoreError> {
    let (start, end) = (start.as_millisecond(), end.as_millisecond());
    if let Some(run) = run {
        let source = "summaries WHERE run = ?1 AND scheduled >= ?2 AND scheduled < ?3";
        return sum(connection, source, &[&run, &start, &end]);
    }
    let by_time = "summaries WHERE workflow = ?1 AND scheduled >= ?2 AND scheduled < ?3";
    let first_day = start.div_euclid(DAY) + i64::from(start.rem_euclid(DAY) != 0);
    let last_day = end.div_euclid(DAY);
    if first_day >= last_day {
        return sum(connection, by_time, &[&workflow, &start, &end]);
    }
    let days = "summary_days WHERE workflow = ?1 AND day >= ?2 AND day < ?3";
    let mut total = sum(connection, days, &[&workflow, &first_day, &last_day])?;
    // Saturating: times near the ends of what can be written.
    total.add(&sum(connection, by_time, &[&workflow, &start, &first_day.saturating_mul(DAY)])?);
    total.add(&sum(connection, by_time, &[&workflow, &last_day.saturating_mul(DAY), &end])?);
    Ok(total)
}

/// How many runs scheduled in `[start, end)` have each status.
pub(super) fn runs(
    connection: &Connection,
    workflow: i64,
    start: Timestamp,
    end: Timestamp,
) -> Result<Vec<(Status, i64)>, StoreError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT status, count(*) FROM runs
              WHERE workflow = ?1 AND scheduled >= ?2 AND scheduled < ?3
              GROUP BY status",
        )
        .map_err(database)?;
    let rows = statement
        .query_map([workflow, start.as_millisecond(), end.as_millisecond()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })
        .map_err(database)?;
    rows.map(|row| {
        let (code, count) = row.map_err(database)?;
        let status = Status::from_code(code).ok_or_else(|| corrupt("runs", "status", code))?;
        Ok((status, count))
    })
    .collect()
}

/// The task reports of the runs scheduled in `[start, end)`, added up.
pub(super) fn reports(
    connection: &Connection,
    workflow: i64,
    start: Timestamp,
    end: Timestamp,
) -> Result<ReportCounters, StoreError> {
    connection
        .prepare_cached(
            "SELECT coalesce(sum(p.total), 0), coalesce(sum(p.successful), 0), coalesce(sum(p.failed), 0),
                    coalesce(sum(p.in_progress), 0)
               FROM runs r JOIN task_reports p ON p.run = r.number
              WHERE r.workflow = ?1 AND r.scheduled >= ?2 AND r.scheduled < ?3",
        )
        .and_then(|mut statement| {
            statement.query_row([workflow, start.as_millisecond(), end.as_millisecond()], |row| {
                Ok(ReportCounters {
                    total: row.get(0)?,
                    successful: row.get(1)?,
                    failed: row.get(2)?,
                    in_progress: row.get(3)?,
                })
            })
        })
        .map_err(database)
}
