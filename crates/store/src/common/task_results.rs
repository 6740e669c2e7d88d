//! Task results as they are read. A task that was not processed has no row: it is shown from its user's status.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::ids::{Epoch, UserId};
use tenure_lifecycle::ports::{Slice, StoreError, TaskResultScope};
use tenure_lifecycle::run::{ActivatedOn, Status, TaskResult};

use super::db::{self, Connection, Row};
use super::filter::{Column, ColumnKind, Columns};
use super::list::{Collection, Key, Segment, mark_of};
use super::rows::{corrupt, database, json_numbers, maybe_guid, maybe_time, time};
use super::runs::{run_before, run_of_mark};
use super::sql;

const RESULT: &str = "q.run, q.seq, n.value, r.epoch, r.workflow,
       CASE WHEN t.created IS NULL THEN r.version END, s.id, coalesce(t.created, r.created),
       coalesce(t.started, p.started), coalesce(t.completed, CASE WHEN t.created IS NULL THEN t.started END),
       CASE WHEN t.status IS NOT NULL THEN t.status WHEN p.ordinal IS NOT NULL THEN 1
            WHEN q.status = 4 THEN 4 ELSE 0 END,
       x.text, t.created IS NOT NULL, p.attempt, p.failure, p.waits_until,
       CASE WHEN p.ordinal IS NOT NULL
            THEN (SELECT a.not_before FROM requeued a WHERE a.run = q.run AND a.seq = q.seq) END";
/// When a task came to its end; what was done at once holds one time only.
const COMPLETED: &str = "coalesce(t.completed, CASE WHEN t.created IS NULL THEN t.started END)";
const STATUS: &str = "(CASE WHEN t.status IS NOT NULL THEN t.status WHEN p.ordinal IS NOT NULL THEN 1
            WHEN q.status = 4 THEN 4 ELSE 0 END)";

/// The ordinals of a user result: its run's tasks, and what was posted from outside.
fn all_ordinals() -> String {
    ordinals("")
}

/// The same, only the first of them.
fn first_ordinals() -> String {
    ordinals("LIMIT ?2")
}

fn ordinals(limit: &str) -> String {
    let chosen = chosen("o.ordinal");
    let each = sql::each(&format!(
        "SELECT o.ordinal AS item FROM task_reports o WHERE o.run = q.run AND q.reported = 0 AND {chosen}
          UNION
         SELECT ordinal FROM task_results WHERE run = q.run AND seq = q.seq
          ORDER BY 1 {limit}"
    ));
    format!("{each} n")
}

/// Whether an ordinal is one that the result repeats, if it repeats only what failed.
fn chosen(ordinal: &str) -> String {
    let repeats = json_numbers(&ActivatedOn::codes_that_choose_tasks());
    format!(
        "(r.activated_on IS NULL OR r.activated_on NOT IN (SELECT value FROM json_each('{repeats}')) OR {ordinal} IN (
            SELECT c.value FROM chosen_tasks h, json_each(h.ordinals) c WHERE h.run = q.run AND h.seq = q.seq))"
    )
}

/// One ordinal, of results of the engine only.
const ONE_ORDINAL: &str = "(SELECT CAST(? AS bigint) AS value) n";

/// Those of a list of user results, `[run,seq]` each, and the first ordinals of each.
fn of_several() -> String {
    format!("{} k CROSS JOIN user_results q ON q.run = k.one AND q.seq = k.other", sql::pairs("?1"))
}

fn from(ordinals: &str) -> String {
    from_of("user_results q", ordinals)
}

fn from_of(users: &str, ordinals: &str) -> String {
    format!(
        "FROM {users}
         CROSS JOIN runs r ON r.number = q.run
         CROSS JOIN {ordinals}
         LEFT JOIN task_results t ON t.run = q.run AND t.seq = q.seq AND t.ordinal = n.value
         LEFT JOIN pending p ON p.run = q.run AND p.seq = q.seq AND p.ordinal = n.value
         LEFT JOIN texts x ON x.number = t.note
         LEFT JOIN users s ON s.number = q.subject
         WHERE"
    )
}

fn task_result(row: &Row<'_>) -> Result<TaskResult, StoreError> {
    let key: (i64, i64, i64) =
        (row.get(0).map_err(database)?, row.get(1).map_err(database)?, row.get(2).map_err(database)?);
    let status = Status::from_code(row.get(10).map_err(database)?)
        .ok_or_else(|| corrupt("task_results", "status", format!("{key:?}")))?;
    let build = || -> db::Result<TaskResult> {
        let note: Option<String> = row.get(11)?;
        let posted: bool = row.get(12)?;
        let note = if status == Status::InProgress { under_way(row)? } else { note };
        let (failure_reason, processing_info) =
            if posted || status == Status::Failed { (note, None) } else { (None, note) };
        Ok(TaskResult {
            run: key.0,
            seq: key.1,
            ordinal: key.2,
            epoch: Epoch(row.get(3)?),
            workflow: row.get(4)?,
            version: row.get(5)?,
            subject: maybe_guid(row, 6)?.map(UserId),
            created: time(row, 7)?,
            started: maybe_time(row, 8)?,
            completed: maybe_time(row, 9)?,
            status,
            failure_reason,
            processing_info,
        })
    };
    build().map_err(database)
}

/// What there is to say of a task that is under way: what it waits for, or what its attempts came to so far.
fn under_way(row: &Row<'_>) -> db::Result<Option<String>> {
    let waits_until = maybe_time(row, 15)?;
    let (attempt, failure): (Option<i64>, Option<String>) = (row.get(13)?, row.get(14)?);
    let attempt = attempt.unwrap_or_default();
    if let Some(until) = waits_until {
        let before = failure
            .map(|failure| format!("; done at attempt {}; the one before: {failure}", attempt + 1))
            .unwrap_or_default();
        return Ok(Some(format!("waits to be called back until {until:.0}{before}")));
    }
    // Not before: whoever looks at that very second finds it done.
    let second = |at: Timestamp| at.checked_add(SignedDuration::from_millis(999)).unwrap_or(at);
    let next = maybe_time(row, 16)?.map(second);
    let next = next.map(|next| format!("; the next one is at {next:.0}")).unwrap_or_default();
    Ok(failure.map(|failure| format!("attempt {attempt} failed: {failure}{next}")))
}

/// One task result.
pub(super) fn find(
    connection: &Connection,
    run: i64,
    seq: i64,
    ordinal: i64,
) -> Result<Option<TaskResult>, StoreError> {
    let sql = format!("SELECT {RESULT} {} q.run = ? AND q.seq = ? AND n.value = ?", from(&all_ordinals()));
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([run, seq, ordinal]).map_err(database)?;
    rows.next().map_err(database)?.map(task_result).transpose()
}

/// The first task results of each of these user results.
pub(super) fn first(
    connection: &Connection,
    users: &[(i64, i64)],
    each: usize,
) -> Result<Vec<Slice<TaskResult>>, StoreError> {
    let sql =
        format!("SELECT {RESULT} {} TRUE ORDER BY k.key, n.value", from_of(&of_several(), &first_ordinals()));
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let keys: Vec<[i64; 2]> = users.iter().map(|(run, seq)| [*run, *seq]).collect();
    let keys = serde_json::to_string(&keys).unwrap_or_default();
    // One more than asked for tells whether there is more.
    let mut rows = statement.query((keys, each as i64 + 1)).map_err(database)?;
    let mut found: HashMap<(i64, i64), Vec<TaskResult>> = HashMap::new();
    while let Some(row) = rows.next().map_err(database)? {
        let result = task_result(row)?;
        found.entry((result.run, result.seq)).or_default().push(result);
    }
    let slice = |user: &(i64, i64)| {
        let mut items = found.remove(user).unwrap_or_default();
        let more = items.len() > each;
        items.truncate(each);
        let next = items.last().filter(|_| more).map(|last| mark_of(&vec![last.run, last.seq, last.ordinal]));
        Slice { items, next }
    };
    Ok(users.iter().map(slice).collect())
}

struct TaskResultColumns;

impl Columns for TaskResultColumns {
    fn column(&self, path: &[String]) -> Option<Column> {
        let (sql, kind) = match path.join("/").as_str() {
            "id" => ("address(3, r.epoch, q.run, q.seq, n.value)", ColumnKind::GuidBlob),
            "processingStatus" => (STATUS, ColumnKind::TextCode(&Status::NAMES)),
            "createdDateTime" => ("coalesce(t.created, r.created)", ColumnKind::TimestampMillis),
            "startedDateTime" => ("coalesce(t.started, p.started)", ColumnKind::TimestampMillis),
            "completedDateTime" => (COMPLETED, ColumnKind::TimestampMillis),
            "failureReason" => {
                ("(CASE WHEN t.created IS NOT NULL OR t.status = 5 THEN x.text END)", ColumnKind::Text)
            }
            "subject" | "subject/id" => ("s.id", ColumnKind::GuidBlob),
            _ => return None,
        };
        Some(Column { sql: Cow::Borrowed(sql), kind })
    }
}

/// Reads task results with the collection of a scope.
pub(super) fn with_collection<T>(
    scope: TaskResultScope,
    use_it: impl FnOnce(&Collection<'_>, fn(&Row<'_>) -> Result<TaskResult, StoreError>) -> T,
) -> T {
    let segment = move |connection: &Connection, mark: Option<&Key>| {
        let (seq, ordinal) = mark.map_or((0, 0), |mark| (mark[1], mark[2]));
        match scope {
            TaskResultScope::User(run, user) => Ok(Some(Segment {
                source: format!("{} q.run = ? AND q.seq = ? AND n.value > ?", from(&all_ordinals())),
                parameters: vec![run.into(), user.into(), ordinal.into()],
                order: "n.value",
                then: None,
                dense: None,
            })),
            TaskResultScope::Run(run) => Ok(Some(Segment {
                source: format!(
                    "{} q.run = ? AND q.seq >= ? AND (q.seq > ? OR n.value > ?)",
                    from(&all_ordinals())
                ),
                parameters: vec![run.into(), seq.into(), seq.into(), ordinal.into()],
                order: "q.seq, n.value",
                then: None,
                dense: None,
            })),
            TaskResultScope::Report(run, task) => Ok(Some(of_task(run, task, seq, None))),
            TaskResultScope::Task { workflow, version, ordinal: task } => {
                let run = match mark {
                    Some(mark) => run_of_mark(connection, workflow, Some(version), mark[0])?,
                    None => run_before(connection, workflow, Some(version), i64::MAX)?,
                };
                let Some(run) = run else { return Ok(None) };
                let then = run_before(connection, workflow, Some(version), run)?.map(|run| vec![run, 0, 0]);
                Ok(Some(of_task(run, task, seq, then)))
            }
        }
    };
    let collection = Collection {
        select: RESULT,
        key: &["q.run", "q.seq", "n.value"],
        columns: &TaskResultColumns,
        segment: &segment,
    };
    use_it(&collection, task_result)
}

fn of_task(run: i64, task: i64, seq: i64, then: Option<Key>) -> Segment {
    Segment {
        source: format!(
            "{} q.run = ? AND q.reported = 0 AND q.seq > ? AND {}",
            from(ONE_ORDINAL),
            chosen("n.value")
        ),
        parameters: vec![task.into(), run.into(), seq.into()],
        order: "q.seq",
        then,
        dense: None,
    }
}
