//! What removing a user from all groups and from all teams have in common.

use super::{Plan, Refusal, Snapshot};
use crate::directory::Group;
use crate::effect::Change;

/// Plans that the user leaves every group that `is_meant`; those that no task can change are passed over.
pub(super) fn plan(
    subject: &Snapshot<'_>,
    is_meant: impl Fn(&Group) -> bool,
    noun: &str,
) -> Result<Plan, Refusal> {
    subject.refuse_protected()?;
    let mut plan = Plan::default();
    let mut passed_over = Vec::new();
    let mut protected = Vec::new();
    let mut some = false;
    for group in subject.people_groups().filter(|group| is_meant(group)) {
        some = true;
        match group.refusal() {
            None => plan.effects.push(Change::RemoveMember { group: group.number }.into()),
            // Somebody has said that no task may touch it, and the user stays in it: that is no success.
            Some(_) if group.protected => protected.push(group.display_name.as_str()),
            Some(reason) => passed_over.push(format!("'{}' {reason}", group.display_name)),
        }
    }
    if !some {
        return Ok(Plan::nothing_to_do(format!("the user is in no {noun}")));
    }
    if !passed_over.is_empty() {
        plan.info = Some(format!("passed over: {}", passed_over.join("; ")));
    }
    if !protected.is_empty() {
        plan.failure = Some(format!("the user is still in protected {noun}s: {}", protected.join(", ")));
    }
    Ok(plan)
}
