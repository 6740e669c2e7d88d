//! "Add user to groups". Undone by removing the user from the groups it added to.

use uuid::uuid;

use super::{ArgumentError, Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition, groups};
use crate::effect::Effect;
use crate::workflow::Category;

pub(super) struct AddToGroups;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("22085229-5809-45e8-97fd-270d28d66910"),
    display_name: "Add user to groups",
    description: "Puts the user into the groups named.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: groups::GROUP_ID,
    version: 1,
};

impl PlanTask for AddToGroups {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        groups::check(arguments, &DEFINITION)
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        groups::fails_for_everybody(people, arguments)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        groups::plan(
            subject,
            arguments,
            |group| !subject.is_member_of(group.number),
            |group| Effect::AddMember { group },
            "the user is already a member",
        )
    }
}
