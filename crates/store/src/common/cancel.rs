//! Canceling runs: a mark on the run; its users are stopped when their turn comes, which is at once.

use tenure_lifecycle::audit::Entry;
use tenure_lifecycle::ids::RunNumber;
use tenure_lifecycle::ports::StoreError;
use tenure_lifecycle::run::{CancelReason, ExecutionType, Status};

use super::audit::append_entry;
use super::db::{self, Connection, params};
use super::rows::database;

/// Whether the engine still has users of the run to process; results reported as unfinished are not its own.
pub(super) const UNPROCESSED: &str = "users_queued + users_in_progress > 0
    AND (open = 1 OR leased_to < next_seq - 1
         OR EXISTS (SELECT 1 FROM leases l WHERE l.run = runs.number)
         OR EXISTS (SELECT 1 FROM requeued q WHERE q.run = runs.number))";

/// Cancels the unfinished runs of a workflow; for a new version only the scheduled ones.
pub(super) fn cancel_runs_of(
    connection: &Connection,
    workflow: i64,
    reason: CancelReason,
) -> Result<(), StoreError> {
    let only = match reason {
        CancelReason::NewVersion => Some(ExecutionType::Scheduled.code()),
        CancelReason::Administrator | CancelReason::WorkflowStopped => None,
    };
    let steps = || -> db::Result<()> {
        connection.execute(
            &format!(
                "UPDATE requeued SET not_before = 0
                  WHERE NOT EXISTS (SELECT 1 FROM pending p WHERE p.run = requeued.run AND p.seq = requeued.seq)
                    AND run IN (SELECT number FROM runs
                                 WHERE workflow = ?1 AND {UNPROCESSED} AND (type = ?2 OR ?2 IS NULL))"
            ),
            params![workflow, only],
        )?;
        connection.execute(
            &format!(
                "UPDATE runs SET cancel = coalesce(cancel, ?2), status = ?3, open = 0
                  WHERE workflow = ?1 AND {UNPROCESSED} AND (type = ?4 OR ?4 IS NULL)"
            ),
            params![workflow, reason.code(), Status::Canceling.code(), only],
        )?;
        Ok(())
    };
    steps().map_err(database)
}

/// Cancels one run; false if it is finished.
pub(super) fn cancel_run(
    connection: &Connection,
    run: RunNumber,
    reason: CancelReason,
    entry: &Entry,
) -> Result<bool, StoreError> {
    let steps = || -> db::Result<bool> {
        let changed = connection.execute(
            &format!(
                "UPDATE runs SET cancel = CASE WHEN ?4 THEN ?2 ELSE coalesce(cancel, ?2) END, status = ?3, open = 0
                  WHERE number = ?1 AND {UNPROCESSED}"
            ),
            // An administrator stops those, too, who were to finish when the workflow was stopped.
            params![
                run,
                reason.code(),
                Status::Canceling.code(),
                reason == CancelReason::Administrator
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
        // An administrator stops what is tried again or waits to be called back, too.
        connection.execute(
            "UPDATE requeued SET not_before = 0, place = CASE WHEN ?2 THEN 0 ELSE place END
              WHERE run = ?1
                AND (?2 OR NOT EXISTS (SELECT 1 FROM pending p WHERE p.run = requeued.run AND p.seq = requeued.seq))",
            params![run, reason == CancelReason::Administrator],
        )?;
        let workflow =
            connection.query_row("SELECT workflow FROM runs WHERE number = ?1", [run], |row| row.get(0))?;
        append_entry(connection, entry, workflow, Some(run))?;
        Ok(true)
    };
    steps().map_err(database)
}
