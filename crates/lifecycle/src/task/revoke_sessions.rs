//! "Revoke all refresh tokens for user". Cannot be undone: whoever was signed in signs in again.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RevokeSessions;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("509589a4-0466-4471-829e-49c5e502bdee"),
    display_name: "Revoke all refresh tokens for user",
    description: "Ends the sessions of the user.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for RevokeSessions {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        Ok(Plan::one(Change::RevokeSessions))
    }
}
