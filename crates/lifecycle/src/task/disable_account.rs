//! "Disable user account". Undone by enabling it.

use uuid::uuid;

use super::{Arguments, Parameter, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, account};
use crate::workflow::Category;

pub(super) struct DisableAccount;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950"),
    display_name: "Disable user account",
    description: "Blocks sign-in for the user.",
    categories: &[Category::Joiner, Category::Leaver],
    continue_on_error: false,
    parameters: &[Parameter::flag("disableOnPremisesAccount", false)],
    version: 1,
};

impl PlanTask for DisableAccount {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Roles]
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        account::plan(subject, arguments, false, "disableOnPremisesAccount")
    }
}
