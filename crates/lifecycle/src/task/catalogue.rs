//! The built-in tasks: one line each. `taskDefinitions`, validation and docs are derived from here.

use uuid::Uuid;

use super::{
    PlanTask, add_to_groups, disable_account, enable_account, later, remove_from_all_groups,
    remove_from_groups, welcome_mail,
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

impl Parameter {
    /// A parameter that takes a text.
    pub(super) const fn text(name: &'static str, required: bool) -> Self {
        Self { name, value_type: ValueType::String, values: &[], required }
    }
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

/// All built-in tasks that a workflow can use.
pub fn built_ins() -> &'static [BuiltIn] {
    BUILT_INS
}

/// All task definitions, those of tasks that no workflow can use yet last.
pub fn task_definitions() -> impl Iterator<Item = &'static TaskDefinition> {
    BUILT_INS.iter().map(|task| task.definition()).chain(later::definitions())
}

/// The task definition of that id, whether or not a workflow can use the task yet.
pub fn task_definition(id: TaskDefinitionId) -> Option<&'static TaskDefinition> {
    task_definitions().find(|definition| definition.id == id.0)
}

/// The built-in task of that definition id, if a workflow can use it.
pub fn built_in(id: TaskDefinitionId) -> Option<BuiltIn> {
    BUILT_INS.iter().copied().find(|task| task.definition().id == id.0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_definition_is_there_once() {
        let ids: HashSet<Uuid> = task_definitions().map(|definition| definition.id).collect();
        assert_eq!((task_definitions().count(), ids.len()), (31, 31));
        for definition in task_definitions() {
            assert!(!definition.categories.is_empty(), "{}", definition.display_name);
        }
    }

    #[test]
    fn a_task_to_come_has_a_definition_and_no_plan() {
        let mut to_come = task_definitions().filter(|definition| built_in(definition.id()).is_none());
        assert!(to_come.any(|definition| definition.display_name == "Add user to Teams"));
    }
}
