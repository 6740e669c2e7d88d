//! Telling the administrators, by mail, that a workflow is held back (behaviour §15).

use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::effect::{Mail, Mailbox};
use crate::ids::EffectKey;
use crate::operations::Lifecycle;
use crate::ports::{Failure, Perform, StoreError};
use crate::task::Letterhead;
use crate::workflow::{Quarantine, Workflow};

/// Longest time one mail may take.
const DEADLINE: Duration = Duration::from_secs(30);

/// Most administrators: what was told to whom is a bit each.
pub const MOST_ADMINISTRATORS: usize = 60;

/// Tells the administrators of every quarantine they do not know of yet. What can be tried again is, at the next call.
///
/// It is recorded after the mail server has taken the mails over: a crash in between repeats them, under their keys.
pub fn tell_administrators(lifecycle: &Lifecycle, performer: &dyn Perform) -> Result<(), StoreError> {
    let letterhead = lifecycle.letterhead()?;
    let everybody = (1_u64 << lifecycle.administrators.len().min(MOST_ADMINISTRATORS)) - 1;
    for workflow in lifecycle.store.workflows(false)? {
        let Some(quarantine) =
            workflow.quarantine.as_ref().filter(|found| found.told & everybody != everybody)
        else {
            continue;
        };
        let told = tell(&letterhead, performer, &workflow, quarantine);
        if told != quarantine.told {
            lifecycle.store.quarantine_told(workflow.number, quarantine.since, told)?;
        }
    }
    Ok(())
}

/// Sends a mail to each who was not told yet; gives who need not be told any more.
fn tell(
    letterhead: &Letterhead,
    performer: &dyn Perform,
    workflow: &Workflow,
    quarantine: &Quarantine,
) -> u64 {
    let mut told = quarantine.told;
    for (place, address) in letterhead.administrators.iter().enumerate().take(MOST_ADMINISTRATORS) {
        let bit = 1 << place;
        if told & bit != 0 {
            continue;
        }
        let key = EffectKey::of(notice(workflow, quarantine.since), place as u32);
        match performer.send(&mail(workflow, quarantine, letterhead, address), key, DEADLINE) {
            Ok(()) => told |= bit,
            Err(Failure::Retryable(reason) | Failure::NotNow(reason)) => {
                tracing::warn!(workflow = %workflow.id, reason, "an administrator could not be told of a quarantine yet");
            }
            Err(Failure::Permanent(reason)) => {
                tracing::error!(workflow = %workflow.id, reason, "an administrator cannot be told of a quarantine");
                told |= bit;
            }
        }
    }
    told
}

/// One notice for each quarantine: a repeat has the same `Message-ID`.
fn notice(workflow: &Workflow, since: Timestamp) -> Uuid {
    Uuid::from_u128(workflow.id.0.as_u128() ^ since.as_millisecond() as u128)
}

fn mail(workflow: &Workflow, quarantine: &Quarantine, letterhead: &Letterhead, address: &str) -> Mail {
    let Quarantine { since, reason, .. } = quarantine;
    let (name, id) = (&workflow.display_name, workflow.id);
    let text = format!(
        "The workflow \"{name}\" ({id}) is in quarantine since {since:.0} and does not run by itself.\n\n\
         {reason}.\n\n\
         Nobody was processed. If these people are meant to be processed, clear the quarantine \
         (POST /v1.0/identityGovernance/lifecycleWorkflows/workflows/{id}/clearQuarantine); otherwise correct their \
         dates first.\n"
    );
    let html = format!("<p>{}</p>", crate::task::escape_html(&text).replace("\n\n", "</p>\n<p>"));
    Mail {
        to: Mailbox { name: None, address: address.to_owned() },
        cc: Vec::new(),
        sender_domain: letterhead.sender_domain.clone(),
        sender_name: letterhead.sender_name(),
        subject: format!("Workflow in quarantine: {name}"),
        text,
        html,
    }
}
