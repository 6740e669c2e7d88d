//! Wherever a process dies, the next one ends with the same rows, and a call is repeated only under its key.

use tenure_lifecycle::engine::{Step, Worker};
use tenure_lifecycle::ids::RunNumber;
use tenure_lifecycle::ports::{Answer, Lane, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{Cut, Person, System, WorkflowSpec};

use crate::badge::{NOW, calls, extension, place, resume, waiting};
use crate::ledger::{balances, rows};

/// Users of one batch.
const BATCH: i64 = 3;

/// Eight people, of whom one is protected, one was deleted and one has no mail address; six badges to wait for, then a mail and a call that nobody waits for.
fn activated() -> (System, RunNumber) {
    let system = System::at(NOW).unwrap();
    let staff = system.group("Staff").unwrap();
    let (waits, goes_on) = (extension(&system, true, 2), extension(&system, false, 2));
    let ids: Vec<_> = (0..8)
        .map(|number| {
            let name = format!("p{number}");
            let mail = (number != 4).then(|| format!("{name}@example.com"));
            let person = Person { mail, protected: number == 2, ..Person::named(&name) };
            system.person(&person).unwrap().id
        })
        .collect();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Enable user account", &[])
        .task("Run a custom task extension", &[("customTaskExtensionID", &waits)])
        .task("Send welcome email", &[])
        .continuing()
        .task("Run a custom task extension", &[("customTaskExtensionID", &goes_on)])
        .task("Add user to groups", &[("groupID", &staff.id.to_string())]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &ids).unwrap();
    system.lifecycle.delete_user(&system.caller, ids[6]).unwrap();
    (system, run)
}

fn worker(system: &System) -> Worker<'_> {
    Worker::new(&system.lifecycle, system.deliveries.as_ref(), 1).with_batch(BATCH)
}

fn drain(system: &System) -> QueuedWork {
    let left = worker(system).drain().unwrap();
    balances(system);
    left
}

/// Every third badge is not found.
fn answer_of(seq: i64) -> Answer {
    if seq % 3 == 0 { Answer::Failed } else { Answer::Completed }
}

fn resume_all(system: &System, run: RunNumber) -> usize {
    let waiting = waiting(system, run);
    for place in &waiting {
        assert!(resume(system, *place, answer_of(place.1)), "{place:?}");
        assert!(!resume(system, *place, Answer::Completed), "the first word counts");
    }
    balances(system);
    waiting.len()
}

/// Everybody parked, everybody answered, everybody through.
fn finish(system: &System, run: RunNumber) {
    drain(system);
    resume_all(system, run);
    assert_eq!(drain(system), QueuedWork::Nothing);
}

#[test]
fn wherever_it_dies_everybody_ends_once() {
    let (undisturbed, run) = activated();
    assert!(matches!(drain(&undisturbed), QueuedWork::At(_)), "somebody waits");
    assert_eq!(resume_all(&undisturbed, run), 6);
    assert_eq!(drain(&undisturbed), QueuedWork::Nothing);
    let wanted = (rows(&undisturbed), calls(&undisturbed));
    let statuses: Vec<Status> =
        undisturbed.results(run).unwrap().iter().map(|result| result.status).collect();
    use Status::{Canceled, Completed, CompletedWithErrors, Failed};
    assert_eq!(
        statuses,
        [Completed, Completed, Failed, Completed, CompletedWithErrors, Failed, Canceled, Completed]
    );
    let made = undisturbed.deliveries.calls().len();
    assert_eq!((made, wanted.1.len()), (11, 11), "nothing is repeated without need");

    // While endpoints are called, before and after they hear of it: as long as nobody waits, and when all are answered.
    for cut in (1..=6).flat_map(|call| [Cut::Before(call), Cut::After(call)]) {
        let (system, run) = activated();
        assert_eq!(system.drain_until(cut, BATCH).unwrap(), None, "{cut:?}");
        let system = system.crashed().unwrap();
        balances(&system);
        finish(&system, run);
        assert_eq!((rows(&system), calls(&system)), wanted, "{cut:?}");
        assert!(system.deliveries.calls().len() <= made + BATCH as usize, "{cut:?}");
    }
    for cut in (1..=9).flat_map(|call| [Cut::Before(call), Cut::After(call)]) {
        let (system, run) = activated();
        drain(&system);
        resume_all(&system, run);
        let cut_off = system.drain_until(cut, BATCH).unwrap();
        let system = system.crashed().unwrap();
        balances(&system);
        assert_eq!(drain(&system), QueuedWork::Nothing, "{cut:?}");
        assert_eq!((rows(&system), calls(&system)), wanted, "{cut:?}: {cut_off:?}");
    }
}

#[test]
fn between_the_answers_and_their_settlement_it_may_die_too() {
    let (undisturbed, run) = activated();
    finish(&undisturbed, run);
    let wanted = (rows(&undisturbed), calls(&undisturbed));

    // While they wait, twice.
    let (system, run) = activated();
    let QueuedWork::At(deadline) = drain(&system) else { panic!("somebody waits") };
    let system = system.crashed().unwrap().crashed().unwrap();
    assert_eq!(drain(&system), QueuedWork::At(deadline), "they wait as long as before");
    finish(&system, run);
    assert_eq!((rows(&system), calls(&system)), wanted);

    // When some, or all, have answered; with nothing leased, or a range of them leased and not looked at.
    for (answered, leased) in (0..=6).flat_map(|answered| [(answered, false), (answered, true)]) {
        let (system, run) = activated();
        drain(&system);
        for place in waiting(&system, run).into_iter().take(answered) {
            assert!(resume(&system, place, answer_of(place.1)));
        }
        if leased {
            let lease = system.store.lease(1, BATCH, system.lifecycle.now(), &Lane::Any).unwrap();
            assert_eq!(lease.is_some(), answered > 0);
        }
        let system = system.crashed().unwrap();
        balances(&system);
        finish(&system, run);
        assert_eq!((rows(&system), calls(&system)), wanted, "{answered} answered, leased: {leased}");
        assert_eq!(system.deliveries.calls().len(), 11, "no call is repeated");
    }
    // Between two batches of those who have answered.
    for steps in 0..=3 {
        let (system, run) = activated();
        drain(&system);
        resume_all(&system, run);
        for _ in 0..steps {
            assert!(matches!(worker(&system).step().unwrap(), Step::Worked | Step::Idle(_)));
        }
        let system = system.crashed().unwrap();
        finish(&system, run);
        assert_eq!((rows(&system), calls(&system)), wanted, "{steps} steps");
    }
}

#[test]
fn whoever_calls_back_before_the_crash_is_not_called_again() {
    let system = System::at(NOW).unwrap();
    let waits = extension(&system, true, 1);
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Run a custom task extension", &[("customTaskExtensionID", &waits)]);
    let run = system.activate(&system.workflow(spec).unwrap(), &[ann.id]).unwrap();
    // The endpoint heard of it and calls back; nobody here knows yet that it was called.
    assert_eq!(system.drain_until(Cut::After(1), BATCH).unwrap(), None);
    let key = system.deliveries.calls()[0].0;
    assert!(resume(&system, place(key), Answer::Completed));
    let system = system.crashed().unwrap();
    assert_eq!(drain(&system), QueuedWork::Nothing);
    assert_eq!(system.results(run).unwrap()[0].status, Status::Completed);
    assert_eq!(system.deliveries.calls().len(), 1);
}
