//! "Delete user account". Undone by restoring the user, which is possible for 30 days.

use uuid::{Uuid, uuid};

use super::{Arguments, Parameter, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, account};
use crate::effect::Change;
use crate::workflow::Category;

/// The definition's id.
pub(crate) const ID: Uuid = uuid!("8d18588d-9ad3-4c0f-99d0-ec215f0e3dff");

pub(super) struct DeleteAccount;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: ID,
    display_name: "Delete user account",
    description: "Deletes the user object.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: &[Parameter::flag("deleteOnPremisesAccount", false)],
    version: 1,
};

impl PlanTask for DeleteAccount {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Roles]
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        account::refuse(subject, arguments, "deleteOnPremisesAccount")?;
        Ok(Plan::one(Change::Delete))
    }
}
