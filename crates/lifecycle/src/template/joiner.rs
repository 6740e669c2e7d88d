//! Templates for people who start.

use uuid::uuid;

use super::{Conditions, EXAMPLE_RULE, Scope, Task, Template, Trigger};
use crate::workflow::{Category, TimeAttribute};

pub(super) static TEMPLATES: &[Template] = &[
    Template {
        id: uuid!("77179007-8114-41b5-922e-2e22109df41f"),
        category: Category::Joiner,
        display_name: "Onboard pre-hire employee",
        description: "Work to be done before the first day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset_in_days: -7 },
        },
        tasks: &[
            Task {
                id: uuid!("3e062c24-d219-483d-9258-288f2a039b94"),
                definition: uuid!("1b555e50-7f65-41d5-b514-5894a026d10d"),
                arguments: &[("tapLifetimeMinutes", "480"), ("tapIsUsableOnce", "true")],
            }, // Generate TAP and send email
        ],
    },
    Template {
        id: uuid!("4e06785d-7c1d-4b24-b9e1-bba2b890c58b"),
        category: Category::Joiner,
        display_name: "Onboard new hire employee",
        description: "Work on the first day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset_in_days: 0 },
        },
        tasks: &[
            Task {
                id: uuid!("e18f3208-311c-46a3-a27b-d9c15cd595bc"),
                definition: uuid!("6fc52c9d-398b-4305-9763-15f42c1676fc"),
                arguments: &[],
            }, // Enable user account
            Task {
                id: uuid!("e9551045-4302-499f-9108-60b9e23c067a"),
                definition: uuid!("70b29d51-b59a-4773-9280-8841dfd3f2ea"),
                arguments: &[],
            }, // Send welcome email
            Task {
                id: uuid!("560acd0c-321e-4e7e-9f31-ff8899c55878"),
                definition: uuid!("22085229-5809-45e8-97fd-270d28d66910"),
                arguments: &[("groupID", "")],
            }, // Add user to groups
        ],
    },
    Template {
        id: uuid!("dce038a6-482a-46a2-9ee0-675c5e8477b9"),
        category: Category::Joiner,
        display_name: "Post-Onboarding of an employee",
        description: "Work after the first day.",
        conditions: Conditions::TriggerAndScope {
            scope: Scope::Rule(EXAMPLE_RULE),
            trigger: Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset_in_days: 7 },
        },
        tasks: &[
            Task {
                id: uuid!("33350498-4404-487f-94ae-db312e436eda"),
                definition: uuid!("22085229-5809-45e8-97fd-270d28d66910"),
                arguments: &[("groupID", "")],
            }, // Add user to groups
            Task {
                id: uuid!("6f7925a5-633d-4cd9-9c4b-8f4b2f040e2b"),
                definition: uuid!("e440ed8d-25a1-4618-84ce-091ed5be5594"),
                arguments: &[("teamID", "")],
            }, // Add user to Teams
        ],
    },
];
