//! Tasks that send a mail.

use uuid::uuid;

use crate::task::{TaskDefinition, mail};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("52853a3e-f4e5-4eb8-bb24-1ac09a1da935"),
        display_name: "Send email before user’s last day",
        description: "Tells the manager that the last day is near.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("9c0a1eaf-5bda-4392-9d9e-6e155bb57411"),
        display_name: "Send email on user’s last day",
        description: "Tells the manager that today is the last day.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("6f22ddd4-b3a5-47a4-a846-0d7c201a49ce"),
        display_name: "Send email after user’s last day",
        description: "Tells the manager that the user has left.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("3c860712-2d37-42a4-928f-5c93935d26a1"),
        display_name: "Send onboarding reminder email",
        description: "Reminds the manager of a coming new hire.",
        categories: &[Category::Joiner],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("aab41899-9972-422a-9d97-f626014578b7"),
        display_name: "Send email to notify manager of user move",
        description: "Tells the manager that the user moved.",
        categories: &[Category::Mover],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("92f74cb4-f1b6-4ec0-b766-96210f56edc2"),
        display_name: "Send email about user inactivity",
        description: "Tells the manager that the user has been inactive.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
    TaskDefinition {
        id: uuid!("a8e4c7f2-9d1b-4a3e-b5c6-8f2e7a9d4c1b"),
        display_name: "Send email about unsponsored guest removal (preview)",
        description: "Tells administrators that a guest without sponsor will be removed.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: mail::PARAMETERS,
        version: 1,
    },
];
