//! "Add user to groups". Undone by removing the user from the groups it added to.

use uuid::uuid;

use super::groups::{GROUP_ID, Of};
use super::{Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct AddToGroups;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("22085229-5809-45e8-97fd-270d28d66910"),
    display_name: "Add user to groups",
    description: "Puts the user into the groups named.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: GROUP_ID,
    version: 1,
};

impl PlanTask for AddToGroups {
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
            |group| !subject.is_member_of(group.number),
            |group| Change::AddMember { group },
            "the user is already a member",
        )
    }
}
