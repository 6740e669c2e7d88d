//! The raw limit on PostgreSQL: the final rows of every table by UNNEST, a thousand users a transaction, in the same schema,
//! and the same updates of the directory. No admission, no lease, no status update, no check.

use postgres::types::ToSql;
use postgres::{Client, Statement, Transaction};

use crate::process::PER_RUN;
use crate::raw::notes;
use crate::setup::{NOW, Work, caller};

const RUN: &str = "INSERT INTO runs (number, epoch, workflow, version, type, scheduled, created, started, completed,
    updated, status, open, tasks, next_seq, leased_to, users_total, users_queued, users_in_progress, users_successful,
    users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES ($1, (SELECT number FROM meta WHERE key = 'epoch'), $2, 1, 1, $3, $3, $3, $3, $3, 2, 0, $4, CAST($5 AS bigint) + 1, $5, $5, 0,
            0, $5, 0, 0, 0, CAST($4 AS bigint) * CAST($5 AS bigint), 0, 0)";
const REPORT: &str =
    "INSERT INTO task_reports (run, ordinal, total, successful, failed, in_progress, started,
    completed, updated) VALUES ($1, $2, $3, $3, 0, 0, $4, $4, $4)";
const SUMMARY: &str = "INSERT INTO summaries (workflow, scheduled, run, users_total, users_queued, users_in_progress,
    users_successful, users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES ($1, $2, $3, $4, 0, 0, $4, 0, 0, 0, CAST($4 AS bigint) * CAST($5 AS bigint), 0, 0)";
const DAY: &str = "INSERT INTO summary_days (workflow, day, users_total, users_queued, users_in_progress,
    users_successful, users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed, tasks_unprocessed)
    VALUES ($1, $2, $3, 0, 0, $3, 0, 0, 0, $3::bigint * $4::bigint, 0, 0)
    ON CONFLICT (workflow, day) DO UPDATE SET users_total = summary_days.users_total + excluded.users_total,
        users_successful = summary_days.users_successful + excluded.users_successful,
        tasks_total = summary_days.tasks_total + excluded.tasks_total";
const ACTIVATED: &str =
    "INSERT INTO audit (at, actor, activity, target, run, after) VALUES ($1, $2, 33, $3, $4, $5)";

const USER_RESULTS: &str = "INSERT INTO user_results (run, seq, subject, status, reported, change, started, completed,
    total, failed, unprocessed)
    SELECT $1, n.seq, n.subject, 2, 0, 0, $4, $4, $5, 0, 0 FROM unnest($2::bigint[], $3::bigint[]) n (seq, subject)";
const TASK_RESULTS: &str = "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note)
    SELECT $1, n.seq, n.ordinal, 2, $5, NULL, n.note FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) n (seq, ordinal, note)";
const EFFECTS: &str = "INSERT INTO audit (at, activity, target, attribute, object, run, seq, ordinal, before, after)
    SELECT $1, n.activity, n.target, n.attribute, n.object, $2, n.seq, n.ordinal, n.before, n.after
      FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
           n (activity, target, attribute, object, seq, ordinal, before, after)";
const JOIN: &str = "INSERT INTO memberships SELECT n.person, g.number FROM unnest($1::bigint[]) n (person), (VALUES (1), (2)) g (number)";
const LEAVE: &str = "DELETE FROM memberships m USING unnest($1::bigint[]) n (person) WHERE m.\"user\" = n.person AND m.grp = 3";
const ENABLE: &str = "UPDATE users u SET account_enabled = 1, version = u.version + 1
    FROM unnest($1::bigint[]) n (person) WHERE u.number = n.person";

/// Users of one transaction, as in a batch of the engine.
const TOGETHER: u64 = 1_000;

pub(super) struct Raw {
    pub(super) work: Work,
    pub(super) users: u64,
    /// The workflow's number.
    pub(super) workflow: i64,
}

/// Statements that are run again and again.
struct Statements {
    users: Statement,
    tasks: Statement,
    effects: Statement,
    directory: [Statement; 3],
}

impl Raw {
    /// Writes all rows into a database that holds the company.
    pub(super) fn write(&self, client: &mut Client) -> anyhow::Result<()> {
        let mut all = client.transaction()?;
        let mut numbers = Vec::new();
        for text in notes(self.work) {
            numbers.push(if text.is_empty() {
                None
            } else {
                all.execute("INSERT INTO texts (text) VALUES ($1) ON CONFLICT DO NOTHING", &[text])?;
                Some(all.query_one("SELECT number FROM texts WHERE text = $1", &[text])?.get::<_, i64>(0))
            });
        }
        let first: i64 = all.query_one("SELECT max(number) + 1 FROM runs", &[])?.get(0);
        let runs = || {
            (1..=self.users)
                .step_by(PER_RUN as usize)
                .enumerate()
                .map(|(place, from)| (first + place as i64, from, PER_RUN.min(self.users - from + 1)))
        };
        for (run, _, count) in runs() {
            self.write_run(&mut all, run, count as i64)?;
        }
        all.commit()?;
        let statements = Statements {
            users: client.prepare(USER_RESULTS)?,
            tasks: client.prepare(TASK_RESULTS)?,
            effects: client.prepare(EFFECTS)?,
            directory: [client.prepare(JOIN)?, client.prepare(LEAVE)?, client.prepare(ENABLE)?],
        };
        for (run, from, count) in runs() {
            for start in (1..=count).step_by(TOGETHER as usize) {
                let seqs: Vec<i64> =
                    (start..=(start + TOGETHER - 1).min(count)).map(|seq| seq as i64).collect();
                let mut all = client.transaction()?;
                self.write_users(&mut all, &statements, run, from as i64 - 1, &seqs, &numbers)?;
                all.commit()?;
            }
        }
        Ok(())
    }

    fn write_run(&self, all: &mut Transaction<'_>, run: i64, count: i64) -> anyhow::Result<()> {
        let tasks = notes(self.work).len() as i64;
        all.execute(RUN, &[&run, &self.workflow, &NOW, &tasks, &count])?;
        for ordinal in 1..=tasks {
            all.execute(REPORT, &[&run, &ordinal, &count, &NOW])?;
        }
        all.execute(SUMMARY, &[&self.workflow, &NOW, &run, &count, &tasks])?;
        all.execute(DAY, &[&self.workflow, &NOW.div_euclid(86_400_000), &count, &tasks])?;
        let actor = caller().id.0.as_bytes().to_vec();
        all.execute(ACTIVATED, &[&NOW, &actor, &self.workflow, &run, &count.to_string()])?;
        Ok(())
    }

    fn write_users(
        &self,
        all: &mut Transaction<'_>,
        statements: &Statements,
        run: i64,
        before: i64,
        seqs: &[i64],
        notes: &[Option<i64>],
    ) -> anyhow::Result<()> {
        let people: Vec<i64> = seqs.iter().map(|seq| before + seq).collect();
        let tasks = notes.len() as i64;
        all.execute(&statements.users, &[&run, &seqs, &people, &NOW, &tasks])?;
        let (mut of, mut ordinals, mut said) = (Vec::new(), Vec::new(), Vec::new());
        for seq in seqs {
            for (place, note) in notes.iter().enumerate() {
                of.push(*seq);
                ordinals.push(place as i64 + 1);
                said.push(*note);
            }
        }
        all.execute(&statements.tasks, &[&run, &of, &ordinals, &said, &NOW])?;
        if self.work == Work::Mixed {
            let mut effects = Effects::default();
            for (seq, person) in seqs.iter().zip(&people) {
                effects.push(*seq, *person);
            }
            all.execute(&statements.effects, &effects.parameters(&run))?;
            for statement in &statements.directory {
                all.execute(statement, &[&people])?;
            }
        }
        Ok(())
    }
}

/// The audit of mixed work, by columns.
#[derive(Default)]
struct Effects {
    activity: Vec<i64>,
    target: Vec<i64>,
    attribute: Vec<Option<i64>>,
    object: Vec<Option<i64>>,
    seq: Vec<i64>,
    ordinal: Vec<i64>,
    before: Vec<Option<&'static str>>,
    after: Vec<Option<&'static str>>,
}

impl Effects {
    fn push(&mut self, seq: i64, person: i64) {
        for (activity, attribute, object, ordinal, before, after) in [
            (2, Some(1), None, 1, Some("false"), Some("true")),
            (4, None, Some(1), 2, None, None),
            (4, None, Some(2), 2, None, None),
            (5, None, Some(3), 3, None, None),
        ] {
            self.activity.push(activity);
            self.target.push(person);
            self.attribute.push(attribute);
            self.object.push(object);
            self.seq.push(seq);
            self.ordinal.push(ordinal);
            self.before.push(before);
            self.after.push(after);
        }
    }

    fn parameters<'a>(&'a self, run: &'a i64) -> [&'a (dyn ToSql + Sync); 10] {
        [
            &NOW,
            run,
            &self.activity,
            &self.target,
            &self.attribute,
            &self.object,
            &self.seq,
            &self.ordinal,
            &self.before,
            &self.after,
        ]
    }
}
