//! "Cancel pending access package assignment requests for user". Undone by letting the requests wait again.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition};
use crate::directory::AssignmentRequest;
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct CancelPackageRequests;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("498770d9-bab7-4e4c-b73d-5ded82a1d0b3"),
    display_name: "Cancel pending access package assignment requests for user",
    description: "Cancels open access package requests.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for CancelPackageRequests {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Packages]
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let waiting = subject.holdings.requests.iter();
        let cancel = |request: &AssignmentRequest| {
            Change::CancelRequest { request: request.number, package: request.package }.into()
        };
        Ok(Plan::each(waiting.map(cancel).collect(), "no request of the user waits"))
    }
}
