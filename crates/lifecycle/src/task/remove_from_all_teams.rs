//! "Remove user from all Teams". Undone by adding the user to the teams it removed from.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Refusal, Snapshot, TaskDefinition, all_of_kind};
use crate::workflow::Category;

pub(super) struct RemoveFromAllTeams;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("81f7b200-2816-4b3b-8c5d-dc556f07b024"),
    display_name: "Remove user from all Teams",
    description: "Takes the user out of every static team.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for RemoveFromAllTeams {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        all_of_kind::plan(subject, |group| group.is_team, "team")
    }
}
