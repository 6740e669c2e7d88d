//! What adding to and removing from named groups have in common.

use super::{ArgumentError, Parameter};
use super::{Arguments, People, Plan, Refusal, Snapshot, TaskDefinition, ValueType};
use crate::directory::Group;
use crate::effect::Effect;
use crate::ids::GroupId;

/// The one parameter of both tasks.
pub(super) static GROUP_ID: &[Parameter] =
    &[Parameter { name: "groupID", value_type: ValueType::String, values: &[], required: true }];

/// Checks that the groups are named by ids.
pub(super) fn check(arguments: &Arguments<'_>, _definition: &TaskDefinition) -> Result<(), ArgumentError> {
    arguments.check_ids("groupID")
}

/// A group that a task may change, or why it may not.
fn usable(people: &People, id: GroupId) -> Result<&Group, Refusal> {
    let Some(group) = people.group(id) else {
        return Err(Refusal(format!("the group {id} does not exist")));
    };
    match group.refusal() {
        Some(reason) => Err(Refusal(format!("the group '{}' {reason}", group.display_name))),
        None => Ok(group),
    }
}

/// Why the first of the named groups that cannot be changed makes the task fail for everybody.
pub(super) fn fails_for_everybody(people: &People, arguments: &Arguments<'_>) -> Option<String> {
    arguments.groups("groupID").into_iter().find_map(|id| usable(people, id).err()).map(|refusal| refusal.0)
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
        let group = usable(subject.people, id)?;
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
