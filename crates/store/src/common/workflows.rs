//! Workflows, versions and settings.

use jiff::Timestamp;
use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::ids::{CallerId, WorkflowId};
use tenure_lifecycle::ports::{Settings, StoreError, WorkflowChange, Workflows};
use tenure_lifecycle::workflow::{
    Category, ExecutionConditions, Quarantine, QuarantineApproval, QuarantineKind, SweepCursor, Version,
    Workflow,
};

use super::audit::append_entry;
use super::cancel::cancel_runs_of;
use super::db::{self, Connection, Row, last_number, params};
use super::rows::{corrupt, database, guid, json_numbers, maybe_time, time};
use super::{Store, purge, retention, settings};

const WORKFLOW: &str =
    "SELECT w.number, w.id, w.revision, w.category, w.display_name, w.description, w.is_enabled,
       w.is_scheduling_enabled, w.created, w.created_by, w.modified, w.modified_by, w.deleted, w.version,
       w.quarantined, w.quarantine_reason, w.quarantine_due, w.approved_due, w.due_until, w.change, w.full,
       v.conditions, v.tasks, w.approved_at, w.quarantine_told, w.quarantine_kind, w.approved_since,
       w.scheduled_at, w.by_interval, w.quarantine_configuration
  FROM workflows w JOIN versions v ON v.workflow = w.number AND v.version = w.version";

pub(super) fn category(code: i64, row: i64) -> Result<Category, StoreError> {
    category_of(code).ok_or_else(|| corrupt("workflows", "category", row))
}

/// The category of a stored code.
pub(super) fn category_of(code: i64) -> Option<Category> {
    Category::ALL.get(usize::try_from(code).ok()?).copied()
}

/// The code of which limit was exceeded; null, as in rows of before, is more than one.
pub(super) fn quarantine_code(kind: QuarantineKind) -> Option<i64> {
    match kind {
        QuarantineKind::Count => Some(1),
        QuarantineKind::Percentage => Some(2),
        QuarantineKind::Multiple => None,
    }
}

fn quarantine_kind(code: Option<i64>, row: i64) -> Result<QuarantineKind, StoreError> {
    [QuarantineKind::Count, QuarantineKind::Percentage, QuarantineKind::Multiple]
        .into_iter()
        .find(|kind| quarantine_code(*kind) == code)
        .ok_or_else(|| corrupt("workflows", "quarantine_kind", row))
}

fn category_code(category: Category) -> i64 {
    category as i64
}

fn workflow(row: &Row<'_>) -> Result<Workflow, StoreError> {
    let number: i64 = row.get(0).map_err(database)?;
    let build = || -> db::Result<Workflow> {
        let quarantine = match maybe_time(row, 14)? {
            None => None,
            Some(since) => Some(Quarantine {
                since,
                reason: row.get(15)?,
                kind: QuarantineKind::Multiple,
                due: row.get::<_, i64>(16)? as u64,
                told: row.get::<_, i64>(24)? as u64,
            }),
        };
        Ok(Workflow {
            number,
            id: WorkflowId(guid(row, 1)?),
            revision: row.get(2)?,
            category: Category::Joiner,
            display_name: row.get(4)?,
            description: row.get(5)?,
            is_enabled: row.get(6)?,
            is_scheduling_enabled: row.get(7)?,
            created: time(row, 8)?,
            created_by: CallerId(guid(row, 9)?),
            modified: time(row, 10)?,
            modified_by: CallerId(guid(row, 11)?),
            deleted: maybe_time(row, 12)?,
            version: row.get(13)?,
            conditions: ExecutionConditions::OnDemandOnly,
            tasks: Vec::new(),
            quarantine,
            approval: match (row.get::<_, Option<i64>>(17)?, maybe_time(row, 23)?) {
                (Some(due), Some(at)) => {
                    let since = maybe_time(row, 26)?.unwrap_or(at);
                    Some(QuarantineApproval { due: due as u64, at, since })
                }
                _ => None,
            },
            cursor: SweepCursor {
                due_until: maybe_time(row, 18)?,
                change: row.get(19)?,
                full: row.get(20)?,
                scheduled_at: row.get(27)?,
            },
            is_by_interval: row.get(28)?,
            quarantine_configuration: None,
        })
    };
    let mut workflow = build().map_err(database)?;
    workflow.category = category(row.get(3).map_err(database)?, number)?;
    if let Some(quarantine) = &mut workflow.quarantine {
        quarantine.kind = quarantine_kind(row.get(25).map_err(database)?, number)?;
    }
    let limits: Option<String> = row.get(29).map_err(database)?;
    workflow.quarantine_configuration = limits
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|_| corrupt("workflows", "quarantine_configuration", number))?;
    let text: String = row.get(21).map_err(database)?;
    workflow.conditions =
        serde_json::from_str(&text).map_err(|_| corrupt("versions", "conditions", number))?;
    let text: String = row.get(22).map_err(database)?;
    workflow.tasks = serde_json::from_str(&text).map_err(|_| corrupt("versions", "tasks", number))?;
    Ok(workflow)
}

fn one(
    connection: &Connection,
    condition: &str,
    parameter: &dyn db::ToSql,
) -> Result<Option<Workflow>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("{WORKFLOW} WHERE {condition} AND w.purged = 0"))
        .map_err(database)?;
    let mut rows = statement.query([parameter]).map_err(database)?;
    rows.next().map_err(database)?.map(workflow).transpose()
}

const VERSION: &str =
    "SELECT v.version, v.created, v.created_by, v.modified, v.modified_by, w.category, v.display_name,
       v.description, v.is_enabled, v.is_scheduling_enabled, v.conditions, v.tasks
  FROM versions v JOIN workflows w ON w.number = v.workflow";

fn version(row: &Row<'_>) -> Result<Version, StoreError> {
    let number: i64 = row.get(0).map_err(database)?;
    let conditions: String = row.get(10).map_err(database)?;
    let tasks: String = row.get(11).map_err(database)?;
    let build = || -> db::Result<Version> {
        Ok(Version {
            number,
            created: time(row, 1)?,
            created_by: CallerId(guid(row, 2)?),
            modified: time(row, 3)?,
            modified_by: CallerId(guid(row, 4)?),
            category: Category::Joiner,
            display_name: row.get(6)?,
            description: row.get(7)?,
            is_enabled: row.get(8)?,
            is_scheduling_enabled: row.get(9)?,
            conditions: ExecutionConditions::OnDemandOnly,
            tasks: Vec::new(),
        })
    };
    let mut version = build().map_err(database)?;
    version.category = category(row.get(5).map_err(database)?, number)?;
    version.conditions =
        serde_json::from_str(&conditions).map_err(|_| corrupt("versions", "conditions", number))?;
    version.tasks = serde_json::from_str(&tasks).map_err(|_| corrupt("versions", "tasks", number))?;
    Ok(version)
}

/// One version of a workflow.
pub(super) fn version_of(
    connection: &Connection,
    workflow: i64,
    number: i64,
) -> Result<Option<Version>, StoreError> {
    let sql = format!("{VERSION} WHERE v.workflow = ?1 AND v.version = ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(database)?;
    let mut rows = statement.query([workflow, number]).map_err(database)?;
    rows.next().map_err(database)?.map(version).transpose()
}

/// When the workflow is held back, as it is stored.
fn limits(workflow: &Workflow) -> Result<Option<String>, StoreError> {
    let limits = workflow.quarantine_configuration.as_ref();
    let text = limits.map(serde_json::to_string).transpose();
    text.map_err(|_| corrupt("workflows", "quarantine_configuration", workflow.number))
}

fn texts(workflow: &Workflow) -> Result<(String, String), StoreError> {
    let json = |error: serde_json::Error| StoreError::Database(Box::new(error));
    Ok((
        serde_json::to_string(&workflow.conditions).map_err(json)?,
        serde_json::to_string(&workflow.tasks).map_err(json)?,
    ))
}

fn insert_version(
    connection: &Connection,
    workflow: &Workflow,
    at: Timestamp,
    by: CallerId,
) -> Result<(), StoreError> {
    let (conditions, tasks) = texts(workflow)?;
    connection
        .execute(
            "INSERT INTO versions (workflow, version, created, created_by, modified, modified_by, display_name,
                                   description, is_enabled, is_scheduling_enabled, conditions, tasks)
             VALUES (?1, ?2, ?3, ?4, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                workflow.number,
                workflow.version,
                at.as_millisecond(),
                by.0.as_bytes(),
                workflow.display_name,
                workflow.description,
                workflow.is_enabled,
                workflow.is_scheduling_enabled,
                conditions,
                tasks
            ],
        )
        .map_err(database)?;
    Ok(())
}

fn update_version(connection: &Connection, workflow: &Workflow) -> Result<(), StoreError> {
    let (_, tasks) = texts(workflow)?;
    connection
        .execute(
            "UPDATE versions
                SET display_name = ?3, description = ?4, is_enabled = ?5, is_scheduling_enabled = ?6, tasks = ?7,
                    modified = ?8, modified_by = ?9
              WHERE workflow = ?1 AND version = ?2",
            params![
                workflow.number,
                workflow.version,
                workflow.display_name,
                workflow.description,
                workflow.is_enabled,
                workflow.is_scheduling_enabled,
                tasks,
                workflow.modified.as_millisecond(),
                workflow.modified_by.0.as_bytes()
            ],
        )
        .map_err(database)?;
    Ok(())
}

fn write(connection: &Connection, change: &WorkflowChange) -> Result<bool, StoreError> {
    let workflow = &change.workflow;
    let changed = connection
        .execute(
            "UPDATE workflows
                SET revision = revision + 1, display_name = ?3, description = ?4, is_enabled = ?5,
                    is_scheduling_enabled = ?6, modified = ?7, modified_by = ?8, deleted = ?9, version = ?10,
                    full = full + ?11, by_interval = ?13, quarantine_configuration = ?15,
                    scheduled_at = CASE WHEN ?14 THEN (SELECT max(number) FROM audit) ELSE scheduled_at END,
                    approved_due = CASE WHEN ?12 THEN approved_due END,
                    approved_at = CASE WHEN ?12 THEN approved_at END
              WHERE number = ?1 AND revision = ?2",
            params![
                workflow.number,
                workflow.revision,
                workflow.display_name,
                workflow.description,
                workflow.is_enabled,
                workflow.is_scheduling_enabled,
                workflow.modified.as_millisecond(),
                workflow.modified_by.0.as_bytes(),
                workflow.deleted.map(Timestamp::as_millisecond),
                workflow.version,
                workflow.cursor.full,
                workflow.approval.is_some(),
                workflow.is_by_interval,
                change.begins,
                limits(workflow)?
            ],
        )
        .map_err(database)?;
    if changed == 0 {
        return Ok(false);
    }
    if change.new_version {
        connection
            .execute(
                "UPDATE versions SET modified = ?3, modified_by = ?4 WHERE workflow = ?1 AND version = ?2",
                params![
                    workflow.number,
                    workflow.version - 1,
                    workflow.modified.as_millisecond(),
                    workflow.modified_by.0.as_bytes()
                ],
            )
            .map_err(database)?;
        insert_version(connection, workflow, workflow.modified, workflow.modified_by)?;
    } else {
        update_version(connection, workflow)?;
    }
    if let Some(reason) = change.cancel {
        cancel_runs_of(connection, workflow.number, reason)?;
    }
    for entry in &change.entries {
        append_entry(connection, entry, workflow.number, None).map_err(database)?;
    }
    Ok(true)
}

impl Workflows for Store {
    fn workflows(&self, deleted: bool) -> Result<Vec<Workflow>, StoreError> {
        self.read(|connection| {
            let sql =
                format!("{WORKFLOW} WHERE (w.deleted IS NOT NULL) = ?1 AND w.purged = 0 ORDER BY w.number");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let mut rows = statement.query([deleted]).map_err(database)?;
            let mut workflows = Vec::new();
            while let Some(row) = rows.next().map_err(database)? {
                workflows.push(workflow(row)?);
            }
            Ok(workflows)
        })
    }

    fn workflow_count(&self) -> Result<usize, StoreError> {
        self.read(|connection| {
            connection
                .query_row("SELECT count(*) FROM workflows WHERE deleted IS NULL", [], |row| {
                    row.get::<_, i64>(0)
                })
                .map(|count| count as usize)
                .map_err(database)
        })
    }

    fn workflow(&self, id: WorkflowId) -> Result<Option<Workflow>, StoreError> {
        self.read(|connection| one(connection, "w.id = ?1", &id.0.as_bytes()))
    }

    fn workflow_by_number(&self, number: i64) -> Result<Option<Workflow>, StoreError> {
        self.read(|connection| one(connection, "w.number = ?1", &number))
    }

    fn insert_workflow(&self, workflow: &Workflow, entry: Entry) -> Result<i64, StoreError> {
        let mut workflow = workflow.clone();
        self.writer.write(move |connection| {
            connection
                .execute(
                    "INSERT INTO workflows (id, revision, category, display_name, description, is_enabled,
                                            is_scheduling_enabled, created, created_by, modified, modified_by, version,
                                            change, full, by_interval, quarantine_configuration, scheduled_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                             (SELECT coalesce(max(number), 0) FROM audit))",
                    params![
                        workflow.id.0.as_bytes(),
                        workflow.revision,
                        category_code(workflow.category),
                        workflow.display_name,
                        workflow.description,
                        workflow.is_enabled,
                        workflow.is_scheduling_enabled,
                        workflow.created.as_millisecond(),
                        workflow.created_by.0.as_bytes(),
                        workflow.modified.as_millisecond(),
                        workflow.modified_by.0.as_bytes(),
                        workflow.version,
                        workflow.cursor.change,
                        workflow.cursor.full,
                        workflow.is_by_interval,
                        limits(&workflow)?
                    ],
                )
                .map_err(database)?;
            workflow.number = last_number(connection).map_err(database)?;
            insert_version(connection, &workflow, workflow.created, workflow.created_by)?;
            append_entry(connection, &entry, workflow.number, None).map_err(database)?;
            Ok(workflow.number)
        })
    }

    fn write_workflow(&self, change: &WorkflowChange) -> Result<bool, StoreError> {
        let change = change.clone();
        self.writer.write(move |connection| write(connection, &change))
    }

    fn hard_delete_workflow(&self, workflow: i64, entry: Entry) -> Result<bool, StoreError> {
        self.writer
            .write(move |connection| purge::hard_delete(connection, workflow, &entry).map_err(database))
    }

    fn purge(&self, deleted_before: Timestamp, at: Timestamp) -> Result<bool, StoreError> {
        self.writer.write(move |connection| purge::purge(connection, deleted_before, at))
    }

    fn forget_history(&self, finished_by: Option<Timestamp>, at: Timestamp) -> Result<bool, StoreError> {
        if !self.read(|connection| retention::waits(connection, finished_by).map_err(database))? {
            return Ok(false);
        }
        self.writer.write(move |connection| retention::forget(connection, finished_by, at).map_err(database))
    }

    fn versions(&self, workflow: i64) -> Result<Vec<Version>, StoreError> {
        self.read(|connection| {
            let sql = format!("{VERSION} WHERE v.workflow = ?1 ORDER BY v.version DESC");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let mut rows = statement.query([workflow]).map_err(database)?;
            let mut versions = Vec::new();
            while let Some(row) = rows.next().map_err(database)? {
                versions.push(version(row)?);
            }
            Ok(versions)
        })
    }

    fn version(&self, workflow: i64, version: i64) -> Result<Option<Version>, StoreError> {
        self.read(|connection| version_of(connection, workflow, version))
    }

    fn versions_among(&self, workflow: i64, versions: &[i64]) -> Result<Vec<Version>, StoreError> {
        self.read(|connection| {
            let sql =
                format!("{VERSION} WHERE v.workflow = ?1 AND v.version IN (SELECT value FROM json_each(?2))");
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let mut rows = statement.query((workflow, json_numbers(versions))).map_err(database)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(database)? {
                found.push(version(row)?);
            }
            Ok(found)
        })
    }

    fn settings(&self) -> Result<Settings, StoreError> {
        self.read(settings::read)
    }

    fn write_settings(&self, settings: &Settings, _at: Timestamp, entry: Entry) -> Result<(), StoreError> {
        let settings = settings.clone();
        self.writer.write(move |connection| settings::write(connection, &settings, &entry))
    }
}
