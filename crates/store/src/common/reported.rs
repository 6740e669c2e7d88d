//! Results reported from outside: each write moves the counters and audits what was there, in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{Query, StoreError, TaskResultScope};
use tenure_lifecycle::run::{
    NewResult, ReportCounters, ResultPatch, RunCounters, Status, TaskCounts, TaskResult, UserResult,
};

use super::append::append;
use super::audit::AuditRow;
use super::counters::{ReportMove, RunMove};
use super::db::{self, Connection, OptionalExtension, params};
use super::rows::database;
use super::{task_results, user_results};

/// Most task results of one user result: what an address can hold.
const ORDINALS: i64 = 4_095;

fn millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millisecond)
}

fn user_number(connection: &Connection, id: UserId) -> db::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM users WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()
}

/// A result in full, for the audit.
fn described(result: &UserResult) -> Json {
    json!({
        "processingStatus": result.status.as_str(),
        "scheduledDateTime": result.scheduled.to_string(),
        "startedDateTime": result.started.map(|at| at.to_string()),
        "completedDateTime": result.completed.map(|at| at.to_string()),
        "workflowExecutionType": result.execution_type.as_str(),
        "workflowVersion": result.version,
        "totalTasksCount": result.tasks.total,
        "failedTasksCount": result.tasks.failed,
        "totalUnprocessedTasksCount": result.tasks.unprocessed,
        "subject": result.subject.map(|id| id.to_string()),
        "reported": result.reported,
    })
}

struct Note<'a> {
    connection: &'a Connection,
    at: Timestamp,
    who: Actor,
}

impl Note<'_> {
    fn write(
        &self,
        activity: Activity,
        result: &UserResult,
        ordinal: Option<i64>,
        before: Option<&Json>,
        after: Option<&Json>,
    ) -> Result<(), StoreError> {
        let (before, after) = (before.map(Json::to_string), after.map(Json::to_string));
        let row = AuditRow {
            target: Some(result.workflow),
            run: Some(result.run),
            seq: Some(result.seq),
            ordinal,
            before: before.as_deref(),
            after: after.as_deref(),
            ..AuditRow::default()
        };
        append(self.connection, self.at.as_millisecond(), self.who, activity, row).map_err(database)?;
        Ok(())
    }
}

fn counted(status: Status, tasks: TaskCounts, sign: i64) -> RunCounters {
    let mut counters = RunCounters::default();
    counters.count(status, tasks, sign);
    counters
}

/// Stores a reported result under the run's next seq.
pub(super) fn create(
    connection: &Connection,
    run: i64,
    new: &NewResult,
    at: Timestamp,
    who: Actor,
) -> Result<Option<UserResult>, StoreError> {
    let steps = || -> db::Result<Option<i64>> {
        let seq: Option<i64> = connection
            .query_row(
                // A run whose users are all leased stays so: nobody ever leases a reported result.
                "UPDATE runs
                    SET next_seq = next_seq + 1,
                        leased_to = CASE WHEN leased_to = next_seq - 1 THEN next_seq ELSE leased_to END
                  WHERE number = ?1
                  RETURNING next_seq - 1",
                [run],
                |row| row.get(0),
            )
            .optional()?;
        let Some(seq) = seq else { return Ok(None) };
        let subject = match new.subject {
            None => None,
            Some(id) => user_number(connection, id)?,
        };
        connection.execute(
            "INSERT INTO user_results (run, seq, subject, status, reported, change, started, completed, total, failed,
                                       unprocessed, scheduled, type, version)
             VALUES (?1, ?2, ?3, ?4, 1, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                run,
                seq,
                subject,
                new.status.code(),
                millis(new.started),
                millis(new.completed),
                new.tasks.total,
                new.tasks.failed,
                new.tasks.unprocessed,
                new.scheduled.as_millisecond(),
                new.execution_type.code(),
                new.version
            ],
        )?;
        Ok(Some(seq))
    };
    let Some(seq) = steps().map_err(database)? else { return Ok(None) };
    let step = RunMove {
        by_time: BTreeMap::from([(new.scheduled.as_millisecond(), counted(new.status, new.tasks, 1))]),
        ..RunMove::default()
    };
    step.apply(connection, run, at.as_millisecond())?;
    let result = user_results::find(connection, run, seq)?;
    if let Some(result) = &result {
        let note = Note { connection, at, who };
        note.write(Activity::CreateResult, result, None, None, Some(&described(result)))?;
    }
    Ok(result)
}

/// Whether a result may be written to from outside.
fn is_open_to_reports(result: &UserResult) -> bool {
    result.reported || result.status.is_finished()
}

/// Changes a result that is finished or reported.
pub(super) fn update(
    connection: &Connection,
    key: (i64, i64),
    patch: &ResultPatch,
    at: Timestamp,
    who: Actor,
) -> Result<bool, StoreError> {
    let Some(before) = user_results::find(connection, key.0, key.1)?.filter(is_open_to_reports) else {
        return Ok(false);
    };
    let mut result = before.clone();
    result.status = patch.status.unwrap_or(result.status);
    result.scheduled = patch.scheduled.unwrap_or(result.scheduled);
    result.started = patch.started.unwrap_or(result.started);
    result.completed = patch.completed.unwrap_or(result.completed);
    result.execution_type = patch.execution_type.unwrap_or(result.execution_type);
    result.version = patch.version.unwrap_or(result.version);
    result.tasks.total = patch.total.unwrap_or(result.tasks.total);
    result.tasks.failed = patch.failed.unwrap_or(result.tasks.failed);
    result.tasks.unprocessed = patch.unprocessed.unwrap_or(result.tasks.unprocessed);
    connection
        .execute(
            "UPDATE user_results
                SET status = ?3, started = ?4, completed = ?5, total = ?6, failed = ?7, unprocessed = ?8,
                    scheduled = ?9, type = ?10, version = ?11
              WHERE run = ?1 AND seq = ?2",
            params![
                key.0,
                key.1,
                result.status.code(),
                millis(result.started),
                millis(result.completed),
                result.tasks.total,
                result.tasks.failed,
                result.tasks.unprocessed,
                result.scheduled.as_millisecond(),
                result.execution_type.code(),
                result.version
            ],
        )
        .map_err(database)?;
    let mut step = RunMove::default();
    for (one, sign) in [(&before, -1), (&result, 1)] {
        let counters = counted(one.status, one.tasks, sign);
        step.by_time.entry(one.scheduled.as_millisecond()).or_default().add(&counters);
    }
    step.apply(connection, key.0, at.as_millisecond())?;
    let (old, new) = (described(&before), described(&result));
    Note { connection, at, who }.write(Activity::UpdateResult, &result, None, Some(&old), Some(&new))?;
    Ok(true)
}

/// Deletes a result that is finished or reported, with its task results.
pub(super) fn delete(
    connection: &Connection,
    key: (i64, i64),
    at: Timestamp,
    who: Actor,
) -> Result<bool, StoreError> {
    let Some(before) = user_results::find(connection, key.0, key.1)?.filter(is_open_to_reports) else {
        return Ok(false);
    };
    let query = Query { limit: ORDINALS as usize, ..Query::default() };
    let tasks = task_results::with_collection(TaskResultScope::User(key.0, key.1), |collection, item| {
        collection.slice(connection, &query, item)
    })
    .map_err(|error| StoreError::Database(Box::new(error)))?
    .items;
    let mut step = RunMove::default();
    let scheduled = before.scheduled.as_millisecond();
    step.by_time.insert(scheduled, counted(before.status, before.tasks, -1));
    if !before.reported {
        for task in tasks.iter().filter(|task| task.version.is_some()) {
            let mut counters = ReportCounters { total: -1, ..ReportCounters::default() };
            counters.count(task.status, -1);
            step.reports.insert(task.ordinal, ReportMove { counters, ..ReportMove::default() });
        }
    }
    connection
        .execute("DELETE FROM chosen_tasks WHERE run = ?1 AND seq = ?2", [key.0, key.1])
        .and_then(|_| {
            connection.execute("DELETE FROM task_results WHERE run = ?1 AND seq = ?2", [key.0, key.1])
        })
        .and_then(|_| {
            connection.execute("DELETE FROM user_results WHERE run = ?1 AND seq = ?2", [key.0, key.1])
        })
        .map_err(database)?;
    step.apply(connection, key.0, at.as_millisecond())?;
    let mut image = described(&before);
    image["taskProcessingResults"] = tasks.iter().map(described_task).collect();
    Note { connection, at, who }.write(Activity::DeleteResult, &before, None, Some(&image), None)?;
    Ok(true)
}

fn described_task(task: &TaskResult) -> Json {
    json!({
        "ordinal": task.ordinal,
        "processingStatus": task.status.as_str(),
        "createdDateTime": task.created.to_string(),
        "startedDateTime": task.started.map(|at| at.to_string()),
        "completedDateTime": task.completed.map(|at| at.to_string()),
        "failureReason": task.failure_reason,
        "processingInfo": task.processing_info,
    })
}

/// Sets or clears the subject of a reported result.
pub(super) fn set_subject(
    connection: &Connection,
    key: (i64, i64),
    expect: Option<UserId>,
    subject: Option<UserId>,
    at: Timestamp,
    who: Actor,
) -> Result<bool, StoreError> {
    let found = user_results::find(connection, key.0, key.1)?;
    let Some(before) = found.filter(|result| result.reported && result.subject == expect) else {
        return Ok(false);
    };
    let steps = || -> db::Result<()> {
        let number = match subject {
            None => None,
            Some(id) => user_number(connection, id)?,
        };
        connection.execute(
            "UPDATE user_results SET subject = ?3 WHERE run = ?1 AND seq = ?2",
            params![key.0, key.1, number],
        )?;
        Ok(())
    };
    steps().map_err(database)?;
    let after = UserResult { subject, ..before.clone() };
    let activity = if subject.is_some() { Activity::AddSubject } else { Activity::RemoveSubject };
    let note = Note { connection, at, who };
    note.write(activity, &before, None, Some(&described(&before)), Some(&described(&after)))?;
    Ok(true)
}

/// Stores a task result reported from outside, under the next ordinal; it has no task and moves no counter.
pub(super) fn create_task(
    connection: &Connection,
    new: &TaskResult,
    who: Actor,
) -> Result<Option<TaskResult>, StoreError> {
    let found = user_results::find(connection, new.run, new.seq)?;
    let Some(result) = found.filter(is_open_to_reports) else { return Ok(None) };
    let steps = || -> db::Result<Option<i64>> {
        let last: i64 = connection.query_row(
            "SELECT max(coalesce((SELECT max(ordinal) FROM task_results WHERE run = ?1 AND seq = ?2), 0),
                        coalesce((SELECT max(ordinal) FROM task_reports WHERE run = ?1), 0))",
            [new.run, new.seq],
            |row| row.get(0),
        )?;
        let ordinal = last + 1;
        if ordinal > ORDINALS {
            return Ok(None);
        }
        let note: Option<i64> = match &new.failure_reason {
            None => None,
            Some(text) => {
                connection.execute("INSERT INTO texts (text) VALUES (?1) ON CONFLICT DO NOTHING", [text])?;
                Some(
                    connection
                        .query_row("SELECT number FROM texts WHERE text = ?1", [text], |row| row.get(0))?,
                )
            }
        };
        connection.execute(
            "INSERT INTO task_results (run, seq, ordinal, status, started, completed, note, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.run,
                new.seq,
                ordinal,
                new.status.code(),
                millis(new.started),
                millis(new.completed),
                note,
                new.created.as_millisecond()
            ],
        )?;
        Ok(Some(ordinal))
    };
    let Some(ordinal) = steps().map_err(database)? else { return Ok(None) };
    let stored = task_results::find(connection, new.run, new.seq, ordinal)?;
    if let Some(stored) = &stored {
        let note = Note { connection, at: stored.created, who };
        note.write(Activity::CreateTaskResult, &result, Some(ordinal), None, Some(&described_task(stored)))?;
    }
    Ok(stored)
}
