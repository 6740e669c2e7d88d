//! "Transfer agent identity sponsorships to manager". Undone by making the user sponsor again and the manager no more.

use uuid::uuid;

use super::{Arguments, Plan, PlanTask, Reads, Refusal, Snapshot, TaskDefinition};
use crate::effect::Change;
use crate::workflow::Category;

pub(super) struct TransferSponsorships;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("b8f4c3d5-9e7a-4b1c-8f2d-6a5e8b9c7f4a"),
    display_name: "Transfer agent identity sponsorships to manager",
    description: "Moves the sponsorships of the user to the manager.",
    categories: &[Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[],
    version: 1,
};

impl PlanTask for TransferSponsorships {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[Reads::Agents]
    }

    fn plan(&self, subject: &Snapshot<'_>, _arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        if subject.holdings.agents.is_empty() {
            return Ok(Plan::nothing_to_do("the user sponsors no agent identity"));
        }
        let Some(manager) = subject.manager() else {
            return Err(Refusal("the user has no manager".to_owned()));
        };
        let mut effects = Vec::new();
        for agent in &subject.holdings.agents {
            let Some(found) = subject.people.agents.get(agent) else { continue };
            if found.sponsors.binary_search(&manager.number).is_err() {
                effects.push(Change::AddAgentSponsor { agent: *agent, sponsor: manager.number }.into());
            }
            let sponsor = subject.user.number;
            effects.push(Change::RemoveAgentSponsor { agent: *agent, sponsor }.into());
        }
        Ok(Plan::each(effects, "the user sponsors no agent identity"))
    }
}
