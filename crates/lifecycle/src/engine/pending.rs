//! What becomes of a task whose outside effects were frozen.

use jiff::{SignedDuration, Timestamp};

use super::perform::{Attempt, Done};
use super::retry::back_off;
use crate::audit::Activity;
use crate::effect::Outside;
use crate::ids::Seq;
use crate::limits::Limits;
use crate::ports::{Answer, Batch, Failure, Happened, PendingEffect, SettledTask};
use crate::run::Status;
use crate::workflow::Retry;

/// Pause of what there was no room for.
const PUT_OFF: SignedDuration = SignedDuration::from_secs(2);

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
    performed: Option<Attempt>,
    limits: &Limits,
    seq: Seq,
    now: Timestamp,
) -> Settled {
    let through = performed.as_ref().map_or(pending.done, |attempt| attempt.done) as usize;
    let task = |status, note| SettledTask {
        ordinal: pending.ordinal,
        status,
        started: pending.started,
        completed: now,
        note,
    };
    // A call that waited is on record since it was taken.
    let taken = if pending.waits_until.is_some() { 0 } else { pending.effects.len() };
    let ended =
        |status, note| Settled::Ended { task: task(status, note), happened: happened(pending, taken) };
    let failed = |attempt, why| {
        let mut happened = happened(pending, through);
        happened.push(attempt);
        Settled::Ended { task: task(Status::Failed, Some(why)), happened }
    };
    match (pending.answer, pending.waits_until, performed.map(|attempt| attempt.outcome)) {
        (Some(Answer::Completed), ..) => ended(Status::Completed, completed(pending)),
        (Some(Answer::Failed), ..) => {
            ended(Status::Failed, with_attempts("whoever was called said that it failed".to_owned(), pending))
        }
        (None, Some(until), _) if until <= now => {
            ended(Status::Failed, with_attempts(format!("nobody called back until {until:.0}"), pending))
        }
        (None, Some(until), _) => {
            Settled::Again { pending: pending.clone(), not_before: until, happened: Vec::new() }
        }
        (None, None, None) => {
            Settled::Again { pending: pending.clone(), not_before: now, happened: Vec::new() }
        }
        (None, None, Some(Ok(Done::Through))) => ended(Status::Completed, completed(pending)),
        (None, None, Some(Ok(Done::Failed(reason)))) => ended(Status::Failed, with_attempts(reason, pending)),
        (None, None, Some(Ok(Done::Waits(within)))) => {
            let until = now.checked_add(within).unwrap_or(Timestamp::MAX);
            let happened = happened(pending, taken);
            let pending = PendingEffect { waits_until: Some(until), ..pending.clone() };
            Settled::Again { pending, not_before: until, happened }
        }
        (None, None, Some(Err(Failure::Permanent(reason)))) => {
            let attempt = attempt_failed(pending, &reason);
            let why = match pending.attempt {
                0 => reason,
                before => format!("failed at attempt {}: {reason}", before + 1),
            };
            failed(attempt, why)
        }
        (None, None, Some(Err(Failure::NotNow(_)))) => {
            let not_before = now.checked_add(PUT_OFF).unwrap_or(now);
            let pending = PendingEffect { done: through as u32, ..pending.clone() };
            Settled::Again { pending, not_before, happened: Vec::new() }
        }
        (None, None, Some(Err(Failure::Retryable(reason)))) => {
            let retry = retry(batch, pending, limits);
            let attempt = pending.attempt + 1;
            if attempt >= retry.maximum_attempts {
                let times = if attempt == 1 { "attempt" } else { "attempts" };
                let why = format!("given up after {attempt} {times}: {reason}");
                return failed(attempt_failed(pending, &reason), why);
            }
            let spread = (seq as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let not_before = now.checked_add(back_off(&retry, attempt + 1, spread)).unwrap_or(now);
            let happened = vec![attempt_failed(pending, &reason)];
            let pending =
                PendingEffect { attempt, failure: Some(reason), done: through as u32, ..pending.clone() };
            Settled::Again { pending, not_before, happened }
        }
    }
}

/// The attempt that has just failed, for the audit.
fn attempt_failed(pending: &PendingEffect, reason: &str) -> Happened {
    Happened {
        ordinal: pending.ordinal,
        activity: Activity::AttemptFailed,
        object: None,
        before: Some((pending.attempt + 1).to_string()),
        after: Some(reason.to_owned()),
    }
}

/// What the task says when it is done, with the attempts it took.
fn completed(pending: &PendingEffect) -> Option<String> {
    match (&pending.info, attempts(pending)) {
        (Some(info), Some(attempts)) => Some(format!("{info}; {attempts}")),
        (info, attempts) => info.clone().or(attempts),
    }
}

/// Why the task failed, with the attempts it took.
fn with_attempts(reason: String, pending: &PendingEffect) -> Option<String> {
    Some(match attempts(pending) {
        None => reason,
        Some(attempts) => format!("{reason}; {attempts}"),
    })
}

/// The attempts it took, if it was more than one that went well.
fn attempts(pending: &PendingEffect) -> Option<String> {
    let failure = pending.failure.as_ref()?;
    // Whoever calls back before the call was taken does so in an attempt that came to nothing otherwise.
    Some(if pending.answer.is_some() && pending.waits_until.is_none() {
        format!("called back during attempt {}, which came to: {failure}", pending.attempt)
    } else {
        format!("done at attempt {}; the one before: {failure}", pending.attempt + 1)
    })
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

/// What happened to the person by the first `done` effects, for the audit.
pub(super) fn happened(pending: &PendingEffect, done: usize) -> Vec<Happened> {
    let one =
        |activity, object| Happened { ordinal: pending.ordinal, activity, object, before: None, after: None };
    let of = |effect: &Outside| match effect {
        Outside::SendMail(mail) => {
            let addresses: Vec<&str> =
                std::iter::once(&mail.to).chain(&mail.cc).map(|mailbox| mailbox.address.as_str()).collect();
            Some(Happened { after: Some(addresses.join(", ")), ..one(Activity::SendMail, None) })
        }
        Outside::Call(call) => Some(one(Activity::CallExtension, Some(call.number))),
        // The store says so when it is issued.
        Outside::IssuePass(_) => None,
    };
    pending.effects.iter().take(done).filter_map(of).collect()
}
