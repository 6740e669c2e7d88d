//! The rules a workflow has to keep, each with the property it is about.

use super::rule::Rule;
use super::{
    Argument, Category, ExecutionConditions, Offset, QuarantineConfiguration, Retry, Scope, Task,
    TimeOperator, Timing, Trigger,
};
use crate::clock::Ids;
use crate::directory::attribute;
use crate::ids::{TaskDefinitionId, TaskId};
use crate::limits::Limits;
use crate::task::{Arguments, BuiltIn, built_in};

/// A property that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("property '{property}' {rule}")]
pub struct Invalid {
    /// The property, as a path such as `tasks/0/displayName`.
    pub property: String,
    /// The rule it breaks.
    pub rule: String,
}

impl Invalid {
    /// A property that breaks a rule.
    pub fn new(property: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { property: property.into(), rule: rule.into() }
    }
}

/// What somebody wants a workflow, or a new version of one, to be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWorkflow {
    /// What it is for.
    pub category: Category,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether it may run at all.
    pub is_enabled: bool,
    /// Whether it runs by itself.
    pub is_scheduling_enabled: bool,
    /// Whether it is looked at only when the organisation's interval is over; `None` leaves it as it is.
    pub is_by_interval: Option<bool>,
    /// When it is held back; `Some(None)` leaves that to the organisation, `None` leaves it as it is.
    pub quarantine_configuration: Option<Option<QuarantineConfiguration>>,
    /// Who and when.
    pub conditions: ExecutionConditions,
    /// What, in order.
    pub tasks: Vec<NewTask>,
}

/// What somebody wants a task to be.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTask {
    /// Which built-in task.
    pub task_definition_id: TaskDefinitionId,
    /// Name.
    pub display_name: String,
    /// Description.
    pub description: Option<String>,
    /// Whether the task is run.
    pub is_enabled: bool,
    /// Whether the next task is run when this one failed; the definition decides if nobody says.
    pub continue_on_error: Option<bool>,
    /// Its place, if somebody says; it has to be the place it has in the list.
    pub execution_sequence: Option<i64>,
    /// Arguments.
    pub arguments: Vec<Argument>,
    /// How often outside effects are tried.
    pub retry: Option<Retry>,
}

/// Longest name.
const NAME: usize = 256;
/// Longest description.
const DESCRIPTION: usize = 4_096;
/// Longest value of an argument.
const ARGUMENT: usize = 65_536;

/// Checks a name.
pub fn validate_name(property: &str, name: &str) -> Result<(), Invalid> {
    if name.trim().is_empty() {
        Err(Invalid::new(property, "must not be empty"))
    } else if name.chars().count() > NAME {
        Err(Invalid::new(property, format!("must have at most {NAME} characters")))
    } else if name.chars().any(char::is_control) {
        Err(Invalid::new(property, "must not hold control characters"))
    } else {
        Ok(())
    }
}

/// Checks a description.
pub fn validate_description(property: &str, text: Option<&str>) -> Result<(), Invalid> {
    if text.is_some_and(|text| text.chars().count() > DESCRIPTION) {
        return Err(Invalid::new(property, format!("must have at most {DESCRIPTION} characters")));
    }
    if text.is_some_and(|text| text.contains('\0')) {
        return Err(Invalid::new(property, "must not hold a NUL character"));
    }
    Ok(())
}

/// Checks the name and description of one task.
pub fn validate_task_text(at: &str, display_name: &str, description: Option<&str>) -> Result<(), Invalid> {
    validate_name(&format!("{at}displayName"), display_name)?;
    validate_description(&format!("{at}description"), description)
}

/// Checks when a workflow is held back.
pub fn validate_limits(limits: Option<&QuarantineConfiguration>) -> Result<(), Invalid> {
    limits.map_or(Ok(()), |limits| limits.validate("settings/quarantineConfiguration"))
}

/// Checks a whole workflow and gives its tasks, with fresh ids and in order.
pub fn validate_workflow(new: &NewWorkflow, limits: &Limits, ids: &dyn Ids) -> Result<Vec<Task>, Invalid> {
    validate_name("displayName", &new.display_name)?;
    validate_description("description", new.description.as_deref())?;
    if new.is_scheduling_enabled && !new.is_enabled {
        return Err(Invalid::new("isSchedulingEnabled", "cannot be true while isEnabled is false"));
    }
    validate_conditions(&new.conditions, limits)?;
    validate_limits(new.quarantine_configuration.as_ref().and_then(Option::as_ref))?;
    if new.is_scheduling_enabled
        && let Some(rule) = new.conditions.unscheduled()
    {
        return Err(Invalid::new("isSchedulingEnabled", rule));
    }
    if new.tasks.is_empty() {
        return Err(Invalid::new("tasks", "must hold at least one task"));
    }
    if new.tasks.len() > limits.tasks_per_workflow {
        return Err(Invalid::new("tasks", format!("must hold at most {} tasks", limits.tasks_per_workflow)));
    }
    let mut tasks = Vec::with_capacity(new.tasks.len());
    for (place, task) in new.tasks.iter().enumerate() {
        tasks.push(validate_task(new, place, task, ids)?);
    }
    Ok(tasks)
}

fn validate_task(
    workflow: &NewWorkflow,
    place: usize,
    task: &NewTask,
    ids: &dyn Ids,
) -> Result<Task, Invalid> {
    let at = format!("tasks/{place}/");
    let property = |name: &str| format!("{at}{name}");
    validate_task_text(&at, &task.display_name, task.description.as_deref())?;
    let same = |other: &NewTask| other.display_name.eq_ignore_ascii_case(&task.display_name);
    if workflow.tasks[..place].iter().any(same) {
        return Err(Invalid::new(property("displayName"), "must be unique inside the workflow"));
    }
    let Some(built_in) = built_in(task.task_definition_id) else {
        return Err(Invalid::new(
            property("taskDefinitionId"),
            format!("{} is not the id of a task definition", task.task_definition_id),
        ));
    };
    let definition = built_in.definition();
    if !definition.categories.contains(&workflow.category) {
        return Err(Invalid::new(
            property("taskDefinitionId"),
            format!("'{}' does not fit a {} workflow", definition.display_name, workflow.category.as_str()),
        ));
    }
    let sequence = place as i64 + 1;
    if task.execution_sequence.is_some_and(|wanted| wanted != sequence) {
        return Err(Invalid::new(
            property("executionSequence"),
            format!("must follow the order of the tasks: {sequence} is expected here"),
        ));
    }
    if let Some(retry) = &task.retry {
        validate_retry(&property("@tenure.retry/"), retry)?;
    }
    validate_arguments(&property("arguments"), built_in, &task.arguments)?;
    Ok(Task {
        id: TaskId(ids.fresh()),
        execution_sequence: sequence,
        task_definition_id: task.task_definition_id,
        display_name: task.display_name.clone(),
        description: task.description.clone(),
        is_enabled: task.is_enabled,
        continue_on_error: task.continue_on_error.unwrap_or(definition.continue_on_error),
        arguments: task.arguments.clone(),
        retry: task.retry,
    })
}

/// Checks the arguments of a task.
pub fn validate_arguments(property: &str, built_in: BuiltIn, arguments: &[Argument]) -> Result<(), Invalid> {
    if let Some(long) = arguments.iter().find(|argument| argument.value.len() > ARGUMENT) {
        let rule = format!("argument '{}' must have at most {ARGUMENT} bytes", long.name);
        return Err(Invalid::new(property, rule));
    }
    if let Some(wrong) = arguments.iter().find(|argument| argument.value.contains('\0')) {
        let rule = format!("argument '{}' must not hold a NUL character", wrong.name);
        return Err(Invalid::new(property, rule));
    }
    let arguments = Arguments(arguments);
    arguments
        .check(built_in.definition())
        .and_then(|()| built_in.check(&arguments))
        .map_err(|error| Invalid::new(property, format!("is not valid: {error}")))
}

/// Most attempts at an outside effect.
const ATTEMPTS: u32 = 100;
/// Longest wait between two attempts, in seconds: a day.
const WAIT: u32 = 86_400;

fn validate_retry(at: &str, retry: &Retry) -> Result<(), Invalid> {
    let within = |name: &str, value: u32, least: u32, most: u32| {
        let fits = (least..=most).contains(&value);
        let rule = || format!("must lie between {least} and {most}");
        if fits { Ok(()) } else { Err(Invalid::new(format!("{at}{name}"), rule())) }
    };
    within("maximumAttempts", retry.maximum_attempts, 1, ATTEMPTS)?;
    within("firstWaitInSeconds", retry.first_wait_in_seconds, 1, WAIT)?;
    within("longestWaitInSeconds", retry.longest_wait_in_seconds, retry.first_wait_in_seconds, WAIT)
}

fn validate_conditions(conditions: &ExecutionConditions, limits: &Limits) -> Result<(), Invalid> {
    let Some((scope, trigger)) = conditions.trigger_and_scope() else { return Ok(()) };
    validate_scope(scope)?;
    validate_trigger(scope, trigger, limits)
}

fn validate_scope(scope: &Scope) -> Result<(), Invalid> {
    match scope {
        Scope::Rule { rule } => Rule::parse(rule).map(|_| ()).map_err(|error| {
            Invalid::new("executionConditions/scope/rule", format!("is not valid: {error}"))
        }),
        Scope::Groups { groups } if groups.is_empty() => {
            Err(Invalid::new("executionConditions/scope/groups", "must name at least one group"))
        }
        Scope::Groups { .. } => Ok(()),
    }
}

/// Most days that somebody may have been inactive: ten years.
const INACTIVE: i32 = 3_650;
/// What the change of somebody's manager is called.
pub const MANAGER: &str = "manager";
/// Most sponsors that a guest may have to have.
const SPONSORS: i32 = 100;

/// Most days from a date in Graph's second kind of time-based trigger, as its portal has it.
const WINDOW: i32 = 365;
/// Most days between the ends of a window.
const SPAN: i32 = 180;

fn validate_trigger(scope: &Scope, trigger: &Trigger, limits: &Limits) -> Result<(), Invalid> {
    let invalid =
        |name: &str, rule: String| Err(Invalid::new(format!("executionConditions/trigger/{name}"), rule));
    match trigger {
        Trigger::TimeBased { offset, .. } => {
            let days = limits.offset_in_days.unsigned_abs();
            let (name, value, most) = match offset {
                Offset::Days(value) => ("offsetInDays", value, days),
                Offset::Hours(value) => ("@tenure.offsetInHours", value, days.saturating_mul(24)),
                Offset::BusinessDays(value) => ("@tenure.offsetInBusinessDays", value, days),
            };
            if value.unsigned_abs() > most {
                return invalid(name, format!("must lie between -{most} and {most}"));
            }
            Ok(())
        }
        Trigger::TimeWindow { operator, timing, .. } => validate_window(*operator, *timing, limits),
        Trigger::AttributeChange { attributes } if attributes.is_empty() => {
            invalid("triggerAttributes", "must name at least one attribute".to_owned())
        }
        Trigger::AttributeChange { attributes } => {
            let is_known = |name: &String| name == MANAGER || attribute(name).is_some();
            match attributes.iter().position(|name| !is_known(name)) {
                None => Ok(()),
                Some(place) => {
                    let name: String = attributes[place].chars().take(100).collect();
                    let property = format!("triggerAttributes/{place}/name");
                    invalid(&property, format!("'{name}' is no attribute of a user"))
                }
            }
        }
        Trigger::MembershipChange { .. } if !matches!(scope, Scope::Groups { .. }) => Err(Invalid::new(
            "executionConditions/scope",
            "must be a groupBasedSubjectSet where the trigger is a membershipChangeTrigger",
        )),
        Trigger::MembershipChange { .. } => Ok(()),
        Trigger::UserInactivity { period_in_days } if !(1..=INACTIVE).contains(period_in_days) => {
            invalid("inactivityPeriodInDays", format!("must lie between 1 and {INACTIVE}"))
        }
        Trigger::GuestSponsor { minimum_required_sponsors: least } if !(0..=SPONSORS).contains(least) => {
            invalid("minimumRequiredSponsors", format!("must lie between 0 and {SPONSORS}"))
        }
        Trigger::UserInactivity { .. } | Trigger::GuestSponsor { .. } => Ok(()),
    }
}

fn validate_window(operator: TimeOperator, timing: Timing, limits: &Limits) -> Result<(), Invalid> {
    let invalid = |name: &str, rule: String| {
        Err(Invalid::new(format!("executionConditions/trigger/operator/{name}"), rule))
    };
    let most = limits.offset_in_days.max(WINDOW);
    let within = |name: &str, value: i32| {
        let fits = (0..=most).contains(&value);
        if fits { Ok(()) } else { invalid(name, format!("must lie between 0 and {most}")) }
    };
    match operator {
        TimeOperator::EqualTo { offset_in_days } | TimeOperator::LessThanEqualTo { offset_in_days } => {
            within("offsetInDays", offset_in_days)?;
        }
        TimeOperator::Between { greater_than_offset_in_days: more, less_than_offset_in_days: fewer } => {
            within("greaterThanOffsetInDays", more)?;
            within("lessThanOffsetInDays", fewer)?;
            if fewer - more < 2 {
                let rule = "must leave at least one day behind greaterThanOffsetInDays, which is not one of the days";
                return invalid("lessThanOffsetInDays", rule.to_owned());
            }
            if fewer - more > SPAN {
                let rule = format!("must be at most {SPAN} more than greaterThanOffsetInDays");
                return invalid("lessThanOffsetInDays", rule);
            }
        }
    }
    let is_on_the_day = operator == TimeOperator::EqualTo { offset_in_days: 0 };
    if timing == Timing::On && !is_on_the_day {
        return invalid("eventTiming", "can be 'on' only with an operatorEqualTo of 0 days".to_owned());
    }
    Ok(())
}
