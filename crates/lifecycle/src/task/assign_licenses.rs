//! "Assign licenses to user". Undone by removing the licences it assigned.

use uuid::uuid;

use super::{Arguments, People, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, licenses};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct AssignLicenses;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("683c87a4-2ad4-420b-97d4-220d90afcd24"),
    display_name: "Assign licenses to user",
    description: "Assigns the licences named.",
    categories: &[Category::Joiner, Category::Mover],
    continue_on_error: false,
    parameters: licenses::PARAMETERS,
    version: 1,
};

impl PlanTask for AssignLicenses {
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
        let mut effects = Vec::new();
        for sku in licenses::named(subject.people, arguments)? {
            if subject.holdings.licenses.binary_search(&sku.number).is_ok() {
                continue;
            }
            if sku.is_used_up() {
                return Err(Refusal(format!("no licence '{}' is left", sku.part_number)));
            }
            effects.push(Change::AssignLicense { sku: sku.number }.into());
        }
        if !effects.is_empty()
            && subject.user.text("usageLocation").is_none_or(|place| place.trim().is_empty())
        {
            return Err(Refusal(
                "the user has no usageLocation, without which no licence can be assigned".to_owned(),
            ));
        }
        Ok(Plan::each(effects, "the user has the licences already"))
    }
}
