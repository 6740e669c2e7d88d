//! The task that calls somebody's endpoint.

use uuid::uuid;

use crate::task::{Parameter, TaskDefinition};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[TaskDefinition {
    id: uuid!("4262b724-8dba-4fad-afc3-43fcbb497a0e"),
    display_name: "Run a custom task extension",
    description: "Calls the Logic App behind a customTaskExtension.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[Parameter::text("customTaskExtensionID", true)],
    version: 1,
}];
