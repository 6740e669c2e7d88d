//! Leases: one row for a range of a run.

use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::{RunNumber, Seq};
use tenure_lifecycle::ports::{Lane, Lease, Place, QueuedWork, StoreError};
use tenure_lifecycle::run::{ExecutionType, Status, behind};

use super::db::{self, Connection, OptionalExtension, last_number, later, params};
use super::rows::{database, json_numbers};
use super::sql;

/// How long a lease lasts; all outside calls of a batch end well before.
const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// Where the outside effect that a user is to be tried with goes, if it does not wait to be called back and has not been.
pub(super) const PLACE: &str = "coalesce((SELECT CASE WHEN json_extract(p.effects, '$[0].kind') = 'call'
                                           THEN CAST(json_extract(p.effects, '$[0].number') AS bigint) ELSE -1 END
                                 FROM pending p
                                WHERE p.run = r.run AND p.seq = r.seq AND p.answer IS NULL
                                  AND p.waits_until IS NULL), 0)";

/// Whether a lease `l` is one of repeats.
pub(super) const IS_REPEATS: &str =
    "coalesce(l.repeats = 1, EXISTS (SELECT 1 FROM requeued q WHERE q.lease = l.id))";

fn insert(
    connection: &Connection,
    run: RunNumber,
    (from, to, is_repeats): (Seq, Seq, bool),
    owner: i64,
    now: Timestamp,
) -> db::Result<Lease> {
    let ends = now.checked_add(LASTS).unwrap_or(Timestamp::MAX);
    connection
        .prepare_cached(&format!(
            "INSERT INTO leases (run, from_seq, to_seq, owner, ends, repeats) VALUES (?1, ?2, ?3, ?4, {} + ?6, ?7)",
            sql::clock("?5")
        ))?
        .execute(params![run, from, to, owner, now.as_millisecond(), LASTS.as_millis() as i64, is_repeats])?;
    let id = last_number(connection)?;
    Ok(Lease { id, fence: id, run, from, to, only: None, place: Place::HERE, ends })
}

/// Leases repeats that are due, or else the next range of the run whose turn it is, as far as the lane does such work.
pub(super) fn lease(
    connection: &Connection,
    owner: i64,
    limit: i64,
    now: Timestamp,
    lane: &Lane,
) -> Result<Option<Lease>, StoreError> {
    let steps = || -> db::Result<Option<Lease>> {
        if let Some((at, place)) = earliest(connection, lane)?
            && at <= now.as_millisecond()
            && let Some(lease) = lease_repeats(connection, owner, limit, now, place)?
        {
            return Ok(Some(lease));
        }
        if matches!(lane, Lane::Outside { .. }) {
            return Ok(None);
        }
        let Some((run, leased_to, next_seq, execution_type)) = claim_run(connection)? else {
            return Ok(None);
        };
        let execution_type = ExecutionType::from_code(execution_type).unwrap_or(ExecutionType::Scheduled);
        let to = (leased_to + limit).min(next_seq - 1);
        connection
            .prepare_cached(
                "UPDATE runs
                    SET leased_to = ?2, turn = turn + ?6, started = coalesce(started, ?3),
                        status = CASE WHEN status = ?4 THEN ?5 ELSE status END
                  WHERE number = ?1",
            )?
            .execute(params![
                run,
                to,
                now.as_millisecond(),
                Status::Queued.code(),
                Status::InProgress.code(),
                behind(execution_type, leased_to, to - leased_to).as_millis() as i64
            ])?;
        insert(connection, run, (leased_to + 1, to, false), owner, now).map(Some)
    };
    steps().map_err(database)
}

/// The run whose turn it is: its number, how far it is leased, how far it goes, and of what kind it is.
fn claim_run(connection: &Connection) -> db::Result<Option<(RunNumber, i64, i64, i64)>> {
    for claim in sql::CLAIMS {
        let found = connection
            .prepare_cached(&format!(
                "SELECT number, leased_to, next_seq, type FROM runs
                  WHERE open = 0 AND leased_to < next_seq - 1
                  ORDER BY turn, number LIMIT 1 {claim}"
            ))?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The earliest repeat that the lane does: when, and where it goes.
fn earliest(connection: &Connection, lane: &Lane) -> db::Result<Option<(i64, Place)>> {
    let mut at = connection
        .prepare_cached("SELECT min(not_before) FROM requeued WHERE lease IS NULL AND place = ?1")?;
    let mut of = |place: Place| -> db::Result<Option<(i64, Place)>> {
        Ok(at.query_row([place.0], |row| row.get::<_, Option<i64>>(0))?.map(|at| (at, place)))
    };
    if *lane == Lane::Here {
        return of(Place::HERE);
    }
    // From place to place along the index: however many wait, it is one look for each place.
    let places: Vec<i64> = connection
        .prepare_cached(
            "WITH RECURSIVE each (place) AS (
                 SELECT min(place) FROM requeued WHERE lease IS NULL
                 UNION ALL
                 SELECT (SELECT min(q.place) FROM requeued q WHERE q.lease IS NULL AND q.place > each.place)
                   FROM each WHERE each.place IS NOT NULL)
             SELECT place FROM each WHERE place IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<db::Result<_>>()?;
    let mut earliest = None;
    for place in places.into_iter().map(Place).filter(|place| lane.does(*place)) {
        earliest = of(place)?.into_iter().chain(earliest).min_by_key(|(at, _)| *at);
    }
    Ok(earliest)
}

fn lease_repeats(
    connection: &Connection,
    owner: i64,
    limit: i64,
    now: Timestamp,
    place: Place,
) -> db::Result<Option<Lease>> {
    let mut due: Vec<(RunNumber, Seq)> = Vec::new();
    for claim in sql::CLAIMS {
        // In the order of their index, so that nobody is looked at who is not due: a hundred thousand may wait.
        due = connection
            .prepare_cached(&format!(
                "SELECT run, seq FROM requeued
                  WHERE lease IS NULL AND place = ?3 AND not_before <= ?1
                  ORDER BY not_before, run, seq LIMIT ?2 {claim}"
            ))?
            .query_map(params![now.as_millisecond(), limit, place.0], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<db::Result<_>>()?;
        if !due.is_empty() {
            break;
        }
    }
    let Some((run, _)) = due.first().copied() else { return Ok(None) };
    let mut seqs: Vec<Seq> = due.into_iter().filter(|(of, _)| *of == run).map(|(_, seq)| seq).collect();
    seqs.sort_unstable();
    let (Some(from), Some(to)) = (seqs.first().copied(), seqs.last().copied()) else { return Ok(None) };
    let mut lease = insert(connection, run, (from, to, true), owner, now)?;
    let mut mark = later(connection, sql::LEASE_REPEAT)?;
    for seq in &seqs {
        mark.execute([run, *seq, lease.id])?;
    }
    (lease.only, lease.place) = (Some(seqs), place);
    Ok(Some(lease))
}

/// A user whose subject has an outside effect under way in another run is tried again after this many milliseconds.
pub(super) const AFTER_OTHER: i64 = 2_000;

/// Whoever comes late with a lease that is another's by now changes nothing.
pub(super) fn is_held(connection: &Connection, lease: &Lease) -> Result<(), StoreError> {
    let held = connection
        .prepare_cached("SELECT 1 FROM leases WHERE id = ?1")
        .and_then(|mut statement| statement.exists([lease.fence]))
        .map_err(database)?;
    if held { Ok(()) } else { Err(StoreError::LeaseLost) }
}

/// Marks the chosen users of a lease as in flight; those who are so elsewhere are queued again.
pub(super) fn take_up(
    connection: &Connection,
    lease: &Lease,
    now: Timestamp,
) -> Result<Vec<Seq>, StoreError> {
    is_held(connection, lease)?;
    let chosen = json_numbers(lease.only.as_deref().unwrap_or_default());
    let steps = || -> db::Result<Vec<Seq>> {
        if let Some(lock) = sql::LOCK_PEOPLE {
            // Whoever changes them meanwhile is through first, and sees then that they are in flight.
            let sql = format!(
                "SELECT u.number
                   FROM json_each(?2) n
                   CROSS JOIN user_results r ON r.run = ?1 AND r.seq = n.value
                   JOIN users u ON u.number = r.subject
                  ORDER BY u.number {lock}"
            );
            connection.prepare_cached(&sql)?.exists(params![lease.run, chosen])?;
        }
        connection
            .prepare_cached(
                "INSERT INTO in_flight (subject, run, seq)
                 SELECT r.subject, r.run, r.seq
                   FROM json_each(?2) n CROSS JOIN user_results r ON r.run = ?1 AND r.seq = n.value
                  WHERE r.subject IS NOT NULL AND r.status IN (0, 1)
                 ON CONFLICT (subject) DO NOTHING",
            )?
            .execute(params![lease.run, chosen])?;
        let elsewhere: Vec<Seq> = connection
            .prepare_cached(
                "SELECT r.seq
                   FROM json_each(?2) n CROSS JOIN user_results r ON r.run = ?1 AND r.seq = n.value
                   JOIN in_flight f ON f.subject = r.subject
                  WHERE f.run <> r.run OR f.seq <> r.seq",
            )?
            .query_map(params![lease.run, chosen], |row| row.get(0))?
            .collect::<db::Result<_>>()?;
        connection
            .prepare_cached(&format!(
                "INSERT INTO requeued (run, seq, not_before, place)
                 SELECT r.run, r.seq, ?3, {PLACE}
                   FROM (SELECT CAST(?1 AS bigint) AS run, value AS seq FROM json_each(?2)) r WHERE TRUE
                 ON CONFLICT (run, seq) DO UPDATE
                    SET not_before = excluded.not_before, lease = NULL, place = excluded.place"
            ))?
            .execute(params![lease.run, json_numbers(&elsewhere), now.as_millisecond() + AFTER_OTHER])?;
        let chosen = lease.only.iter().flatten().copied();
        Ok(chosen.filter(|seq| !elsewhere.contains(seq)).collect())
    };
    steps().map_err(database)
}

/// What there is to do.
pub(super) fn queued_work(
    connection: &Connection,
    now: Timestamp,
    lane: &Lane,
) -> Result<QueuedWork, StoreError> {
    let steps = || -> db::Result<QueuedWork> {
        let ranges = !matches!(lane, Lane::Outside { .. })
            && connection
                .prepare_cached("SELECT 1 FROM runs WHERE open = 0 AND leased_to < next_seq - 1")?
                .exists([])?;
        if ranges {
            return Ok(QueuedWork::Now);
        }
        Ok(match earliest(connection, lane)?.map(|(at, _)| at) {
            None => QueuedWork::Nothing,
            Some(at) if at <= now.as_millisecond() => QueuedWork::Now,
            Some(at) => QueuedWork::At(from_millis(at)),
        })
    };
    steps().map_err(database)
}

/// Queues the unfinished users of one lease again and ends it. Nobody is in flight who waits for another turn.
pub(super) fn abandon(connection: &Connection, lease: i64, not_before: Timestamp) -> Result<(), StoreError> {
    let not_before = not_before.as_millisecond();
    let steps = || -> db::Result<()> {
        if is_repeats(connection, lease)? {
            connection.execute(
                "DELETE FROM in_flight
                  WHERE EXISTS (SELECT 1 FROM requeued q
                                 WHERE q.lease = ?1 AND q.run = in_flight.run AND q.seq = in_flight.seq)",
                [lease],
            )?;
            connection.execute(
                &format!(
                    "UPDATE requeued AS r SET lease = NULL, not_before = ?2, place = {PLACE} WHERE lease = ?1"
                ),
                [lease, not_before],
            )?;
        } else {
            // Of its range, those who were queued again meanwhile are others' to let go.
            connection.execute(
                "DELETE FROM in_flight
                  WHERE EXISTS (SELECT 1 FROM leases l
                                 WHERE l.id = ?1 AND l.run = in_flight.run
                                   AND in_flight.seq BETWEEN l.from_seq AND l.to_seq)
                    AND NOT EXISTS (SELECT 1 FROM requeued q WHERE q.run = in_flight.run AND q.seq = in_flight.seq)",
                [lease],
            )?;
            queue_rest(connection, lease, not_before)?;
        }
        connection.execute("DELETE FROM leases WHERE id = ?1", [lease])?;
        Ok(())
    };
    steps().map_err(database)
}

fn is_repeats(connection: &Connection, lease: i64) -> db::Result<bool> {
    connection
        .prepare_cached(&format!("SELECT 1 FROM leases l WHERE l.id = ?1 AND {IS_REPEATS}"))?
        .exists([lease])
}

/// The same for what was leased to an owner after that lease.
pub(super) fn abandon_untold(
    connection: &Connection,
    owner: i64,
    after: i64,
    not_before: Timestamp,
) -> Result<(), StoreError> {
    let untold: Vec<i64> = connection
        .prepare_cached("SELECT id FROM leases WHERE owner = ?1 AND id > ?2")
        .and_then(|mut statement| statement.query_map([owner, after], |row| row.get(0))?.collect())
        .map_err(database)?;
    untold.into_iter().try_for_each(|lease| abandon(connection, lease, not_before))
}

/// Queues the unfinished users of a range again. A lease of repeats holds those and nobody else between them; any other holds
/// its whole range, but for those who were queued again meanwhile: a lease of repeats that spans the range may have them now.
fn queue_rest(connection: &Connection, lease: i64, not_before: i64) -> db::Result<usize> {
    connection.execute(
        &format!(
            "INSERT INTO requeued (run, seq, not_before, place)
             SELECT r.run, r.seq, ?2, {PLACE}
               FROM leases l
               JOIN user_results r ON r.run = l.run AND r.seq BETWEEN l.from_seq AND l.to_seq
              WHERE l.id = ?1 AND r.reported = 0 AND r.status IN (0, 1)
             ON CONFLICT DO NOTHING"
        ),
        [lease, not_before],
    )
}

/// Whether there is a lost lease; `lost` says of a lease `l` that it is.
pub(super) fn is_any_lost(connection: &Connection, lost: &str) -> Result<bool, StoreError> {
    connection
        .prepare_cached(&format!("SELECT 1 FROM leases l WHERE {lost}"))
        .and_then(|mut statement| statement.exists([]))
        .map_err(database)
}

/// Queues the unfinished users of lost leases again and ends the leases; `lost` says of a lease `l` that it is.
pub(super) fn take_over(connection: &Connection, now: Timestamp, lost: &str) -> Result<u64, StoreError> {
    let steps = || -> db::Result<u64> {
        let lost: Vec<i64> = connection
            .prepare_cached(&format!("SELECT l.id FROM leases l WHERE {lost}"))?
            .query_map([], |row| row.get(0))?
            .collect::<db::Result<_>>()?;
        // Whoever was in flight stays so: what was frozen for them may have been done, and comes first.
        for lease in &lost {
            if is_repeats(connection, *lease)? {
                connection
                    .prepare_cached("UPDATE requeued SET lease = NULL WHERE lease = ?1")?
                    .execute([lease])?;
            } else {
                queue_rest(connection, *lease, now.as_millisecond())?;
            }
            connection.prepare_cached("DELETE FROM leases WHERE id = ?1")?.execute([lease])?;
        }
        Ok(lost.len() as u64)
    };
    steps().map_err(database)
}
