//! User results as they are read.

use std::borrow::Cow;

use tenure_lifecycle::expression::{Expression, Literal, Operator};
use tenure_lifecycle::ids::{Epoch, UserId};
use tenure_lifecycle::ports::{ResultScope, StoreError, Subject};
use tenure_lifecycle::run::{ExecutionType, Status, TaskCounts, UserResult};
use uuid::Uuid;

use super::db::{self, types::Value};
use super::db::{Connection, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Dense, Key, Segment};
use super::rows::{corrupt, database, maybe_guid, maybe_time, time};
use super::runs::{run_before, run_of_mark};

/// A time that a result which is not begun does not have yet; see the schema.
pub(super) const STARTED: &str = "CASE WHEN q.reported = 0 AND q.status = 0 THEN NULL ELSE q.started END";
/// A time that a result which is not through does not have yet.
pub(super) const COMPLETED: &str =
    "CASE WHEN q.reported = 0 AND q.status IN (0, 1) THEN NULL ELSE q.completed END";

const RESULT: &str = "q.run, q.seq, r.epoch, r.workflow, s.id, q.reported, q.status,
       coalesce(q.scheduled, r.scheduled),
       CASE WHEN q.reported = 0 AND q.status = 0 THEN NULL ELSE q.started END,
       CASE WHEN q.reported = 0 AND q.status IN (0, 1) THEN NULL ELSE q.completed END,
       coalesce(q.type, r.type), coalesce(q.version, r.version), q.total, q.failed, q.unprocessed";
const FROM: &str =
    "FROM user_results q JOIN runs r ON r.number = q.run LEFT JOIN users s ON s.number = q.subject WHERE";

fn user_result(row: &Row<'_>) -> Result<UserResult, StoreError> {
    let (run, seq): (i64, i64) = (row.get(0).map_err(database)?, row.get(1).map_err(database)?);
    let status = Status::from_code(row.get(6).map_err(database)?);
    let status = status.ok_or_else(|| corrupt("user_results", "status", format!("{run}, {seq}")))?;
    let kind = ExecutionType::from_code(row.get(10).map_err(database)?);
    let execution_type = kind.ok_or_else(|| corrupt("user_results", "type", format!("{run}, {seq}")))?;
    let build = || -> db::Result<UserResult> {
        Ok(UserResult {
            run,
            seq,
            epoch: Epoch(row.get(2)?),
            workflow: row.get(3)?,
            subject: maybe_guid(row, 4)?.map(UserId),
            reported: row.get(5)?,
            status,
            scheduled: time(row, 7)?,
            started: maybe_time(row, 8)?,
            completed: maybe_time(row, 9)?,
            execution_type,
            version: row.get(11)?,
            tasks: TaskCounts { total: row.get(12)?, failed: row.get(13)?, unprocessed: row.get(14)? },
        })
    };
    build().map_err(database)
}

/// One user result.
pub(super) fn find(connection: &Connection, run: i64, seq: i64) -> Result<Option<UserResult>, StoreError> {
    let sql = format!("SELECT {RESULT} {FROM} q.run = ?1 AND q.seq = ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([run, seq]).map_err(database)?;
    rows.next().map_err(database)?.map(user_result).transpose()
}

/// The results of the runs that people were admitted to for these occasions.
pub(super) fn of_occasions(
    connection: &Connection,
    workflow: i64,
    subjects: &[Subject],
) -> Result<Vec<Option<UserResult>>, StoreError> {
    let sql = format!(
        "SELECT {RESULT} {FROM} q.run = (SELECT run FROM occasions WHERE workflow = ?1 AND subject = ?2 AND change = ?3)
            AND q.subject = ?2 AND q.reported = 0"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut results = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let mut rows = statement.query([workflow, subject.user, subject.change]).map_err(database)?;
        results.push(rows.next().map_err(database)?.map(user_result).transpose()?);
    }
    Ok(results)
}

struct ResultColumns;

impl Columns for ResultColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("address(2, r.epoch, q.run, q.seq, 0)", ColumnKind::GuidBlob),
            "processingStatus" => ("q.status", ColumnKind::TextCode(&Status::NAMES)),
            "workflowExecutionType" => {
                ("coalesce(q.type, r.type)", ColumnKind::TextCode(&ExecutionType::NAMES))
            }
            "scheduledDateTime" => ("coalesce(q.scheduled, r.scheduled)", ColumnKind::TimestampMillis),
            "startedDateTime" => (STARTED, ColumnKind::TimestampMillis),
            "completedDateTime" => (COMPLETED, ColumnKind::TimestampMillis),
            "failedTasksCount" => ("q.failed", ColumnKind::Integer),
            "totalTasksCount" => ("q.total", ColumnKind::Integer),
            "totalUnprocessedTasksCount" => ("q.unprocessed", ColumnKind::Integer),
            "workflowVersion" => ("coalesce(q.version, r.version)", ColumnKind::Integer),
            "subject" | "subject/id" => ("s.id", ColumnKind::GuidBlob),
            _ => return None,
        };
        let sql = if matches!(kind, ColumnKind::TimestampMillis) {
            format!("({sql})").into()
        } else {
            Cow::Borrowed(sql)
        };
        Some(Column { sql, kind })
    }
}

/// Reads user results with the collection of a scope.
pub(super) fn with_collection<T>(
    scope: ResultScope,
    filter: Option<&Expression>,
    use_it: impl FnOnce(&Collection<'_>, fn(&Row<'_>) -> Result<UserResult, StoreError>) -> T,
) -> T {
    let pinned = filter.and_then(pinned_subject);
    let segment = move |connection: &Connection, mark: Option<&Key>| match (scope, pinned) {
        (ResultScope::Subject(user), _) => Ok(Some(by_subject("q.subject = ?", user.into(), mark, None))),
        (ResultScope::Workflow(workflow), Some(subject)) => Ok(Some(by_subject(
            PINNED,
            subject.into_bytes().to_vec().into(),
            mark,
            Some(("r.workflow", workflow)),
        ))),
        (ResultScope::Run(run), Some(subject)) => {
            Ok(Some(by_subject(PINNED, subject.into_bytes().to_vec().into(), mark, Some(("q.run", run)))))
        }
        (ResultScope::Run(run), None) => of_run(connection, run, mark, None).map(Some),
        (ResultScope::Workflow(workflow), None) => {
            let run = match mark {
                Some(mark) => run_of_mark(connection, workflow, None, mark[0])?,
                None => run_before(connection, workflow, None, i64::MAX)?,
            };
            let Some(run) = run else { return Ok(None) };
            let then = run_before(connection, workflow, None, run)?.map(|run| vec![run, 0]);
            of_run(connection, run, mark, then).map(Some)
        }
    };
    let collection =
        Collection { select: RESULT, key: &["q.run", "q.seq"], columns: &ResultColumns, segment: &segment };
    use_it(&collection, user_result)
}

fn of_run(
    connection: &Connection,
    run: i64,
    mark: Option<&Key>,
    then: Option<Key>,
) -> Result<Segment, StoreError> {
    let behind = mark.map_or(0, |mark| mark[1]);
    let last = connection
        .prepare_cached("SELECT next_seq - 1 FROM runs WHERE number = ?1")
        .and_then(|mut statement| statement.query_row([run], |row| row.get(0)))
        .map_err(database)?;
    Ok(Segment {
        source: format!("{FROM} q.run = ? AND q.seq > ?"),
        parameters: vec![run.into(), behind.into()],
        order: "q.seq",
        then,
        dense: Some(Dense { column: "q.seq", behind: vec![run, behind], last }),
    })
}

const PINNED: &str = "q.subject = (SELECT number FROM users WHERE id = ?)";

/// Results of one person by the index that is made for it, newest run first.
fn by_subject(condition: &str, subject: Value, mark: Option<&Key>, within: Option<(&str, i64)>) -> Segment {
    let (run, seq) = mark.map_or((i64::MAX, i64::MAX), |mark| (mark[0], mark[1]));
    let mut source = format!("{FROM} {condition} AND (q.run, q.seq) < (?, ?)");
    let mut parameters = vec![subject, run.into(), seq.into()];
    if let Some((column, value)) = within {
        source.push_str(&format!(" AND {column} = ?"));
        parameters.push(value.into());
    }
    Segment { source, parameters, order: "q.run DESC, q.seq DESC", then: None, dense: None }
}

/// The person whom a filter asks for and nobody else.
fn pinned_subject(filter: &Expression) -> Option<Uuid> {
    match filter {
        Expression::And(parts) => parts.iter().find_map(pinned_subject),
        Expression::Compare { path, operator: Operator::Eq, literal } if path.variable.is_none() => {
            let names: Vec<&str> = path.segments.iter().map(String::as_str).collect();
            if !matches!(names.as_slice(), ["subject"] | ["subject", "id"]) {
                return None;
            }
            match literal {
                Literal::Guid(id) => Some(*id),
                Literal::Text(text) => Uuid::parse_str(text).ok(),
                _ => None,
            }
        }
        _ => None,
    }
}
