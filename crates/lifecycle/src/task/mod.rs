//! Built-in tasks, one a file. A task plans effects from what it is shown; it never performs them.

mod account;
mod add_to_groups;
mod add_to_teams;
mod all_of_kind;
mod arguments;
mod assign_licenses;
mod cancel_package_requests;
mod catalogue;
mod custom_task_extension;
mod delete_account;
mod disable_account;
mod enable_account;
mod groups;
mod licenses;
mod mail;
mod mails;
mod packages;
mod people;
mod remove_all_licenses;
mod remove_all_packages;
mod remove_from_all_groups;
mod remove_from_all_teams;
mod remove_from_groups;
mod remove_from_teams;
mod remove_licenses;
mod remove_package;
mod request_package;
mod revoke_sessions;
mod snapshot;
mod temporary_access_pass;
mod texts;
mod transfer_sponsorships;
mod update_attributes;

pub use arguments::{ArgumentError, Arguments, Missing, Named};
pub use catalogue::{
    BuiltIn, Names, Parameter, TaskDefinition, ValueType, built_in, built_ins, task_definition,
    task_definitions,
};
pub(crate) use delete_account::ID as DELETE_ACCOUNT;
pub(crate) use mail::escape_html;
pub use people::{Letterhead, People, SponsoredAgent};
pub use snapshot::{Context, Holdings, Snapshot};

use crate::effect::Effect;

/// What a task wants done, and what it will have achieved.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Plan {
    /// The changes, in order.
    pub effects: Vec<Effect>,
    /// Why there was nothing to do, or what was passed over.
    pub info: Option<String>,
    /// The task did what it could and still failed, for this reason.
    pub failure: Option<String>,
}

impl Plan {
    /// Nothing is to be done, for this reason.
    pub fn nothing_to_do(info: impl Into<String>) -> Self {
        Self { info: Some(info.into()), ..Self::default() }
    }

    /// One change.
    pub fn one(effect: impl Into<Effect>) -> Self {
        Self { effects: vec![effect.into()], ..Self::default() }
    }

    /// These changes; if there are none, there is nothing to do, for this reason.
    pub fn each(effects: Vec<Effect>, nothing: impl Into<String>) -> Self {
        if effects.is_empty() { Self::nothing_to_do(nothing) } else { Self { effects, ..Self::default() } }
    }
}

/// Why a task will not be done for this subject; nothing is changed by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// What of a subject a task looks at that costs a look of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Licences.
    Licenses,
    /// Access packages and requests for them.
    Packages,
    /// Sponsors of the subject.
    Sponsors,
    /// Agent identities that the subject vouches for, with all their sponsors.
    Agents,
    /// Directory roles.
    Roles,
    /// Ways to sign in.
    Methods,
}

/// A built-in task.
pub trait PlanTask: Send + Sync {
    /// Its definition.
    fn definition(&self) -> &'static TaskDefinition;

    /// Checks arguments beyond what the definition says of each.
    fn check(&self, _arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        Ok(())
    }

    /// What it has to be shown of the subject beside the person and their groups.
    fn reads(&self, _arguments: &Arguments<'_>) -> &'static [Reads] {
        &[]
    }

    /// Why the task fails for everybody as it is configured and the directory is; `None` if it does not.
    fn fails_for_everybody(&self, _people: &People, _arguments: &Arguments<'_>) -> Option<String> {
        None
    }

    /// What the arguments name that does not go together; the first of it, by argument.
    fn contradiction(&self, _people: &People, _arguments: &Arguments<'_>) -> Option<ArgumentError> {
        None
    }

    /// Whether it sends mails.
    fn sends_mail(&self) -> bool {
        false
    }

    /// What the task would change for this subject.
    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal>;
}
