//! Where the results of runs are: in partitions by ranges of run numbers, a new range each month.
//!
//! A range is wide enough for a month's runs, and its bounds never change: so a new one is attached without a look at
//! what is there, and one whose history is not kept any more is dropped without a look at its rows.

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
        // Attaching waits for nobody who reads.
        connection.execute_batch(&format!(
            "CREATE TABLE {table}_{first} (LIKE {table} INCLUDING ALL);
             ALTER TABLE {table} ATTACH PARTITION {table}_{first} FOR VALUES FROM ({first}) TO ({behind})"
        ))?;
    }
    connection.execute("INSERT INTO run_ranges (first, month) VALUES (?1, ?2)", [first, month]).map(drop)
}
