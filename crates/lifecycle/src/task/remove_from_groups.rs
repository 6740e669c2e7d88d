//! "Remove user from selected groups". Undone by adding the user to the groups it removed from.

use uuid::uuid;

use super::groups::{GROUP_ID, Of};
use super::{Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RemoveFromGroups;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("1953a66c-751c-45e5-8bfe-01462c70da3c"),
    display_name: "Remove user from selected groups",
    description: "Takes the user out of the groups named.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: GROUP_ID,
    version: 1,
};

impl PlanTask for RemoveFromGroups {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        Of::Groups.fails_for_everybody(people, arguments)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        Of::Groups.plan(
            subject,
            arguments,
            |group| subject.is_member_of(group.number),
            |group| Change::RemoveMember { group },
            "the user is not a member",
        )
    }
}
