//! When something can be taken back, and that it is so once.

use tenure_lifecycle::operations::OperationError;
use tenure_lifecycle::run::{ExecutionType, Status};
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{System, WorkflowSpec};

use crate::ledger;
use crate::stage::{Company, directory, same};

fn conflict(outcome: Result<i64, OperationError>) -> String {
    match outcome {
        Err(OperationError::Conflict(message)) => message,
        other => format!("expected a conflict, got {other:?}"),
    }
}

#[test]
fn what_is_taken_back_is_not_taken_back_again() {
    let company = Company::new();
    let people = ["ann", "bob"].map(|name| company.somebody(name));
    let workflow = company.leaver();
    let before = directory(&company.system);
    let run = company.run(&workflow, &people);
    company.undo(&workflow, run).unwrap();
    assert!(conflict(company.undo(&workflow, run)).starts_with("There is nothing to take back"));
    // They leave once more: the first run is no business of that.
    let second = company.run(&workflow, &people);
    let after = directory(&company.system);
    assert!(conflict(company.undo(&workflow, run)).starts_with("There is nothing to take back"));
    same(&company.system, &after, "taken back");
    company.undo(&workflow, second).unwrap();
    let state =
        |lines: Vec<String>| lines.into_iter().filter(|line| !line.contains("package_")).collect::<Vec<_>>();
    assert_eq!(state(directory(&company.system)), state(before));
}

#[test]
fn what_was_taken_back_is_brought_back_in_the_order_it_was_done_and_the_deletion_comes_last() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company.leaver();
    let system = &company.system;
    let (before, run) = (directory(system), company.run(&workflow, &[ann]));
    let after = directory(system);
    let undo = company.undo(&workflow, run).unwrap();
    same(system, &before, "taken back");
    let redo = company.undo(&workflow, undo).unwrap();
    assert_eq!(system.run(redo).unwrap().status, Status::Completed, "{:#?}", company.notes(redo));
    let state =
        |lines: Vec<String>| lines.into_iter().filter(|line| !line.contains("package_")).collect::<Vec<_>>();
    assert_eq!(state(directory(system)), state(after));
    assert!(system.user(ann).is_err());
    // And so on.
    company.undo(&workflow, redo).unwrap();
    assert_eq!(state(directory(system)), state(before));
}

#[test]
fn one_person_is_taken_back_and_then_the_others() {
    let company = Company::new();
    let people = ["ann", "bob", "eve"].map(|name| company.somebody(name));
    let workflow = company.leaver();
    let before = directory(&company.system);
    let run = company.run(&workflow, &people);
    let system = &company.system;
    let (made, results) = (system.run(run).unwrap(), system.results(run).unwrap());
    let one = system.lifecycle.undo(&system.caller, &workflow, &made, Some(&results[1]), false).unwrap();
    system.drain().unwrap();
    assert_eq!(one.admitted, 1);
    assert!(system.user(people[1]).is_ok());
    assert!(system.user(people[0]).is_err(), "nobody else is");
    let rest = company.undo(&workflow, run).unwrap();
    assert_eq!(system.run(rest).unwrap().counters.users.total, 2);
    same(system, &before, "taken back");
}

#[test]
fn a_preview_says_what_would_be_done_and_does_nothing() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let spec = WorkflowSpec::on_demand(Category::Leaver)
        .task("Disable user account", &[])
        .task("Remove user from selected groups", &[("groupID", &company.groups[1].id.to_string())])
        .task("Send email before user’s last day", &[])
        .task("Delete user account", &[]);
    let workflow = company.system.workflow(spec).unwrap();
    let run = company.run(&workflow, &[ann]);
    let (system, after) = (&company.system, directory(&company.system));
    let made = system.run(run).unwrap();
    let preview = system.lifecycle.undo(&system.caller, &workflow, &made, None, true).unwrap().run;
    system.drain().unwrap();
    assert_eq!(
        company.notes(preview),
        [
            "1 completed: would set accountEnabled to true",
            "2 completed: would add the user to the group 'Sales'",
            "3 completed: the mail to boss@example.com stays sent",
            "4 completed: would restore the user"
        ]
    );
    same(system, &after, "taken back");
    let preview = system.run(preview).unwrap();
    assert_eq!(preview.execution_type, ExecutionType::Preview);
    assert_eq!(system.run(run).unwrap().undone_by, None);
    let refused = system.lifecycle.undo(&system.caller, &workflow, &preview, None, false);
    assert!(matches!(refused, Err(OperationError::Invalid(_))), "{refused:?}");
    company.undo(&workflow, run).unwrap();
    assert_eq!(system.user(ann).unwrap().account_enabled, Some(true));
}

#[test]
fn a_run_that_is_not_finished_is_refused_and_one_that_was_canceled_is_taken_back() {
    let company = Company::new();
    let people = ["ann", "bob"].map(|name| company.somebody(name));
    let workflow = company.leaver();
    let before = directory(&company.system);
    let system = &company.system;
    let run = system.activate(&workflow, &people).unwrap();
    assert!(conflict(company.undo(&workflow, run)).starts_with("It is not finished"));
    let run = system.runs(&workflow).unwrap().remove(0);
    // One of them has left by the time it is stopped.
    system.worker().with_batch(1).step().unwrap();
    system.lifecycle.cancel(&system.caller, &run).unwrap();
    system.drain().unwrap();
    assert_eq!(system.run(run.number).unwrap().status, Status::Canceled);
    let undo = company.undo(&workflow, run.number).unwrap();
    assert_eq!(system.run(undo).unwrap().counters.users.total, 1);
    same(system, &before, "taken back");
}

#[test]
fn a_workflow_that_was_disabled_or_has_another_version_is_taken_back_as_it_was() {
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company.leaver();
    let before = directory(&company.system);
    let run = company.run(&workflow, &[ann]);
    let system = &company.system;
    let spec = WorkflowSpec::on_demand(Category::Leaver).task("Disable user account", &[]);
    let workflow = system.lifecycle.create_new_version(&system.caller, workflow.id, spec.0, None).unwrap();
    disable(system, &workflow);
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(system.run(undo).unwrap().version, 1);
    same(system, &before, "taken back");
}

fn disable(system: &System, workflow: &tenure_lifecycle::workflow::Workflow) {
    let patch = tenure_lifecycle::operations::WorkflowPatch { is_enabled: Some(false), ..Default::default() };
    system.lifecycle.update_workflow(&system.caller, workflow.id, patch, None).unwrap();
}

#[test]
fn a_crash_in_the_middle_takes_nothing_back_twice() {
    let company = Company::new();
    let people: Vec<_> = (0..5).map(|place| company.somebody(&format!("person{place}"))).collect();
    let workflow = company.leaver();
    let before = directory(&company.system);
    let run = company.run(&workflow, &people);
    let Company { system, .. } = company;
    let made = system.run(run).unwrap();
    let undo = system.lifecycle.undo(&system.caller, &workflow, &made, None, false).unwrap().run;
    system.worker().with_batch(2).step().unwrap();
    let system = system.crashed().unwrap();
    system.drain().unwrap();
    assert_eq!(system.run(undo).unwrap().counters.users.successful, 5);
    same(&system, &before, "taken back");
    ledger::balances(&system);
}

#[test]
fn a_run_that_takes_back_is_not_processed_again_as_if_it_ran_the_tasks() {
    use tenure_lifecycle::operations::ActivationScope;
    use tenure_lifecycle::run::{TaskChoice, UserChoice};
    let company = Company::new();
    let ann = company.somebody("ann");
    let workflow = company.leaver();
    let run = company.run(&workflow, &[ann]);
    let undo = company.undo(&workflow, run).unwrap();
    let (system, before) = (&company.system, directory(&company.system));
    let results = system.results(undo).unwrap();
    for scope in [
        ActivationScope::Run(Box::new(system.run(undo).unwrap()), TaskChoice::All, UserChoice::All),
        ActivationScope::Results(results, TaskChoice::All),
    ] {
        let refused = system.lifecycle.activate_with_scope(&system.caller, workflow.id, &scope);
        assert!(matches!(refused, Err(OperationError::Invalid(_))), "{refused:?}");
    }
    system.drain().unwrap();
    same(system, &before, "refused");
}

#[test]
fn a_result_that_was_deleted_keeps_nobody_else_from_being_taken_back() {
    let company = Company::new();
    let people = ["ann", "bob"].map(|name| company.somebody(name));
    let workflow = company.leaver();
    let run = company.run(&workflow, &people);
    let system = &company.system;
    assert!(system.lifecycle.store.delete_result(run, 1, system.lifecycle.now(), system.actor()).unwrap());
    let undo = company.undo(&workflow, run).unwrap();
    assert_eq!(system.run(undo).unwrap().counters.users.total, 1);
    assert!(system.user(people[0]).is_err() && system.user(people[1]).is_ok());
}
