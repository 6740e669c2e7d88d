//! "Update user attributes (preview)". Undone by setting the attributes back.

use serde::Deserialize;
use serde_json::Value as Json;
use uuid::uuid;

use super::{ArgumentError, Arguments, Parameter, Plan, PlanTask, Refusal, Snapshot, TaskDefinition};
use crate::directory::{Attribute, Kind, Value, attribute};
use crate::effect::{Change, Effect};
use crate::workflow::{Category, validate_name};

const UPDATES: &str = "attributeUpdates";
/// Most attributes of one task, as in Graph.
const MOST: usize = 10;
/// Longest value.
const LONGEST: usize = 4_096;

/// Attributes that name the person, decide who may sign in or when they leave, or are kept by somebody else.
const NEVER: [&str; 6] = [
    "accountEnabled",
    "employeeId",
    "employeeLeaveDateTime",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "userPrincipalName",
];

pub(super) struct UpdateAttributes;

static DEFINITION: TaskDefinition = TaskDefinition {
    id: uuid!("2c8f4a1b-7d3e-4f9c-8a5b-6e1d2c3f4a5b"),
    display_name: "Update user attributes (preview)",
    description: "Writes user attributes.",
    categories: &[Category::Joiner, Category::Leaver, Category::Mover],
    continue_on_error: false,
    parameters: &[Parameter::text(UPDATES, true)],
    version: 1,
};

impl PlanTask for UpdateAttributes {
    fn definition(&self) -> &'static TaskDefinition {
        &DEFINITION
    }

    fn check(&self, arguments: &Arguments<'_>) -> Result<(), ArgumentError> {
        updates(arguments).map(|_| ()).map_err(|rule| ArgumentError::new(UPDATES, rule))
    }

    fn plan(&self, subject: &Snapshot<'_>, arguments: &Arguments<'_>) -> Result<Plan, Refusal> {
        subject.refuse_protected()?;
        if subject.user.is_synced() {
            return Err(Refusal(
                "the account is synced from another directory, which keeps its attributes".to_owned(),
            ));
        }
        let updates = updates(arguments).map_err(|rule| Refusal(format!("{UPDATES} {rule}")))?;
        let changed =
            updates.into_iter().filter(|(attribute, value)| subject.user.value_of(attribute) != *value);
        let effects: Vec<Effect> =
            changed.map(|(attribute, value)| Change::SetAttribute { attribute, value }.into()).collect();
        Ok(Plan::each(effects, "the attributes have these values already"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    attribute: String,
    #[serde(deserialize_with = "Option::deserialize")]
    value: Option<String>,
}

/// The attributes with their values, or the rule that the argument breaks.
fn updates(arguments: &Arguments<'_>) -> Result<Vec<(&'static Attribute, Value)>, String> {
    let text = arguments.get(UPDATES).unwrap_or_default();
    let list: Vec<Update> = serde_json::from_str(text).map_err(|error| {
        format!(r#"must be a list such as [{{"attribute":"department","value":"Sales"}}]: {error}"#)
    })?;
    if list.is_empty() || list.len() > MOST {
        return Err(format!("must name from 1 to {MOST} attributes"));
    }
    let mut updates: Vec<(&'static Attribute, Value)> = Vec::new();
    for update in list {
        let name = update.attribute.trim();
        let known = attribute(name).filter(|known| is_allowed(known));
        let Some(known) = known else {
            let name: String = name.chars().take(100).collect();
            return Err(format!("names '{name}', which is no attribute that a task may set"));
        };
        if updates.iter().any(|(earlier, _)| earlier.code == known.code) {
            return Err(format!("names '{}' twice", known.name));
        }
        updates.push((known, value(known, update.value.as_deref().unwrap_or_default())?));
    }
    Ok(updates)
}

fn is_allowed(attribute: &Attribute) -> bool {
    !attribute.is_read_only()
        && !NEVER.contains(&attribute.name)
        && !attribute.name.starts_with("signInActivity/")
        && matches!(attribute.kind, Kind::Text | Kind::DateTime)
}

/// A value from its text; an empty one clears.
fn value(attribute: &Attribute, text: &str) -> Result<Value, String> {
    if attribute.name == "displayName" {
        // Nobody is without a name, whoever writes it.
        validate_name(attribute.name, text)
            .map_err(|error| format!("gives 'displayName' a value that {}", error.rule))?;
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!(
            "gives '{}' a value that is longer than {LONGEST} bytes or holds control characters",
            attribute.name
        ));
    }
    Value::from_json(attribute, &Json::String(text.to_owned()))
        .map_err(|error| format!("gives '{}' a value that {error}", attribute.name))
}
