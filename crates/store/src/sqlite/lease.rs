//! Leases: one row for a range of a run.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::{RunNumber, Seq};
use tenure_lifecycle::ports::{Lease, QueuedWork, StoreError};
use tenure_lifecycle::run::Status;

use super::rows::database;

/// How long a lease lasts; all outside calls of a batch end well before.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

fn insert(
    connection: &Connection,
    run: RunNumber,
    from: Seq,
    to: Seq,
    owner: u64,
    now: Timestamp,
) -> rusqlite::Result<Lease> {
    let ends = now.checked_add(LASTS).unwrap_or(Timestamp::MAX);
    connection
        .prepare_cached(
            "INSERT INTO leases (run, from_seq, to_seq, owner, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![run, from, to, owner as i64, ends.as_millisecond()])?;
    let id = connection.last_insert_rowid();
    Ok(Lease { id, fence: id, run, from, to, only: None, ends })
}

/// Leases repeats that are due, or else the next range of the oldest run that has one.
pub(super) fn lease(
    connection: &Connection,
    owner: u64,
    limit: i64,
    now: Timestamp,
) -> Result<Option<Lease>, StoreError> {
    let steps = || -> rusqlite::Result<Option<Lease>> {
        if let Some(lease) = lease_repeats(connection, owner, limit, now)? {
            return Ok(Some(lease));
        }
        let found: Option<(RunNumber, i64, i64)> = connection
            .prepare_cached(
                "SELECT number, leased_to, next_seq FROM runs
                  WHERE open = 0 AND leased_to < next_seq - 1
                  ORDER BY number LIMIT 1",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((run, leased_to, next_seq)) = found else { return Ok(None) };
        let to = (leased_to + limit).min(next_seq - 1);
        connection
            .prepare_cached(
                "UPDATE runs
                    SET leased_to = ?2, started = coalesce(started, ?3),
                        status = CASE WHEN status = ?4 THEN ?5 ELSE status END
                  WHERE number = ?1",
            )?
            .execute(params![
                run,
                to,
                now.as_millisecond(),
                Status::Queued.code(),
                Status::InProgress.code()
            ])?;
        insert(connection, run, leased_to + 1, to, owner, now).map(Some)
    };
    steps().map_err(database)
}

fn lease_repeats(
    connection: &Connection,
    owner: u64,
    limit: i64,
    now: Timestamp,
) -> rusqlite::Result<Option<Lease>> {
    // In the order of their index, so that nobody is looked at who is not due: a hundred thousand may wait.
    let mut statement = connection.prepare_cached(
        "SELECT run, seq FROM requeued
          WHERE lease IS NULL AND not_before <= ?1
          ORDER BY not_before, run, seq LIMIT ?2",
    )?;
    let due: Vec<(RunNumber, Seq)> = statement
        .query_map(params![now.as_millisecond(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let Some((run, _)) = due.first().copied() else { return Ok(None) };
    let mut seqs: Vec<Seq> = due.into_iter().filter(|(of, _)| *of == run).map(|(_, seq)| seq).collect();
    seqs.sort_unstable();
    let (Some(from), Some(to)) = (seqs.first().copied(), seqs.last().copied()) else { return Ok(None) };
    let mut lease = insert(connection, run, from, to, owner, now)?;
    let mut mark = connection.prepare_cached("UPDATE requeued SET lease = ?3 WHERE run = ?1 AND seq = ?2")?;
    for seq in &seqs {
        mark.execute(params![run, seq, lease.id])?;
    }
    lease.only = Some(seqs);
    Ok(Some(lease))
}

/// What there is to do.
pub(super) fn queued_work(connection: &Connection, now: Timestamp) -> Result<QueuedWork, StoreError> {
    let steps = || -> rusqlite::Result<QueuedWork> {
        let ranges = connection
            .prepare_cached("SELECT 1 FROM runs WHERE open = 0 AND leased_to < next_seq - 1")?
            .exists([])?;
        if ranges {
            return Ok(QueuedWork::Now);
        }
        let earliest: Option<i64> = connection
            .prepare_cached("SELECT min(not_before) FROM requeued WHERE lease IS NULL")?
            .query_row([], |row| row.get(0))?;
        Ok(match earliest {
            None => QueuedWork::Nothing,
            Some(at) if at <= now.as_millisecond() => QueuedWork::Now,
            Some(at) => QueuedWork::At(from_millis(at)),
        })
    };
    steps().map_err(database)
}

/// Queues the unfinished users of one lease again and ends it.
pub(super) fn abandon(connection: &Connection, lease: i64, not_before: Timestamp) -> Result<(), StoreError> {
    let steps = || -> rusqlite::Result<()> {
        let repeats = connection.execute(
            "UPDATE requeued SET lease = NULL, not_before = ?2 WHERE lease = ?1",
            [lease, not_before.as_millisecond()],
        )?;
        // A lease of repeats holds those and nobody else between them. Any other holds its whole range, but for those
        // who were queued again meanwhile; a lease of repeats that spans the range may have them now.
        if repeats == 0 {
            connection.execute(
                "INSERT INTO requeued (run, seq, not_before)
                 SELECT r.run, r.seq, ?2
                   FROM leases l
                   JOIN user_results r ON r.run = l.run AND r.seq BETWEEN l.from_seq AND l.to_seq
                  WHERE l.id = ?1 AND r.reported = 0 AND r.status IN (0, 1)
                 ON CONFLICT DO NOTHING",
                [lease, not_before.as_millisecond()],
            )?;
        }
        connection.execute("DELETE FROM leases WHERE id = ?1", [lease])?;
        Ok(())
    };
    steps().map_err(database)
}

/// Queues the unfinished users of every lease again and ends the leases.
pub(super) fn take_over(connection: &Connection, now: Timestamp) -> Result<u64, StoreError> {
    let steps = || -> rusqlite::Result<u64> {
        connection.execute("UPDATE requeued SET lease = NULL WHERE lease IS NOT NULL", [])?;
        connection.execute(
            "INSERT INTO requeued (run, seq, not_before)
             SELECT r.run, r.seq, ?1
               FROM leases l
               JOIN user_results r ON r.run = l.run AND r.seq BETWEEN l.from_seq AND l.to_seq
              WHERE r.reported = 0 AND r.status IN (0, 1)
             ON CONFLICT DO NOTHING",
            [now.as_millisecond()],
        )?;
        Ok(connection.execute("DELETE FROM leases", [])? as u64)
    };
    steps().map_err(database)
}
