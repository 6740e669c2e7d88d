//! Task reports as they are read.

use std::borrow::Cow;
use std::sync::LazyLock;

use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{ReportCounters, Status, TaskReport};

use super::db::{self, Connection, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment};
use super::rows::{database, maybe_time, time};
use super::runs::{RUN, RUN_COLUMNS, RunColumns, run, run_before, run_of_mark};
use super::slots;

/// The columns of a report, behind those of its run.
static REPORT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{RUN}, p.ordinal, p.total, p.successful, p.failed, p.in_progress, p.started, p.completed, p.updated"
    )
});
static FROM: LazyLock<String> = LazyLock::new(|| {
    format!("FROM {} p CROSS JOIN {} r ON r.number = p.run WHERE", slots::TASK_REPORTS, slots::RUNS)
});

fn task_report(row: &Row<'_>) -> Result<TaskReport, StoreError> {
    let run = run(row)?;
    let at = RUN_COLUMNS;
    let build = || -> db::Result<TaskReport> {
        Ok(TaskReport {
            run,
            ordinal: row.get(at)?,
            counters: ReportCounters {
                total: row.get(at + 1)?,
                successful: row.get(at + 2)?,
                failed: row.get(at + 3)?,
                in_progress: row.get(at + 4)?,
            },
            started: maybe_time(row, at + 5)?,
            completed: maybe_time(row, at + 6)?,
            last_updated: time(row, at + 7)?,
        })
    };
    build().map_err(database)
}

/// One task report.
pub(super) fn find(
    connection: &Connection,
    run: i64,
    ordinal: i64,
) -> Result<Option<TaskReport>, StoreError> {
    let sql = format!("SELECT {} {} p.run = ? AND p.ordinal = ?", *REPORT, *FROM);
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([run, ordinal]).map_err(database)?;
    rows.next().map_err(database)?.map(task_report).transpose()
}

struct ReportColumns;

impl Columns for ReportColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("address(4, r.epoch, p.run, 0, p.ordinal)", ColumnKind::GuidBlob),
            "runId" => ("address(1, r.epoch, p.run, 0, 0)", ColumnKind::GuidBlob),
            "processingStatus" => (
                "report_status(p.total, p.successful, p.failed, p.in_progress, r.status)",
                ColumnKind::TextCode(&Status::NAMES),
            ),
            "executionSequence" => ("p.ordinal", ColumnKind::Integer),
            "totalUsersCount" => ("p.total", ColumnKind::Integer),
            "successfulUsersCount" => ("p.successful", ColumnKind::Integer),
            "failedUsersCount" => ("p.failed", ColumnKind::Integer),
            "unprocessedUsersCount" => ("(p.total - p.successful - p.failed)", ColumnKind::Integer),
            "startedDateTime" => ("p.started", ColumnKind::TimestampMillis),
            "completedDateTime" => ("p.completed", ColumnKind::TimestampMillis),
            "lastUpdatedDateTime" => ("p.updated", ColumnKind::TimestampMillis),
            _ => return RunColumns.column(path),
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Reads the task reports of a workflow, newest run first.
pub(super) fn with_collection<T>(
    workflow: i64,
    use_it: impl FnOnce(&Collection<'_>, fn(&Row<'_>) -> Result<TaskReport, StoreError>) -> T,
) -> T {
    let segment = move |connection: &Connection, mark: Option<&Key>| {
        let run = match mark {
            Some(mark) => run_of_mark(connection, workflow, None, mark[0])?,
            None => run_before(connection, workflow, None, i64::MAX)?,
        };
        let Some(run) = run else { return Ok(None) };
        Ok(Some(Segment {
            source: format!("{} p.run = ? AND p.ordinal > ?", *FROM),
            parameters: vec![run.into(), mark.map_or(0, |mark| mark[1]).into()],
            order: "p.ordinal",
            then: run_before(connection, workflow, None, run)?.map(|run| vec![run, 0]),
            dense: None,
        }))
    };
    let collection = Collection {
        select: REPORT.as_str(),
        key: &["p.run", "p.ordinal"],
        columns: &ReportColumns,
        segment: &segment,
    };
    use_it(&collection, task_report)
}
