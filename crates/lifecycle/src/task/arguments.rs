//! The arguments of a task: names compare without regard to case, values are texts.

use std::str::FromStr;

use uuid::Uuid;

use super::catalogue::{Names, ValueType};
use super::{Parameter, People, TaskDefinition};
use crate::ids::{AccessPackageId, ExtensionId, GroupId, PolicyId, SkuId, UserId};
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

/// Everything that arguments name by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Groups, teams among them.
    pub groups: Vec<GroupId>,
    /// Users.
    pub users: Vec<UserId>,
    /// Kinds of licences.
    pub skus: Vec<SkuId>,
    /// Access packages.
    pub packages: Vec<AccessPackageId>,
    /// Policies.
    pub policies: Vec<PolicyId>,
    /// Extensions.
    pub extensions: Vec<ExtensionId>,
}

/// Something that an argument names and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The argument.
    pub argument: &'static str,
    /// What is not there, in words.
    pub what: String,
}

impl<'a> Arguments<'a> {
    /// The value of an argument; empty and absent are the same.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let argument = self.0.iter().find(|argument| argument.name.eq_ignore_ascii_case(name))?;
        let value = argument.value.trim();
        (!value.is_empty()).then_some(value)
    }

    /// Whether an argument says `true`.
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The parts of a comma-separated list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
    }

    /// The ids an argument names; parts that are no ids are left out.
    pub fn ids<T: FromStr>(&self, name: &str) -> Vec<T> {
        self.list(name).filter_map(|part| part.parse().ok()).collect()
    }

    /// Adds what the arguments name to what others do.
    pub fn name_in(&self, definition: &TaskDefinition, named: &mut Named) {
        for parameter in definition.parameters {
            let name = parameter.name;
            match parameter.names {
                None => {}
                Some(Names::Groups | Names::Teams) => named.groups.extend(self.ids::<GroupId>(name)),
                Some(Names::Users) => named.users.extend(self.ids::<UserId>(name)),
                Some(Names::Skus) => named.skus.extend(self.ids::<SkuId>(name)),
                Some(Names::Package) => named.packages.extend(self.ids::<AccessPackageId>(name)),
                Some(Names::Policy) => named.policies.extend(self.ids::<PolicyId>(name)),
                Some(Names::Extension) => named.extensions.extend(self.ids::<ExtensionId>(name)),
            }
        }
    }

    /// The first thing that the arguments name and that is not there.
    pub fn missing(&self, definition: &TaskDefinition, people: &People) -> Option<Missing> {
        definition.parameters.iter().find_map(|parameter| {
            let names = parameter.names?;
            let is_there = |id: Uuid| match names {
                Names::Groups => people.group(GroupId(id)).is_some_and(|group| group.deleted.is_none()),
                Names::Teams => {
                    people.group(GroupId(id)).is_some_and(|group| group.deleted.is_none() && group.is_team)
                }
                Names::Users => people.user(UserId(id)).is_some(),
                Names::Skus => people.sku(SkuId(id)).is_some(),
                Names::Package => people.package(AccessPackageId(id)).is_some(),
                Names::Policy => people.policies.contains_key(&PolicyId(id)),
                Names::Extension => people.extensions.contains_key(&ExtensionId(id)),
            };
            let id = self.ids::<Uuid>(parameter.name).into_iter().find(|id| !is_there(*id))?;
            let what = format!("the {} {id}, which does not exist", names.noun());
            Some(Missing { argument: parameter.name, what })
        })
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
            check_value(parameter, argument.value.trim())?;
        }
        for parameter in definition.parameters.iter().filter(|parameter| parameter.required) {
            // A list of commas names nothing either.
            if self.list(parameter.name).next().is_none() {
                return Err(ArgumentError::new(parameter.name, "is required"));
            }
        }
        Ok(())
    }
}

/// Checks one value against its parameter.
fn check_value(parameter: &Parameter, value: &str) -> Result<(), ArgumentError> {
    if parameter.value_type == ValueType::Enum
        && !value.is_empty()
        && !parameter.values.iter().any(|allowed| allowed.eq_ignore_ascii_case(value))
    {
        let rule = format!("must be one of {}", parameter.values.join(", "));
        return Err(ArgumentError::new(parameter.name, rule));
    }
    // Where users are named, something else may be said too; the task knows what.
    let Some(names) = parameter.names.filter(|_| parameter.values.is_empty()) else { return Ok(()) };
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    for (place, part) in parts.enumerate() {
        if Uuid::parse_str(part).is_err() {
            let rule = if names.is_list() {
                format!("must be ids separated by commas; '{part}' is no id")
            } else {
                format!("must be an id; '{part}' is none")
            };
            return Err(ArgumentError::new(parameter.name, rule));
        }
        if place > 0 && !names.is_list() {
            return Err(ArgumentError::new(parameter.name, format!("must be one {}", names.noun())));
        }
    }
    Ok(())
}
