//! Built-in tasks, one a file. A task plans effects from what it is shown; it never performs them.

mod account;
mod add_to_groups;
mod arguments;
mod catalogue;
mod disable_account;
mod enable_account;
mod groups;
mod later;
mod mail;
mod remove_from_all_groups;
mod remove_from_groups;
mod snapshot;
mod welcome_mail;

pub use arguments::{ArgumentError, Arguments};
pub use catalogue::{
    BuiltIn, Parameter, TaskDefinition, ValueType, built_in, built_ins, task_definition, task_definitions,
};
pub(crate) use mail::escape_html;
pub use snapshot::{People, Snapshot};

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
    pub fn one(effect: Effect) -> Self {
        Self { effects: vec![effect], ..Self::default() }
    }
}

/// Why a task will not be done for this subject; nothing is changed by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// A built-in task.
pub trait PlanTask: Send + Sync {
    /// Its definition.
    fn definition(&self) -> &'static TaskDefinition;

    /// Checks arguments beyond what the definition says of each.
    fn check(&self, _arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        Ok(())
    }

    /// Why the task fails for everybody as it is configured and the directory is; `None` if it does not.
    fn fails_for_everybody(&self, _people: &People, _arguments: &Arguments<'_>) -> Option<String> {
        None
    }

    /// What the task would change for this subject.
    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal>;
}
