//! Tasks about an account as a whole.

use uuid::uuid;

use crate::task::{Parameter, TaskDefinition, ValueType};
use crate::workflow::Category;

pub(super) static DEFINITIONS: &[TaskDefinition] = &[
    TaskDefinition {
        id: uuid!("8d18588d-9ad3-4c0f-99d0-ec215f0e3dff"),
        display_name: "Delete user account",
        description: "Deletes the user object.",
        categories: &[Category::Leaver],
        continue_on_error: false,
        parameters: &[Parameter {
            name: "deleteOnPremisesAccount",
            value_type: ValueType::Enum,
            values: &["true", "false"],
            required: false,
        }],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("509589a4-0466-4471-829e-49c5e502bdee"),
        display_name: "Revoke all refresh tokens for user",
        description: "Ends the sessions of the user.",
        categories: &[Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("2c8f4a1b-7d3e-4f9c-8a5b-6e1d2c3f4a5b"),
        display_name: "Update user attributes (preview)",
        description: "Writes user attributes.",
        categories: &[Category::Joiner, Category::Leaver, Category::Mover],
        continue_on_error: false,
        parameters: &[Parameter::text("attributeUpdates", true)],
        version: 1,
    },
    TaskDefinition {
        id: uuid!("1b555e50-7f65-41d5-b514-5894a026d10d"),
        display_name: "Generate TAP and send email",
        description: "Creates a Temporary Access Pass and mails it, by default to the manager.",
        categories: &[Category::Joiner],
        continue_on_error: false,
        parameters: &[
            Parameter::text("tapLifetimeMinutes", true),
            Parameter {
                name: "tapIsUsableOnce",
                value_type: ValueType::Enum,
                values: &["true", "false"],
                required: true,
            },
            Parameter::text("cc", false),
            Parameter::text("customSubject", false),
            Parameter::text("customBody", false),
            Parameter::text("locale", false),
            Parameter {
                name: "to",
                value_type: ValueType::String,
                values: &[
                    "User",
                    "Manager",
                    "Sponsors",
                    "{UserId}",
                    "User/otherMails",
                    "User/customSecurityAttributes/{attributeSet}/{attributeName}",
                    "User/{directoryExtensionAttribute}",
                    "User/onPremisesExtensionAttributes/{extensionAttribute[1-15]}",
                ],
                required: false,
            },
        ],
        version: 1,
    },
];
