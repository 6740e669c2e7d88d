//! Templates for people, and guests, whom nobody needs any more. Their ids are our own.

use uuid::uuid;

use super::{Conditions, EXAMPLE_RULE, Scope, Task, Template, Trigger};
use crate::workflow::Category;

pub(super) static TEMPLATES: &[Template] = &[
    Template {
        id: uuid!("431bdbea-a379-40f1-a6bc-3c21d2be100a"),
        category: Category::Leaver,
        display_name: "Pre-Offboard inactive users",
        description: "Work when a user has been inactive for a time.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::UserInactivity { days: 90 },
        },
        tasks: &[
            Task {
                id: uuid!("c8570563-7c90-4d94-a2fa-a9fb9a32daea"),
                definition: uuid!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950"),
                arguments: &[],
            }, // Disable user account
            Task {
                id: uuid!("3509fdd4-0775-4cc1-9bef-0d65bd416a08"),
                definition: uuid!("92f74cb4-f1b6-4ec0-b766-96210f56edc2"),
                arguments: &[],
            }, // Send email about user inactivity
        ],
    },
    Template {
        id: uuid!("d494b8b9-3601-489e-82f7-b088a98afd0a"),
        category: Category::Leaver,
        display_name: "Offboard inactive users",
        description: "Work when a user has been inactive for longer.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::UserInactivity { days: 120 },
        },
        tasks: &[
            Task {
                id: uuid!("0876f1db-5d73-440c-a96c-8cc668f3a1eb"),
                definition: uuid!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950"),
                arguments: &[],
            }, // Disable user account
            Task {
                id: uuid!("30de37ae-ade8-4bf5-92dc-6b84a0894833"),
                definition: uuid!("92f74cb4-f1b6-4ec0-b766-96210f56edc2"),
                arguments: &[],
            }, // Send email about user inactivity
        ],
    },
    Template {
        id: uuid!("f9ca6d54-5ce2-4ca3-9242-2226cc87c926"),
        category: Category::Leaver,
        display_name: "Unsponsored guest cleanup (preview)",
        description: "Removes guests who have no sponsor.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::GuestSponsor { minimum_sponsors: 0 },
        },
        tasks: &[
            Task {
                id: uuid!("7ca284af-13b0-43a4-b452-b4fa24eb7837"),
                definition: uuid!("8d18588d-9ad3-4c0f-99d0-ec215f0e3dff"),
                arguments: &[],
            }, // Delete user account
        ],
    },
];
