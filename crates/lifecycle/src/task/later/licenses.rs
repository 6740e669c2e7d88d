//! Tasks about licences.

use uuid::uuid;

use crate::task::{Parameter, TaskDefinition};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("683c87a4-2ad4-420b-97d4-220d90afcd24"),
        display_name: "Assign licenses to user",
        description: "Assigns the licences named.",
        categories: &[Category::Joiner, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("licenses", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("5fc402a8-daaf-4b7b-9203-da868b05fc5f"),
        display_name: "Remove licenses from user",
        description: "Removes the licences named.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("licenses", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("8fa97d28-3e52-4985-b3a9-a1126f9b8b4e"),
        display_name: "Remove all licenses for user",
        description: "Removes every directly assigned licence.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: &[],
        version: 1,
    },
];
