//! Who is deleted, or in a group that is, is left alone until they come back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tenure_lifecycle::engine::keep_house;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::Lane;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, ExecutionConditions, Scope, TimeAttribute};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-09T12:00:00Z";

fn hired(name: &str) -> Person {
    Person { hire: Some("2026-03-10T08:00:00Z".parse().unwrap()), ..Person::named(name) }
}

fn is_enabled(system: &System, id: UserId) -> bool {
    system.user(id).unwrap().account_enabled == Some(true)
}

#[test]
fn members_of_a_deleted_group_are_out_of_scope_until_it_comes_back() {
    let system = System::at(NOW).unwrap();
    let group = system.group("Sales").unwrap();
    let member = system.person(&hired("member")).unwrap();
    let other = system.person(&hired("other")).unwrap();
    system.lifecycle.add_member(&system.caller, group.id, member.id).unwrap();
    let mut spec = WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "")
        .task("Enable user account", &[]);
    if let ExecutionConditions::TriggerAndScope { scope, .. } = &mut spec.0.conditions {
        *scope = Scope::Groups { groups: vec![group.id] };
    }
    let workflow = system.workflow(spec).unwrap();
    system.sweep().unwrap();
    system.lifecycle.delete_group(&system.caller, group.id).unwrap();
    system.advance("2026-03-10T12:00:00Z").unwrap();
    assert!(!is_enabled(&system, member.id));
    system.lifecycle.restore_group(&system.caller, group.id).unwrap();
    system.advance("2026-03-10T13:00:00Z").unwrap();
    assert!(is_enabled(&system, member.id) && !is_enabled(&system, other.id));
    assert_eq!(system.runs(&workflow).unwrap().len(), 1);
}

#[test]
fn a_group_that_is_deleted_between_admission_and_processing_takes_its_members_out_of_scope() {
    let system = System::at("2026-03-10T12:00:00Z").unwrap();
    let group = system.group("Sales").unwrap();
    let member = system.person(&hired("member")).unwrap();
    system.lifecycle.add_member(&system.caller, group.id, member.id).unwrap();
    let mut spec = WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "")
        .task("Enable user account", &[]);
    if let ExecutionConditions::TriggerAndScope { scope, .. } = &mut spec.0.conditions {
        *scope = Scope::Groups { groups: vec![group.id] };
    }
    let workflow = system.workflow(spec).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let lease = system.store.lease(1, 10, system.lifecycle.now(), &Lane::Any).unwrap().unwrap();
    assert_eq!(system.store.load(&lease).unwrap().users[0].groups, [group.number]);
    system.lifecycle.delete_group(&system.caller, group.id).unwrap();
    assert!(system.store.load(&lease).unwrap().users[0].groups.is_empty());
    // What was planned from the membership is stale now.
    assert_eq!(system.user(member.id).unwrap().version, member.version + 2);
    system.store.abandon(&lease, system.lifecycle.now()).unwrap();
    system.drain().unwrap();
    let run = system.runs(&workflow).unwrap()[0].number;
    assert_eq!(system.results(run).unwrap()[0].status, Status::Canceled);
    assert!(!is_enabled(&system, member.id));
}

#[test]
fn a_task_does_not_see_groups_that_are_deleted() {
    let system = System::at(NOW).unwrap();
    let (here, gone) = (system.group("here").unwrap(), system.group("gone").unwrap());
    let person = system.person(&hired("person")).unwrap();
    for group in [&here, &gone] {
        system.lifecycle.add_member(&system.caller, group.id, person.id).unwrap();
    }
    system.lifecycle.delete_group(&system.caller, gone.id).unwrap();
    assert_eq!(system.groups_of(person.id).unwrap(), ["here"]);
    let workflow = system
        .workflow(WorkflowSpec::on_demand(Category::Leaver).task("Remove user from all groups", &[]))
        .unwrap();
    let run = system.activate(&workflow, &[person.id]).unwrap();
    system.drain().unwrap();
    assert_eq!(system.results(run).unwrap()[0].status, Status::Completed);
    assert!(system.groups_of(person.id).unwrap().is_empty());
    system.lifecycle.restore_group(&system.caller, gone.id).unwrap();
    assert_eq!(system.groups_of(person.id).unwrap(), ["gone"]);
}

#[test]
fn a_deleted_manager_is_no_manager_until_they_come_back() {
    let system = System::at(NOW).unwrap();
    let boss = system.person(&Person::named("boss")).unwrap();
    let person = system.person(&Person::named("person")).unwrap();
    system.lifecycle.set_manager(&system.caller, person.id, Some(boss.id)).unwrap();
    assert_eq!(system.store.population().unwrap(), 2);
    system.lifecycle.delete_user(&system.caller, boss.id).unwrap();
    assert_eq!(system.store.population().unwrap(), 1);
    system.lifecycle.restore_user(&system.caller, boss.id).unwrap();
    assert_eq!(system.store.population().unwrap(), 2);
    assert_eq!(system.user(person.id).unwrap().manager, Some(boss.number));
    // Whoever is in flight when they are deleted for good does not disturb the books.
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]));
    let run = system.activate(&workflow.unwrap(), &[boss.id]).unwrap();
    system.lifecycle.delete_user(&system.caller, boss.id).unwrap();
    system.lifecycle.purge_user(&system.caller, boss.id).unwrap();
    system.drain().unwrap();
    assert_eq!(system.results(run).unwrap()[0].status, Status::Canceled);
    assert_eq!(system.store.population().unwrap(), 1);
    assert!(system.store.deleted_user(boss.id).unwrap().is_none());
}

#[test]
fn a_workflow_that_is_deleted_for_good_keeps_its_results_until_nobody_is_processed_any_more() {
    let system = System::at(NOW).unwrap();
    let people = system.people(5).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &people).unwrap();
    let lease = system.store.lease(1, 2, system.lifecycle.now(), &Lane::Any).unwrap().unwrap();
    system.lifecycle.delete_workflow(&system.caller, workflow.id, None).unwrap();
    system.lifecycle.hard_delete_workflow(&system.caller, workflow.id).unwrap();
    let keep = || while keep_house(&system.lifecycle, system.lifecycle.now()).unwrap() {};
    keep();
    // Who is leased finds their result again.
    assert_eq!(system.store.load(&lease).unwrap().users.len(), 2);
    assert_eq!(system.results(run).unwrap().len(), 5);
    system.store.abandon(&lease, system.lifecycle.now()).unwrap();
    system.drain().unwrap();
    keep();
    assert!(system.results(run).unwrap_or_default().is_empty());
    assert!(people.iter().all(|person| !is_enabled(&system, *person)), "it was deleted before their turn");
}
