//! The built-in tasks: one line each. `taskDefinitions`, validation and docs are derived from here.

use uuid::Uuid;

use super::{
    PlanTask, add_to_groups, add_to_teams, assign_licenses, cancel_package_requests, custom_task_extension,
    delete_account, disable_account, enable_account, mails, remove_all_licenses, remove_all_packages,
    remove_from_all_groups, remove_from_all_teams, remove_from_groups, remove_from_teams, remove_licenses,
    remove_package, request_package, revoke_sessions, temporary_access_pass, transfer_sponsorships,
    update_attributes,
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
    /// What it names by id, which has to be there.
    pub names: Option<Names>,
}

impl Parameter {
    /// A parameter that takes a text.
    pub(super) const fn text(name: &'static str, required: bool) -> Self {
        Self { name, value_type: ValueType::String, values: &[], required, names: None }
    }

    /// A parameter that takes ids, or one id.
    pub(super) const fn ids(name: &'static str, names: Names, required: bool) -> Self {
        Self { names: Some(names), ..Self::text(name, required) }
    }

    /// A parameter that takes `true` or `false`.
    pub(super) const fn flag(name: &'static str, required: bool) -> Self {
        Self { name, value_type: ValueType::Enum, values: &["true", "false"], required, names: None }
    }
}

/// What the ids of an argument name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Groups, by commas.
    Groups,
    /// Groups that are teams, by commas.
    Teams,
    /// Users, by commas; what is no id is something else.
    Users,
    /// Kinds of licences, by commas.
    Skus,
    /// One access package.
    Package,
    /// One policy of an access package.
    Policy,
    /// One custom task extension.
    Extension,
}

impl Names {
    /// What to call one of them.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Groups => "group",
            Self::Teams => "team",
            Self::Users => "user",
            Self::Skus => "licence",
            Self::Package => "access package",
            Self::Policy => "assignment policy",
            Self::Extension => "custom task extension",
        }
    }

    /// Whether there may be several.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Groups | Self::Teams | Self::Users | Self::Skus)
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
    &temporary_access_pass::TemporaryAccessPass,
    &add_to_teams::AddToTeams,
    &remove_from_teams::RemoveFromTeams,
    &remove_from_all_teams::RemoveFromAllTeams,
    &assign_licenses::AssignLicenses,
    &remove_licenses::RemoveLicenses,
    &remove_all_licenses::RemoveAllLicenses,
    &request_package::RequestPackage,
    &remove_package::RemovePackage,
    &remove_all_packages::RemoveAllPackages,
    &cancel_package_requests::CancelPackageRequests,
    &revoke_sessions::RevokeSessions,
    &update_attributes::UpdateAttributes,
    &delete_account::DeleteAccount,
    &transfer_sponsorships::TransferSponsorships,
    &custom_task_extension::CustomTaskExtension,
];

/// All built-in tasks.
pub fn built_ins() -> impl Iterator<Item = BuiltIn> {
    let mails = mails::TASKS.iter().map(|task| *task as BuiltIn);
    BUILT_INS.iter().copied().chain(mails)
}

/// All task definitions.
pub fn task_definitions() -> impl Iterator<Item = &'static TaskDefinition> {
    built_ins().map(PlanTask::definition)
}

/// The task definition of that id.
pub fn task_definition(id: TaskDefinitionId) -> Option<&'static TaskDefinition> {
    built_in(id).map(PlanTask::definition)
}

/// The id under which some of Graph's pages name the task that runs a custom task extension.
const OTHER_EXTENSION: Uuid = uuid::uuid!("d79d1fcc-16be-490c-a865-f4533b1639ee");

/// The built-in task of that definition id.
pub fn built_in(id: TaskDefinitionId) -> Option<BuiltIn> {
    let id = if id.0 == OTHER_EXTENSION { custom_task_extension::ID } else { id.0 };
    built_ins().find(|task| task.definition().id == id)
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
    fn the_extension_task_has_two_ids() {
        let other = built_in(TaskDefinitionId(OTHER_EXTENSION)).unwrap();
        assert_eq!(other.definition().id, custom_task_extension::ID);
    }
}
