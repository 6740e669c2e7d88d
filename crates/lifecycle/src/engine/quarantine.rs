//! Whether so many people are due that a scheduled workflow is to be held back until a person has looked (behaviour §15).

use jiff::Timestamp;

use crate::operations::Lifecycle;
use crate::ports::StoreError;
use crate::workflow::{APPROVED, Quarantine, QuarantineKind, Workflow};

/// Why the workflow is to be held back, if it is; `due` tells how many people are due now.
///
/// The organisation's limits hold for every workflow. Without any, those of the installation hold for leavers.
/// A day's people count together, in however many sweeps they come; an approval holds for a day.
pub(super) fn held_back(
    lifecycle: &Lifecycle,
    workflow: &Workflow,
    now: Timestamp,
    due: impl FnOnce() -> Result<u64, StoreError>,
) -> Result<Option<Quarantine>, StoreError> {
    let store = &lifecycle.store;
    let configured = store.settings()?.quarantine_configuration;
    if configured.is_none() && !workflow.is_for_leavers() {
        return Ok(None);
    }
    let due = due()?;
    if due == 0 {
        return Ok(None);
    }
    let population = store.population()?;
    let day_before = now.checked_sub(APPROVED).unwrap_or(Timestamp::MIN);
    let approval = workflow.approval.filter(|approval| approval.at > day_before);
    let since = approval.map_or(day_before, |approval| approval.at);
    let recent = store.admitted_since(workflow.number, since)?;
    let approved = approval.map_or(0, |approval| approval.due);
    let people = format!("{due} people are due and {recent} were admitted in the day before");
    let found = match configured {
        Some(limits) => limits.exceeded((due + recent).saturating_sub(approved), population).map(|kind| {
            let limits = limits.in_words();
            let also =
                if approved == 0 { String::new() } else { format!(" beside the {approved} let through") };
            let reason = format!(
                "{people}, more than the {limits} that the settings allow in a day{also} in a directory of \
                 {population} people"
            );
            (kind, reason)
        }),
        None => {
            let allowed = lifecycle.limits.leavers(population) + approved;
            // What is allowed is the larger of a number and a share, so whoever exceeds it exceeds both.
            (due + recent > allowed).then(|| {
                (
                    QuarantineKind::Multiple,
                    format!(
                        "{people}, more than the {allowed} that scheduled leaver runs may hold in a day in a directory \
                         of {population} people"
                    ),
                )
            })
        }
    };
    Ok(found.map(|(kind, reason)| Quarantine { since: now, reason, kind, due, told: 0 }))
}
