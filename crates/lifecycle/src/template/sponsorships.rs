//! Templates for those who sponsor agents. Their ids are our own.

use uuid::uuid;

use super::{Conditions, EXAMPLE_RULE, Scope, Task, Template, Trigger};
use crate::workflow::{Category, TimeAttribute};

pub(super) static TEMPLATES: &[Template] = &[
    Template {
        id: uuid!("3dc6cb4a-d2ce-461b-a570-051b87343ec0"),
        category: Category::Leaver,
        display_name: "Transition agent sponsorships when a sponsor leaves",
        description: "Moves sponsorship of agent identities.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased {
                attribute: TimeAttribute::EmployeeLeaveDateTime,
                offset_in_days: 0,
            },
        },
        tasks: &[
            Task {
                id: uuid!("f5133a4a-d093-409c-a3f2-e952da3da430"),
                definition: uuid!("b8c4e1f9-3a7d-4b2e-9c5f-8d6a9b1c2e3f"),
                arguments: &[],
            }, // Send email to manager about sponsorship changes
            Task {
                id: uuid!("1b273ff6-8b20-4000-932f-0634db39ebfa"),
                definition: uuid!("ad3b85cd-75b1-43e7-b4b9-0e52faba3944"),
                arguments: &[],
            }, // Send email to co-sponsors about sponsor changes
            Task {
                id: uuid!("afd999ea-8af6-4360-b171-f93e42c2f42f"),
                definition: uuid!("b8f4c3d5-9e7a-4b1c-8f2d-6a5e8b9c7f4a"),
                arguments: &[],
            }, // Transfer agent identity sponsorships to manager
        ],
    },
    Template {
        id: uuid!("9a4510e7-d492-470b-83a0-1ecedbb2503f"),
        category: Category::Mover,
        display_name: "Transition agent sponsorships when a sponsor changes roles",
        description: "Moves sponsorship of agent identities.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::AttributeChange { attributes: &[] },
        },
        tasks: &[
            Task {
                id: uuid!("2b9c0ccc-1942-463d-a74b-77d18b7f8b1f"),
                definition: uuid!("b8c4e1f9-3a7d-4b2e-9c5f-8d6a9b1c2e3f"),
                arguments: &[],
            }, // Send email to manager about sponsorship changes
            Task {
                id: uuid!("52304f89-8379-4744-9437-31966a7103c3"),
                definition: uuid!("ad3b85cd-75b1-43e7-b4b9-0e52faba3944"),
                arguments: &[],
            }, // Send email to co-sponsors about sponsor changes
            Task {
                id: uuid!("fd80a0c0-3d43-468e-9bc3-6664ca7aa038"),
                definition: uuid!("b8f4c3d5-9e7a-4b1c-8f2d-6a5e8b9c7f4a"),
                arguments: &[],
            }, // Transfer agent identity sponsorships to manager
        ],
    },
];
