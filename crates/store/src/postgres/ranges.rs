//! Where the results of runs are: in partitions by ranges of run numbers, a new range each month.
//!
//! A range is wide enough for a month's runs, and its bounds never change: so a new one is attached without a look at
//! what is there, and one whose history is not kept any more is dropped without a look at its rows.

use jiff::Timestamp;
use jiff::tz::Offset;
use tenure_lifecycle::clock::from_millis;

use super::db::{Connection, OptionalExtension as _, Result};

/// How many numbers a range has.
pub(super) const WIDTH: i64 = 1 << 20;

/// What is partitioned.
pub(super) const PARTITIONED: [&str; 2] = ["user_results", "task_results"];

/// The months since the year 0.
fn month(at: i64) -> i64 {
    let day = Offset::UTC.to_datetime(from_millis(at)).date();
    i64::from(day.year()) * 12 + i64::from(day.month())
}

/// Makes room for the results of a run that is about to be made.
pub(super) fn make_room(connection: &Connection, at: i64) -> Result<()> {
    let month = month(at);
    let newest: Option<(i64, i64, i64)> = connection
        .prepare_cached(
            "SELECT r.first, r.month, s.last_value FROM run_ranges r CROSS JOIN runs_number_seq s
              ORDER BY r.first DESC LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let first = match newest {
        Some((first, of, last)) if of >= month && last < first + WIDTH - 1 => return Ok(()),
        Some((first, _, _)) => first + WIDTH,
        None => 0,
    };
    add(connection, first, month)?;
    connection.execute_batch(&format!("SELECT setval('runs_number_seq', {})", first.max(1)))?;
    if first == 0 {
        connection.execute_batch("SELECT setval('runs_number_seq', 1, false)")?;
    }
    Ok(())
}

/// Makes room for the results of a run that has its number already, from the lowest on.
pub(super) fn make_room_for(connection: &Connection, run: i64) -> Result<()> {
    let last: Option<i64> =
        connection.prepare_cached("SELECT max(first) FROM run_ranges")?.query_row([], |row| row.get(0))?;
    let mut first = last.map_or(0, |last| last + WIDTH);
    while first <= run {
        // Of no month: the next run begins another one.
        add(connection, first, 0)?;
        first += WIDTH;
    }
    Ok(())
}

/// Adds a range.
pub(super) fn add(connection: &Connection, first: i64, month: i64) -> Result<()> {
    let behind = first + WIDTH;
    for table in PARTITIONED {
        // A user's result is written when they are queued and again when they are through: the page has room for both.
        let fill = if table == "user_results" { 50 } else { 100 };
        // Attaching waits for nobody who reads.
        connection.execute_batch(&format!(
            "CREATE TABLE {table}_{first} (LIKE {table} INCLUDING ALL) WITH (fillfactor = {fill});
             ALTER TABLE {table} ATTACH PARTITION {table}_{first} FOR VALUES FROM ({first}) TO ({behind})"
        ))?;
    }
    connection.execute("INSERT INTO run_ranges (first, month) VALUES (?1, ?2)", [first, month]).map(drop)
}

/// A run that is not kept any more and whose results are to be taken away now. Mostly they wait until no run of their range is
/// kept, and go with it at once. They go by themselves where that takes more than a month longer: a run of their range does not
/// come to its end, or it holds the runs of many months, which were moved here.
pub(super) fn rest(connection: &Connection, by: Option<Timestamp>) -> Result<Option<i64>> {
    let by = by.map(|by| month(by.as_millisecond()));
    let ranges: Vec<(i64, Option<i64>, bool)> = connection
        .prepare_cached(
            "SELECT g.month,
                    (SELECT min(p.number) FROM past_runs p
                      WHERE p.rest = 1 AND p.number >= g.first AND p.number < g.first + ?1),
                    EXISTS (SELECT 1 FROM runs r WHERE r.number >= g.first AND r.number < g.first + ?1 AND r.purged = 0)
               FROM run_ranges g ORDER BY g.first",
        )?
        .query_map([WIDTH], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_>>()?;
    let is_time = |month: i64, is_kept: bool| !is_kept || by.is_none_or(|by| by > month + 1);
    Ok(ranges.into_iter().find_map(|(month, rest, is_kept)| rest.filter(|_| is_time(month, is_kept))))
}

/// Drops the range of a run with all results in it, if none of its runs is kept.
pub(super) fn drop_with(connection: &Connection, run: i64) -> Result<bool> {
    let first = run - run.rem_euclid(WIDTH);
    let behind = first + WIDTH;
    let is_kept = connection
        .prepare_cached("SELECT 1 FROM runs WHERE number >= ?1 AND number < ?2 AND purged = 0 LIMIT 1")?
        .exists([first, behind])?;
    if is_kept {
        return Ok(false);
    }
    let (newest, month): (i64, i64) = connection
        .prepare_cached("SELECT first, month FROM run_ranges ORDER BY first DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if newest == first {
        // No number is given twice.
        add(connection, behind, month)?;
        connection.execute_batch(&format!("SELECT setval('runs_number_seq', {behind})"))?;
    }
    // Whoever reads results is waited for, but others wait for this meanwhile: not long, and again in a while.
    connection.execute_batch("SET LOCAL lock_timeout = '100ms'")?;
    for table in PARTITIONED {
        connection.execute_batch(&format!("DROP TABLE {table}_{first}"))?;
    }
    for sql in [
        "DELETE FROM chosen_tasks WHERE run >= ?1 AND run < ?2",
        "UPDATE past_runs SET rest = 0 WHERE rest = 1 AND number >= ?1 AND number < ?2",
        "DELETE FROM run_ranges WHERE first >= ?1 AND first < ?2",
    ] {
        connection.prepare_cached(sql)?.execute([first, behind])?;
    }
    Ok(true)
}
