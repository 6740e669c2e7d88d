//! What happens to people: attributes that change, groups they come into and leave.

use tenure_lifecycle::engine::keep_house;
use tenure_lifecycle::operations::{SettingsPatch, WorkflowPatch};
use tenure_lifecycle::ports::{Failure, QueuedWork, SkipReason};
use tenure_lifecycle::workflow::{Category, MembershipChange, Trigger, Workflow};
use tenure_testkit::{System, WorkflowSpec};

use crate::stage::{NOW, for_group, processed, scheduled, set, skipped, somebody};

fn changes(attributes: &[&str]) -> Trigger {
    Trigger::AttributeChange { attributes: attributes.iter().map(|name| (*name).to_owned()).collect() }
}

/// A workflow that changes an attribute which it follows itself.
fn moving(system: &System) -> Workflow {
    let update = r#"[{"attribute":"officeLocation","value":"Bonn 2"}]"#;
    let spec = scheduled(changes(&["jobTitle", "officeLocation"]), "department eq 'Sales'")
        .task("Update user attributes", &[("attributeUpdates", update)]);
    system.workflow(spec).unwrap()
}

#[test]
fn a_change_of_a_named_attribute_counts_and_no_other() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    set(&system, ann, &[("jobTitle", "Clerk")]);
    let workflow =
        system.workflow(scheduled(changes(&["jobTitle", "manager"]), "department eq 'Sales'")).unwrap();
    // What was so before the workflow was scheduled is looked at by nobody.
    assert_eq!(processed(&system, &workflow, ann), 0);
    set(&system, ann, &[("city", "Bonn")]);
    assert_eq!(processed(&system, &workflow, ann), 0);
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(processed(&system, &workflow, ann), 1, "it says what already is");
    set(&system, ann, &[("jobTitle", "")]);
    assert_eq!(processed(&system, &workflow, ann), 2);
    let boss = somebody(&system, "boss");
    let manager = Some(Some(system.user(boss).unwrap().number));
    let patch = tenure_lifecycle::directory::UserPatch { manager, ..Default::default() };
    system.lifecycle.update_user(&system.caller, ann, &patch).unwrap();
    assert_eq!(processed(&system, &workflow, ann), 3);
    assert_eq!(processed(&system, &workflow, boss), 0, "somebody new has not changed");
}

#[test]
fn several_changes_before_anybody_looks_are_one_occasion() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow =
        system.workflow(scheduled(changes(&["jobTitle", "city"]), "department eq 'Sales'")).unwrap();
    processed(&system, &workflow, ann);
    set(&system, ann, &[("jobTitle", "Clerk"), ("city", "Bonn")]);
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    assert_eq!(processed(&system, &workflow, ann), 1);
}

#[test]
fn who_comes_into_scope_within_the_interval_is_processed_for_what_happened_before() {
    for (back_at, times) in [("2026-03-10T14:59:00Z", 1), ("2026-03-10T15:01:00Z", 0)] {
        let system = System::at(NOW).unwrap();
        let ann = somebody(&system, "ann");
        let workflow = system.workflow(scheduled(changes(&["jobTitle"]), "city eq 'Bonn'")).unwrap();
        processed(&system, &workflow, ann);
        set(&system, ann, &[("jobTitle", "Clerk")]);
        assert_eq!(processed(&system, &workflow, ann), 0);
        assert_eq!(skipped(&system, &workflow), [("ann".to_owned(), SkipReason::OutOfScope)]);
        system.advance(back_at).unwrap();
        set(&system, ann, &[("city", "Bonn")]);
        assert_eq!(processed(&system, &workflow, ann), times, "{back_at}");
        assert_eq!(skipped(&system, &workflow).len(), 1 - times);
    }
}

#[test]
fn what_happened_to_somebody_out_of_scope_is_one_occasion_once_they_are_in_it() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow = system.workflow(scheduled(changes(&["jobTitle", "country"]), "city eq 'Bonn'")).unwrap();
    let step = |values: &[(&str, &str)]| {
        set(&system, ann, values);
        processed(&system, &workflow, ann)
    };
    assert_eq!(step(&[]), 0);
    for title in ["Clerk", "Lead", "Head"] {
        assert_eq!(step(&[("jobTitle", title)]), 0);
    }
    assert_eq!(step(&[("city", "Bonn")]), 1);
    assert_eq!(skipped(&system, &workflow), [], "what happened before the last is part of it");
    assert_eq!(step(&[("officeLocation", "Bonn 2")]), 1);
    // Both kinds at once, and what happens in scope after what happened out of it.
    assert_eq!(step(&[("city", "Ulm"), ("jobTitle", "Clerk")]), 1);
    assert_eq!(step(&[("city", "Bonn"), ("jobTitle", "Lead"), ("country", "DE")]), 2);
    assert_eq!(step(&[("officeLocation", "Bonn 1")]), 2);
    assert_eq!(skipped(&system, &workflow), []);
}

#[test]
fn who_was_in_and_out_of_a_group_is_processed_once_when_they_are_in_it() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let staff = system.group("Staff").unwrap().id;
    let trigger = Trigger::MembershipChange { change: MembershipChange::Add };
    let workflow = system.workflow(for_group(trigger, staff)).unwrap();
    processed(&system, &workflow, ann);
    for _ in 0..2 {
        system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
        assert_eq!(system.sweep().unwrap().admitted, 1);
        system.lifecycle.remove_member(&system.caller, staff, ann).unwrap();
        assert_eq!(processed(&system, &workflow, ann), 0);
    }
    assert_eq!(skipped(&system, &workflow).len(), 1, "the first is part of the second");
    system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ann, &[("officeLocation", "Bonn 2")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    assert_eq!(skipped(&system, &workflow), []);
}

#[test]
fn an_occasion_that_is_stopped_after_a_later_one_was_taken_up_is_not_taken_up_again() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow = system.workflow(scheduled(changes(&["jobTitle"]), "department eq 'Sales'")).unwrap();
    processed(&system, &workflow, ann);
    set(&system, ann, &[("jobTitle", "Clerk")]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let first = system.runs(&workflow).unwrap().swap_remove(0);
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.lifecycle.cancel(&system.caller, &first).unwrap();
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ann, &[("officeLocation", "Bonn 2")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
}

#[test]
fn what_happens_while_nobody_is_to_look_starts_nothing() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow = system.workflow(scheduled(changes(&["jobTitle"]), "department eq 'Sales'")).unwrap();
    let switch = |on: bool| {
        let patch = WorkflowPatch { is_scheduling_enabled: Some(on), ..WorkflowPatch::default() };
        system.lifecycle.update_workflow(&system.caller, workflow.id, patch, None).unwrap();
    };
    processed(&system, &workflow, ann);
    switch(false);
    set(&system, ann, &[("jobTitle", "Clerk")]);
    switch(true);
    assert_eq!(processed(&system, &workflow, ann), 0);
    // But from the very moment on.
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
}

#[test]
fn a_new_version_takes_over_those_who_wait_and_a_stopped_one_lists_them() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let spec = || scheduled(changes(&["jobTitle"]), "department eq 'Sales'");
    let workflow = system.workflow(spec()).unwrap();
    processed(&system, &workflow, ann);
    set(&system, ann, &[("jobTitle", "Clerk")]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.lifecycle.create_new_version(&system.caller, workflow.id, spec().0, None).unwrap();
    system.drain().unwrap();
    assert_eq!(processed(&system, &workflow, ann), 1);
    // Stopped: nobody would know of it any more, but for the list.
    set(&system, ann, &[("jobTitle", "Lead")]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let off = WorkflowPatch { is_enabled: Some(false), ..WorkflowPatch::default() };
    system.lifecycle.update_workflow(&system.caller, workflow.id, off, None).unwrap();
    system.drain().unwrap();
    assert_eq!(skipped(&system, &workflow), [("ann".to_owned(), SkipReason::RunStopped)]);
    let on = WorkflowPatch {
        is_enabled: Some(true),
        is_scheduling_enabled: Some(true),
        ..WorkflowPatch::default()
    };
    system.lifecycle.update_workflow(&system.caller, workflow.id, on, None).unwrap();
    assert_eq!(processed(&system, &workflow, ann), 1, "it happened before the workflow was scheduled again");
}

#[test]
fn what_its_own_tasks_change_starts_a_workflow_not_again() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow = moving(&system);
    processed(&system, &workflow, ann);
    set(&system, ann, &[("jobTitle", "Clerk")]);
    assert_eq!(processed(&system, &workflow, ann), 1);
    assert_eq!(processed(&system, &workflow, ann), 1);
    set(&system, ann, &[("officeLocation", "Bonn 1")]);
    assert_eq!(processed(&system, &workflow, ann), 2);
}

#[test]
fn what_tasks_changed_starts_others_and_not_their_own_workflow_though_the_run_is_forgotten() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let workflow = moving(&system);
    let mut spec = scheduled(changes(&["officeLocation"]), "department eq 'Sales'");
    spec.0.display_name = "other".to_owned();
    let other = system.workflow(spec).unwrap();
    processed(&system, &workflow, ann);
    set(&system, ann, &[("jobTitle", "Clerk")]);
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.drain().unwrap();
    let patch = SettingsPatch { history_retention_in_days: Some(Some(1)), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    system.clock.set("2026-03-13T12:00:00Z".parse().unwrap());
    while keep_house(&system.lifecycle, system.lifecycle.now()).unwrap() {}
    assert!(system.runs(&workflow).unwrap().is_empty());
    assert_eq!(system.sweep().unwrap().admitted, 1);
    assert_eq!((system.runs(&workflow).unwrap().len(), system.runs(&other).unwrap().len()), (0, 1));
}

#[test]
fn coming_into_a_group_and_leaving_it_are_two_things() {
    let system = System::at(NOW).unwrap();
    let (ann, bob) = (somebody(&system, "ann"), somebody(&system, "bob"));
    let (staff, other) = (system.group("Staff").unwrap().id, system.group("Other").unwrap().id);
    system.lifecycle.add_member(&system.caller, staff, bob).unwrap();
    let of = |change| system.workflow(for_group(Trigger::MembershipChange { change }, staff)).unwrap();
    let (into, out) = (of(MembershipChange::Add), of(MembershipChange::Remove));
    let now = |who| (processed(&system, &into, who), processed(&system, &out, who));
    assert_eq!((now(ann), now(bob)), ((0, 0), (0, 0)));
    system.lifecycle.add_member(&system.caller, other, ann).unwrap();
    assert_eq!(now(ann), (0, 0));
    system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
    assert_eq!(now(ann), (1, 0));
    system.lifecycle.remove_member(&system.caller, staff, bob).unwrap();
    assert_eq!(now(bob), (0, 1));
    // Out and in again before anybody looks: who is in it has not left it.
    system.lifecycle.remove_member(&system.caller, staff, ann).unwrap();
    system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
    assert_eq!(now(ann), (2, 0));
    // A group that is deleted takes nobody out of it.
    system.lifecycle.delete_group(&system.caller, staff).unwrap();
    assert_eq!(now(ann), (2, 0));
}

#[test]
fn whose_turn_comes_when_they_are_out_again_is_not_processed() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let staff = system.group("Staff").unwrap().id;
    let trigger = Trigger::MembershipChange { change: MembershipChange::Add };
    let workflow = system.workflow(for_group(trigger, staff)).unwrap();
    processed(&system, &workflow, ann);
    system.lifecycle.add_member(&system.caller, staff, ann).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    system.lifecycle.remove_member(&system.caller, staff, ann).unwrap();
    system.drain().unwrap();
    assert_eq!(processed(&system, &workflow, ann), 0);
    assert_eq!(skipped(&system, &workflow), [("ann".to_owned(), SkipReason::OutOfScope)]);
}

#[test]
fn a_workflow_in_quarantine_misses_nothing() {
    let limits =
        tenure_lifecycle::limits::Limits { leavers_at_most: 1, leavers_percent: 0.0, ..Default::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    let (ann, bob) = (somebody(&system, "ann"), somebody(&system, "bob"));
    let mut spec = scheduled(changes(&["jobTitle"]), "department eq 'Sales'");
    spec.0.category = tenure_lifecycle::workflow::Category::Leaver;
    spec.0.tasks.clear();
    let workflow = system.workflow(spec.task("Disable user account", &[])).unwrap();
    processed(&system, &workflow, ann);
    for who in [ann, bob] {
        set(&system, who, &[("jobTitle", "Clerk")]);
    }
    assert!(system.sweep().unwrap().quarantined);
    set(&system, ann, &[("city", "Bonn")]);
    assert_eq!(processed(&system, &workflow, ann), 0);
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    assert_eq!((processed(&system, &workflow, ann), processed(&system, &workflow, bob)), (1, 1));
}

#[test]
fn a_clock_that_is_moved_to_a_repeat_stops_when_what_follows_from_it_is_through_too() {
    let system = System::at(NOW).unwrap();
    let ann = somebody(&system, "ann");
    let project = system.group("Project").unwrap().id;
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Add user to groups", &[("groupID", &project.to_string())]);
    let adding = system.workflow(spec).unwrap();
    let coming = Trigger::MembershipChange { change: MembershipChange::Add };
    let coming = system.workflow(for_group(coming, project)).unwrap();
    system.sweep().unwrap();
    system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    system.activate(&adding, &[ann]).unwrap();
    let QueuedWork::At(repeat) = system.drain().unwrap() else { panic!("the mail is to be repeated") };
    system.advance(&repeat.to_string()).unwrap();
    assert_eq!(system.groups_of(ann).unwrap(), ["Project"]);
    assert_eq!(system.runs(&coming).unwrap().len(), 1, "nobody has to move the clock again");
}
