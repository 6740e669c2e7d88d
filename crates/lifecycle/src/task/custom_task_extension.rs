//! "Run a custom task extension". What the endpoint does is for the endpoint to undo.

use uuid::{Uuid, uuid};

use super::{Arguments, Names, Parameter, People, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::effect::{Call, CallManager, CallSubject, CallTask, Outside};
use crate::extension::CustomTaskExtension as Extension;
use crate::ids::ExtensionId;
use crate::workflow::Category;

const EXTENSION: &str = "customTaskExtensionID";

pub(super) struct CustomTaskExtension;

/// The definition's id.
pub(super) const ID: Uuid = uuid!("4262b724-8dba-4fad-afc3-43fcbb497a0e");

static DEFINITION: TaskDefinition = TaskDefinition {
    id: ID,
    display_name: "Run a custom task extension",
    description: "Calls the Logic App behind a customTaskExtension.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[Parameter::ids(EXTENSION, Names::Extension, true)],
    version: 1,
};

impl PlanTask for CustomTaskExtension {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn fails_for_everybody(&self, people: &People, arguments: &Arguments<'_>) -> Option<String> {
        named(people, arguments).err().map(|refusal| refusal.0)
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        let extension = named(subject.people, arguments)?;
        let text = |name: &str| subject.user.text(name).map(str::to_owned);
        let Some(task) = subject.task else {
            return Err(Refusal("the task is not part of a workflow".to_owned()));
        };
        Ok(Plan::one(Outside::Call(Box::new(Call {
            extension: extension.id,
            number: extension.number,
            subject: CallSubject {
                id: subject.user.id,
                display_name: text("displayName"),
                email: text("mail"),
                user_principal_name: text("userPrincipalName"),
                manager: subject.manager().map(|manager| CallManager {
                    id: manager.id,
                    display_name: manager.text("displayName").map(str::to_owned),
                    email: manager.text("mail").map(str::to_owned),
                }),
            },
            task: CallTask { id: task.id, display_name: task.display_name.clone() },
            workflow: subject.context.workflow.clone(),
            created: subject.context.created.as_millisecond(),
        }))))
    }
}

/// The extension that is named.
fn named<'a>(people: &'a People, arguments: &Arguments<'_>) -> Result<&'a Extension, Refusal> {
    let id = arguments.ids::<ExtensionId>(EXTENSION).into_iter().next();
    let found = id.and_then(|id| people.extensions.get(&id)).ok_or_else(|| {
        let id = arguments.get(EXTENSION).unwrap_or_default();
        Refusal(format!("the custom task extension {id} does not exist"))
    })?;
    match people.uncallable.get(&found.id) {
        Some(reason) => Err(Refusal(format!(
            "the custom task extension '{}' cannot be called: {reason}",
            found.display_name
        ))),
        None => Ok(found),
    }
}
