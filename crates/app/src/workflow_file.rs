//! A workflow as a YAML file in the shape that Graph has in JSON, with groups by name: `{{group:All employees}}`.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;
use serde_json::Value as Json;
use tenure_lifecycle::ids::{GroupId, TaskDefinitionId};
use tenure_lifecycle::workflow::{
    Argument, Category, ExecutionConditions, NewTask, NewWorkflow, Offset, Scope, TimeAttribute, Trigger,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    category: Category,
    display_name: String,
    description: Option<String>,
    is_enabled: bool,
    is_scheduling_enabled: bool,
    execution_conditions: Conditions,
    tasks: Vec<WrittenTask>,
}

#[derive(Deserialize)]
#[serde(tag = "@odata.type", deny_unknown_fields)]
enum Conditions {
    #[serde(rename = "#microsoft.graph.identityGovernance.onDemandExecutionOnly")]
    OnDemandOnly {},
    #[serde(rename = "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions")]
    TriggerAndScope { scope: WrittenScope, trigger: WrittenTrigger },
}

#[derive(Deserialize)]
#[serde(tag = "@odata.type", deny_unknown_fields)]
enum WrittenScope {
    #[serde(rename = "#microsoft.graph.identityGovernance.ruleBasedSubjectSet")]
    Rule { rule: String },
    #[serde(rename = "#microsoft.graph.identityGovernance.groupBasedSubjectSet")]
    Groups { groups: Vec<WrittenGroup> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGroup {
    id: GroupId,
}

#[derive(Deserialize)]
#[serde(tag = "@odata.type", deny_unknown_fields)]
enum WrittenTrigger {
    #[serde(
        rename = "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
        rename_all = "camelCase"
    )]
    TimeBased { time_based_attribute: TimeAttribute, offset_in_days: i32 },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenTask {
    task_definition_id: TaskDefinitionId,
    display_name: String,
    description: Option<String>,
    #[serde(default = "yes")]
    is_enabled: bool,
    continue_on_error: Option<bool>,
    #[serde(default)]
    arguments: Vec<Argument>,
}

fn yes() -> bool {
    true
}

/// Reads a file; `groups` are those that it may name.
pub(super) fn parse(yaml: &str, groups: &HashMap<String, GroupId>) -> anyhow::Result<NewWorkflow> {
    let mut document: Json = serde_saphyr::from_str(yaml).map_err(|error| anyhow!("{error}"))?;
    put_ids(&mut document, groups)?;
    let written: Written = serde_json::from_value(document)?;
    let conditions = match written.execution_conditions {
        Conditions::OnDemandOnly {} => ExecutionConditions::OnDemandOnly,
        Conditions::TriggerAndScope { scope, trigger } => {
            let WrittenTrigger::TimeBased { time_based_attribute: attribute, offset_in_days } = trigger;
            ExecutionConditions::TriggerAndScope {
                scope: match scope {
                    WrittenScope::Rule { rule } => Scope::Rule { rule },
                    WrittenScope::Groups { groups } => {
                        Scope::Groups { groups: groups.into_iter().map(|group| group.id).collect() }
                    }
                },
                trigger: Trigger::TimeBased { attribute, offset: Offset::Days(offset_in_days) },
            }
        }
    };
    let task = |task: WrittenTask| NewTask {
        task_definition_id: task.task_definition_id,
        display_name: task.display_name,
        description: task.description,
        is_enabled: task.is_enabled,
        continue_on_error: task.continue_on_error,
        execution_sequence: None,
        arguments: task.arguments,
        retry: None,
    };
    Ok(NewWorkflow {
        category: written.category,
        display_name: written.display_name,
        description: written.description,
        is_enabled: written.is_enabled,
        is_scheduling_enabled: written.is_scheduling_enabled,
        is_by_interval: None,
        quarantine_configuration: None,
        conditions,
        tasks: written.tasks.into_iter().map(task).collect(),
    })
}

/// Replaces `{{group:NAME}}` in every text by the group's id; other placeholders are those of mails and stay.
fn put_ids(value: &mut Json, groups: &HashMap<String, GroupId>) -> anyhow::Result<()> {
    match value {
        Json::String(text) => {
            while let Some(start) = text.find("{{group:") {
                let Some(length) = text[start..].find("}}") else {
                    bail!("'{text}' has a placeholder without an end");
                };
                let name = text[start + "{{group:".len()..start + length].trim();
                let id = groups.get(name).with_context(|| format!("there is no group '{name}'"))?;
                text.replace_range(start..start + length + 2, &id.to_string());
            }
            Ok(())
        }
        Json::Array(items) => items.iter_mut().try_for_each(|item| put_ids(item, groups)),
        Json::Object(properties) => properties.values_mut().try_for_each(|value| put_ids(value, groups)),
        Json::Null | Json::Bool(_) | Json::Number(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups() -> HashMap<String, GroupId> {
        HashMap::from([("A".to_owned(), GroupId(uuid::Uuid::from_u128(10)))])
    }

    #[test]
    fn groups_are_named_by_name() {
        let mut value = serde_json::json!({ "a": ["{{group:A}},{{group: A }}", "{{userDisplayName}}"] });
        put_ids(&mut value, &groups()).unwrap();
        let id = uuid::Uuid::from_u128(10);
        assert_eq!(value, serde_json::json!({ "a": [format!("{id},{id}"), "{{userDisplayName}}"] }));
        let unknown = put_ids(&mut serde_json::json!("{{group:B}}"), &groups()).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no group 'B'");
        assert!(put_ids(&mut serde_json::json!("{{group:B"), &groups()).is_err());
    }

    #[test]
    fn an_unknown_property_is_named() {
        let error = parse("category: joiner\ncolour: red\n", &groups()).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
    }
}
