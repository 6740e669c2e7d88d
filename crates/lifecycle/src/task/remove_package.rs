//! "Remove access package assignment for user". Undone by letting the assignment go on.

use uuid::uuid;

use super::{Arguments, People, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition, packages};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct RemovePackage;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("4a0b64f2-c7ec-46ba-b117-18f262946c50"),
    display_name: "Remove access package assignment for user",
    description: "Removes one access package assignment.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[packages::PARAMETER],
    version: 1,
};

impl PlanTask for RemovePackage {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Packages]
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        packages::named(people, arguments).err().map(|refusal| refusal.0)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let package = packages::named(subject.people, arguments)?;
        Ok(match subject.assignment(package.number) {
            None => Plan::nothing_to_do("the user does not have the access package"),
            Some(assignment) => Plan::one(Change::EndAssignment {
                id: assignment.id,
                request: subject.fresh_request(),
                package: assignment.package,
                policy: assignment.policy,
                at: None,
            }),
        })
    }
}
