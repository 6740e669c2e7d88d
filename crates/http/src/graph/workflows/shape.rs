//! Workflows, versions and tasks as Graph shows them.

use jiff::Timestamp;
use serde_json::{Value, json};
use tenure_lifecycle::engine::next_interval;
use tenure_lifecycle::ids::CallerId;
use tenure_lifecycle::operations::schedule;
use tenure_lifecycle::task::{TaskDefinition, task_definition};
use tenure_lifecycle::workflow::{Category, ExecutionConditions, Quarantine, Scope, Task, Version, Workflow};

use super::trigger::trigger_json;
use crate::graph::quarantine_configuration;
use crate::odata::{Item, Kind, Properties, Property, operators, time, time_or_null};

/// Members of `lifecycleWorkflowCategory`.
pub(crate) const CATEGORIES: &[&str] = &["joiner", "leaver", "mover"];

/// Properties of a workflow.
pub(crate) const WORKFLOW: Properties = Properties {
    of: "a workflow",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("category", Kind::Enum(CATEGORIES), operators::EQUALITY),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("lastModifiedDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("deletedDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("isEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("isSchedulingEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("nextScheduleRunDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("version", Kind::Integer, operators::ORDER),
        Property::shown("executionConditions"),
        Property::ordered("createdBy/id", Kind::Id, operators::EQUALITY),
        Property::ordered("lastModifiedBy/id", Kind::Id, operators::EQUALITY),
        Property::shown("quarantineDetails"),
        Property::shown("settings"),
        Property::shown("tasks"),
    ],
};

/// Properties of a workflow version.
pub(crate) const VERSION: Properties = Properties {
    of: "a workflow version",
    list: &[
        Property::ordered("versionNumber", Kind::Integer, operators::ORDER),
        Property::ordered("category", Kind::Enum(CATEGORIES), operators::EQUALITY),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::ordered("createdDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("lastModifiedDateTime", Kind::DateTime, operators::ORDER),
        Property::ordered("isEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("isSchedulingEnabled", Kind::Boolean, operators::EQUALITY),
        Property::shown("executionConditions"),
        Property::ordered("createdBy/id", Kind::Id, operators::EQUALITY),
        Property::ordered("lastModifiedBy/id", Kind::Id, operators::EQUALITY),
        Property::shown("tasks"),
    ],
};

/// Properties of a task.
pub(crate) const TASK: Properties = Properties {
    of: "a task",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("category", Kind::Flags(CATEGORIES), operators::FLAGS),
        Property::ordered("continueOnError", Kind::Boolean, operators::EQUALITY),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::ordered("executionSequence", Kind::Integer, operators::ORDER),
        Property::ordered("isEnabled", Kind::Boolean, operators::EQUALITY),
        Property::ordered("taskDefinitionId", Kind::Id, operators::EQUALITY),
        Property::shown("arguments"),
    ],
};

/// When a workflow is looked at: at once, or when the organisation's interval is over.
pub(super) const SCHEDULE: &str = "@tenure.schedule";

/// What lists show only when asked for.
pub(crate) const NOT_LISTED: &[&str] =
    &["executionConditions", "createdBy", "lastModifiedBy", "quarantineDetails", "settings", "tasks"];

/// What a workflow has, but for its tasks.
pub(crate) fn workflow_item(workflow: &Workflow, interval_in_hours: i64, now: Timestamp) -> Item {
    let next = workflow.is_scheduled().then(|| next_interval(now, interval_in_hours));
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(workflow.id));
    set("category", json!(workflow.category.as_str()));
    set("description", json!(workflow.description));
    set("displayName", json!(workflow.display_name));
    set("createdDateTime", time(workflow.created));
    set("lastModifiedDateTime", time(workflow.modified));
    set("deletedDateTime", time_or_null(workflow.deleted));
    set("isEnabled", json!(workflow.is_enabled));
    set("isSchedulingEnabled", json!(workflow.is_scheduling_enabled));
    set("nextScheduleRunDateTime", time_or_null(next));
    set(SCHEDULE, json!(schedule(workflow.is_by_interval)));
    set("version", json!(workflow.version));
    set("executionConditions", conditions_json(&workflow.conditions));
    set("createdBy", caller_json(workflow.created_by));
    set("lastModifiedBy", caller_json(workflow.modified_by));
    set("quarantineDetails", quarantine_json(workflow.quarantine.as_ref()));
    let limits = quarantine_configuration::shown(workflow.quarantine_configuration.as_ref());
    set("settings", json!({ "quarantineConfiguration": limits }));
    item
}

/// What a version has, but for its tasks.
pub(crate) fn version_item(version: &Version) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("versionNumber", json!(version.number));
    set("category", json!(version.category.as_str()));
    set("description", json!(version.description));
    set("displayName", json!(version.display_name));
    set("createdDateTime", time(version.created));
    set("lastModifiedDateTime", time(version.modified));
    set("isEnabled", json!(version.is_enabled));
    set("isSchedulingEnabled", json!(version.is_scheduling_enabled));
    set("executionConditions", conditions_json(&version.conditions));
    set("createdBy", caller_json(version.created_by));
    set("lastModifiedBy", caller_json(version.modified_by));
    item
}

/// A whole task.
pub(crate) fn task_json(task: &Task) -> Item {
    let category = task_definition(task.task_definition_id).map(TaskDefinition::category);
    let arguments: Vec<Value> = task
        .arguments
        .iter()
        .map(|argument| json!({"name": argument.name, "value": argument.value}))
        .collect();
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(task.id));
    set("category", json!(category));
    set("continueOnError", json!(task.continue_on_error));
    set("description", json!(task.description));
    set("displayName", json!(task.display_name));
    set("executionSequence", json!(task.execution_sequence));
    set("isEnabled", json!(task.is_enabled));
    set("taskDefinitionId", json!(task.task_definition_id));
    set("arguments", Value::Array(arguments));
    if let Some(retry) = &task.retry {
        set("@tenure.retry", json!(retry));
    }
    item
}

/// Tasks in order.
pub(crate) fn tasks_json(tasks: &[Task]) -> Value {
    tasks.iter().map(|task| Value::Object(task_json(task))).collect()
}

fn caller_json(id: CallerId) -> Value {
    json!({ "id": id })
}

const NAMESPACE: &str = "#microsoft.graph.identityGovernance";

/// Execution conditions, with their types.
pub(crate) fn conditions_json(conditions: &ExecutionConditions) -> Value {
    match conditions {
        ExecutionConditions::OnDemandOnly => json!({ "@odata.type": kind("onDemandExecutionOnly") }),
        ExecutionConditions::TriggerAndScope { scope, trigger } => json!({
            "@odata.type": kind("triggerAndScopeBasedConditions"),
            "scope": scope_json(scope),
            "trigger": trigger_json(trigger),
        }),
    }
}

pub(super) fn kind(name: &str) -> String {
    format!("{NAMESPACE}.{name}")
}

fn scope_json(scope: &Scope) -> Value {
    match scope {
        Scope::Rule { rule } => json!({ "@odata.type": kind("ruleBasedSubjectSet"), "rule": rule }),
        Scope::Groups { groups } => {
            let groups: Vec<Value> = groups.iter().map(|group| json!({ "id": group })).collect();
            json!({ "@odata.type": kind("groupBasedSubjectSet"), "groups": groups })
        }
    }
}

fn quarantine_json(quarantine: Option<&Quarantine>) -> Value {
    let kind = quarantine.map_or("notQuarantined", |quarantine| quarantine.kind.as_str());
    json!({
        "quarantinedDateTime": time_or_null(quarantine.map(|quarantine| quarantine.since)),
        "quarantineReason": quarantine.map(|quarantine| &quarantine.reason),
        "quarantineType": kind,
    })
}

/// Reads a category.
pub(crate) fn category(text: &str) -> Option<Category> {
    Category::parse(text)
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger};

    use super::*;

    #[test]
    fn conditions_carry_their_types() {
        let conditions = ExecutionConditions::TriggerAndScope {
            scope: Scope::Rule { rule: "department eq 'Sales'".to_owned() },
            trigger: Trigger::TimeBased {
                attribute: TimeAttribute::EmployeeHireDate,
                offset: Offset::Days(-2),
            },
        };
        assert_eq!(
            conditions_json(&conditions),
            json!({
                "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
                "scope": {
                    "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                    "rule": "department eq 'Sales'"
                },
                "trigger": {
                    "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                    "timeBasedAttribute": "employeeHireDate",
                    "offsetInDays": -2
                }
            })
        );
    }
}
