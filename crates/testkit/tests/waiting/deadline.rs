//! The deadline of a wait, by a clock that is stepped.

use jiff::{SignedDuration, Timestamp};
use tenure_lifecycle::ids::RunNumber;
use tenure_lifecycle::ports::{Answer, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{Person, System, WorkflowSpec};

use crate::badge::{NOW, extension, resume, waiting};
use crate::ledger::balances;

fn parked() -> (System, RunNumber, Timestamp) {
    let system = System::at(NOW).unwrap();
    let waits = extension(&system, true, 1);
    let ids = ["ann", "ben"].map(|name| system.person(&Person::named(name)).unwrap().id);
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Run a custom task extension", &[("customTaskExtensionID", &waits)])
        .continuing()
        .task("Enable user account", &[]);
    let run = system.activate(&system.workflow(spec).unwrap(), &ids).unwrap();
    let QueuedWork::At(deadline) = system.drain().unwrap() else { panic!("they wait") };
    assert_eq!(deadline, NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(1));
    (system, run, deadline)
}

#[test]
fn a_moment_before_the_deadline_is_in_time_and_the_deadline_is_too_late() {
    let (system, run, deadline) = parked();
    let [ann, ben] = waiting(&system, run)[..] else { panic!("both wait") };
    system.clock.set(deadline - SignedDuration::from_millis(1));
    assert!(resume(&system, ann, Answer::Completed));
    assert_eq!(system.drain().unwrap(), QueuedWork::At(deadline));
    system.clock.set(deadline);
    assert!(!resume(&system, ben, Answer::Completed), "too late, though nobody has looked yet");
    assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
    assert!(!resume(&system, ben, Answer::Completed));
    balances(&system);
    let results = system.results(run).unwrap();
    let statuses: Vec<Status> = results.iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Completed, Status::CompletedWithErrors]);
    let task = &system.task_results(run, ben.1).unwrap()[0];
    assert_eq!(task.failure_reason.as_deref(), Some("nobody called back until 2026-03-02T10:00:00Z"));
}

#[test]
fn a_deadline_that_passes_while_nobody_runs_has_passed() {
    let (system, run, deadline) = parked();
    let [ann, _] = waiting(&system, run)[..] else { panic!("both wait") };
    assert!(resume(&system, ann, Answer::Completed), "in time, and on record");
    let system = system.crashed().unwrap();
    system.clock.set(deadline + SignedDuration::from_hours(5));
    assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
    balances(&system);
    let statuses: Vec<Status> = system.results(run).unwrap().iter().map(|result| result.status).collect();
    assert_eq!(statuses, [Status::Completed, Status::CompletedWithErrors]);
}

#[test]
fn a_clock_that_is_moved_stops_at_the_deadline() {
    let (system, run, deadline) = parked();
    system.advance("2026-03-02T12:00:00Z").unwrap();
    for result in system.results(run).unwrap() {
        let tasks = system.task_results(run, result.seq).unwrap();
        assert_eq!((tasks[0].completed, tasks[1].completed), (Some(deadline), Some(deadline)));
    }
}
