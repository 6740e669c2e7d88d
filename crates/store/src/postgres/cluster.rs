//! The processes that share a store.
//!
//! A process has a number and, as long as one of its writing connections lasts, a lock under that number: whoever finds the lock
//! free knows that the process is gone, or cut off, and that PostgreSQL has rolled back what it was writing. Its leases are
//! taken over at once, but for those under which something may be under way outside: these end first. Whoever was only
//! cut off finds its leases gone, and settles nothing.

use jiff::Timestamp;
use tenure_lifecycle::extension::Sealed;
use tenure_lifecycle::ports::{Bell, Cluster, StoreError, Told};

use super::db::{Connection, Result, params};
use super::engine::OWNERS;
use super::failure::database;
use super::sql::MOMENT as NOW;
use super::{PostgresStore, lease, slots};

/// Above the numbers of the locks that are not about a process.
const LOCKS: i64 = 1_000;
/// From here on they are about numbers of the audit (`functions.sql`).
const NUMBERS: i64 = 1 << 30;
/// How long whoever sweeps may be silent, in milliseconds.
const SILENCE: i64 = 60_000;
/// How long after its end a lease under which something may be under way outside is taken over, in milliseconds.
const MARGIN: i64 = 5_000;

/// The lock of a process, in the schema that the connection is in.
fn lock_of(process: &str) -> String {
    format!(
        "CAST(CAST(current_schema() AS regnamespace) AS oid)::bigint::integer, CAST({LOCKS} + {process} AS integer)"
    )
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
    format!("SELECT pg_advisory_lock_shared({})", lock_of(&process.to_string()))
}

/// Whether any process serves what is in this schema.
pub(super) fn is_served(connection: &Connection) -> Result<bool> {
    let sql = format!(
        "SELECT 1 FROM pg_locks k
          WHERE k.locktype = 'advisory' AND k.objsubid = 2
            AND CAST(k.objid AS bigint) > {LOCKS} AND CAST(k.objid AS bigint) < {NUMBERS}
            AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND k.classid = CAST(CAST(current_schema() AS regnamespace) AS oid)"
    );
    connection.prepare_cached(&sql)?.exists([])
}

impl Cluster for PostgresStore {
    fn process(&self) -> i64 {
        self.process
    }

    fn take_over(&self, now: Timestamp) -> std::result::Result<u64, StoreError> {
        // What goes outside is under a lease of repeats that have a place.
        let lost = format!(
            "{} AND (l.ends + {MARGIN} < {NOW}
                     OR NOT EXISTS (SELECT 1 FROM requeued q WHERE q.lease = l.id AND q.place <> 0))
             OR l.ends + {MARGIN} < {NOW}",
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
