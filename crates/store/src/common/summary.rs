//! Summaries: counters added up by scheduled time, whole days by day. No result row is read.

use jiff::Timestamp;
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{ReportCounters, RunCounters, Status};

use super::counters::counters;
use super::db::{Connection, ToSql};
use super::rows::{corrupt, database};
use super::slots;

const DAY: i64 = 24 * 60 * 60 * 1_000;
pub(super) const SUMS: &str = "coalesce(sum(users_total), 0), coalesce(sum(users_queued), 0), coalesce(sum(users_in_progress), 0),
       coalesce(sum(users_successful), 0), coalesce(sum(users_with_errors), 0), coalesce(sum(users_failed), 0),
       coalesce(sum(users_canceled), 0), coalesce(sum(tasks_total), 0), coalesce(sum(tasks_failed), 0),
       coalesce(sum(tasks_unprocessed), 0)";

fn sum(connection: &Connection, source: &str, parameters: &[&dyn ToSql]) -> Result<RunCounters, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {SUMS} FROM {source}"))
        .and_then(|mut statement| statement.query_row(parameters, |row| counters(row, 0)))
        .map_err(database)
}

/// A range as whole days, and the ranges of milliseconds before and after them.
pub(super) struct Range {
    pub(super) days: (i64, i64),
    pub(super) edges: [(i64, i64); 2],
}

impl Range {
    pub(super) fn of(start: Timestamp, end: Timestamp) -> Self {
        let (start, end) = (start.as_millisecond(), end.as_millisecond());
        let first = start.div_euclid(DAY) + i64::from(start.rem_euclid(DAY) != 0);
        let last = end.div_euclid(DAY);
        if first >= last {
            return Self { days: (0, 0), edges: [(start, end), (0, 0)] };
        }
        // Saturating: times near the ends of what can be written.
        Self {
            days: (first, last),
            edges: [(start, first.saturating_mul(DAY)), (last.saturating_mul(DAY), end)],
        }
    }
}

/// How many user results the previews of a workflow hold; no summary counts them.
pub(super) fn previewed(connection: &Connection, workflow: i64) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT coalesce(sum(users_total), 0) FROM runs WHERE workflow = ?1 AND type = 4")
        .and_then(|mut statement| statement.query_row([workflow], |row| row.get(0)))
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
    if let Some(run) = run {
        let source = format!("{} WHERE run = ?1 AND scheduled >= ?2 AND scheduled < ?3", slots::SUMMARIES);
        return sum(connection, &source, &[&run, &start.as_millisecond(), &end.as_millisecond()]);
    }
    let range = Range::of(start, end);
    let days = format!("{} WHERE workflow = ?1 AND day >= ?2 AND day < ?3", slots::SUMMARY_DAYS);
    let mut total = sum(connection, &days, &[&workflow, &range.days.0, &range.days.1])?;
    let by_time = format!("{} WHERE workflow = ?1 AND scheduled >= ?2 AND scheduled < ?3", slots::SUMMARIES);
    for (from, to) in range.edges {
        total.add(&sum(connection, &by_time, &[&workflow, &from, &to])?);
    }
    Ok(total)
}

/// How many runs scheduled in `[start, end)` have each status.
pub(super) fn runs(
    connection: &Connection,
    workflow: i64,
    start: Timestamp,
    end: Timestamp,
) -> Result<Vec<(Status, i64)>, StoreError> {
    let range = Range::of(start, end);
    let [before, after] = range.edges;
    let mut statement = connection
        .prepare_cached(
            "SELECT status, sum(runs)
               FROM (SELECT status, runs FROM run_days WHERE workflow = ?1 AND day >= ?2 AND day < ?3
                     UNION ALL
                     SELECT status, 1 FROM runs WHERE workflow = ?1 AND scheduled >= ?4 AND scheduled < ?5 AND type <> 4
                     UNION ALL
                     SELECT status, 1 FROM runs WHERE workflow = ?1 AND scheduled >= ?6 AND scheduled < ?7 AND type <> 4) runs
              GROUP BY status",
        )
        .map_err(database)?;
    let parameters = [workflow, range.days.0, range.days.1, before.0, before.1, after.0, after.1];
    let rows = statement
        .query_map(parameters, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
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
    let add = |source: &str, from: i64, to: i64| {
        let sql = format!(
            "SELECT coalesce(sum(p.total), 0), coalesce(sum(p.successful), 0), coalesce(sum(p.failed), 0),
                    coalesce(sum(p.in_progress), 0)
               FROM {source}"
        );
        connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row([workflow, from, to], |row| {
                    Ok(ReportCounters {
                        total: row.get(0)?,
                        successful: row.get(1)?,
                        failed: row.get(2)?,
                        in_progress: row.get(3)?,
                    })
                })
            })
            .map_err(database)
    };
    let range = Range::of(start, end);
    let days = format!("{} p WHERE p.workflow = ?1 AND p.day >= ?2 AND p.day < ?3", slots::REPORT_DAYS);
    let mut total = add(&days, range.days.0, range.days.1)?;
    let by_time = format!(
        "runs r JOIN {} p ON p.run = r.number
          WHERE r.workflow = ?1 AND r.scheduled >= ?2 AND r.scheduled < ?3 AND r.type <> 4",
        slots::TASK_REPORTS
    );
    for (from, to) in range.edges {
        total.add(&add(&by_time, from, to)?);
    }
    Ok(total)
}
