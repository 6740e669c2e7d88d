//! What removing a user from all groups and from all teams have in common.

use super::{Plan, Refusal, Snapshot};
use crate::directory::Group;
use crate::effect::Change;

/// Most names that are told.
const TOLD: usize = 20;

/// The first of them, and how many more there are.
fn listed(all: &[impl AsRef<str>], between: &str) -> String {
    let told: Vec<&str> = all.iter().take(TOLD).map(AsRef::as_ref).collect();
    let told = told.join(between);
    match all.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

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
    let passed_over =
        (!passed_over.is_empty()).then(|| format!("passed over: {}", listed(&passed_over, "; ")));
    if protected.is_empty() {
        plan.info = passed_over;
    } else {
        let failure = format!("the user is still in protected {noun}s: {}", listed(&protected, ", "));
        plan.failure = Some(passed_over.map_or(failure.clone(), |info| format!("{failure}; {info}")));
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut() {
        let names: Vec<String> = (1..=22).map(|number| number.to_string()).collect();
        assert_eq!(listed(&names[..2], ", "), "1, 2");
        assert!(listed(&names, ", ").ends_with("19, 20 and 2 more"));
    }
}
