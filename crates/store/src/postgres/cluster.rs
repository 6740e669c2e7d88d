//! The processes that share a store.
//!
//! A process has a number and, as long as one of its writing connections lasts, a lock under that number: whoever finds the lock
//! free knows that the process is gone, or cut off, and that PostgreSQL has rolled back what it was writing. Its leases are
//! taken over at once, but for those under which something may be under way outside: these end first. Whoever was only
//! cut off finds its leases gone, and settles nothing.

use jiff::Timestamp;
use tenure_lifecycle::extension::Sealed;
use tenure_lifecycle::ports::{Apart, Bell, Cluster, StoreError, Told};

use super::db::{Connection, Result, params};
use super::engine::OWNERS;
use super::failure::database;
use super::sql::MOMENT as NOW;
use super::writer::Turn;
use super::{PostgresStore, lease, slots};

/// The schema that a connection is in, as locks name it.
pub(super) const PLACE: &str =
    "CAST(CAST(current_schema() AS regnamespace) AS oid)::bigint::bit(32)::integer";
/// The lock of whoever moves what is in the schema; all who serve it share it.
const MOVE: i64 = 3;
/// From here on they are about numbers of the audit (`functions.sql`).
const NUMBERS: i64 = 1 << 30;
/// Above the numbers of the locks that are not about a process.
const LOCKS: i64 = 1_000;
/// How long whoever sweeps may be silent, in milliseconds.
const SILENCE: i64 = 60_000;
/// How long after its end a lease under which something may be under way outside is taken over, in milliseconds.
const MARGIN: i64 = 5_000;

/// The lock of a process, in the schema that the connection is in.
fn lock_of(process: &str) -> String {
    format!("{PLACE}, CAST({LOCKS} + {process} AS integer)")
}

/// Whether a process is gone: nobody has its lock.
fn is_gone(process: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_locks k
                      WHERE k.locktype = 'advisory' AND k.granted AND k.objsubid = 2
                        AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                        AND k.classid = CAST(CAST(current_schema() AS regnamespace) AS oid)
                        AND CAST(k.objid AS bigint) = {LOCKS} + ({process}))"
    )
}

/// The number of a new process.
pub(super) fn number(connection: &Connection) -> Result<i64> {
    connection.query_row("SELECT nextval('processes')", [], |row| row.get(0))
}

/// Says over this connection that the process is there.
pub(super) fn greeting(process: i64) -> String {
    format!(
        "SELECT pg_advisory_lock_shared({}), pg_advisory_lock_shared({PLACE}, {MOVE})",
        lock_of(&process.to_string())
    )
}

/// Keeps whoever moves what is in the schema away as long as the connection lasts; false if somebody is at it.
pub(super) fn enter(connection: &Connection) -> Result<bool> {
    connection
        .query_row(&format!("SELECT pg_try_advisory_lock_shared({PLACE}, {MOVE})"), [], |row| row.get(0))
}

/// Has the schema for oneself, as long as the connection lasts; false if a process serves what is in it. One of schema 14 has
/// only the lock under its number.
pub(super) fn take(connection: &Connection) -> Result<bool> {
    let sql = format!(
        "SELECT pg_try_advisory_lock({PLACE}, {MOVE})
            AND NOT EXISTS (SELECT 1 FROM pg_locks k
                             WHERE k.locktype = 'advisory' AND k.objsubid = 2
                               AND CAST(k.objid AS bigint) > {LOCKS} AND CAST(k.objid AS bigint) < {NUMBERS}
                               AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                               AND k.classid = CAST(CAST(current_schema() AS regnamespace) AS oid))"
    );
    connection.query_row(&sql, [], |row| row.get(0))
}

impl Cluster for PostgresStore {
    fn process(&self) -> i64 {
        self.process
    }

    fn take_over(&self, now: Timestamp) -> std::result::Result<u64, StoreError> {
        // Whoever has something under way outside is under a lease of repeats that have a place, or in flight under one that was
        // handed over.
        let outside = format!(
            "EXISTS (SELECT 1 FROM requeued q
                      WHERE q.lease = l.id
                        AND (q.place <> 0 OR EXISTS (SELECT 1 FROM in_flight f WHERE f.run = q.run AND f.seq = q.seq)))
             OR NOT {IS_REPEATS} AND EXISTS (
                    SELECT 1 FROM in_flight f
                     WHERE f.run = l.run AND f.seq BETWEEN l.from_seq AND l.to_seq
                       AND NOT EXISTS (SELECT 1 FROM requeued q WHERE q.run = f.run AND q.seq = f.seq))",
            IS_REPEATS = lease::IS_REPEATS
        );
        let lost = format!(
            "{} AND NOT ({outside}) OR l.ends + {MARGIN} < {NOW}",
            is_gone(&format!("l.owner / {OWNERS}"))
        );
        let (through, is_any_lost) = self.read(|connection| {
            let through = slots::any_through(connection).map_err(database)?;
            lease::is_any_lost(connection, &lost).map(|is_any_lost| (through, is_any_lost))
        })?;
        if let Some(run) = through {
            self.finish(run, now)?;
        }
        if !is_any_lost {
            return Ok(0);
        }
        self.writer.write(move |connection| lease::take_over(connection, now, &lost))
    }

    fn lead(&self) -> std::result::Result<bool, StoreError> {
        let process = self.process;
        // One row, which whoever writes it locks.
        self.beside().0.write(move |connection| {
            let sql = format!(
                "INSERT INTO leader (one, process, ends) VALUES (1, ?1, {NOW} + {SILENCE})
                 ON CONFLICT (one) DO UPDATE SET process = excluded.process, ends = excluded.ends
                  WHERE leader.process = excluded.process OR leader.ends < {NOW} OR {}",
                is_gone("leader.process")
            );
            connection.execute(&sql, params![process]).map(|leads| leads == 1).map_err(database)
        })
    }

    fn answers(&self) -> std::result::Result<(), StoreError> {
        let mut turn = self.readers.turn(true)?;
        let connection = turn.connection(&self.connector)?;
        // It may be one that broke while nobody needed it, and then there is another.
        connection
            .begin("BEGIN READ ONLY", Turn::Beside)
            .and_then(|()| connection.end("COMMIT"))
            .map_err(database)?;
        turn.idle = Some(connection);
        Ok(())
    }

    fn keep_apart(&self, what: Apart) -> std::result::Result<Box<dyn Send>, StoreError> {
        self.apart.keep_apart(&self.connector, what)
    }

    fn agree(&self, sealed: &Sealed) -> std::result::Result<Sealed, StoreError> {
        let bytes = sealed.0.clone();
        self.writer.write(move |connection| {
            connection
                .execute(
                    "INSERT INTO meta (key, bytes) VALUES ('sealed', ?1) ON CONFLICT DO NOTHING",
                    [bytes],
                )
                .and_then(|_| {
                    connection.query_row("SELECT bytes FROM meta WHERE key = 'sealed'", [], |row| row.get(0))
                })
                .map(Sealed)
                .map_err(database)
        })
    }

    fn tell(&self, bell: Bell) {
        self.nudges.tell(bell);
    }

    fn hear(&self, told: Told) {
        self.nudges.hear(told);
    }
}
