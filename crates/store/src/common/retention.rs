//! History that is not kept any more: at once for everybody who looks, then piece by piece what is left of it.

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::ids::RunNumber;

use super::append::append;
use super::audit::AuditRow;
use super::cancel::UNPROCESSED;
use super::counters::{COUNTERS, counters, move_summary};
use super::db::{self, Connection, OptionalExtension as _, params};
use super::{purge, ranges, undo};

/// Whether there is anything to take away: mostly there is not, and then the writer is not kept from its work.
pub(super) fn waits(connection: &Connection, finished_by: Option<Timestamp>) -> db::Result<bool> {
    Ok(ranges::rest(connection, finished_by)?.is_some()
        || finished_by.map(|by| next(connection, by)).transpose()?.flatten().is_some())
}

/// Takes a piece away; says whether there is more.
pub(super) fn forget(
    connection: &Connection,
    finished_by: Option<Timestamp>,
    at: Timestamp,
) -> db::Result<bool> {
    if let Some(run) = ranges::rest(connection, finished_by)? {
        if !ranges::drop_with(connection, run)? && !purge::piece_of_results(connection, run)? {
            connection.execute("UPDATE past_runs SET rest = 0 WHERE number = ?1", [run])?;
        }
        return Ok(true);
    }
    match finished_by.map(|by| next(connection, by)).transpose()?.flatten() {
        Some(run) => hide(connection, run, at.as_millisecond()).map(|()| true),
        None => Ok(false),
    }
}

/// A run that came to its end by then and of which nobody is processed.
fn next(connection: &Connection, by: Timestamp) -> db::Result<Option<RunNumber>> {
    connection
        .prepare_cached(&format!(
            "SELECT number FROM runs INDEXED BY runs_completed
              WHERE completed IS NOT NULL AND completed <= ?1 AND purged = 0 AND NOT ({UNPROCESSED})
              ORDER BY completed LIMIT 1"
        ))?
        .query_row([by.as_millisecond()], |row| row.get(0))
        .optional()
}

/// Takes a run out of every list and number.
fn hide(connection: &Connection, run: RunNumber, at: i64) -> db::Result<()> {
    let (workflow, people): (i64, i64) = connection
        .prepare_cached("SELECT workflow, users_total FROM runs WHERE number = ?1")?
        .query_row([run], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let summed: Vec<_> = connection
        .prepare_cached(&format!("SELECT {COUNTERS}, scheduled FROM summaries WHERE run = ?1"))?
        .query_map([run], |row| Ok((counters(row, 0)?, row.get::<_, i64>(10)?)))?
        .collect::<db::Result<_>>()?;
    for (counters, scheduled) in summed {
        move_summary(connection, workflow, scheduled, run, &counters.negated())?;
    }
    // What follows the reports by the day follows them down to nothing.
    for sql in [
        "DELETE FROM summaries WHERE run = ?1",
        "UPDATE task_reports SET total = 0, successful = 0, failed = 0, in_progress = 0 WHERE run = ?1",
        "DELETE FROM task_reports WHERE run = ?1",
        "DELETE FROM reprocessed WHERE of = ?1",
        "DELETE FROM reprocessed WHERE run = ?1",
        "INSERT INTO past_runs (number, epoch, workflow, rest) SELECT number, epoch, workflow, 1 FROM runs WHERE number = ?1",
        "DELETE FROM runs WHERE number = ?1",
    ] {
        connection.prepare_cached(sql)?.execute(params![run])?;
    }
    undo::forget(connection, run)?;
    let people = people.to_string();
    let row =
        AuditRow { target: Some(workflow), run: Some(run), before: Some(&people), ..AuditRow::default() };
    append(connection, at, Actor::Engine, Activity::DeleteHistory, row)?;
    Ok(())
}
