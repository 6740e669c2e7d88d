//! "Remove all licenses for user". Undone by assigning the licences it removed.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RemoveAllLicenses;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("8fa97d28-3e52-4985-b3a9-a1126f9b8b4e"),
    display_name: "Remove all licenses for user",
    description: "Removes every directly assigned licence.",
    categories: &[Category::Leaver],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for RemoveAllLicenses {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Licenses]
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let held = subject.holdings.licenses.iter();
        let effects = held.map(|sku| Change::RemoveLicense { sku: *sku }.into()).collect();
        Ok(Plan::each(effects, "the user has no licence"))
    }
}
