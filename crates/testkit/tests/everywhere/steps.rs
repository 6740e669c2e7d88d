//! Steps of a play, a function each. Whoever takes one may have taken it before, without having heard what became of it:
//! so they look first.

use std::time::Duration;

use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::{self, Worker, keep_house, sweep_all, tell_administrators};
use tenure_lifecycle::ids::{EffectKey, GroupId, RunNumber, UserId, WorkflowId};
use tenure_lifecycle::operations::{ActivationScope, OperationError, SettingsPatch, WorkflowPatch};
use tenure_lifecycle::ports::{Answer, CallOut, CallReply, CallRequest, Failure, Perform, SendMail};
use tenure_lifecycle::run::{Run, Status, TaskChoice, UserChoice};
use tenure_lifecycle::workflow::Workflow;
use tenure_testkit::{System, WorkflowSpec};

/// Users of one batch.
pub(crate) const BATCH: i64 = 2;

/// One step.
pub(crate) struct Step {
    /// What happens in it.
    pub(crate) name: &'static str,
    /// Takes it.
    pub(crate) take: Box<dyn Fn(&System)>,
}

pub(crate) fn step(name: &'static str, take: impl Fn(&System) + 'static) -> Step {
    Step { name, take: Box::new(take) }
}

/// The engine looks who is due, and processes, until there is nothing that can be done now.
pub(crate) fn work() -> Step {
    step("the engine works", |system| work_with(system, system.deliveries.as_ref()))
}

/// The same while nothing outside answers.
pub(crate) fn work_cut_off() -> Step {
    step("the engine works, and nothing outside answers", |system| work_with(system, &Away))
}

fn work_with(system: &System, performer: &dyn Perform) {
    let performer = system.power.over(performer);
    let worker = Worker::new(&system.lifecycle, &performer, 1).with_batch(BATCH);
    while keep_house(&system.lifecycle, system.lifecycle.now()).unwrap() {}
    // What is processed may make somebody else due.
    for _ in 0..9 {
        let swept = sweep_all(&system.lifecycle, system.lifecycle.now()).unwrap();
        let mut worked = false;
        while worker.step().unwrap() == engine::Step::Worked {
            worked = true;
        }
        tell_administrators(&system.lifecycle, &performer).unwrap();
        if swept.admitted == 0 && !worked {
            return;
        }
    }
    panic!("it does not come to an end");
}

/// The engine looks who is due; nobody is processed yet.
pub(crate) fn sweep() -> Step {
    step("the engine looks who is due", |system| {
        sweep_all(&system.lifecycle, system.lifecycle.now()).unwrap();
    })
}

/// Nobody outside answers.
struct Away;

impl SendMail for Away {
    fn send(&self, _: &Mail, _: EffectKey, _: Duration) -> Result<(), Failure> {
        Err(Failure::Retryable("the server is away".to_owned()))
    }
}

impl CallOut for Away {
    fn call(&self, _: CallRequest<'_>, _: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        Err(Failure::Retryable("the endpoint is away".to_owned()))
    }
}

/// Time passes.
pub(crate) fn at(time: &'static str) -> Step {
    step("time passes", |system| system.clock.set(time.parse().unwrap()))
}

/// Somebody's attribute is set; an empty text takes it away.
pub(crate) fn set(who: UserId, name: &'static str, text: &'static str) -> Step {
    step("an attribute is set", move |system| {
        let attribute = attribute(name).unwrap();
        let value =
            if text.is_empty() { Value::Null } else { Value::from_json(attribute, &text.into()).unwrap() };
        let patch = UserPatch { set: vec![(attribute, value)], ..UserPatch::default() };
        system.lifecycle.update_user(&system.caller, who, &patch).unwrap();
    })
}

/// Somebody comes into a group.
pub(crate) fn join(group: GroupId, who: UserId) -> Step {
    step("somebody comes into a group", move |system| {
        if !system
            .groups_of(who)
            .unwrap()
            .contains(&system.lifecycle.group(&group.to_string()).unwrap().display_name)
        {
            system.lifecycle.add_member(&system.caller, group, who).unwrap();
        }
    })
}

/// Somebody leaves a group.
pub(crate) fn quit(group: GroupId, who: UserId) -> Step {
    step("somebody leaves a group", move |system| {
        if system
            .groups_of(who)
            .unwrap()
            .contains(&system.lifecycle.group(&group.to_string()).unwrap().display_name)
        {
            system.lifecycle.remove_member(&system.caller, group, who).unwrap();
        }
    })
}

/// Somebody is deleted.
pub(crate) fn delete_user(who: UserId) -> Step {
    step("somebody is deleted", move |system| {
        if system.user(who).is_ok() {
            system.lifecycle.delete_user(&system.caller, who).unwrap();
        }
    })
}

/// Somebody who was deleted is there again.
pub(crate) fn restore_user(who: UserId) -> Step {
    step("somebody is restored", move |system| {
        if system.user(who).is_err() {
            system.lifecycle.restore_user(&system.caller, who).unwrap();
        }
    })
}

pub(crate) fn workflow(system: &System, id: WorkflowId) -> Workflow {
    system.store.workflow(id).unwrap().unwrap()
}

pub(crate) fn runs(system: &System, id: WorkflowId) -> Vec<Run> {
    system.runs(&workflow(system, id)).unwrap()
}

/// A workflow is run for these people; that is its run of that number.
pub(crate) fn activate(id: WorkflowId, nth: usize, people: &[UserId]) -> Step {
    let people = people.to_vec();
    step("a workflow is activated", move |system| {
        if runs(system, id).len() < nth {
            system.lifecycle.activate(&system.caller, id, &people).unwrap();
        }
    })
}

/// It is shown what a workflow would do for these people; that is its run of that number.
pub(crate) fn preview(id: WorkflowId, nth: usize, people: &[UserId]) -> Step {
    let people = people.to_vec();
    step("a workflow is previewed", move |system| {
        if runs(system, id).len() < nth {
            system.lifecycle.preview(&system.caller, id, &people).unwrap();
        }
    })
}

/// The people of a workflow's newest run are processed again; that is its run of that number.
pub(crate) fn again(id: WorkflowId, nth: usize, tasks: TaskChoice, users: UserChoice) -> Step {
    step("a run is processed again", move |system| {
        let runs = runs(system, id);
        if runs.len() < nth {
            let scope = ActivationScope::Run(Box::new(runs[0].clone()), tasks, users);
            system.lifecycle.activate_with_scope(&system.caller, id, &scope).unwrap();
        }
    })
}

/// What a workflow's newest run did is taken back; that is its run of that number.
pub(crate) fn undo(id: WorkflowId, nth: usize) -> Step {
    step("a run is taken back", move |system| {
        let runs = runs(system, id);
        if runs.len() < nth {
            let workflow = workflow(system, id);
            system.lifecycle.undo(&system.caller, &workflow, &runs[0], None, false).unwrap();
        }
    })
}

/// Somebody asks for more people than the workflow's limits allow.
pub(crate) fn ask_for_too_many(id: WorkflowId, people: &[UserId]) -> Step {
    let people = people.to_vec();
    step("somebody asks for too many people", move |system| {
        if workflow(system, id).quarantine.is_none() {
            let asked = system.lifecycle.activate(&system.caller, id, &people);
            assert!(matches!(asked, Err(OperationError::Conflict(_))), "{asked:?}");
        }
    })
}

/// History is kept for so many days.
pub(crate) fn keep_history(days: i64) -> Step {
    step("it is said for how long history is kept", move |system| {
        let patch = SettingsPatch { history_retention_in_days: Some(Some(days)), ..SettingsPatch::default() };
        system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    })
}

/// A workflow's newest run is canceled.
pub(crate) fn cancel(id: WorkflowId) -> Step {
    step("a run is canceled", move |system| {
        let run = &runs(system, id)[0];
        if run.cancel.is_none() {
            system.lifecycle.cancel(&system.caller, run).unwrap();
        }
    })
}

/// A workflow, and its schedule where it has one, is switched on or off.
pub(crate) fn enable(id: WorkflowId, on: bool) -> Step {
    step(if on { "a workflow is enabled" } else { "a workflow is disabled" }, move |system| {
        let before = workflow(system, id);
        let has_schedule = before.conditions.trigger_and_scope().is_some();
        if before.is_enabled != on || (has_schedule && before.is_scheduling_enabled != on) {
            let patch = WorkflowPatch {
                is_enabled: Some(on),
                is_scheduling_enabled: has_schedule.then_some(on),
                ..WorkflowPatch::default()
            };
            system.lifecycle.update_workflow(&system.caller, id, patch, None).unwrap();
        }
    })
}

/// A workflow gets the version of that number.
pub(crate) fn new_version(id: WorkflowId, version: i64, spec: WorkflowSpec) -> Step {
    step("a workflow gets a new version", move |system| {
        if workflow(system, id).version < version {
            system.lifecycle.create_new_version(&system.caller, id, spec.0.clone(), None).unwrap();
        }
    })
}

/// A workflow is deleted.
pub(crate) fn delete_workflow(id: WorkflowId) -> Step {
    step("a workflow is deleted", move |system| {
        if workflow(system, id).deleted.is_none() {
            system.lifecycle.delete_workflow(&system.caller, id, None).unwrap();
        }
    })
}

/// A deleted workflow is there again.
pub(crate) fn restore_workflow(id: WorkflowId) -> Step {
    step("a workflow is restored", move |system| {
        if workflow(system, id).deleted.is_some() {
            system.lifecycle.restore_workflow(&system.caller, id).unwrap();
        }
    })
}

/// A workflow that is held back is let go.
pub(crate) fn release(id: WorkflowId) -> Step {
    step("a workflow is let go", move |system| {
        if workflow(system, id).quarantine.is_some() {
            system.lifecycle.clear_quarantine(&system.caller, id).unwrap();
        }
    })
}

/// Whoever was called says what became of it: for the person with that place in the newest run, of the first task.
pub(crate) fn call_back(id: WorkflowId, seq: i64, answer: Answer) -> Step {
    step("somebody calls back", move |system| {
        let run: RunNumber = runs(system, id)[0].number;
        system.lifecycle.resume(&system.caller, (run, seq, 1), answer).unwrap();
    })
}

/// It is as the play says; nothing happens.
pub(crate) fn look(said: &'static str, is_so: impl Fn(&System) -> bool + 'static) -> Step {
    step(said, move |system| assert!(is_so(system), "it is not so: {said}"))
}

/// How the people of a workflow's runs ended: oldest run first.
pub(crate) fn ends(system: &System, id: WorkflowId) -> Vec<Vec<Status>> {
    let all = runs(system, id).into_iter().rev();
    all.map(|run| system.results(run.number).unwrap().iter().map(|result| result.status).collect()).collect()
}
