//! Templates for people who change.

use uuid::uuid;

use super::{Conditions, EXAMPLE_RULE, Scope, Task, Template, Trigger};
use crate::workflow::Category;

pub(super) static TEMPLATES: &[Template] = &[
    Template {
        id: uuid!("77a82a99-9dfb-471d-a396-107954328b7f"),
        category: Category::Mover,
        display_name: "Real-time employee job change",
        description: "On-demand work when a user changes job.",
        conditions: Conditions::OnDemandOnly,
        tasks: &[
            Task {
                id: uuid!("f187bcde-830a-4f4b-bed0-e2347b418c01"),
                definition: uuid!("4262b724-8dba-4fad-afc3-43fcbb497a0e"),
                arguments: &[("customTaskExtensionID", "")],
            }, // Run a custom task extension
            Task {
                id: uuid!("24422850-abc3-4525-9567-e2fd4bd0adcb"),
                definition: uuid!("42ae2956-193d-4f39-be06-691b8ac4fa1d"),
                arguments: &[("daysUntilExpiration", "15")],
            }, // Remove all access package assignments for user
        ],
    },
    Template {
        id: uuid!("56da3093-d105-40d4-9886-fccd074f2f2a"),
        category: Category::Mover,
        display_name: "Employee group membership changes",
        description: "Work when a user joins or leaves a group.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Groups,
            trigger: Trigger::MembershipChange { change: "add" },
        },
        tasks: &[
            Task {
                id: uuid!("db0500d1-c988-4114-a005-f227649aedfd"),
                definition: uuid!("4a0b64f2-c7ec-46ba-b117-18f262946c50"),
                arguments: &[("accessPackageId", "")],
            }, // Remove access package assignment for user
            Task {
                id: uuid!("b1049615-0be5-43dc-a919-1f5bf6db967b"),
                definition: uuid!("06aa7acb-01af-4824-8899-b14e5ed788d6"),
                arguments: &[("teamID", "")],
            }, // Remove user from selected Teams
            Task {
                id: uuid!("96c00437-3a06-4710-bd0b-ab57773a9189"),
                definition: uuid!("aab41899-9972-422a-9d97-f626014578b7"),
                arguments: &[],
            }, // Send email to notify manager of user move
        ],
    },
    Template {
        id: uuid!("16819b2d-74e9-4fb9-9ba7-48b8a26ab11d"),
        category: Category::Mover,
        display_name: "Employee job profile change",
        description: "Work when attributes of a user change.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::AttributeChange { attributes: &["department"] },
        },
        tasks: &[
            Task {
                id: uuid!("96c00437-3a06-4710-bd0b-ab57773a9189"),
                definition: uuid!("aab41899-9972-422a-9d97-f626014578b7"),
                arguments: &[],
            }, // Send email to notify manager of user move
            Task {
                id: uuid!("e9e641d3-e457-433c-9d6c-78a4f2505aef"),
                definition: uuid!("1953a66c-751c-45e5-8bfe-01462c70da3c"),
                arguments: &[("groupID", "")],
            }, // Remove user from selected groups
            Task {
                id: uuid!("b1049615-0be5-43dc-a919-1f5bf6db967b"),
                definition: uuid!("06aa7acb-01af-4824-8899-b14e5ed788d6"),
                arguments: &[("teamID", "")],
            }, // Remove user from selected Teams
            Task {
                id: uuid!("8c2c653f-46a1-4042-9b4d-2c3d503a4fcc"),
                definition: uuid!("c1ec1e76-f374-4375-aaa6-0bb6bd4c60be"),
                arguments: &[("assignmentPolicyId", ""), ("accessPackageId", "")],
            }, // Request user access package assignment
        ],
    },
];
