//! What adding to and removing from named groups have in common.

use super::{ArgumentError, Parameter};
use super::{Arguments, Plan, Refusal, Snapshot, TaskDefinition, ValueType};
use crate::directory::Group;
use crate::effect::Effect;

/// The one parameter of both tasks.
pub(super) static GROUP_ID: &[Parameter] =
    &[Parameter { name: "groupID", value_type: ValueType::String, values: &[], required: true }];

/// Checks that the groups are named by ids.
pub(super) fn check(arguments: &Arguments<'_>, _definition: &TaskDefinition) -> Result<(), ArgumentError> {
    arguments.check_ids("groupID")
}

/// Plans an effect for every named group that `wants` one; nothing is done when one of them cannot be changed.
pub(super) fn plan(
    subject: &Snapshot<'_>,
    arguments: &Arguments<'_>,
    wants: impl Fn(&Group) -> bool,
    effect: impl Fn(i64) -> Effect,
    nothing: &str,
) -> Result<Plan, Refusal> {
    subject.refuse_protected()?;
    let mut effects = Vec::new();
    for id in arguments.groups("groupID") {
        let people = subject.people;
        let Some(group) = people.group(id) else {
            return Err(Refusal(format!("the group {id} does not exist")));
        };
        if let Some(reason) = group.refusal() {
            return Err(Refusal(format!("the group '{}' {reason}", group.display_name)));
        }
        let planned = effect(group.number);
        if wants(group) && !effects.contains(&planned) {
            effects.push(planned);
        }
    }
    if effects.is_empty() {
        Ok(Plan::nothing_to_do(nothing))
    } else {
        Ok(Plan { effects, ..Plan::default() })
    }
}
