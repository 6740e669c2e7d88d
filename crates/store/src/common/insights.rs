//! Insights: the counters of all workflows added up by scheduled time, whole days by day. No result row is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tenure_lifecycle::ids::{TaskDefinitionId, WorkflowId};
use tenure_lifecycle::ports::{Insights, StoreError, TaskActivity, WorkflowActivity};
use tenure_lifecycle::run::{ReportCounters, RunCounters, Status};

use super::counters::counters;
use super::db::{self, Connection, Row};
use super::rows::{corrupt, database, guid};
use super::summary::{Range, SUMS};
use super::workflows::category;
use super::{Store, slots};

/// What a source says of each workflow over a range; the workflows come first, so that each is a range of its key.
fn each<T>(
    connection: &Connection,
    sql: &str,
    range: (i64, i64),
    read: impl Fn(&Row<'_>) -> db::Result<T>,
) -> Result<Vec<T>, StoreError> {
    if range.0 >= range.1 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(sql).map_err(database)?;
    let rows = statement.query_map([range.0, range.1], |row| read(row)).map_err(database)?;
    rows.collect::<db::Result<_>>().map_err(database)
}

fn users(connection: &Connection, range: &Range) -> Result<BTreeMap<i64, RunCounters>, StoreError> {
    let sql = |source: &str, by: &str| {
        format!(
            "SELECT w.number, {SUMS}
               FROM workflows w CROSS JOIN {source} s ON s.workflow = w.number AND s.{by} >= ?1 AND s.{by} < ?2
              GROUP BY w.number"
        )
    };
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, counters(row, 1)?));
    let mut found = each(connection, &sql(slots::SUMMARY_DAYS, "day"), range.days, read)?;
    for edge in range.edges {
        found.extend(each(connection, &sql(slots::SUMMARIES, "scheduled"), edge, read)?);
    }
    let mut users = BTreeMap::<i64, RunCounters>::new();
    for (workflow, counters) in found {
        users.entry(workflow).or_default().add(&counters);
    }
    Ok(users)
}

fn runs(connection: &Connection, range: &Range) -> Result<BTreeMap<i64, BTreeMap<i64, i64>>, StoreError> {
    let sql = |source: &str, by: &str, count: &str| {
        format!(
            "SELECT w.number, s.status, {count}
               FROM workflows w CROSS JOIN {source} s ON s.workflow = w.number AND s.{by} >= ?1 AND s.{by} < ?2
              WHERE w.purged = 0
              GROUP BY w.number, s.status"
        )
    };
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let mut found = each(connection, &sql("run_days", "day", "sum(s.runs)"), range.days, read)?;
    for edge in range.edges {
        found.extend(each(
            connection,
            &sql("(SELECT workflow, scheduled, status FROM runs WHERE type <> 4)", "scheduled", "count(*)"),
            edge,
            read,
        )?);
    }
    let mut runs = BTreeMap::<i64, BTreeMap<i64, i64>>::new();
    for (workflow, status, count) in found {
        *runs.entry(workflow).or_default().entry(status).or_default() += count;
    }
    Ok(runs)
}

fn workflow_activity(connection: &Connection, range: &Range) -> Result<Vec<WorkflowActivity>, StoreError> {
    let (mut users, mut runs) = (users(connection, range)?, runs(connection, range)?);
    let mut statement = connection
        .prepare_cached("SELECT number, id, display_name, category, version FROM workflows WHERE purged = 0 ORDER BY number")
        .map_err(database)?;
    let mut rows = statement.query([]).map_err(database)?;
    let mut activity = Vec::new();
    while let Some(row) = rows.next().map_err(database)? {
        let number: i64 = row.get(0).map_err(database)?;
        let counters = users.remove(&number).unwrap_or_default();
        let statuses = runs.remove(&number).unwrap_or_default().into_iter().filter(|(_, count)| *count != 0);
        let status = |(code, count)| {
            Status::from_code(code)
                .map(|status| (status, count))
                .ok_or_else(|| corrupt("runs", "status", code))
        };
        let runs = statuses.map(status).collect::<Result<Vec<_>, _>>()?;
        if runs.is_empty() && counters.users.total == 0 {
            continue;
        }
        activity.push(WorkflowActivity {
            id: WorkflowId(guid(row, 1).map_err(database)?),
            display_name: row.get(2).map_err(database)?,
            category: category(row.get(3).map_err(database)?, number)?,
            version: row.get(4).map_err(database)?,
            runs,
            counters,
        });
    }
    Ok(activity)
}

fn task_activity(connection: &Connection, range: &Range) -> Result<Vec<TaskActivity>, StoreError> {
    let days = format!(
        "SELECT definition, sum(total), sum(successful), sum(failed), sum(in_progress)
           FROM {}
          WHERE day >= ?1 AND day < ?2
          GROUP BY definition",
        slots::TASK_DAYS
    );
    // What a task is, is looked up once for each task of a version, not for each run.
    let edge = format!(
        "SELECT t.definition, sum(t.total), sum(t.successful), sum(t.failed), sum(t.in_progress)
           FROM (
        SELECT json_extract(v.tasks, '$[' || (s.ordinal - 1) || '].taskDefinitionId') AS definition,
                s.total, s.successful, s.failed, s.in_progress
           FROM (SELECT r.workflow, r.version, p.ordinal, sum(p.total) AS total, sum(p.successful) AS successful,
                        sum(p.failed) AS failed, sum(p.in_progress) AS in_progress
                   FROM workflows w
                  CROSS JOIN runs r ON r.workflow = w.number AND r.scheduled >= ?1 AND r.scheduled < ?2 AND r.type <> 4
                  CROSS JOIN {} p ON p.run = r.number
                  GROUP BY r.workflow, r.version, p.ordinal) s
          CROSS JOIN versions v ON v.workflow = s.workflow AND v.version = s.version
          ) t
          WHERE t.definition IS NOT NULL
          GROUP BY t.definition",
        slots::TASK_REPORTS
    );
    let read = |row: &Row<'_>| {
        let counters = ReportCounters {
            total: row.get(1)?,
            successful: row.get(2)?,
            failed: row.get(3)?,
            in_progress: row.get(4)?,
        };
        Ok((row.get::<_, String>(0)?, counters))
    };
    let mut found = each(connection, &days, range.days, read)?;
    for range in range.edges {
        found.extend(each(connection, &edge, range, read)?);
    }
    let mut tasks = BTreeMap::<String, ReportCounters>::new();
    for (definition, counters) in found {
        tasks.entry(definition).or_default().add(&counters);
    }
    tasks
        .into_iter()
        .filter(|(_, counters)| counters.total != 0)
        .map(|(text, counters)| {
            let definition: TaskDefinitionId =
                text.parse().map_err(|_| corrupt("task_days", "definition", text))?;
            Ok(TaskActivity { definition, counters })
        })
        .collect()
}

impl Insights for Store {
    fn workflow_activity(
        &self,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<WorkflowActivity>, StoreError> {
        self.read(|connection| workflow_activity(connection, &Range::of(start, end)))
    }

    fn task_activity(&self, start: Timestamp, end: Timestamp) -> Result<Vec<TaskActivity>, StoreError> {
        self.read(|connection| task_activity(connection, &Range::of(start, end)))
    }
}
