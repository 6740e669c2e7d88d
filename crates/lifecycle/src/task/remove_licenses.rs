//! "Remove licenses from user". Undone by assigning the licences it removed.

use uuid::uuid;

use super::{Arguments, People, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, licenses};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RemoveLicenses;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("5fc402a8-daaf-4b7b-9203-da868b05fc5f"),
    display_name: "Remove licenses from user",
    description: "Removes the licences named.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: licenses::PARAMETERS,
    version: 1,
};

impl PlanTask for RemoveLicenses {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Licenses]
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        licenses::named(people, arguments).err().map(|refusal| refusal.0)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let held = licenses::named(subject.people, arguments)?
            .into_iter()
            .filter(|sku| subject.holdings.licenses.binary_search(&sku.number).is_ok());
        let effects = held.map(|sku| Change::RemoveLicense { sku: sku.number }.into()).collect();
        Ok(Plan::each(effects, "the user has none of these licences"))
    }
}
