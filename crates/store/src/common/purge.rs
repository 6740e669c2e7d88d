//! Deleting workflows for good: at once for everybody who looks, then piece by piece what hangs on them.

use jiff::Timestamp;
use tenure_lifecycle::audit::{Activity, Actor, Entry};
use tenure_lifecycle::ids::RunNumber;
use tenure_lifecycle::ports::StoreError;

use super::audit::append_entry;
use super::cancel::UNPROCESSED;
use super::db::{self, Connection, OptionalExtension, params};
use super::rows::database;

/// User results, or other rows, that one piece takes away.
const PIECE: i64 = 2_000;

/// Hides a soft-deleted workflow from everybody; false if there is none.
pub(super) fn hard_delete(connection: &Connection, workflow: i64, entry: &Entry) -> db::Result<bool> {
    let changed = connection.execute(
        "UPDATE workflows SET purged = 1, revision = revision + 1
          WHERE number = ?1 AND deleted IS NOT NULL AND purged = 0",
        [workflow],
    )?;
    if changed > 0 {
        append_entry(connection, entry, workflow, None)?;
    }
    Ok(changed > 0)
}

/// Deletes for good what was soft-deleted before that moment, then a piece of what hangs on workflows that are; says
/// whether there is more to take away.
pub(super) fn purge(
    connection: &Connection,
    deleted_before: Timestamp,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let steps = || -> db::Result<bool> {
        let expired: Vec<(i64, String)> = connection
            .prepare_cached(
                "SELECT number, display_name FROM workflows WHERE deleted < ?1 AND deleted IS NOT NULL AND purged = 0",
            )?
            .query_map([deleted_before.as_millisecond()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<db::Result<_>>()?;
        for (workflow, name) in expired {
            let entry = Entry {
                at,
                actor: Actor::Engine,
                activity: Activity::HardDeleteWorkflow,
                before: Some(name),
                after: None,
            };
            hard_delete(connection, workflow, &entry)?;
        }
        let workflows: Vec<i64> = connection
            .prepare_cached("SELECT number FROM workflows WHERE purged = 1 ORDER BY number")?
            .query_map([], |row| row.get(0))?
            .collect::<db::Result<_>>()?;
        for workflow in workflows {
            if piece(connection, workflow)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    steps().map_err(database)
}

/// Takes a piece away; false if nothing is left, or nothing that can go yet because people are still being processed.
fn piece(connection: &Connection, workflow: i64) -> db::Result<bool> {
    let run: Option<RunNumber> = connection
        .query_row(
            &format!(
                "SELECT number FROM runs WHERE workflow = ?1 AND purged = 0 AND NOT ({UNPROCESSED})
                  ORDER BY number LIMIT 1"
            ),
            [workflow],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(run) = run {
        return piece_of_run(connection, workflow, run).map(|()| true);
    }
    if connection
        .prepare_cached("SELECT 1 FROM runs WHERE workflow = ?1 AND purged = 0")?
        .exists([workflow])?
    {
        return Ok(false);
    }
    for rows in ["occasions", "skipped"] {
        let gone = connection.execute(
            &format!(
                "DELETE FROM {rows} WHERE workflow = ?1 AND (subject, change) IN
                    (SELECT subject, change FROM {rows} WHERE workflow = ?1 LIMIT ?2)"
            ),
            [workflow, PIECE],
        )?;
        if gone > 0 {
            return Ok(true);
        }
    }
    for rows in ["summaries", "summary_days", "run_days", "report_days", "versions"] {
        connection.execute(&format!("DELETE FROM {rows} WHERE workflow = ?1"), [workflow])?;
    }
    // The row stays for the audit to point at.
    connection.execute("UPDATE workflows SET purged = 2 WHERE number = ?1", [workflow])?;
    Ok(true)
}

fn piece_of_run(connection: &Connection, workflow: i64, run: RunNumber) -> db::Result<()> {
    if piece_of_results(connection, run)? {
        return Ok(());
    }
    connection.execute("DELETE FROM task_reports WHERE run = ?1", [run])?;
    super::undo::forget(connection, run)?;
    connection.execute("DELETE FROM reprocessed WHERE of = ?1", [run])?;
    connection.execute("DELETE FROM reprocessed WHERE run = ?1", [run])?;
    connection.execute("DELETE FROM summaries WHERE workflow = ?1 AND run = ?2", params![workflow, run])?;
    // The row stays for the audit to point at.
    connection.execute("UPDATE runs SET purged = 1 WHERE number = ?1", [run])?;
    Ok(())
}

/// Takes a piece of the results of a run away; false if none is left.
pub(super) fn piece_of_results(connection: &Connection, run: RunNumber) -> db::Result<bool> {
    let last: Option<i64> = connection.query_row(
        "SELECT max(seq) FROM (SELECT seq FROM user_results WHERE run = ?1 ORDER BY seq LIMIT ?2) piece",
        [run, PIECE],
        |row| row.get(0),
    )?;
    match last {
        Some(last) => {
            for rows in ["task_results", "chosen_tasks", "user_results"] {
                connection
                    .execute(&format!("DELETE FROM {rows} WHERE run = ?1 AND seq <= ?2"), [run, last])?;
            }
        }
        None => {
            connection.execute("DELETE FROM chosen_tasks WHERE run = ?1", [run])?;
        }
    }
    Ok(last.is_some())
}
