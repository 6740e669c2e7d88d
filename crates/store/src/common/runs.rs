//! Runs as they are read.

use std::borrow::Cow;

use tenure_lifecycle::ids::{Epoch, RunNumber, Seq};
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{ActivatedOn, CancelReason, ExecutionType, Run, Status};

use super::counters::counters;
use super::db::{self, Connection, Row, params_from_iter};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, Segments};
use super::order::Indexed;
use super::rows::{corrupt, database, maybe_time, time};
use super::{slots, sql};

/// The columns of a run, of a table called `r`.
pub(super) const RUN: &str = "r.number, r.epoch, r.workflow, r.version, r.type, r.scheduled, r.started, r.completed,
       r.status, r.cancel, r.users_total, r.users_queued, r.users_in_progress, r.users_successful,
       r.users_with_errors, r.users_failed, r.users_canceled, r.tasks_total, r.tasks_failed, r.tasks_unprocessed,
       r.updated, r.activated_on, r.undoes, (SELECT o.epoch FROM runs o WHERE o.number = r.undoes),
       (SELECT max(b.number) FROM runs b WHERE b.undoes = r.number AND b.type <> 4),
       (SELECT b.epoch FROM runs b WHERE b.undoes = r.number AND b.type <> 4 ORDER BY b.number DESC LIMIT 1)";
/// How many these are.
pub(super) const RUN_COLUMNS: usize = 26;

/// Most repeats of one thing that an expansion shows.
const REPEATS: usize = 100;

/// Reads a run from [`RUN`] columns.
pub(super) fn run(row: &Row<'_>) -> Result<Run, StoreError> {
    let number: RunNumber = row.get(0).map_err(database)?;
    let execution_type = ExecutionType::from_code(row.get(4).map_err(database)?);
    let status = Status::from_code(row.get(8).map_err(database)?);
    let build = || -> db::Result<Run> {
        Ok(Run {
            number,
            epoch: Epoch(row.get(1)?),
            workflow: row.get(2)?,
            version: row.get(3)?,
            execution_type: execution_type.unwrap_or(ExecutionType::OnDemand),
            activated_on: row.get::<_, Option<i64>>(21)?.and_then(ActivatedOn::from_code),
            undoes: beside(row, 22, 23)?,
            undone_by: beside(row, 24, 25)?,
            scheduled: time(row, 5)?,
            started: maybe_time(row, 6)?,
            completed: maybe_time(row, 7)?,
            updated: time(row, 20)?,
            status: status.unwrap_or(Status::Queued),
            cancel: row.get::<_, Option<i64>>(9)?.and_then(CancelReason::from_code),
            counters: counters(row, 10)?,
        })
    };
    if execution_type.is_none() || status.is_none() {
        return Err(corrupt("runs", "status", number));
    }
    build().map_err(database)
}

/// Another run, with its epoch.
fn beside(row: &Row<'_>, number: usize, epoch: usize) -> db::Result<Option<(Epoch, RunNumber)>> {
    let epoch: Option<u32> = row.get(epoch)?;
    Ok(epoch.map(Epoch).zip(row.get(number)?))
}

/// Where the properties of a run are.
pub(super) struct RunColumns;

impl Columns for RunColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let [name] = path else { return None };
        let (sql, kind) = match name.as_str() {
            "id" => ("address(1, r.epoch, r.number, 0, 0)", ColumnKind::GuidBlob),
            "processingStatus" => ("r.status", ColumnKind::TextCode(&Status::NAMES)),
            "workflowExecutionType" => ("r.type", ColumnKind::TextCode(&ExecutionType::NAMES)),
            "scheduledDateTime" => ("r.scheduled", ColumnKind::TimestampMillis),
            "startedDateTime" => ("r.started", ColumnKind::TimestampMillis),
            "completedDateTime" => ("r.completed", ColumnKind::TimestampMillis),
            "lastUpdatedDateTime" => ("r.updated", ColumnKind::TimestampMillis),
            "totalUsersCount" => ("r.users_total", ColumnKind::Integer),
            "successfulUsersCount" => ("r.users_successful", ColumnKind::Integer),
            "failedUsersCount" => ("(r.users_failed + r.users_with_errors)", ColumnKind::Integer),
            "totalTasksCount" => ("r.tasks_total", ColumnKind::Integer),
            "failedTasksCount" => ("r.tasks_failed", ColumnKind::Integer),
            "totalUnprocessedTasksCount" => ("r.tasks_unprocessed", ColumnKind::Integer),
            "workflowVersion" => ("r.version", ColumnKind::Integer),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Runs as a collection, newest first.
pub(super) fn collection(segment: Segments<'_>) -> Collection<'_> {
    Collection { select: RUN, key: &["r.number"], columns: &RunColumns, segment }
}

/// The orders of a workflow's runs that have an index.
pub(super) const INDEXED: [Indexed; 1] = [Indexed {
    property: "scheduledDateTime",
    source: slots::RUNS_BY_SCHEDULED,
    column: "r.scheduled",
    ascending: "r.scheduled, r.number",
    descending: "r.scheduled DESC, r.number DESC",
    nullable: false,
    unique: false,
}];

/// The runs of a workflow behind a mark.
pub(super) fn runs_segment(workflow: i64, mark: Option<&Key>) -> Segment {
    Segment {
        source: format!("FROM {} r WHERE r.workflow = ? AND r.number < ?", slots::RUNS),
        parameters: vec![workflow.into(), mark.map_or(i64::MAX, |mark| mark[0]).into()],
        order: "r.number DESC",
        then: None,
        dense: None,
    }
}

/// The runs behind a mark that process a run again, or the part of it that is about one of its users.
pub(super) fn reprocessed_segment(of: RunNumber, seq: Option<Seq>, mark: Option<&Key>) -> Segment {
    let before = mark.map_or(i64::MAX, |mark| mark[0]);
    // Several results of one run may have been processed again together.
    let (about, mut parameters) = match seq {
        None => ("TRUE", vec![]),
        Some(seq) => (ABOUT, vec![seq.into(), seq.into()]),
    };
    parameters.extend([of.into(), before.into()]);
    let source = format!(
        "FROM (SELECT DISTINCT l.run FROM reprocessed l WHERE {about} AND l.of = ? AND l.run < ?) m
           JOIN {} r ON r.number = m.run WHERE TRUE",
        slots::RUNS
    );
    Segment { source, parameters, order: "r.number DESC", then: None, dense: None }
}

/// Whether a run processes that again.
pub(super) fn is_reprocessed(
    connection: &Connection,
    of: RunNumber,
    seq: Option<Seq>,
    run: RunNumber,
) -> Result<bool, StoreError> {
    let mut segment = reprocessed_segment(of, seq, Some(&vec![run + 1]));
    segment.source.push_str(" AND r.number = ?");
    segment.parameters.push(run.into());
    connection
        .prepare_cached(&format!("SELECT 1 {}", segment.source))
        .and_then(|mut statement| statement.exists(params_from_iter(segment.parameters)))
        .map_err(database)
}

/// Whether link `l` is about the result of that seq (asked for twice): named itself, or its person is in the run that processes
/// the whole run again.
const ABOUT: &str = "(l.seq = ? OR (l.seq = 0 AND EXISTS (
    SELECT 1 FROM user_results o JOIN user_results q ON q.subject = o.subject AND q.run = l.run
     WHERE o.run = l.of AND o.seq = ?)))";

/// The newest runs that process each of these again, with its place.
pub(super) fn reprocessed(
    connection: &Connection,
    of: &[(RunNumber, Option<Seq>)],
) -> Result<Vec<(usize, Run)>, StoreError> {
    // In one look, however many are asked for.
    let about = ABOUT.replace('?', "k.other");
    let newest = sql::each(&format!(
        "SELECT DISTINCT l.run AS item FROM reprocessed l
          WHERE l.of = k.one AND (k.other IS NULL OR {about})
          ORDER BY l.run DESC
          LIMIT {REPEATS}"
    ));
    let sql = format!(
        "SELECT {RUN}, k.key
           FROM {} k
          CROSS JOIN {newest} m
           JOIN {} r ON r.number = m.value
          ORDER BY k.key, m.value DESC",
        sql::pairs("?1"),
        slots::RUNS
    );
    let of = serde_json::to_string(of).unwrap_or_default();
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([of]).map_err(database)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(database)? {
        found.push((row.get::<_, i64>(RUN_COLUMNS).map_err(database)? as usize, run(row)?));
    }
    Ok(found)
}

/// The newest run of a workflow before a number, of one version if that is asked for.
pub(super) fn run_before(
    connection: &Connection,
    workflow: i64,
    version: Option<i64>,
    number: RunNumber,
) -> Result<Option<RunNumber>, StoreError> {
    connection
        .prepare_cached(
            "SELECT max(number) FROM runs WHERE workflow = ?1 AND number < ?2 AND (version = ?3 OR ?3 IS NULL)",
        )
        .and_then(|mut statement| statement.query_row((workflow, number, version), |row| row.get(0)))
        .map_err(database)
}

/// The run of a mark, if it is one of the workflow's (and of the version, if that is asked for): a mark comes from outside.
pub(super) fn run_of_mark(
    connection: &Connection,
    workflow: i64,
    version: Option<i64>,
    run: RunNumber,
) -> Result<Option<RunNumber>, StoreError> {
    connection
        .prepare_cached(
            "SELECT 1 FROM runs WHERE number = ?1 AND workflow = ?2 AND (version = ?3 OR ?3 IS NULL)",
        )
        .and_then(|mut statement| statement.exists((run, workflow, version)))
        .map(|known| known.then_some(run))
        .map_err(database)
}
