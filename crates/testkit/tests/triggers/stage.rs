//! A small company, and workflows that run by themselves.

use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::ports::SkipReason;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, ExecutionConditions, Scope, Trigger, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

pub(crate) const NOW: &str = "2026-03-10T12:00:00Z";

/// A workflow for those whom a rule describes; it enables their accounts.
pub(crate) fn scheduled(trigger: Trigger, rule: &str) -> WorkflowSpec {
    with_scope(trigger, Scope::Rule { rule: rule.to_owned() })
}

/// The same for members of a group.
pub(crate) fn for_group(trigger: Trigger, group: GroupId) -> WorkflowSpec {
    with_scope(trigger, Scope::Groups { groups: vec![group] })
}

fn with_scope(trigger: Trigger, scope: Scope) -> WorkflowSpec {
    let mut spec = WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]);
    spec.0.is_scheduling_enabled = true;
    spec.0.conditions = ExecutionConditions::TriggerAndScope { scope, trigger };
    spec
}

/// Somebody of the sales department.
pub(crate) fn somebody(system: &System, name: &str) -> UserId {
    let person = Person { department: Some("Sales".to_owned()), ..Person::named(name) };
    system.person(&person).unwrap().id
}

/// Sets attributes of somebody in one step; a text that reads as a date is one where the attribute holds dates.
pub(crate) fn set(system: &System, user: UserId, values: &[(&str, &str)]) {
    let set = values.iter().map(|(name, text)| {
        let attribute = attribute(name).unwrap();
        let value = match *text {
            "" => Value::Null,
            text => Value::from_json(attribute, &text.into()).unwrap(),
        };
        (attribute, value)
    });
    let patch = UserPatch { set: set.collect(), ..UserPatch::default() };
    system.lifecycle.update_user(&system.caller, user, &patch).unwrap();
}

/// Sweeps and processes; how often somebody was processed by the workflow until now.
pub(crate) fn processed(system: &System, workflow: &Workflow, user: UserId) -> usize {
    system.sweep().unwrap();
    system.drain().unwrap();
    let runs = system.runs(workflow).unwrap();
    let results = runs.iter().flat_map(|run| system.results(run.number).unwrap());
    results.filter(|result| result.subject == Some(user) && result.status == Status::Completed).count()
}

/// Who is on the list of those who were skipped.
pub(crate) fn skipped(system: &System, workflow: &Workflow) -> Vec<(String, SkipReason)> {
    let list = system.lifecycle.store.list_skipped(workflow.number, 0, 100).unwrap();
    list.into_iter().map(|(skipped, _, name)| (name, skipped.reason)).collect()
}
