//! The arguments of a task: names compare without regard to case, values are texts.

use super::TaskDefinition;
use super::catalogue::ValueType;
use crate::ids::{GroupId, UserId};
use crate::workflow::Argument;

/// The arguments a task was given.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a>(pub &'a [Argument]);

/// An argument that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("argument '{name}' {rule}")]
pub struct ArgumentError {
    /// Which.
    pub name: String,
    /// The rule it breaks.
    pub rule: String,
}

impl ArgumentError {
    /// An error about that argument.
    pub fn new(name: &str, rule: impl Into<String>) -> Self {
        Self { name: name.to_owned(), rule: rule.into() }
    }
}

impl<'a> Arguments<'a> {
    /// The value of an argument; empty and absent are the same.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let argument = self.0.iter().find(|argument| argument.name.eq_ignore_ascii_case(name))?;
        let value = argument.value.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The parts of a comma-separated list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    /// The groups an argument names; validation has made sure that they are ids.
    pub fn groups(&self, name: &str) -> Vec<GroupId> {
        self.list(name).filter_map(|part| part.parse().ok()).collect()
    }

    /// The users an argument names; parts that are no ids are left out.
    pub fn users(&self, name: &str) -> Vec<UserId> {
        self.list(name).filter_map(|part| part.parse().ok()).collect()
    }

    /// Checks the arguments against what the definition says of each parameter.
    pub fn check(&self, definition: &TaskDefinition) -> Result<(), ArgumentError> {
        for (place, argument) in self.0.iter().enumerate() {
            let Some(parameter) = definition
                .parameters
                .iter()
                .find(|parameter| parameter.name.eq_ignore_ascii_case(&argument.name))
            else {
                return Err(ArgumentError::new(
                    &argument.name,
                    format!("is not known to '{}'", definition.display_name),
                ));
            };
            if self.0[..place].iter().any(|earlier| earlier.name.eq_ignore_ascii_case(&argument.name)) {
                return Err(ArgumentError::new(parameter.name, "is given twice"));
            }
            let value = argument.value.trim();
            if parameter.value_type == ValueType::Enum
                && !value.is_empty()
                && !parameter.values.iter().any(|allowed| allowed.eq_ignore_ascii_case(value))
            {
                return Err(ArgumentError::new(
                    parameter.name,
                    format!("must be one of {}", parameter.values.join(", ")),
                ));
            }
        }
        for parameter in definition.parameters.iter().filter(|parameter| parameter.required) {
            if self.get(parameter.name).is_none() {
                return Err(ArgumentError::new(parameter.name, "is required"));
            }
        }
        Ok(())
    }

    /// Checks that a required list holds nothing but ids.
    pub fn check_ids(&self, name: &str) -> Result<(), ArgumentError> {
        for part in self.list(name) {
            if uuid::Uuid::parse_str(part).is_err() {
                return Err(ArgumentError::new(
                    name,
                    format!("must be ids separated by commas; '{part}' is no id"),
                ));
            }
        }
        if self.list(name).next().is_none() {
            return Err(ArgumentError::new(name, "is required"));
        }
        Ok(())
    }
}
