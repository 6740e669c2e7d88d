//! Who is due is processed once for each occasion, or listed with the reason why not.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::engine::{Step, sweep_all};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{OperationError, WorkflowPatch};
use tenure_lifecycle::ports::{Lane, SkipReason};
use tenure_lifecycle::run::{ExecutionType, Status};
use tenure_lifecycle::workflow::{
    Category, ExecutionConditions, Scope, SweepCursor, TimeAttribute, Workflow,
};
use tenure_testkit::{Cut, Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";

fn joiner(system: &System, rule: &str) -> Workflow {
    let spec = WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, rule)
        .task("Enable user account", &[]);
    system.workflow(spec).unwrap()
}

fn hired(name: &str, department: &str, on: &str) -> Person {
    Person { department: Some(department.to_owned()), hire: Some(on.parse().unwrap()), ..Person::named(name) }
}

fn set_hire(system: &System, id: UserId, on: Option<&str>) {
    let value = on.map_or(Value::Null, |on| Value::DateTime(on.parse().unwrap()));
    let patch =
        UserPatch { set: vec![(attribute("employeeHireDate").unwrap(), value)], ..UserPatch::default() };
    system.lifecycle.update_user(&system.caller, id, &patch).unwrap();
}

fn skipped(system: &System, workflow: &Workflow) -> Vec<(String, SkipReason)> {
    let list = system.lifecycle.store.list_skipped(workflow.number, 0, 100).unwrap();
    list.into_iter().map(|(skipped, _, name)| (name, skipped.reason)).collect()
}

#[test]
fn those_who_are_due_are_processed_and_the_others_are_listed_with_the_reason() {
    let system = System::at(NOW).unwrap();
    let due = system.person(&hired("due", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.person(&hired("late", "Sales", "2026-03-06T08:00:00Z")).unwrap();
    system.person(&hired("other", "Legal", "2026-03-10T08:00:00Z")).unwrap();
    system.person(&hired("tomorrow", "Sales", "2026-03-11T08:00:00Z")).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let report = system.sweep().unwrap();
    assert_eq!((report.admitted, report.skipped), (1, 2));
    system.drain().unwrap();
    assert_eq!(system.user(due.id).unwrap().account_enabled, Some(true));
    assert_eq!(
        skipped(&system, &workflow),
        [("late".to_owned(), SkipReason::OutsideCatchUp), ("other".to_owned(), SkipReason::OutOfScope)]
    );
    let runs = system.runs(&workflow).unwrap();
    assert_eq!(
        (runs.len(), runs[0].execution_type, runs[0].status),
        (1, ExecutionType::Scheduled, Status::Completed)
    );
}

#[test]
fn nobody_is_processed_twice_for_one_occasion_and_a_date_set_again_is_a_new_one() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "accountEnabled eq false");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    system.drain().unwrap();
    let patch = UserPatch {
        set: vec![(attribute("accountEnabled").unwrap(), Value::Boolean(false))],
        ..UserPatch::default()
    };
    system.lifecycle.update_user(&system.caller, ann.id, &patch).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 0);
    // The same date again changes nothing.
    set_hire(&system, ann.id, Some("2026-03-10T08:00:00Z"));
    assert_eq!(system.sweep().unwrap().admitted, 0);
    // Withdrawn and set again is another occasion.
    set_hire(&system, ann.id, None);
    set_hire(&system, ann.id, Some("2026-03-10T08:00:00Z"));
    assert_eq!(system.sweep().unwrap().admitted, 1);
    assert_eq!(system.runs(&workflow).unwrap().len(), 2);
}

#[test]
fn moving_the_clock_runs_every_sweep_on_the_way() {
    let system = System::at("2026-03-01T00:00:00Z").unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    for (name, day) in [("a", "02"), ("b", "05"), ("c", "09")] {
        system.person(&hired(name, "Sales", &format!("2026-03-{day}T08:00:00Z"))).unwrap();
    }
    system.advance("2026-03-20T00:00:00Z").unwrap();
    let runs = system.runs(&workflow).unwrap();
    let scheduled: Vec<String> = runs.iter().rev().map(|run| run.scheduled.to_string()).collect();
    assert_eq!(scheduled, ["2026-03-02T08:00:00Z", "2026-03-05T08:00:00Z", "2026-03-09T08:00:00Z"]);
    assert!(skipped(&system, &workflow).is_empty());
}

#[test]
fn somebody_who_comes_into_scope_within_catch_up_is_processed_then() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let ann = system.person(&hired("ann", "Legal", "2026-03-09T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    assert_eq!(skipped(&system, &workflow).len(), 1);
    let patch = UserPatch {
        set: vec![(attribute("department").unwrap(), Value::Text("Sales".to_owned()))],
        ..UserPatch::default()
    };
    system.lifecycle.update_user(&system.caller, ann.id, &patch).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    assert!(skipped(&system, &workflow).is_empty());
}

#[test]
fn a_group_scope_takes_its_members() {
    let system = System::at(NOW).unwrap();
    let group = system.group("New").unwrap();
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.person(&hired("bob", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.lifecycle.add_member(&system.caller, group.id, ann.id).unwrap();
    let mut spec = WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "")
        .task("Enable user account", &[]);
    if let ExecutionConditions::TriggerAndScope { scope, .. } = &mut spec.0.conditions {
        *scope = Scope::Groups { groups: vec![group.id] };
    }
    let workflow = system.workflow(spec).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.drain().unwrap();
    assert_eq!(system.results(system.runs(&workflow).unwrap()[0].number).unwrap()[0].subject, Some(ann.id));
}

#[test]
fn a_queued_user_who_no_longer_fits_is_canceled_and_may_come_again() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    set_hire(&system, ann.id, Some("2026-04-01T08:00:00Z"));
    system.drain().unwrap();
    let run = system.runs(&workflow).unwrap()[0].clone();
    assert_eq!(system.results(run.number).unwrap()[0].status, Status::Canceled);
    assert_eq!(run.status, Status::CompletedWithErrors);
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(false));
}

#[test]
fn disabling_cancels_the_queued_and_releases_their_occasion() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    let off = WorkflowPatch { is_enabled: Some(false), ..WorkflowPatch::default() };
    system.lifecycle.update_workflow(&system.caller, workflow.id, off, None).unwrap();
    system.drain().unwrap();
    assert_eq!(
        system.results(system.runs(&workflow).unwrap()[0].number).unwrap()[0].status,
        Status::Canceled
    );
    let on = WorkflowPatch {
        is_enabled: Some(true),
        is_scheduling_enabled: Some(true),
        ..WorkflowPatch::default()
    };
    system.lifecycle.update_workflow(&system.caller, workflow.id, on, None).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.drain().unwrap();
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
}

#[test]
fn a_new_version_takes_over_the_queued_users_who_still_fit() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department in ('Sales','Legal')");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    let bob = system.person(&hired("bob", "Legal", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    let spec = WorkflowSpec::scheduled(
        Category::Joiner,
        TimeAttribute::EmployeeHireDate,
        0,
        "department eq 'Sales'",
    )
    .task("Enable user account", &[]);
    let newer = system.lifecycle.create_new_version(&system.caller, workflow.id, spec.0, None).unwrap();
    assert_eq!(newer.version, 2);
    system.drain().unwrap();
    system.sweep().unwrap();
    system.drain().unwrap();
    let runs = system.runs(&workflow).unwrap();
    assert_eq!(runs.iter().map(|run| run.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
    assert_eq!(system.user(bob.id).unwrap().account_enabled, Some(false));
    assert!(system.results(runs[1].number).unwrap().iter().all(|result| result.status == Status::Canceled));
}

#[test]
fn catch_up_without_limit_takes_everybody() {
    let system = System::with_limits(NOW, Limits { catch_up_days: None, ..Limits::default() }).unwrap();
    system.person(&hired("old", "Sales", "1999-03-10T08:00:00Z")).unwrap();
    joiner(&system, "department eq 'Sales'");
    assert_eq!(system.sweep().unwrap().admitted, 1);
}

#[test]
fn those_whom_a_new_version_stops_are_swept_again_even_if_the_sweep_came_first() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    let spec = WorkflowSpec::scheduled(
        Category::Joiner,
        TimeAttribute::EmployeeHireDate,
        0,
        "department eq 'Sales'",
    )
    .task("Enable user account", &[]);
    system.lifecycle.create_new_version(&system.caller, workflow.id, spec.0, None).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 0, "the occasion is still in use");
    system.drain().unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.drain().unwrap();
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
}

#[test]
fn a_workflow_that_is_disabled_at_the_same_moment_runs_nobody() {
    let system = System::at(NOW).unwrap();
    let ids = system.people(3).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[])).unwrap();
    let run = system.activate(&workflow, &ids).unwrap();
    let lease = system.lifecycle.store.lease(7, 10, system.lifecycle.now(), &Lane::Any).unwrap().unwrap();
    let off = WorkflowPatch { is_enabled: Some(false), ..WorkflowPatch::default() };
    system.lifecycle.update_workflow(&system.caller, workflow.id, off, None).unwrap();
    // The batch was leased before; it is given back and its users are canceled.
    system.lifecycle.store.abandon(&lease, system.lifecycle.now()).unwrap();
    system.drain().unwrap();
    assert!(system.results(run).unwrap().iter().all(|result| result.status == Status::Canceled));
    assert_eq!(system.user(ids[0]).unwrap().account_enabled, Some(false));
}

#[test]
fn stopping_a_workflow_leaves_a_run_alone_whose_only_open_results_were_reported() {
    let system = System::at(NOW).unwrap();
    let ids = system.people(1).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[])).unwrap();
    let run = system.activate(&workflow, &ids).unwrap();
    system.drain().unwrap();
    let reported = tenure_lifecycle::run::NewResult {
        status: Status::Queued,
        scheduled: system.lifecycle.now(),
        started: None,
        completed: None,
        execution_type: ExecutionType::OnDemand,
        version: 1,
        tasks: tenure_lifecycle::run::TaskCounts { total: 1, failed: 0, unprocessed: 1 },
        subject: None,
    };
    system.lifecycle.create_result(&system.caller, &workflow, run, &reported).unwrap();
    let before = system.run(run).unwrap();
    assert_eq!(before.status, Status::InProgress);
    system.lifecycle.delete_workflow(&system.caller, workflow.id, None).unwrap();
    system.drain().unwrap();
    assert_eq!(system.run(run).unwrap().status, Status::InProgress);
}

#[test]
fn somebody_who_left_the_scope_while_waiting_is_listed_and_may_come_back() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    system.sweep().unwrap();
    let department = |name: &str| {
        let set = vec![(attribute("department").unwrap(), Value::Text(name.to_owned()))];
        let patch = UserPatch { set, ..UserPatch::default() };
        system.lifecycle.update_user(&system.caller, ann.id, &patch).unwrap();
    };
    department("Legal");
    // The sweep sees the change while the occasion is still in use.
    system.sweep().unwrap();
    assert!(skipped(&system, &workflow).is_empty());
    system.drain().unwrap();
    assert_eq!(skipped(&system, &workflow), [("ann".to_owned(), SkipReason::OutOfScope)]);
    department("Sales");
    assert_eq!(system.sweep().unwrap().admitted, 1);
    assert!(skipped(&system, &workflow).is_empty());
    system.drain().unwrap();
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
}

#[test]
fn a_version_that_does_nothing_uses_nobody_up() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&hired("ann", "Sales", "2026-03-10T08:00:00Z")).unwrap();
    let mut spec = WorkflowSpec::scheduled(
        Category::Joiner,
        TimeAttribute::EmployeeHireDate,
        0,
        "department eq 'Sales'",
    )
    .task("Enable user account", &[]);
    spec.0.tasks[0].is_enabled = false;
    let workflow = system.workflow(spec.clone()).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 0);
    let refused = system.lifecycle.activate(&system.caller, workflow.id, &[ann.id]);
    assert!(matches!(refused, Err(OperationError::Invalid(invalid)) if invalid.property == "tasks"));
    assert!(system.runs(&workflow).unwrap().is_empty());
    spec.0.tasks[0].is_enabled = true;
    system.lifecycle.create_new_version(&system.caller, workflow.id, spec.0, None).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.drain().unwrap();
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
}

#[test]
fn those_whom_a_sweep_admitted_that_was_cut_off_are_processed_as_soon_as_the_next_one_has_looked() {
    let system = System::at(NOW).unwrap();
    let workflow = joiner(&system, "department eq 'Sales'");
    for name in ["ann", "ben"] {
        system.person(&hired(name, "Sales", "2026-03-10T08:00:00Z")).unwrap();
    }
    let mut cut_off = 0;
    for place in 1.. {
        let twin = system.twin().unwrap();
        if twin.power.until(Some(Cut::Before(place)), || twin.sweep().unwrap()).0.is_some() {
            break;
        }
        let twin = twin.crashed().unwrap();
        if twin.runs(&workflow).unwrap().is_empty() {
            continue;
        }
        cut_off += 1;
        assert!(matches!(twin.step().unwrap(), Step::Idle(_)), "nobody is processed of half an admission");
        let rung = twin.lifecycle.work.rung();
        assert_eq!(sweep_all(&twin.lifecycle, twin.lifecycle.now()).unwrap().admitted, 0);
        assert!(twin.lifecycle.work.rung() > rung, "whoever waits for work is told");
        twin.drain().unwrap();
        let runs = twin.runs(&workflow).unwrap();
        assert_eq!((runs.len(), runs[0].counters.users.successful), (1, 2));
    }
    assert!(cut_off > 0);
}

#[test]
fn whoever_is_stopped_while_a_sweep_looks_is_looked_at_by_the_next() {
    let system = System::at("2026-03-10T12:00:00Z").unwrap();
    let hire = Some("2026-03-10T08:00:00Z".parse().unwrap());
    system.person(&Person { hire, ..Person::named("ann") }).unwrap();
    let spec = || {
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[])
    };
    let workflow = system.workflow(spec()).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let new = system.lifecycle.create_new_version(&system.caller, workflow.id, spec().0, None).unwrap();
    // A sweep has looked at everybody while the run was being stopped, and says how far it has looked.
    system.drain().unwrap();
    let now = system.lifecycle.now();
    let change = system.store.last_change().unwrap();
    let looked = SweepCursor { due_until: Some(now), change, ..new.cursor };
    system.store.finish_sweep(new.number, new.revision, looked, now).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
}
