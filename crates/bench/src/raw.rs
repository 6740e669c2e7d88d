//! The raw limit: the final rows of every table, inserted in key order by plain prepared statements, in the same schema
//! with the same durability, and the same updates of the directory. No admission, no lease, no status update, no check.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::setup::Work;

const USER_RESULT: &str =
    "INSERT INTO user_results (run, seq, subject, status, reported, change, started, completed,
    total, failed, unprocessed) VALUES (?1, ?2, ?3, 2, 0, 0, ?4, ?4, ?5, 0, 0)";
const TASK_RESULT: &str = "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note)
    VALUES (?1, ?2, ?3, 2, ?4, NULL, ?5)";
const TEXT: &str = "INSERT INTO texts (text) VALUES (?1) ON CONFLICT DO NOTHING";
const RUN: &str = "INSERT INTO runs (number, epoch, workflow, version, type, scheduled, created, started, completed,
    updated, status, open, tasks, next_seq, leased_to, users_total, users_queued, users_in_progress, users_successful,
    users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES (?1, (SELECT value FROM meta WHERE key = 'epoch'), ?2, 1, 1, ?3, ?3, ?3, ?3, ?3, 2, 0, ?4, ?5 + 1, ?5, ?5, 0,
            0, ?5, 0, 0, 0, ?4 * ?5, 0, 0)";
const REPORT: &str =
    "INSERT INTO task_reports (run, ordinal, total, successful, failed, in_progress, started,
    completed, updated) VALUES (?1, ?2, ?3, ?3, 0, 0, ?4, ?4, ?4)";
const SUMMARY: &str = "INSERT INTO summaries (workflow, scheduled, run, users_total, users_queued, users_in_progress,
    users_successful, users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES (?1, ?2, ?3, ?4, 0, 0, ?4, 0, 0, 0, ?4 * ?5, 0, 0)";
const DAY: &str = "INSERT INTO summary_days (workflow, day, users_total, users_queued, users_in_progress,
    users_successful, users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES (?1, ?2, ?3, 0, 0, ?3, 0, 0, 0, ?3 * ?4, 0, 0)
    ON CONFLICT (workflow, day) DO UPDATE SET users_total = users_total + excluded.users_total,
        users_successful = users_successful + excluded.users_successful,
        tasks_total = tasks_total + excluded.tasks_total";
const ACTIVATED: &str =
    "INSERT INTO audit (at, actor, activity, target, run, after) VALUES (?1, ?2, 33, ?3, ?4, ?5)";
const EFFECT: &str =
    "INSERT INTO audit (at, activity, target, attribute, object, run, seq, ordinal, before, after)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const JOIN: &str = "INSERT INTO memberships (user, grp) VALUES (?1, ?2)";
const LEAVE: &str = "DELETE FROM memberships WHERE user = ?1 AND grp = ?2";
const ENABLE: &str = "UPDATE users SET account_enabled = 1, version = version + 1 WHERE number = ?1";

/// Users of one transaction, as in a batch of the engine.
const TOGETHER: u64 = 1_000;

/// What is written.
pub(crate) struct Raw {
    pub(crate) work: Work,
    pub(crate) users: u64,
    /// Users of one run.
    pub(crate) per_run: u64,
    /// The first person, and how far the next is from each.
    pub(crate) every: u64,
    /// When.
    pub(crate) at: i64,
    /// The workflow's number.
    pub(crate) workflow: i64,
    pub(crate) actor: [u8; 16],
}

impl Raw {
    /// The number of the person at that place.
    fn person(&self, place: u64) -> i64 {
        ((place - 1) * self.every + 1) as i64
    }

    fn notes(&self) -> &'static [&'static str] {
        notes(self.work)
    }

    /// Writes all rows into a database that holds the company.
    pub(crate) fn write(&self, directory: &Path) -> anyhow::Result<()> {
        let connection = Connection::open(directory.join("tenure.db"))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        connection.pragma_update(None, "cache_size", -8_192)?;
        let mut notes = Vec::new();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for text in self.notes() {
            notes.push(if text.is_empty() {
                None
            } else {
                connection.prepare_cached(TEXT)?.execute([text])?;
                let number =
                    connection
                        .query_row("SELECT number FROM texts WHERE text = ?1", [text], |row| row.get(0))?;
                Some(number)
            });
        }
        let first: i64 = connection.query_row("SELECT max(number) + 1 FROM runs", [], |row| row.get(0))?;
        for (place, from) in (1..=self.users).step_by(self.per_run as usize).enumerate() {
            let count = self.per_run.min(self.users - from + 1);
            self.write_run(&connection, first + place as i64, count)?;
        }
        connection.execute_batch("COMMIT")?;
        for (place, from) in (1..=self.users).step_by(self.per_run as usize).enumerate() {
            let count = self.per_run.min(self.users - from + 1);
            for start in (1..=count).step_by(TOGETHER as usize) {
                connection.execute_batch("BEGIN IMMEDIATE")?;
                let seqs = start..=(start + TOGETHER - 1).min(count);
                self.write_users(&connection, first + place as i64, from - 1, seqs, &notes)?;
                connection.execute_batch("COMMIT")?;
            }
        }
        Ok(())
    }

    fn write_run(&self, connection: &Connection, run: i64, count: u64) -> rusqlite::Result<()> {
        let (count, tasks) = (count as i64, self.notes().len() as i64);
        connection.prepare_cached(RUN)?.execute(params![run, self.workflow, self.at, tasks, count])?;
        for ordinal in 1..=tasks {
            connection.prepare_cached(REPORT)?.execute(params![run, ordinal, count, self.at])?;
        }
        connection.prepare_cached(SUMMARY)?.execute(params![self.workflow, self.at, run, count, tasks])?;
        connection.prepare_cached(DAY)?.execute(params![
            self.workflow,
            self.at.div_euclid(86_400_000),
            count,
            tasks
        ])?;
        let after = count.to_string();
        connection.prepare_cached(ACTIVATED)?.execute(params![
            self.at,
            self.actor,
            self.workflow,
            run,
            after
        ])?;
        Ok(())
    }

    fn write_users(
        &self,
        connection: &Connection,
        run: i64,
        before: u64,
        seqs: std::ops::RangeInclusive<u64>,
        notes: &[Option<i64>],
    ) -> rusqlite::Result<()> {
        let tasks = notes.len() as i64;
        let mut insert = connection.prepare_cached(USER_RESULT)?;
        for seq in seqs.clone() {
            insert.execute(params![run, seq as i64, self.person(before + seq), self.at, tasks])?;
        }
        let mut insert = connection.prepare_cached(TASK_RESULT)?;
        for seq in seqs.clone() {
            for (place, note) in notes.iter().enumerate() {
                insert.execute(params![run, seq as i64, place as i64 + 1, self.at, note])?;
            }
        }
        if self.work == Work::Bookkeeping {
            return Ok(());
        }
        let mut audit = connection.prepare_cached(EFFECT)?;
        let none = None::<i64>;
        for seq in seqs.clone() {
            let (user, seq) = (self.person(before + seq), seq as i64);
            audit.execute(params![self.at, 2, user, 1, none, run, seq, 1, "false", "true"])?;
            audit.execute(params![self.at, 4, user, none, 1, run, seq, 2, none, none])?;
            audit.execute(params![self.at, 4, user, none, 2, run, seq, 2, none, none])?;
            audit.execute(params![self.at, 5, user, none, 3, run, seq, 3, none, none])?;
        }
        let (mut join, mut leave) = (connection.prepare_cached(JOIN)?, connection.prepare_cached(LEAVE)?);
        for seq in seqs.clone() {
            let user = self.person(before + seq);
            join.execute([user, 1])?;
            join.execute([user, 2])?;
            leave.execute([user, 3])?;
        }
        let mut enable = connection.prepare_cached(ENABLE)?;
        for seq in seqs {
            enable.execute([self.person(before + seq)])?;
        }
        Ok(())
    }
}

/// What the tasks of each user say; nothing is no note.
pub(crate) fn notes(work: Work) -> &'static [&'static str] {
    match work {
        Work::Bookkeeping => &[
            "the account is already enabled",
            "the user is already a member",
            "the user is already a member",
            "the user is not a member",
            "the account is already enabled",
        ],
        Work::Mixed => &["", "", ""],
        // Of what goes outside there is no raw limit but the time that it takes.
        Work::Mail | Work::Call => &[],
    }
}
