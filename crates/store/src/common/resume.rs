//! Taking up a task that waits to be called back.

use tenure_lifecycle::audit::{Activity, Actor};
use tenure_lifecycle::ids::{Ordinal, RunNumber, Seq};
use tenure_lifecycle::ports::{Answer, StoreError};

use super::append::append;
use super::audit::AuditRow;
use super::db::{self, Connection, OptionalExtension as _, params};
use super::members::Origin;
use super::rows::database;

/// Records what whoever calls back says, and queues the user. A task that is going to wait does so from the moment on at
/// which its call may be under way: an endpoint may be quicker to call back than to answer.
pub(super) fn resume(
    connection: &Connection,
    task: (RunNumber, Seq, Ordinal),
    answer: Answer,
    at: i64,
    who: Actor,
) -> Result<bool, StoreError> {
    let (run, seq, ordinal) = task;
    let steps = || -> db::Result<bool> {
        let answered = connection
            .prepare_cached(
                "UPDATE pending SET answer = ?4
                  WHERE run = ?1 AND seq = ?2 AND ordinal = ?3 AND answer IS NULL
                    AND (waits_until > ?5
                         OR waits_until IS NULL
                            AND json_extract(effects, '$[0].kind') = 'call'
                            AND EXISTS (SELECT 1 FROM custom_task_extensions e
                                         WHERE e.number = CAST(json_extract(effects, '$[0].number') AS bigint)
                                           AND json_extract(e.configuration, '$.replyMode') = 'callback'))",
            )?
            .execute(params![run, seq, ordinal, answer.code(), at])?;
        if answered == 0 {
            return Ok(false);
        }
        connection
            .prepare_cached(
                "UPDATE requeued SET not_before = ?3, place = 0 WHERE run = ?1 AND seq = ?2 AND lease IS NULL",
            )?
            .execute([run, seq, at])?;
        let subject: Option<i64> = connection
            .prepare_cached("SELECT subject FROM user_results WHERE run = ?1 AND seq = ?2")?
            .query_row([run, seq], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(user) = subject {
            let origin = Origin { at, who, task: Some(task) };
            let row = AuditRow { after: Some(answer.as_str()), ..origin.row(user) };
            append(connection, at, who, Activity::ResumeTask, row)?;
        }
        Ok(true)
    };
    steps().map_err(database)
}
