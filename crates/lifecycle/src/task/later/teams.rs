//! Tasks about teams.

use uuid::uuid;

use crate::task::{Parameter, TaskDefinition};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("e440ed8d-25a1-4618-84ce-091ed5be5594"),
        display_name: "Add user to Teams",
        description: "Puts the user into the Teams named.",
        categories: &[Category::Joiner, Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("teamID", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("06aa7acb-01af-4824-8899-b14e5ed788d6"),
        display_name: "Remove user from selected Teams",
        description: "Takes the user out of the Teams named.",
        categories: &[Category::Joiner, Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("teamID", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("81f7b200-2816-4b3b-8c5d-dc556f07b024"),
        display_name: "Remove user from all Teams",
        description: "Takes the user out of every static team.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: &[],
        version: 1,
    },
];
