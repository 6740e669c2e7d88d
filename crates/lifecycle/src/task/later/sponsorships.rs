//! Tasks about those whom a person sponsors.

use uuid::uuid;

use crate::task::{TaskDefinition, mail};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("b8c4e1f9-3a7d-4b2e-9c5f-8d6a9b1c2e3f"),
        display_name: "Send email to manager about sponsorship changes",
        description: "Tells the manager about agent identities whose sponsor changes.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("ad3b85cd-75b1-43e7-b4b9-0e52faba3944"),
        display_name: "Send email to co-sponsors about sponsor changes",
        description: "Tells the other sponsors of the same agent identities.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("b8f4c3d5-9e7a-4b1c-8f2d-6a5e8b9c7f4a"),
        display_name: "Transfer agent identity sponsorships to manager",
        description: "Moves the sponsorships of the user to the manager.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[],
        version: 1,
    },
];
