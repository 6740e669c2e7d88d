//! "Add user to Teams". Undone by removing the user from the teams it added to.

use uuid::uuid;

use super::groups::{Of, TEAM_ID};
use super::{Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct AddToTeams;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("e440ed8d-25a1-4618-84ce-091ed5be5594"),
    display_name: "Add user to Teams",
    description: "Puts the user into the Teams named.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: TEAM_ID,
    version: 1,
};

impl PlanTask for AddToTeams {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        Of::Teams.fails_for_everybody(people, arguments)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        Of::Teams.plan(
            subject,
            arguments,
            |group| !subject.is_member_of(group.number),
            |group| Change::AddMember { group },
            "the user is already a member",
        )
    }
}
