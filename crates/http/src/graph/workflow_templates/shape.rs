//! Workflow templates as Graph shows them.

use serde_json::{Value, json};
use tenure_lifecycle::ids::TaskDefinitionId;
use tenure_lifecycle::task::{TaskDefinition, task_definition};
use tenure_lifecycle::template::{Conditions, Scope, Task, Template, Trigger};

use crate::graph::workflows::shape::CATEGORIES;
use crate::odata::{Item, Kind, Properties, Property, operators};

/// Properties of a workflow template.
pub(super) const TEMPLATE: Properties = Properties {
    of: "a workflow template",
    list: &[
        Property::ordered("id", Kind::Id, operators::EQUALITY),
        Property::ordered("category", Kind::Enum(CATEGORIES), operators::EQUALITY),
        Property::shown("description"),
        Property::ordered("displayName", Kind::Text, operators::TEXT),
        Property::shown("executionConditions"),
        Property::shown("tasks"),
    ],
};

/// What a template has, but for its tasks.
pub(super) fn template_item(template: &Template) -> Item {
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(template.id.to_string()));
    set("category", json!(template.category.as_str()));
    set("description", json!(template.description));
    set("displayName", json!(template.display_name));
    set("executionConditions", conditions(&template.conditions));
    item
}

/// Its tasks, in order.
pub(super) fn template_tasks(template: &Template) -> Vec<Item> {
    template.tasks.iter().zip(1_i64..).map(|(task, place)| task_item(task, place)).collect()
}

fn task_item(task: &Task, place: i64) -> Item {
    let definition = task_definition(TaskDefinitionId(task.definition));
    let arguments: Vec<Value> =
        task.arguments.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    let mut item = Item::new();
    let mut set = |name: &str, value: Value| item.insert(name.to_owned(), value);
    set("id", json!(task.id.to_string()));
    set("category", json!(definition.map(TaskDefinition::category)));
    set("continueOnError", json!(false));
    set("description", json!(definition.map(|definition| definition.description)));
    set("displayName", json!(definition.map(|definition| definition.display_name)));
    set("executionSequence", json!(place));
    set("isEnabled", json!(true));
    set("taskDefinitionId", json!(task.definition.to_string()));
    set("arguments", Value::Array(arguments));
    item
}

fn kind(name: &str) -> String {
    format!("#microsoft.graph.identityGovernance.{name}")
}

fn conditions(conditions: &Conditions) -> Value {
    match conditions {
        Conditions::OnDemandOnly => json!({ "@odata.type": kind("onDemandExecutionOnly") }),
        Conditions::TriggerAndScope { scope: who, trigger: when } => json!({
            "@odata.type": kind("triggerAndScopeBasedConditions"),
            "scope": scope(who),
            "trigger": trigger(when),
        }),
    }
}

fn scope(scope: &Scope) -> Value {
    match scope {
        Scope::Rule(rule) => json!({ "@odata.type": kind("ruleBasedSubjectSet"), "rule": rule }),
        // The empty id is to be filled in.
        Scope::Groups => json!({ "@odata.type": kind("groupBasedSubjectSet"), "groups": [{ "id": "" }] }),
    }
}

fn trigger(trigger: &Trigger) -> Value {
    match trigger {
        Trigger::TimeBased { attribute, offset_in_days } => json!({
            "@odata.type": kind("timeBasedAttributeTrigger"),
            "timeBasedAttribute": attribute.as_str(),
            "offsetInDays": offset_in_days,
        }),
        Trigger::AttributeChange { attributes } => {
            let attributes: Vec<Value> = attributes.iter().map(|name| json!({ "name": name })).collect();
            json!({ "@odata.type": kind("attributeChangeTrigger"), "triggerAttributes": attributes })
        }
        Trigger::MembershipChange { change } => {
            json!({ "@odata.type": kind("membershipChangeTrigger"), "changeType": change })
        }
        Trigger::UserInactivity { days } => {
            json!({ "@odata.type": kind("userInactivityTrigger"), "inactivityPeriodInDays": days })
        }
        Trigger::GuestSponsor { minimum_sponsors } => {
            json!({ "@odata.type": kind("guestSponsorTrigger"), "minimumRequiredSponsors": minimum_sponsors })
        }
    }
}
