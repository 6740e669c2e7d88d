//! "Remove user from all groups". Undone by adding the user to the groups it removed from.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Refusal, Snapshot, TaskDefinition, all_of_kind};
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
        all_of_kind::plan(subject, |_| true, "group")
    }
}
