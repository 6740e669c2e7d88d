//! "Enable user account". Undone by disabling it.

use uuid::uuid;

use super::{Arguments, Parameter, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, account};
use crate::workflow::Category;

pub(super) struct EnableAccount;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("6fc52c9d-398b-4305-9763-15f42c1676fc"),
    display_name: "Enable user account",
    description: "Allows sign-in for the user.",
    categories: &[Category::Joiner, Category::Leaver],
    continue_on_error: false,
    parameters: &[Parameter::flag("enableOnPremisesAccount", false)],
    version: 1,
};

impl PlanTask for EnableAccount {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Roles]
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        account::plan(subject, arguments, true, "enableOnPremisesAccount")
    }
}
