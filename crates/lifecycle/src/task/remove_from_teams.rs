//! "Remove user from selected Teams". Undone by adding the user to the teams it removed from.

use uuid::uuid;

use super::groups::{Of, TEAM_ID};
use super::{Arguments, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RemoveFromTeams;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("06aa7acb-01af-4824-8899-b14e5ed788d6"),
    display_name: "Remove user from selected Teams",
    description: "Takes the user out of the Teams named.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: TEAM_ID,
    version: 1,
};

impl PlanTask for RemoveFromTeams {
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
            |group| subject.is_member_of(group.number),
            |group| Change::RemoveMember { group },
            "the user is not a member",
        )
    }
}
