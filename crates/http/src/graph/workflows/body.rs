//! A workflow as clients send it, for create and createNewVersion.

use tenure_lifecycle::ids::GroupId;
use tenure_lifecycle::operations::schedule;
use tenure_lifecycle::workflow::{
    Argument, Category, ExecutionConditions, NewTask, NewWorkflow, QuarantineConfiguration, Retry, Scope,
};

use super::echo::echoes_unknown;
use super::shape::{CATEGORIES, SCHEDULE, category};
use super::{scope_targets, trigger};
use crate::errors::GraphError;
use crate::graph::quarantine_configuration;
use crate::odata::{Nullable, Object};

/// What clients echo and Graph ignores.
const READ_ONLY: &[&str] = &[
    "id",
    "createdDateTime",
    "lastModifiedDateTime",
    "deletedDateTime",
    "nextScheduleRunDateTime",
    "version",
    "versionNumber",
    "createdBy",
    "lastModifiedBy",
    "quarantineDetails",
    "targetSubjectType",
    "executionScope",
    "runs",
    "taskReports",
    "userProcessingResults",
    "versions",
];

/// Reads a whole workflow; `known` is the category of the one that gets a new version.
pub(super) fn new_workflow(body: &Object<'_>, known: Option<Category>) -> Result<NewWorkflow, GraphError> {
    let category = match known.filter(|known| echoes_unknown(body, *known)) {
        Some(known) => known,
        None => body
            .member("category", CATEGORIES, category)?
            .ok_or_else(|| body.invalid("category", "is required"))?,
    };
    let display_name = body.required_text("displayName")?.to_owned();
    let description = body.nullable_text("description")?.flatten().map(str::to_owned);
    let is_enabled = body.boolean("isEnabled")?.unwrap_or(true);
    let is_scheduling_enabled = body.boolean("isSchedulingEnabled")?.unwrap_or(false);
    let is_by_interval = by_interval(body)?;
    let conditions = conditions(body)?;
    let tasks = body.objects("tasks")?.ok_or_else(|| body.invalid("tasks", "is required"))?;
    let tasks = tasks.iter().map(new_task).collect::<Result<_, _>>()?;
    let quarantine_configuration = settings(body)?;
    scope_targets::refuse(body)?;
    body.ignore(READ_ONLY);
    body.finish()?;
    Ok(NewWorkflow {
        category,
        display_name,
        description,
        is_enabled,
        is_scheduling_enabled,
        is_by_interval,
        quarantine_configuration,
        conditions,
        tasks,
    })
}

/// Whether the workflow is looked at only when the organisation's interval is over; `None` if nobody says.
pub(super) fn by_interval(body: &Object<'_>) -> Result<Option<bool>, GraphError> {
    let parse = |text: &str| [false, true].into_iter().find(|by| schedule(*by).eq_ignore_ascii_case(text));
    body.member(SCHEDULE, &[schedule(false), schedule(true)], parse)
}

/// What the settings of the workflow say of when it is held back; `None` if they say nothing.
pub(super) fn settings(body: &Object<'_>) -> Result<Nullable<QuarantineConfiguration>, GraphError> {
    let Some(settings) = body.object("settings")? else { return Ok(None) };
    let said = quarantine_configuration::said(&settings)?;
    settings.finish()?;
    Ok(said)
}

fn new_task(body: &Object<'_>) -> Result<NewTask, GraphError> {
    let task = NewTask {
        task_definition_id: body
            .id("taskDefinitionId")?
            .ok_or_else(|| body.invalid("taskDefinitionId", "is required"))?,
        display_name: body.required_text("displayName")?.to_owned(),
        description: body.nullable_text("description")?.flatten().map(str::to_owned),
        is_enabled: body.boolean("isEnabled")?.unwrap_or(true),
        continue_on_error: body.boolean("continueOnError")?,
        execution_sequence: body.integer("executionSequence")?.map(i64::from),
        arguments: body
            .objects("arguments")?
            .unwrap_or_default()
            .iter()
            .map(argument)
            .collect::<Result<_, _>>()?,
        retry: body.object("@tenure.retry")?.map(|inner| retry(&inner)).transpose()?,
    };
    // The category follows from the definition.
    body.ignore(&["id", "category", "taskProcessingResults"]);
    body.finish()?;
    Ok(task)
}

/// How often outside effects are tried: what is not said is the default.
fn retry(body: &Object<'_>) -> Result<Retry, GraphError> {
    let number = |name: &str| -> Result<Option<u32>, GraphError> {
        let Some(number) = body.integer(name)? else { return Ok(None) };
        u32::try_from(number).map(Some).map_err(|_| body.invalid(name, "must not be negative"))
    };
    let attempts =
        number("maximumAttempts")?.ok_or_else(|| body.invalid("maximumAttempts", "is required"))?;
    let default = Retry::attempts(attempts);
    let first = number("firstWaitInSeconds")?.unwrap_or(default.first_wait_in_seconds);
    let longest =
        number("longestWaitInSeconds")?.unwrap_or_else(|| default.longest_wait_in_seconds.max(first));
    body.finish()?;
    Ok(Retry { first_wait_in_seconds: first, longest_wait_in_seconds: longest, ..default })
}

fn argument(body: &Object<'_>) -> Result<Argument, GraphError> {
    let name = body.required_text("name")?.to_owned();
    let value = body.nullable_text("value")?.flatten().unwrap_or_default().to_owned();
    body.finish()?;
    Ok(Argument { name, value })
}

fn conditions(body: &Object<'_>) -> Result<ExecutionConditions, GraphError> {
    let Some(conditions) = body.object("executionConditions")? else {
        // Graph's own examples show null for a workflow that only runs on demand.
        return if body.has("executionConditions") {
            Ok(ExecutionConditions::OnDemandOnly)
        } else {
            Err(body.invalid("executionConditions", "is required"))
        };
    };
    let kind = conditions.kind();
    let read = if is(kind, "onDemandExecutionOnly") {
        ExecutionConditions::OnDemandOnly
    } else if is(kind, "triggerAndScopeBasedConditions") || (kind.is_empty() && conditions.has("trigger")) {
        let required = |name: &str| conditions.invalid(name, "is required");
        let scope = scope(&conditions.object("scope")?.ok_or_else(|| required("scope"))?)?;
        let trigger = trigger::read(&conditions.object("trigger")?.ok_or_else(|| required("trigger"))?)?;
        ExecutionConditions::TriggerAndScope { scope, trigger }
    } else {
        return Err(conditions.invalid(
            "@odata.type",
            "must be #microsoft.graph.identityGovernance.triggerAndScopeBasedConditions or \
                #microsoft.graph.identityGovernance.onDemandExecutionOnly",
        ));
    };
    conditions.finish()?;
    Ok(read)
}

fn scope(body: &Object<'_>) -> Result<Scope, GraphError> {
    let kind = body.kind();
    let read = if is(kind, "ruleBasedSubjectSet") || (kind.is_empty() && body.has("rule")) {
        Scope::Rule { rule: body.required_text("rule")?.to_owned() }
    } else if is(kind, "groupBasedSubjectSet") || (kind.is_empty() && body.has("groups")) {
        let groups = body.objects("groups")?.ok_or_else(|| body.invalid("groups", "is required"))?;
        Scope::Groups { groups: groups.iter().map(group).collect::<Result<_, _>>()? }
    } else {
        return Err(body.invalid(
            "@odata.type",
            "must be #microsoft.graph.identityGovernance.ruleBasedSubjectSet or \
                #microsoft.graph.identityGovernance.groupBasedSubjectSet",
        ));
    };
    body.finish()?;
    Ok(read)
}

fn group(body: &Object<'_>) -> Result<GroupId, GraphError> {
    // The other properties of a group may be echoed.
    body.id("id")?.ok_or_else(|| body.invalid("id", "is required"))
}

fn is(kind: &str, name: &str) -> bool {
    kind.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger};

    use super::*;

    fn joiner() -> Value {
        json!({
            "@odata.type": "#microsoft.graph.identityGovernance.workflow",
            "category": "Joiner", "DISPLAYNAME": "First day", "id": "x", "version": 3,
            "executionConditions": {
                "@odata.type": "microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
                "scope": {
                    "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                    "rule": "(department eq 'Sales')"
                },
                "trigger": {
                    "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                    "timeBasedAttribute": "EmployeeHireDate", "offsetInDays": -2
                }
            },
            "tasks": [{
                "category": "joiner,leaver", "displayName": "Enable", "description": null,
                "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc",
                "arguments": [{"@odata.type": "#microsoft.graph.keyValuePair", "name": "a", "value": "b"}]
            }]
        })
    }

    fn read(body: &Value) -> Result<NewWorkflow, String> {
        new_workflow(&Object::root(body).unwrap(), None)
            .map_err(|error| error.target.unwrap_or(error.message))
    }

    #[test]
    fn a_workflow_is_read_as_the_sdk_sends_it() {
        let workflow = read(&joiner()).unwrap();
        assert_eq!((workflow.category, workflow.is_enabled), (Category::Joiner, true));
        assert_eq!(
            workflow.conditions,
            ExecutionConditions::TriggerAndScope {
                scope: Scope::Rule { rule: "(department eq 'Sales')".to_owned() },
                trigger: Trigger::TimeBased {
                    attribute: TimeAttribute::EmployeeHireDate,
                    offset: Offset::Days(-2)
                },
            }
        );
        assert_eq!(workflow.tasks[0].arguments[0].value, "b");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let cases: [(&str, Value, &str); 11] = [
            ("/category", json!("joinerr"), "category"),
            ("/DISPLAYNAME", json!(5), "displayName"),
            ("/tasks", json!(null), "tasks"),
            ("/tasks/0/taskDefinitionId", json!("x"), "tasks/0/taskDefinitionId"),
            ("/tasks/0/arguments/0/value", json!(5), "tasks/0/arguments/0/value"),
            ("/tasks/0/category", json!("x"), ""),
            ("/executionConditions/@odata.type", json!("x.y"), "executionConditions/@odata.type"),
            ("/executionConditions/scope/rule", json!(5), "executionConditions/scope/rule"),
            (
                "/executionConditions/trigger/offsetInDays",
                json!(1e20),
                "executionConditions/trigger/offsetInDays",
            ),
            (
                "/executionConditions/trigger/@odata.type",
                json!("#x.timeBasedAttributeTriggerV2"),
                "executionConditions/trigger/attribute",
            ),
            ("/executionConditions/scope", json!({"shoe": 1}), "executionConditions/scope/@odata.type"),
        ];
        for (place, value, named) in cases {
            let mut body = joiner();
            *body.pointer_mut(place).unwrap() = value;
            match read(&body) {
                Ok(_) => assert_eq!(named, "", "{place}"),
                Err(target) => assert_eq!(target, named, "{place}"),
            }
        }
        let mut body = joiner();
        body["shoeSize"] = json!(4);
        assert_eq!(read(&body), Err("shoeSize".to_owned()));
        body.as_object_mut().unwrap().remove("shoeSize");
        body["administrationScopeTargets"] = json!([{"id": "x"}]);
        assert_eq!(read(&body), Err("administrationScopeTargets".to_owned()));
    }

    #[test]
    fn on_demand_is_a_type_or_null() {
        for conditions in
            [json!(null), json!({"@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly"})]
        {
            let mut body = joiner();
            body["executionConditions"] = conditions;
            assert_eq!(read(&body).unwrap().conditions, ExecutionConditions::OnDemandOnly);
        }
        let mut body = joiner();
        body.as_object_mut().unwrap().remove("executionConditions");
        assert_eq!(read(&body), Err("executionConditions".to_owned()));
    }
}
