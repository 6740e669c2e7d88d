//! Templates for people who leave.

use uuid::uuid;

use super::{Conditions, EXAMPLE_RULE, Scope, Task, Template, Trigger};
use crate::workflow::{Category, TimeAttribute};

pub(super) static TEMPLATES: &[Template] = &[
    Template {
        id: uuid!("145735f1-57cc-48c2-81ec-727f07a10096"),
        category: Category::Leaver,
        display_name: "Real-time employee termination",
        description: "On-demand work when a user is terminated.",
        conditions: Conditions::OnDemandOnly,
        tasks: &[
            Task {
                id: uuid!("1b89bb69-a8cf-416b-a69e-4f6d8108834c"),
                definition: uuid!("b3a31406-2a15-4c9a-b25b-a658fa5f07fc"),
                arguments: &[],
            }, // Remove user from all groups
            Task {
                id: uuid!("d3cea676-ccce-4426-825c-63c63e9a64c7"),
                definition: uuid!("81f7b200-2816-4b3b-8c5d-dc556f07b024"),
                arguments: &[],
            }, // Remove user from all Teams
            Task {
                id: uuid!("adbd4f05-99f0-4260-a155-7657623ca071"),
                definition: uuid!("8d18588d-9ad3-4c0f-99d0-ec215f0e3dff"),
                arguments: &[],
            }, // Delete user account
        ],
    },
    Template {
        id: uuid!("25abd83d-3b5d-4d6f-bb9a-4ed366fd96b1"),
        category: Category::Leaver,
        display_name: "Pre-Offboarding of an employee",
        description: "Work before the last day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased {
                attribute: TimeAttribute::EmployeeLeaveDateTime,
                offset_in_days: -7,
            },
        },
        tasks: &[
            Task {
                id: uuid!("7e9aac8a-d239-4867-be60-b3c999c50ee7"),
                definition: uuid!("1953a66c-751c-45e5-8bfe-01462c70da3c"),
                arguments: &[("groupID", "")],
            }, // Remove user from selected groups
            Task {
                id: uuid!("40eab675-1aaf-432d-b17e-053d93b0fe2e"),
                definition: uuid!("06aa7acb-01af-4824-8899-b14e5ed788d6"),
                arguments: &[("teamID", "")],
            }, // Remove user from selected Teams
        ],
    },
    Template {
        id: uuid!("e821c59e-d28c-44d7-902f-5fed05e926f1"),
        category: Category::Leaver,
        display_name: "Offboard an employee",
        description: "Work on the last day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased {
                attribute: TimeAttribute::EmployeeLeaveDateTime,
                offset_in_days: 0,
            },
        },
        tasks: &[
            Task {
                id: uuid!("8d9eab35-6c32-4b76-acbd-6a22cb07aa6a"),
                definition: uuid!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950"),
                arguments: &[],
            }, // Disable user account
            Task {
                id: uuid!("4f5d8835-5d38-4106-ac7e-ebc407749bd2"),
                definition: uuid!("b3a31406-2a15-4c9a-b25b-a658fa5f07fc"),
                arguments: &[],
            }, // Remove user from all groups
            Task {
                id: uuid!("8087b303-e7d5-492d-ab75-31d4aa34bd73"),
                definition: uuid!("81f7b200-2816-4b3b-8c5d-dc556f07b024"),
                arguments: &[],
            }, // Remove user from all Teams
        ],
    },
    Template {
        id: uuid!("50149a4a-7c2d-4fd8-8018-761f4eb915cb"),
        category: Category::Leaver,
        display_name: "Post-Offboarding of an employee",
        description: "Work after the last day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased {
                attribute: TimeAttribute::EmployeeLeaveDateTime,
                offset_in_days: 7,
            },
        },
        tasks: &[
            Task {
                id: uuid!("760ab754-8249-4bce-9315-1ad06488e434"),
                definition: uuid!("8fa97d28-3e52-4985-b3a9-a1126f9b8b4e"),
                arguments: &[],
            }, // Remove all licenses for user
            Task {
                id: uuid!("17b4e37b-c50b-4e04-a11c-93479f487d1d"),
                definition: uuid!("81f7b200-2816-4b3b-8c5d-dc556f07b024"),
                arguments: &[],
            }, // Remove user from all Teams
            Task {
                id: uuid!("46849618-30e7-4b67-abf0-f8c7f0d54b95"),
                definition: uuid!("8d18588d-9ad3-4c0f-99d0-ec215f0e3dff"),
                arguments: &[],
            }, // Delete user account
        ],
    },
];
