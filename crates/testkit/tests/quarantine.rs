//! A workflow that would reach too many people waits until somebody has looked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tenure_lifecycle::engine::tell_administrators;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{OperationError, SettingsPatch};
use tenure_lifecycle::ports::Failure;
use tenure_lifecycle::workflow::{
    Category, MatchMode, QuarantineCondition, QuarantineConfiguration, QuarantineKind, TimeAttribute,
    Workflow,
};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";

/// At most three leavers.
fn system() -> System {
    System::with_limits(NOW, Limits { leavers_at_most: 3, leavers_percent: 5.0, ..Limits::default() })
        .unwrap()
}

fn leavers(system: &System, count: usize) {
    for place in 0..count {
        let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&format!("leaver{place}")) }).unwrap();
    }
}

/// A workflow that disables everybody on the day they leave.
fn on_leaving(system: &System, category: Category) -> Workflow {
    let task = if category == Category::Joiner { "Enable user account" } else { "Disable user account" };
    let spec = WorkflowSpec::scheduled(category, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'")
        .task(task, &[]);
    system.workflow(spec).unwrap()
}

fn is_held(system: &System, workflow: &Workflow) -> bool {
    system.lifecycle.workflow(workflow.id, false).unwrap().quarantine.is_some()
}

#[test]
fn too_many_leavers_hold_the_workflow_back_until_somebody_has_looked() {
    let limits = Limits { leavers_at_most: 3, leavers_percent: 5.0, ..Limits::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    for place in 0..5 {
        let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&format!("leaver{place}")) }).unwrap();
    }
    let spec =
        WorkflowSpec::scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'")
            .task("Remove user from all groups", &[]);
    let workflow = system.workflow(spec).unwrap();
    let report = system.sweep().unwrap();
    assert!(report.quarantined);
    assert_eq!(report.admitted, 0);
    let held = system.lifecycle.workflow(workflow.id, false).unwrap();
    let reason = held.quarantine.as_ref().map(|quarantine| quarantine.reason.clone()).unwrap();
    assert!(reason.contains("5 people are due") && reason.contains("more than the 3"), "{reason}");
    assert!(system.runs(&workflow).unwrap().is_empty());
    assert_eq!(system.sweep().unwrap().admitted, 0, "it stays held back");
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    assert!(system.runs(&workflow).unwrap().is_empty(), "clearing runs nothing");
    assert_eq!(system.sweep().unwrap().admitted, 5);
    let again = system.lifecycle.clear_quarantine(&system.caller, workflow.id);
    assert!(matches!(again, Err(OperationError::Conflict(_))));
}

#[test]
fn the_limits_of_the_settings_hold_for_every_workflow() {
    let system = System::at(NOW).unwrap();
    let limits = |conditions: &[QuarantineCondition], match_mode| {
        let configuration = QuarantineConfiguration { conditions: conditions.to_vec(), match_mode };
        let patch =
            SettingsPatch { quarantine_configuration: Some(Some(configuration)), ..SettingsPatch::default() };
        system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    };
    let joiners = |count: usize, from: usize| {
        for place in from..from + count {
            let hire = Some(NOW.parse().unwrap());
            system.person(&Person { hire, ..Person::named(&format!("joiner{place}")) }).unwrap();
        }
    };
    limits(&[QuarantineCondition::Count(2), QuarantineCondition::Percentage(100)], MatchMode::All);
    joiners(3, 0);
    let spec =
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 3, "not all limits are exceeded");
    limits(&[QuarantineCondition::Count(4)], MatchMode::Any);
    joiners(2, 3);
    let report = system.sweep().unwrap();
    assert!(report.quarantined && report.admitted == 0, "people of a day count together: {report:?}");
    let quarantine = system.lifecycle.workflow(workflow.id, false).unwrap().quarantine.unwrap();
    assert_eq!(quarantine.kind, QuarantineKind::Count);
    for said in ["2 people are due", "3 were admitted", "4 people", "of 5 people"] {
        assert!(quarantine.reason.contains(said), "{}", quarantine.reason);
    }
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 2);
}

#[test]
fn administrators_are_told_once_of_each_quarantine() {
    let limits = Limits { leavers_at_most: 3, leavers_percent: 5.0, ..Limits::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    let administrators = vec!["ops@example.com".to_owned(), "hr@example.com".to_owned()];
    let system = system.with_administrators(administrators).unwrap();
    for place in 0..5 {
        let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&format!("leaver{place}")) }).unwrap();
    }
    let spec =
        WorkflowSpec::scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'")
            .task("Remove user from all groups", &[]);
    let workflow = system.workflow(spec).unwrap();
    assert!(system.sweep().unwrap().quarantined);
    // The first one's mail server is down: the other one is told, and only the first one is left.
    let told = || system.deliveries.mails().iter().map(|mail| mail.to.address.clone()).collect::<Vec<_>>();
    system.deliveries.fail_next(Failure::Retryable("the mail server is down".to_owned()));
    tell_administrators(&system.lifecycle, system.deliveries.as_ref()).unwrap();
    assert_eq!(told(), ["hr@example.com"]);
    for _ in 0..3 {
        tell_administrators(&system.lifecycle, system.deliveries.as_ref()).unwrap();
        assert_eq!(told(), ["hr@example.com", "ops@example.com"]);
    }
    let mail = &system.deliveries.mails()[0];
    assert!(
        mail.text.contains("5 people are due") && mail.text.contains(&workflow.id.to_string()),
        "{mail:?}"
    );
    // Another quarantine is another notice.
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    system.sweep().unwrap();
    for place in 5..20 {
        let leave = Some("2026-03-11T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&format!("leaver{place}")) }).unwrap();
    }
    system.advance("2026-03-12T08:00:00Z").unwrap();
    assert_eq!(told().len(), 4);
    let keys: std::collections::BTreeSet<_> = system.deliveries.keys().into_iter().collect();
    assert_eq!(keys.len(), 4);
}

#[test]
fn leavers_who_come_one_by_one_count_together_for_a_day() {
    let limits = Limits { leavers_at_most: 3, leavers_percent: 0.0, ..Limits::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    let spec =
        WorkflowSpec::scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'")
            .task("Disable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let mut admitted = 0;
    for place in 0..6 {
        let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&format!("leaver{place}")) }).unwrap();
        admitted += system.sweep().unwrap().admitted;
        system.drain().unwrap();
    }
    assert_eq!(admitted, 3);
    let held = system.lifecycle.workflow(workflow.id, false).unwrap().quarantine.unwrap();
    assert!(held.reason.contains("1 person is due and 3 were admitted"), "{}", held.reason);
}

#[test]
fn those_who_come_at_the_moment_at_which_a_workflow_is_let_go_are_counted_too() {
    let system = system();
    let leave = |name: String| {
        let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
        system.person(&Person { leave, ..Person::named(&name) }).unwrap();
    };
    leavers(&system, 5);
    let workflow = on_leaving(&system, Category::Leaver);
    for round in 0..2 {
        assert!(system.sweep().unwrap().quarantined, "{round}");
        system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
        assert_eq!(system.sweep().unwrap().admitted, if round == 0 { 5 } else { 1 });
        // As many as a day may have, and one more.
        if round == 0 {
            (0..3).for_each(|place| leave(format!("later{place}")));
            assert_eq!(system.sweep().unwrap().admitted, 3);
            leave("last".to_owned());
        }
    }
}

#[test]
fn what_was_let_through_is_used_up_when_the_workflow_is_held_back_again() {
    let system = System::at(NOW).unwrap();
    let people = system.people(12).unwrap();
    let workflow = on_demand(&system, &[QuarantineCondition::Count(3)]);
    assert!(conflict(system.activate(&workflow, &people[..5])).contains("5 people were asked for"));
    system.advance("2026-03-10T12:00:01Z").unwrap();
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    system.advance("2026-03-10T12:00:02Z").unwrap();
    // Nobody takes up the five, and far more are asked for: what was let through does not stand for these.
    assert!(conflict(system.activate(&workflow, &people)).contains("12 people were asked for"));
    let refused = conflict(system.activate(&workflow, &people[..4]));
    assert!(refused.contains("4 people were asked for") && !refused.contains("let through"), "{refused}");
    assert!(system.runs(&workflow).unwrap().is_empty());
}

#[test]
fn whoever_is_due_while_a_workflow_is_held_back_is_not_too_late_when_it_is_let_go() {
    let system = system();
    leavers(&system, 5);
    let workflow = on_leaving(&system, Category::Leaver);
    assert!(system.sweep().unwrap().quarantined);
    // Nobody looks for longer than the catch-up window.
    system.advance("2026-03-30T12:00:00Z").unwrap();
    assert!(is_held(&system, &workflow));
    assert!(system.lifecycle.store.list_skipped(workflow.number, 0, 100).unwrap().is_empty());
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 5);
}

#[test]
fn a_workflow_on_the_day_of_leaving_is_held_back_whatever_it_is_called() {
    let system = system();
    leavers(&system, 5);
    let workflow = on_leaving(&system, Category::Joiner);
    assert!(system.sweep().unwrap().quarantined);
    assert!(is_held(&system, &workflow) && system.runs(&workflow).unwrap().is_empty());
}

fn on_demand(system: &System, conditions: &[QuarantineCondition]) -> Workflow {
    let limits = QuarantineConfiguration { conditions: conditions.to_vec(), match_mode: MatchMode::Any };
    let mut spec = WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]);
    spec.0.quarantine_configuration = Some(Some(limits));
    system.workflow(spec).unwrap()
}

fn conflict<T: std::fmt::Debug>(outcome: Result<T, OperationError>) -> String {
    match outcome {
        Err(OperationError::Conflict(message)) => message,
        other => format!("no conflict: {other:?}"),
    }
}

#[test]
fn whoever_asks_for_too_many_people_by_hand_has_the_workflow_held_back() {
    let system = System::at(NOW).unwrap().with_administrators(vec!["ops@example.com".to_owned()]).unwrap();
    let people = system.people(10).unwrap();
    let workflow = on_demand(&system, &[QuarantineCondition::Count(3)]);
    system.activate(&workflow, &people[..2]).unwrap();
    system.drain().unwrap();
    let refused = conflict(system.activate(&workflow, &people[2..4]));
    assert!(refused.contains("2 people were asked for and 2 were admitted"), "{refused}");
    assert!(refused.contains("the 3 people that the workflow allows in a day"), "{refused}");
    assert_eq!(system.runs(&workflow).unwrap().len(), 1, "nobody was run");
    assert!(is_held(&system, &workflow));
    tell_administrators(&system.lifecycle, system.deliveries.as_ref()).unwrap();
    assert_eq!(system.deliveries.mails()[0].to.address, "ops@example.com");
    // What does not go beyond the limits is run all the same, as in Graph.
    system.activate(&workflow, &people[2..3]).unwrap();
    // Once somebody has looked, they are let through, and no more than that.
    system.advance("2026-03-10T12:00:01Z").unwrap();
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    system.activate(&workflow, &people[2..4]).unwrap();
    system.activate(&workflow, &people[4..7]).unwrap();
    assert!(conflict(system.activate(&workflow, &people[7..8])).contains("beside the 2 let through"));
    // A day later the day before has nobody in it.
    system.advance("2026-03-11T13:00:00Z").unwrap();
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    system.activate(&workflow, &people[..3]).unwrap();
}

#[test]
fn every_way_of_asking_is_counted_but_for_previews_and_what_takes_back() {
    use tenure_lifecycle::operations::ActivationScope;
    use tenure_lifecycle::run::{TaskChoice, UserChoice};
    let system = System::at(NOW).unwrap();
    let people = system.people(4).unwrap();
    let group = system.group("Everybody").unwrap();
    for person in &people {
        system.lifecycle.add_member(&system.caller, group.id, *person).unwrap();
    }
    // Half of all people.
    let workflow = on_demand(&system, &[QuarantineCondition::Percentage(50)]);
    let (lifecycle, caller) = (&system.lifecycle, &system.caller);
    lifecycle.preview(caller, workflow.id, &people).unwrap();
    let run = system.activate(&workflow, &people[..2]).unwrap();
    system.drain().unwrap();
    let run = system.run(run).unwrap();
    let ask = |scope: &ActivationScope| conflict(lifecycle.activate_with_scope(caller, workflow.id, scope));
    assert!(ask(&ActivationScope::Group(group.id)).contains("4 people were asked for"));
    assert!(ask(&ActivationScope::Users(people[2..].to_vec())).contains("50 % of all people"));
    let again = ActivationScope::Run(Box::new(run.clone()), TaskChoice::All, UserChoice::All);
    assert!(ask(&again).contains("2 people were asked for and 2 were admitted"));
    // Taking back is the remedy.
    assert!(is_held(&system, &workflow));
    lifecycle.undo(caller, &workflow, &run, None, false).unwrap();
    system.drain().unwrap();
    assert_eq!(system.user(people[0]).unwrap().account_enabled, Some(false));
}

#[test]
fn what_the_workflow_says_goes_before_what_the_organisation_says() {
    let system = System::at(NOW).unwrap();
    let strict = QuarantineConfiguration {
        conditions: vec![QuarantineCondition::Count(1)],
        match_mode: MatchMode::Any,
    };
    let patch =
        SettingsPatch { quarantine_configuration: Some(Some(strict.clone())), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    leavers(&system, 3);
    let workflow = on_leaving(&system, Category::Leaver);
    let own = |limits: Option<QuarantineConfiguration>| {
        let patch = tenure_lifecycle::operations::WorkflowPatch {
            quarantine_configuration: Some(limits),
            ..Default::default()
        };
        system.lifecycle.update_workflow(&system.caller, workflow.id, patch, None).unwrap();
    };
    let generous = QuarantineConfiguration { conditions: vec![QuarantineCondition::Count(3)], ..strict };
    own(Some(generous));
    assert_eq!(system.sweep().unwrap().admitted, 3);
    own(None);
    let leave = Some("2026-03-10T08:00:00Z".parse().unwrap());
    system.person(&Person { leave, ..Person::named("latecomer") }).unwrap();
    assert!(system.sweep().unwrap().quarantined, "the organisation's holds again");
}

#[test]
fn in_the_strict_profile_only_scheduled_runs_are_held_back_and_counted() {
    let limits = Limits { profile: tenure_lifecycle::limits::Profile::Strict, ..Limits::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    leavers(&system, 3);
    let mut spec =
        WorkflowSpec::scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'")
            .task("Disable user account", &[]);
    let limits = QuarantineConfiguration {
        conditions: vec![QuarantineCondition::Count(3)],
        match_mode: MatchMode::Any,
    };
    spec.0.quarantine_configuration = Some(Some(limits));
    let workflow = system.workflow(spec).unwrap();
    let people = system.people(5).unwrap();
    system.activate(&workflow, &people).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 3, "those who were asked for do not count");
}

#[test]
fn of_many_who_ask_at_the_same_moment_no_more_are_let_through_than_the_limits_allow() {
    let system = System::at(NOW).unwrap();
    let people = system.people(8).unwrap();
    let workflow = on_demand(&system, &[QuarantineCondition::Count(3)]);
    let (system, workflow) = (&system, &workflow);
    let let_through = std::thread::scope(|scope| {
        let ask = |one: &tenure_lifecycle::ids::UserId| {
            let one = *one;
            scope.spawn(move || system.activate(workflow, &[one]).is_ok())
        };
        let asked: Vec<_> = people.iter().map(ask).collect();
        asked.into_iter().map(|one| one.join().unwrap()).filter(|ok| *ok).count()
    });
    assert_eq!(let_through, 3);
    assert!(is_held(system, workflow));
}

#[test]
fn a_workflow_that_is_held_back_stays_so_since_it_was_when_too_many_are_asked_for() {
    let system = system().with_administrators(vec!["ops@example.com".to_owned()]).unwrap();
    leavers(&system, 5);
    let workflow = on_leaving(&system, Category::Leaver);
    assert!(system.sweep().unwrap().quarantined);
    tell_administrators(&system.lifecycle, system.deliveries.as_ref()).unwrap();
    let limits = QuarantineConfiguration {
        conditions: vec![QuarantineCondition::Count(1)],
        match_mode: MatchMode::Any,
    };
    let patch = SettingsPatch { quarantine_configuration: Some(Some(limits)), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
    let before = system.lifecycle.workflow(workflow.id, false).unwrap().quarantine.unwrap();
    system.advance("2026-03-30T12:00:00Z").unwrap();
    let people = system.people(2).unwrap();
    assert!(conflict(system.activate(&workflow, &people)).contains("2 people were asked for"));
    tell_administrators(&system.lifecycle, system.deliveries.as_ref()).unwrap();
    assert_eq!(system.deliveries.mails().len(), 1, "they know of it");
    let after = system.lifecycle.workflow(workflow.id, false).unwrap().quarantine.unwrap();
    assert_eq!((after.since, after.due, &after.reason), (before.since, 5, &before.reason));
    // Those who were due then are let through, and are not too late.
    system.lifecycle.clear_quarantine(&system.caller, workflow.id).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 5);
}
