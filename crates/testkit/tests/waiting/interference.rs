//! What happens while a call is under way, or between an answer and its settlement.

use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::{EffectKey, RunNumber};
use tenure_lifecycle::operations::WorkflowPatch;
use tenure_lifecycle::ports::{Answer, Failure, Perform, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

use crate::badge::{Meanwhile, NOW, extension, place, resume, waiting};
use crate::ledger::balances;

fn drain_with(system: &System, performer: impl Perform) -> QueuedWork {
    let left = Worker::new(&system.lifecycle, &performer, 1).drain().unwrap();
    balances(system);
    left
}

/// Two people whose workflow calls an extension and then enables their accounts.
fn activated(waits: bool, attempts: i64) -> (System, Workflow, RunNumber) {
    let system = System::at(NOW).unwrap();
    let extension = extension(&system, waits, attempts);
    let ids = ["ann", "ben"].map(|name| system.person(&Person::named(name)).unwrap().id);
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Run a custom task extension", &[("customTaskExtensionID", &extension)])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &ids).unwrap();
    (system, workflow, run)
}

fn statuses(system: &System, run: RunNumber) -> Vec<Status> {
    system.results(run).unwrap().iter().map(|result| result.status).collect()
}

fn away() -> Failure {
    Failure::Retryable("the endpoint did not answer in time".to_owned())
}

#[test]
fn an_answer_counts_whatever_becomes_of_the_call_it_came_during() {
    let refused = Failure::Permanent("the endpoint answered 400".to_owned());
    for (outcome, attempts) in [(Ok(()), 1), (Err(away()), 1), (Err(away()), 3), (Err(refused), 3)] {
        let (system, _, run) = activated(true, attempts);
        let answer = |key: EffectKey| if place(key).1 == 1 { Answer::Completed } else { Answer::Failed };
        let calls_back = |key| assert!(resume(&system, place(key), answer(key)));
        let left = drain_with(&system, Meanwhile(&system, calls_back, outcome.clone()));
        assert_eq!(left, QueuedWork::Nothing, "{outcome:?}: nobody is left waiting");
        assert_eq!(statuses(&system, run), [Status::Completed, Status::Failed], "{outcome:?}");
        assert_eq!(
            system.deliveries.calls().len(),
            2,
            "{outcome:?}: whoever has answered is not called again"
        );
    }
}

#[test]
fn an_administrator_stops_those_whose_call_is_under_way() {
    for (waits, outcome) in [(true, Ok(())), (true, Err(away())), (false, Ok(())), (false, Err(away()))] {
        let (system, _, run) = activated(waits, 3);
        let stop = |_| {
            let run = system.run(run).unwrap();
            system.lifecycle.cancel(&system.caller, &run).unwrap();
        };
        let left = drain_with(&system, Meanwhile(&system, stop, outcome.clone()));
        assert_eq!(
            left,
            QueuedWork::Nothing,
            "{waits}, {outcome:?}: nobody waits for a run that was stopped"
        );
        assert_eq!(statuses(&system, run), [Status::Canceled, Status::Canceled], "{waits}, {outcome:?}");
        for result in system.results(run).unwrap() {
            let user = system.user(result.subject.unwrap()).unwrap();
            assert_eq!(
                user.account_enabled,
                Some(false),
                "{waits}, {outcome:?}: nothing was done after the stop"
            );
        }
    }
}

#[test]
fn an_administrator_stops_those_who_were_to_finish_on_a_workflow_that_was_stopped() {
    let (system, workflow, run) = activated(true, 1);
    system.drain().unwrap();
    let disabled = WorkflowPatch { is_enabled: Some(false), ..WorkflowPatch::default() };
    system.lifecycle.update_workflow(&system.caller, workflow.id, disabled, None).unwrap();
    assert!(matches!(system.drain().unwrap(), QueuedWork::At(_)), "they go on waiting");
    let ann = waiting(&system, run)[0];
    assert!(resume(&system, ann, Answer::Completed));
    system.drain().unwrap();
    system.lifecycle.cancel(&system.caller, &system.run(run).unwrap()).unwrap();
    assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
    balances(&system);
    assert_eq!(statuses(&system, run), [Status::Completed, Status::Canceled]);
}

#[test]
fn a_run_that_is_stopped_is_canceled_unless_nothing_was_done_for_anybody() {
    let system = System::at(NOW).unwrap();
    let people = system.people(2).unwrap();
    let extension = extension(&system, true, 1);
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Enable user account", &[])
        .task("Run a custom task extension", &[("customTaskExtensionID", &extension)]);
    let workflow = system.workflow(spec).unwrap();
    for (is_begun, ends) in [(true, Status::Canceled), (false, Status::CompletedWithErrors)] {
        let run = system.activate(&workflow, &people).unwrap();
        if is_begun {
            system.drain().unwrap();
        }
        system.lifecycle.cancel(&system.caller, &system.run(run).unwrap()).unwrap();
        assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
        balances(&system);
        assert_eq!(statuses(&system, run), [Status::Canceled; 2]);
        assert_eq!(system.run(run).unwrap().status, ends);
    }
}

#[test]
fn what_does_not_wait_is_not_resumed() {
    // In back-off.
    let (system, _, run) = activated(false, 3);
    let fails = Meanwhile(&system, |_| {}, Err(away()));
    assert!(matches!(drain_with(&system, fails), QueuedWork::At(_)));
    for seq in [1, 2] {
        assert!(!resume(&system, (run, seq, 1), Answer::Completed));
    }
    // While its call is under way.
    let (system, _, run) = activated(false, 1);
    let calls_back = |key| assert!(!resume(&system, place(key), Answer::Failed));
    drain_with(&system, Meanwhile(&system, calls_back, Ok(())));
    assert_eq!(statuses(&system, run), [Status::Completed, Status::Completed]);
    // A mail.
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
    let run = system.activate(&system.workflow(spec).unwrap(), &[ann.id]).unwrap();
    system.deliveries.fail_next(away());
    system.drain().unwrap();
    assert!(!resume(&system, (run, 1, 1), Answer::Completed));
}

#[test]
fn somebody_who_is_deleted_meanwhile_is_through_if_nothing_was_left_to_do() {
    for (tasks, wanted) in [(1, Status::Completed), (2, Status::Canceled)] {
        let system = System::at(NOW).unwrap();
        let extension = extension(&system, true, 1);
        let ann = system.person(&Person::named("ann")).unwrap();
        let mut spec = WorkflowSpec::on_demand(Category::Joiner)
            .task("Run a custom task extension", &[("customTaskExtensionID", &extension)])
            .task("Enable user account", &[]);
        spec.0.tasks.truncate(tasks);
        let run = system.activate(&system.workflow(spec).unwrap(), &[ann.id]).unwrap();
        system.drain().unwrap();
        system.lifecycle.delete_user(&system.caller, ann.id).unwrap();
        assert!(resume(&system, waiting(&system, run)[0], Answer::Completed));
        assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
        balances(&system);
        assert_eq!(statuses(&system, run), [wanted], "{tasks} tasks");
        let task = &system.task_results(run, 1).unwrap()[0];
        assert_eq!(task.status, Status::Completed, "what was done is said");
    }
}
