//! Directory roles that Tenure knows by name. Others can be held too: they are known by their id alone.

use uuid::{Uuid, uuid};

/// A role as Entra has it built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// Its template id, which is the same everywhere.
    pub id: Uuid,
    /// Name.
    pub display_name: &'static str,
    /// What whoever holds it can do.
    pub description: &'static str,
}

/// All that are known, by name.
pub static ROLES: &[RoleDefinition] = &[
    RoleDefinition {
        id: uuid!("62e90394-69f5-4237-9190-012177145e10"),
        display_name: "Global Administrator",
        description: "Can manage everything in the directory.",
    },
    RoleDefinition {
        id: uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
        display_name: "Global Reader",
        description: "Can read everything that a global administrator can, and change nothing.",
    },
    RoleDefinition {
        id: uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c"),
        display_name: "Groups Administrator",
        description: "Can manage groups and their settings.",
    },
    RoleDefinition {
        id: uuid!("729827e3-9c14-49f7-bb1b-9608f156bbb8"),
        display_name: "Helpdesk Administrator",
        description: "Can reset passwords of those who are no administrators.",
    },
    RoleDefinition {
        id: uuid!("59d46f88-662b-457b-bceb-5c3809e5908f"),
        display_name: "Lifecycle Workflows Administrator",
        description: "Can manage lifecycle workflows and what belongs to them.",
    },
    RoleDefinition {
        id: uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1"),
        display_name: "User Administrator",
        description: "Can manage people and groups.",
    },
];
