//! Admitting people to runs: the run, its queued user results, its reports and its totals.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use tenure_lifecycle::clock::from_millis;
use tenure_lifecycle::ids::{Epoch, Ordinal, RunNumber};
use tenure_lifecycle::ports::{Admission, NewRun, StoreError, Subject};
use tenure_lifecycle::run::{ActivatedOn, ReportCounters, RunCounters, Status, TaskCounts, first_turn};
use tenure_lifecycle::workflow::{Category, SweepCursor};

use super::counters::{ReportMove, RunMove};
use super::db::{self, Connection, OptionalExtension, last_number, later, params};
use super::rows::{database, json_numbers};
use super::workflows::{category_of, version_of};
use super::{ranges, sql};

/// A run that people can be added to.
pub(super) struct OpenRun {
    pub(super) number: RunNumber,
    pub(super) epoch: Epoch,
    next_seq: i64,
}

/// Somebody to be queued.
pub(super) struct Queued {
    pub(super) subject: Subject,
    /// Only these tasks of the version.
    pub(super) chosen: Option<Vec<Ordinal>>,
}

impl From<Subject> for Queued {
    fn from(subject: Subject) -> Self {
        Self { subject, chosen: None }
    }
}

/// Stores a run without anybody in it.
pub(super) fn insert_run(
    connection: &Connection,
    run: &NewRun,
    epoch: Epoch,
    at: i64,
    open: bool,
) -> db::Result<OpenRun> {
    let category: i64 = connection
        .prepare_cached("SELECT category FROM workflows WHERE number = ?1")?
        .query_row([run.workflow], |row| row.get(0))?;
    let category = category_of(category).unwrap_or(Category::Joiner);
    let turn = first_turn(from_millis(at), run.execution_type, category);
    ranges::make_room(connection, at)?;
    connection
        .prepare_cached(
            "INSERT INTO runs (epoch, workflow, version, type, scheduled, created, updated, status, open, tasks,
                               next_seq, leased_to, users_total, users_queued, users_in_progress, users_successful,
                               users_with_errors, users_failed, users_canceled, tasks_total, tasks_failed,
                               tasks_unprocessed, activated_on, turn, change_from)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0, ?7, ?8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?9, ?10,
                     (SELECT coalesce(max(number), 0) FROM audit))",
        )?
        .execute(params![
            epoch.0,
            run.workflow,
            run.version,
            run.execution_type.code(),
            run.scheduled.as_millisecond(),
            at,
            open,
            run.tasks,
            run.activated_on.map(ActivatedOn::code),
            turn.as_millisecond()
        ])?;
    Ok(OpenRun { number: last_number(connection)?, epoch, next_seq: 1 })
}

/// Adds queued users to a run and their numbers to its counters.
pub(super) fn queue(
    connection: &Connection,
    run: &NewRun,
    open: &OpenRun,
    subjects: impl Iterator<Item = Queued>,
    at: i64,
) -> Result<i64, StoreError> {
    let mut insert = later(connection, sql::QUEUE_USER).map_err(database)?;
    let mut choose = later(connection, sql::CHOOSE_TASKS).map_err(database)?;
    let mut seq = open.next_seq;
    let mut tasks = 0;
    // Tasks that are not run for everybody: for how many each is.
    let mut some: BTreeMap<Ordinal, i64> = BTreeMap::new();
    let mut for_all = 0;
    for Queued { subject, chosen } in subjects {
        let count = match &chosen {
            None => {
                for_all += 1;
                run.tasks
            }
            Some(chosen) => {
                for ordinal in chosen {
                    *some.entry(*ordinal).or_default() += 1;
                }
                choose.execute(params![open.number, seq, json_numbers(chosen)]).map_err(database)?;
                chosen.len() as i64
            }
        };
        insert
            .execute(params![open.number, seq, subject.user, subject.change, at, count])
            .map_err(database)?;
        seq += 1;
        tasks += count;
    }
    let count = seq - open.next_seq;
    connection
        .prepare_cached("UPDATE runs SET next_seq = ?2 WHERE number = ?1")
        .and_then(|mut statement| statement.execute([open.number, seq]))
        .map_err(database)?;
    let mut counters = RunCounters::default();
    counters.users.total = count;
    counters.users.queued = count;
    counters.tasks = TaskCounts { total: tasks, failed: 0, unprocessed: tasks };
    let version = version_of(connection, run.workflow, run.version)?;
    let reports = version
        .iter()
        .flat_map(|version| version.tasks.iter().filter(|task| task.is_enabled))
        .map(|task| {
            let total = for_all + some.get(&task.execution_sequence).copied().unwrap_or(0);
            let counters = ReportCounters { total, ..ReportCounters::default() };
            (task.execution_sequence, ReportMove { counters, ..ReportMove::default() })
        })
        .collect();
    let step = RunMove {
        by_time: BTreeMap::from([(run.scheduled.as_millisecond(), counters)]),
        reports,
        started: None,
    };
    step.apply(connection, open.number, at)?;
    Ok(count)
}

/// Adds a chunk to the workflow's open run, if the workflow still is as the sweep saw it.
pub(super) fn admit_chunk(
    connection: &Connection,
    run: &NewRun,
    subjects: &[Subject],
    at: Timestamp,
    epoch: Epoch,
) -> Result<Option<Admission>, StoreError> {
    let at = at.as_millisecond();
    let still: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM workflows
              WHERE number = ?1 AND version = ?2 AND is_enabled = 1 AND is_scheduling_enabled = 1 AND deleted IS NULL
                AND quarantined IS NULL",
            params![run.workflow, run.version],
            |row| row.get(0),
        )
        .optional()
        .map_err(database)?;
    if still.is_none() {
        return Ok(None);
    }
    let fresh = unused_occasions(connection, run.workflow, subjects)?;
    if fresh.is_empty() {
        return Ok(None);
    }
    let steps = || -> db::Result<(OpenRun, NewRun)> {
        let found = connection
            .query_row(
                "SELECT number, epoch, next_seq, scheduled FROM runs WHERE workflow = ?1 AND open = 1",
                [run.workflow],
                |row| {
                    Ok((
                        OpenRun { number: row.get(0)?, epoch: Epoch(row.get(1)?), next_seq: row.get(2)? },
                        row.get(3)?,
                    ))
                },
            )
            .optional()?;
        let (open, run) = match found {
            Some((open, scheduled)) => {
                (open, NewRun { scheduled: tenure_lifecycle::clock::from_millis(scheduled), ..*run })
            }
            None => (insert_run(connection, run, epoch, at, true)?, *run),
        };
        let mut occasion = later(connection, sql::USE_OCCASION)?;
        let mut listed = later(connection, sql::UNLIST)?;
        for subject in &fresh {
            occasion.execute(params![run.workflow, subject.user, subject.change, open.number])?;
            listed.execute(params![run.workflow, subject.user, subject.change])?;
        }
        Ok((open, run))
    };
    let (open, run) = steps().map_err(database)?;
    let admitted = queue(connection, &run, &open, fresh.into_iter().map(Queued::from), at)?;
    Ok(Some(Admission { run: open.number, epoch: open.epoch, admitted }))
}

/// Those whose occasion has not been used.
pub(super) fn unused_occasions(
    connection: &Connection,
    workflow: i64,
    subjects: &[Subject],
) -> Result<Vec<Subject>, StoreError> {
    if subjects.is_empty() {
        return Ok(vec![]);
    }
    let pairs: Vec<[i64; 2]> = subjects.iter().map(|subject| [subject.user, subject.change]).collect();
    let pairs = serde_json::to_string(&pairs).unwrap_or_default();
    let steps = || -> db::Result<Vec<Subject>> {
        let used: HashSet<i64> = connection
            .prepare_cached(&format!(
                "SELECT p.key FROM {} p CROSS JOIN occasions o
                     ON o.workflow = ?1 AND o.subject = p.one AND o.change = p.other",
                sql::pairs("?2")
            ))?
            .query_map(params![workflow, pairs], |row| row.get(0))?
            .collect::<db::Result<_>>()?;
        let unused = subjects.iter().zip(0..).filter(|(_, place)| !used.contains(place));
        Ok(unused.map(|(subject, _)| *subject).collect())
    };
    steps().map_err(database)
}

/// Closes the open run and records how far the sweep has looked, unless the workflow was changed meanwhile. Says whether
/// there was a run to close.
pub(super) fn finish_sweep(
    connection: &Connection,
    workflow: i64,
    revision: i64,
    cursor: SweepCursor,
) -> Result<bool, StoreError> {
    let steps = || -> db::Result<bool> {
        let closed = connection.execute(
            "UPDATE runs SET open = 0, status = CASE WHEN cancel IS NULL THEN ?2 ELSE status END
              WHERE workflow = ?1 AND open = 1",
            params![workflow, Status::Queued.code()],
        )?;
        connection.execute(
            "UPDATE workflows SET due_until = ?3, change = ?4, full = CASE WHEN full = ?5 THEN 0 ELSE full END
              WHERE number = ?1 AND revision = ?2",
            params![
                workflow,
                revision,
                cursor.due_until.map(Timestamp::as_millisecond),
                cursor.change,
                cursor.full
            ],
        )?;
        Ok(closed > 0)
    };
    steps().map_err(database)
}
