//! What becomes of a task whose outside effects were frozen.

use jiff::Timestamp;

use super::perform::Done;
use super::retry::back_off;
use crate::audit::Activity;
use crate::effect::Outside;
use crate::ids::Seq;
use crate::limits::Limits;
use crate::ports::{Answer, Batch, Failure, Happened, PendingEffect, SettledTask};
use crate::run::Status;
use crate::workflow::Retry;

/// What becomes of it.
pub(super) enum Settled {
    /// The task came to its end.
    Ended {
        /// Its result.
        task: SettledTask,
        /// What happened, for the audit.
        happened: Vec<Happened>,
    },
    /// It is tried again, or waits.
    Again {
        /// The frozen effects.
        pending: PendingEffect,
        /// Not before.
        not_before: Timestamp,
        /// What happened, for the audit.
        happened: Vec<Happened>,
    },
}

/// Decides it; `performed` is what became of the last attempt, `None` if nobody tried.
pub(super) fn settle_pending(
    batch: &Batch,
    pending: &PendingEffect,
    performed: Option<Result<Done, Failure>>,
    limits: &Limits,
    seq: Seq,
    now: Timestamp,
) -> Settled {
    let ended = |status, note| Settled::Ended {
        task: SettledTask {
            ordinal: pending.ordinal,
            status,
            started: pending.started,
            completed: now,
            note,
        },
        happened: happened(pending, status),
    };
    match (pending.answer, pending.waits_until, performed) {
        (Some(Answer::Completed), ..) => ended(Status::Completed, completed(pending)),
        (Some(Answer::Failed), ..) => {
            ended(Status::Failed, Some("whoever was called said that it failed".to_owned()))
        }
        (None, Some(until), _) if until <= now => {
            ended(Status::Failed, Some(format!("nobody called back until {until:.0}")))
        }
        (None, Some(until), _) => {
            Settled::Again { pending: pending.clone(), not_before: until, happened: Vec::new() }
        }
        (None, None, None) => {
            Settled::Again { pending: pending.clone(), not_before: now, happened: Vec::new() }
        }
        (None, None, Some(Ok(Done::Through))) => ended(Status::Completed, completed(pending)),
        (None, None, Some(Ok(Done::Waits(within)))) => {
            let until = now.checked_add(within).unwrap_or(Timestamp::MAX);
            let pending = PendingEffect { waits_until: Some(until), ..pending.clone() };
            Settled::Again { pending, not_before: until, happened: Vec::new() }
        }
        (None, None, Some(Err(Failure::Permanent(reason)))) => ended(Status::Failed, Some(reason)),
        (None, None, Some(Err(Failure::Retryable(reason)))) => {
            let retry = retry(batch, pending, limits);
            let attempt = pending.attempt + 1;
            if attempt >= retry.maximum_attempts {
                let times = if attempt == 1 { "attempt" } else { "attempts" };
                return ended(Status::Failed, Some(format!("given up after {attempt} {times}: {reason}")));
            }
            let spread = (seq as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let not_before = now.checked_add(back_off(&retry, attempt + 1, spread)).unwrap_or(now);
            let happened = vec![Happened {
                ordinal: pending.ordinal,
                activity: Activity::AttemptFailed,
                object: None,
                before: Some(attempt.to_string()),
                after: Some(reason.clone()),
            }];
            let pending = PendingEffect { attempt, failure: Some(reason), ..pending.clone() };
            Settled::Again { pending, not_before, happened }
        }
    }
}

/// What the task says when it is done, with the attempts it took.
fn completed(pending: &PendingEffect) -> Option<String> {
    let attempts = pending
        .failure
        .as_ref()
        .map(|failure| format!("done at attempt {}; the one before: {failure}", pending.attempt + 1));
    match (&pending.info, attempts) {
        (Some(info), Some(attempts)) => Some(format!("{info}; {attempts}")),
        (info, attempts) => info.clone().or(attempts),
    }
}

/// How often the task is tried: as it says itself, else as its extension says, else as the installation does.
fn retry(batch: &Batch, pending: &PendingEffect, limits: &Limits) -> Retry {
    let task = batch.version.tasks.iter().find(|task| task.execution_sequence == pending.ordinal);
    if let Some(retry) = task.and_then(|task| task.retry) {
        return retry;
    }
    let extension = pending.effects.iter().find_map(|effect| match effect {
        Outside::Call(call) => batch.people.extensions.get(&call.extension),
        Outside::SendMail(_) | Outside::IssuePass(_) => None,
    });
    Retry::attempts(match extension {
        Some(extension) => extension.configuration.client.maximum_retries as u32 + 1,
        None => limits.attempts,
    })
}

/// What happened to the person, for the audit.
fn happened(pending: &PendingEffect, status: Status) -> Vec<Happened> {
    let one =
        |activity, object| Happened { ordinal: pending.ordinal, activity, object, before: None, after: None };
    if status != Status::Completed {
        return Vec::new();
    }
    let of = |effect: &Outside| match effect {
        Outside::SendMail(_) => Some(one(Activity::SendMail, None)),
        Outside::Call(call) => Some(one(Activity::CallExtension, Some(call.number))),
        // The store says so when it is issued.
        Outside::IssuePass(_) => None,
    };
    pending.effects.iter().filter_map(of).collect()
}
