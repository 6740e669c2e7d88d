//! "Remove user from all groups". Undone by adding the user to the groups it removed from.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Effect;
use crate::workflow::Category;

pub(super) struct RemoveFromAllGroups;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("b3a31406-2a15-4c9a-b25b-a658fa5f07fc"),
    display_name: "Remove user from all groups",
    description: "Takes the user out of every group that can be handled.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for RemoveFromAllGroups {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        if subject.groups.is_empty() {
            return Ok(Plan::nothing_to_do("the user is in no group"));
        }
        let mut plan = Plan::default();
        let mut passed_over = Vec::new();
        let mut protected = Vec::new();
        for number in &subject.groups {
            let Some(group) = subject.people.groups.get(number) else { continue };
            match group.refusal() {
                None => plan.effects.push(Effect::RemoveMember { group: *number }),
                // Somebody has said that no task may touch it, and the user stays in it: that is no success.
                Some(_) if group.protected => protected.push(group.display_name.as_str()),
                Some(reason) => passed_over.push(format!("'{}' {reason}", group.display_name)),
            }
        }
        if !passed_over.is_empty() {
            plan.info = Some(format!("passed over: {}", passed_over.join("; ")));
        }
        if !protected.is_empty() {
            plan.failure = Some(format!("the user is still in protected groups: {}", protected.join(", ")));
        }
        Ok(plan)
    }
}
