//! Whose turn it is when several runs wait.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tenure_lifecycle::ids::RunNumber;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";

fn by_hand(system: &System, category: Category, name: &str) -> Workflow {
    let mut spec = WorkflowSpec::on_demand(category).task("Remove user from all groups", &[]);
    if category == Category::Joiner {
        spec = WorkflowSpec::on_demand(category).task("Enable user account", &[]);
    }
    name.clone_into(&mut spec.0.display_name);
    system.workflow(spec).unwrap()
}

/// Which runs are through after so many batches.
fn finished(system: &System, runs: &[RunNumber]) -> Vec<bool> {
    runs.iter().map(|run| system.run(*run).unwrap().status.is_finished()).collect()
}

#[test]
fn a_long_run_keeps_no_later_one_waiting() {
    let system = System::at(NOW).unwrap();
    let people = system.people(60).unwrap();
    let (long, short) =
        (by_hand(&system, Category::Joiner, "long"), by_hand(&system, Category::Joiner, "short"));
    let long = system.activate(&long, &people).unwrap();
    let worker = system.worker().with_batch(10);
    worker.step().unwrap();
    // It has come five milliseconds later, and ten people had their turn by then.
    system.clock.set(system.lifecycle.now() + jiff::SignedDuration::from_millis(5));
    let short = system.activate(&short, &people[..3]).unwrap();
    worker.step().unwrap();
    assert_eq!(finished(&system, &[long, short]), [false, true]);
    system.drain().unwrap();
    assert_eq!(finished(&system, &[long, short]), [true, true]);
}

#[test]
fn a_leaver_comes_before_others_and_what_is_asked_for_before_what_comes_by_itself() {
    let system = System::at(NOW).unwrap();
    let joined = Some("2026-03-10T08:00:00Z".parse().unwrap());
    for place in 0..4 {
        let person = Person::named(&format!("person{place}"));
        system.person(&Person { hire: joined, leave: joined, ..person }).unwrap();
    }
    let scheduled = |category, attribute, task: &str| {
        let spec = WorkflowSpec::scheduled(category, attribute, 0, "userType ne 'x'").task(task, &[]);
        system.workflow(spec).unwrap()
    };
    let joiner = scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, "Enable user account");
    let leaver = scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, "Disable user account");
    let asked = by_hand(&system, Category::Joiner, "asked for");
    assert_eq!(system.sweep().unwrap().admitted, 8);
    let ann = system.lifecycle.user("person0@example.com").unwrap().id;
    let asked = system.activate(&asked, &[ann]).unwrap();
    let runs = [asked, system.runs(&leaver).unwrap()[0].number, system.runs(&joiner).unwrap()[0].number];
    for through in [[true, false, false], [true, true, false], [true, true, true]] {
        system.step().unwrap();
        assert_eq!(finished(&system, &runs), through);
    }
}

#[test]
fn a_long_run_that_was_asked_for_keeps_no_leaver_waiting() {
    let system = System::at(NOW).unwrap();
    let people = system.people(3_000).unwrap();
    let leave = Some("2026-03-10T12:00:01Z".parse().unwrap());
    system.person(&Person { leave, ..Person::named("ann") }).unwrap();
    let spec =
        WorkflowSpec::scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime, 0, "userType ne 'x'");
    let leaver = system.workflow(spec.task("Disable user account", &[])).unwrap();
    let long = by_hand(&system, Category::Joiner, "long");
    let long = system.activate(&long, &people).unwrap();
    let worker = system.worker().with_batch(1_000);
    worker.step().unwrap();
    system.clock.set("2026-03-10T12:00:01Z".parse().unwrap());
    assert_eq!(system.sweep().unwrap().admitted, 1);
    worker.step().unwrap();
    let leaver = system.runs(&leaver).unwrap()[0].number;
    assert_eq!(finished(&system, &[long, leaver]), [false, true]);
    system.drain().unwrap();
    assert_eq!(finished(&system, &[long, leaver]), [true, true]);
}

#[test]
fn whoever_waits_for_an_hour_is_overtaken_by_nobody() {
    let system = System::at(NOW).unwrap();
    let hire = Some("2026-03-10T08:00:00Z".parse().unwrap());
    let ann = system.person(&Person { hire, ..Person::named("ann") }).unwrap().id;
    let spec =
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    assert_eq!(system.sweep().unwrap().admitted, 1);
    let waits = system.runs(&workflow).unwrap()[0].number;
    let asked = by_hand(&system, Category::Joiner, "asked for");
    system.clock.set("2026-03-10T13:00:01Z".parse().unwrap());
    let asked = system.activate(&asked, &[ann]).unwrap();
    system.step().unwrap();
    assert_eq!(finished(&system, &[waits, asked]), [true, false]);
    assert_eq!(system.run(waits).unwrap().status, Status::Completed);
}
