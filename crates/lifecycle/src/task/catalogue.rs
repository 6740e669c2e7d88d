//! The built-in tasks: one line each. `taskDefinitions`, validation and docs are derived from here.

use uuid::Uuid;

use super::{
    PlanTask, add_to_groups, disable_account, enable_account, remove_from_all_groups, remove_from_groups,
    welcome_mail,
};
use crate::ids::TaskDefinitionId;
use crate::workflow::Category;

/// A built-in task as `taskDefinitions` shows it.
#[derive(Debug)]
pub struct TaskDefinition {
    /// Graph's id.
    pub id: Uuid,
    /// Name.
    pub display_name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Which workflows may use it.
    pub categories: &'static [Category],
    /// What `continueOnError` is when nobody says.
    pub continue_on_error: bool,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Version of the definition.
    pub version: i64,
}

impl TaskDefinition {
    /// Its id as the type used elsewhere.
    pub fn id(&self) -> TaskDefinitionId {
        TaskDefinitionId(self.id)
    }

    /// The flags value as Graph writes it, such as `joiner,leaver`.
    pub fn category(&self) -> String {
        self.categories.iter().map(|category| category.as_str()).collect::<Vec<_>>().join(",")
    }
}

/// One parameter of a task.
#[derive(Debug)]
pub struct Parameter {
    /// Name.
    pub name: &'static str,
    /// What it takes.
    pub value_type: ValueType,
    /// The only values, for an enum; a hint otherwise.
    pub values: &'static [&'static str],
    /// Whether the task needs it.
    pub required: bool,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// One of some values.
    Enum,
    /// Text.
    String,
}

impl ValueType {
    /// As Graph spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enum => "enum",
            Self::String => "string",
        }
    }
}

/// A built-in task.
pub type BuiltIn = &'static dyn PlanTask;

static BUILT_INS: &[BuiltIn] = &[
    &add_to_groups::AddToGroups,
    &disable_account::DisableAccount,
    &enable_account::EnableAccount,
    &remove_from_groups::RemoveFromGroups,
    &remove_from_all_groups::RemoveFromAllGroups,
    &welcome_mail::WelcomeMail,
];

/// All built-in tasks.
pub fn built_ins() -> &'static [BuiltIn] {
    BUILT_INS
}

/// The built-in task of that definition id.
pub fn built_in(id: TaskDefinitionId) -> Option<BuiltIn> {
    BUILT_INS.iter().copied().find(|task| task.definition().id == id.0)
}
