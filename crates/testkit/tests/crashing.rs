//! Wherever a process dies, the next one ends with the same rows and the same mails as if nothing had happened.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "this test looks at a part of what the module says")]
mod ledger;

use std::collections::BTreeMap;
use std::time::Duration;

use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::{Step, Worker};
use tenure_lifecycle::ids::{EffectKey, RunNumber, UserId};
use tenure_lifecycle::ports::{
    Failure, Lane, Lease, NewRun, NoCalls, Place, QueuedWork, SendMail, Settlement, StoreError, Subject,
    Together,
};
use tenure_lifecycle::run::{ExecutionType, Status};
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Cut, Person, System, WorkflowSpec};

use ledger::rows;

const NOW: &str = "2026-03-01T08:00:00Z";
/// Users of one batch.
const BATCH: i64 = 3;

/// The mails that went out, by key; one that went out again has to be the same mail.
fn mails(system: &System) -> BTreeMap<EffectKey, Mail> {
    let mut mails = BTreeMap::new();
    for (key, mail) in system.deliveries.keys().into_iter().zip(system.deliveries.mails()) {
        let known = mails.entry(key).or_insert_with(|| mail.clone());
        assert_eq!(*known, mail, "{key}");
    }
    mails
}

/// Nine people of whom five can be mailed twice, with something changed before, between and after the mails. One is
/// protected, one was deleted, two have no mail address, and one has most of it already.
fn activated() -> (System, RunNumber) {
    let system = System::at(NOW).unwrap();
    let groups = ["Candidates", "Staff", "Everybody"].map(|name| system.group(name).unwrap().id);
    let ids: Vec<_> = (0..9)
        .map(|place| {
            let name = format!("p{place}");
            let mail = (place != 2 && place != 5).then(|| format!("{name}@example.com"));
            system.person(&Person { mail, protected: place == 3, ..Person::named(&name) }).unwrap().id
        })
        .collect();
    for id in &ids {
        system.lifecycle.add_member(&system.caller, groups[0], *id).unwrap();
    }
    system.lifecycle.add_member(&system.caller, groups[1], ids[7]).unwrap();
    let enabled = vec![(attribute("accountEnabled").unwrap(), Value::Boolean(true))];
    let patch = UserPatch { set: enabled, ..UserPatch::default() };
    system.lifecycle.update_user(&system.caller, ids[7], &patch).unwrap();
    let [candidates, staff, everybody] = groups.map(|group| group.to_string());
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Enable user account", &[])
        .task("Add user to groups", &[("groupID", &format!("{staff},{everybody}"))])
        .task("Send welcome email", &[])
        .continuing()
        .task("Remove user from selected groups", &[("groupID", &candidates)])
        .task("Send welcome email", &[])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &ids).unwrap();
    system.lifecycle.delete_user(&system.caller, ids[6]).unwrap();
    (system, run)
}

fn drain(system: &System) -> QueuedWork {
    Worker::new(&system.lifecycle, system.deliveries.as_ref(), 1).with_batch(BATCH).drain().unwrap()
}

fn rename(system: &System, id: UserId, name: &str) {
    let renamed = vec![(attribute("displayName").unwrap(), Value::Text(name.to_owned()))];
    let patch = UserPatch { set: renamed, ..UserPatch::default() };
    system.lifecycle.update_user(&system.caller, id, &patch).unwrap();
}

#[test]
fn wherever_it_dies_the_outcome_is_that_of_an_undisturbed_run() {
    let (undisturbed, run) = activated();
    assert_eq!(drain(&undisturbed), QueuedWork::Nothing);
    let (rows_wanted, mails_wanted) = (rows(&undisturbed), mails(&undisturbed));
    let statuses: Vec<Status> = undisturbed.results(run).unwrap().iter().map(|one| one.status).collect();
    use Status::{Canceled, Completed, Failed};
    assert_eq!(
        statuses,
        [Completed, Completed, Failed, Failed, Completed, Failed, Canceled, Completed, Completed]
    );
    let calls = undisturbed.deliveries.mails().len();
    assert_eq!((calls, mails_wanted.len()), (10, 10), "nothing is repeated without need");

    // While something is done outside: some of the batch is out, none of it is on record.
    for cut in (1..=calls).flat_map(|call| [Cut::Before(call), Cut::After(call)]) {
        let (system, _) = activated();
        assert_eq!(system.drain_until(cut, BATCH).unwrap(), None, "{cut:?}");
        let system = system.crashed().unwrap();
        assert_eq!(drain(&system), QueuedWork::Nothing, "{cut:?}");
        assert_eq!(rows(&system), rows_wanted, "{cut:?}");
        assert_eq!(mails(&system), mails_wanted, "{cut:?}");
    }
    // Between batches, and with a range leased but nothing planned.
    for (steps, leased) in (0..=3).flat_map(|steps| [(steps, false), (steps, true)]) {
        let (system, _) = activated();
        let worker = Worker::new(&system.lifecycle, system.deliveries.as_ref(), 1).with_batch(BATCH);
        for _ in 0..steps {
            assert_eq!(worker.step().unwrap(), Step::Worked);
        }
        if leased {
            let lease = system.store.lease(1, BATCH, system.lifecycle.now(), &Lane::Any).unwrap();
            assert_eq!(lease.is_some(), steps < 3);
        }
        let system = system.crashed().unwrap();
        assert_eq!(drain(&system), QueuedWork::Nothing);
        assert_eq!(rows(&system), rows_wanted, "{steps} steps, leased: {leased}");
        assert_eq!(system.deliveries.mails().len(), calls, "what is on record is not repeated");
    }
}

#[test]
fn however_often_it_dies_it_gets_there() {
    let (undisturbed, _) = activated();
    drain(&undisturbed);
    for cut in [Cut::Before, Cut::After] {
        let (mut system, _) = activated();
        let mut lives = 1;
        while system.drain_until(cut(1 + lives / 2), BATCH).unwrap().is_none() {
            system = system.crashed().unwrap();
            lives += 1;
        }
        assert!(lives > 5, "{lives}");
        assert_eq!(rows(&system), rows(&undisturbed));
        assert_eq!(mails(&system), mails(&undisturbed));
    }
}

#[test]
fn what_was_planned_is_repeated_and_what_was_not_is_planned_anew() {
    let system = System::at(NOW).unwrap();
    let staff = system.group("Staff").unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Add user to groups", &[("groupID", &staff.id.to_string())])
        .task("Send welcome email", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    assert_eq!(system.drain_until(Cut::After(1), BATCH).unwrap(), None);

    let system = system.crashed().unwrap();
    rename(&system, ann.id, "Anna");
    system.lifecycle.add_member(&system.caller, staff.id, ann.id).unwrap();
    assert_eq!(drain(&system), QueuedWork::Nothing);

    let subjects: Vec<String> = mails(&system).into_values().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["Welcome, ann", "Welcome, Anna"]);
    assert_eq!(system.deliveries.keys().len(), 3, "the first went out twice, under one key");
    let tasks = system.task_results(run, 1).unwrap();
    assert!(tasks.iter().all(|task| task.status == Status::Completed), "{tasks:?}");
    assert_eq!(tasks[1].processing_info.as_deref(), Some("the user is already a member"));
}

/// Delivers, and meanwhile somebody writes to these people.
struct Meddling<'a>(&'a System, &'a [UserId]);

impl SendMail for Meddling<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        for id in self.1 {
            rename(self.0, *id, "Anna");
        }
        self.0.deliveries.send(mail, key, deadline)
    }
}

#[test]
fn a_mail_on_record_is_not_repeated_though_the_rest_is_planned_anew() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    let subjects = [ann.id];
    let meddling = Together { mail: Meddling(&system, &subjects), calls: NoCalls };
    assert_eq!(Worker::new(&system.lifecycle, &meddling, 1).step().unwrap(), Step::Worked);
    let result = &system.results(run).unwrap()[0];
    assert_eq!((result.status, result.tasks.unprocessed), (Status::InProgress, 1));

    let system = system.crashed().unwrap();
    assert_eq!(drain(&system), QueuedWork::Nothing);
    assert_eq!(system.results(run).unwrap()[0].status, Status::Completed);
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
    assert_eq!(system.deliveries.keys().len(), 1);
}

#[test]
fn somebody_in_flight_elsewhere_waits_for_that_and_then_has_their_turn() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let runs: Vec<RunNumber> = (0..2)
        .map(|_| {
            let spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
            system.activate(&system.workflow(spec).unwrap(), &[ann.id]).unwrap()
        })
        .collect();
    assert_eq!(system.drain_until(Cut::After(1), BATCH).unwrap(), None);
    let system = system.crashed().unwrap();
    let now = system.lifecycle.now();
    assert_eq!(system.store.lease(1, BATCH, now, &Lane::Any).unwrap().unwrap().run, runs[0]);
    let other = Worker::new(&system.lifecycle, system.deliveries.as_ref(), 2);
    assert!(matches!(other.drain().unwrap(), QueuedWork::At(at) if at > now), "the other run waits");
    assert_eq!(system.deliveries.keys().len(), 1);

    let system = system.crashed().unwrap();
    let QueuedWork::At(at) = drain(&system) else { panic!("the other run still waits") };
    assert_eq!(system.run(runs[0]).unwrap().status, Status::Completed);
    system.clock.set(at);
    assert_eq!(drain(&system), QueuedWork::Nothing);
    assert_eq!(system.run(runs[1]).unwrap().status, Status::Completed);
    assert_eq!((system.deliveries.keys().len(), mails(&system).len()), (3, 2));
}

#[test]
fn of_two_repeats_of_one_person_one_is_taken_up_at_a_time() {
    let system = System::at(NOW).unwrap();
    let ann = system.people(1).unwrap();
    let spec = |name: &str| {
        let mut spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
        name.clone_into(&mut spec.0.display_name);
        spec
    };
    for name in ["one", "other"] {
        let workflow = system.workflow(spec(name)).unwrap();
        system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
        system.activate(&workflow, &ann).unwrap();
    }
    let QueuedWork::At(at) = system.drain().unwrap() else { panic!("retries are expected") };
    let later = at + jiff::SignedDuration::from_hours(1);
    system.clock.set(later);
    let lease = |owner| system.store.lease(owner, 10, later, &Lane::Any).unwrap().unwrap();
    let leases = [lease(1), lease(2)];
    assert_ne!(leases[0].run, leases[1].run);
    assert_eq!(system.store.take_up(&leases[0], later).unwrap(), [1]);
    assert!(system.store.take_up(&leases[1], later).unwrap().is_empty(), "they are in flight elsewhere");
}

#[test]
fn a_repeat_that_waits_goes_on_waiting() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    let attempts = system.lifecycle.limits.attempts;
    let mut system = system;
    // They are counted together, however many processes make them.
    for attempt in 1..attempts {
        system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
        let QueuedWork::At(at) = drain(&system) else { panic!("attempt {attempt} is to be repeated") };
        system = system.crashed().unwrap();
        assert_eq!(drain(&system), QueuedWork::At(at), "the new process waits as long as the old one");
        system.clock.set(at);
    }
    system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    assert_eq!(drain(&system), QueuedWork::Nothing);
    let tasks = system.task_results(run, 1).unwrap();
    let reason = format!("given up after {attempts} attempts: the server is away");
    assert_eq!(tasks[0].failure_reason.as_ref(), Some(&reason));
}

#[test]
fn whoever_lost_the_lease_cannot_settle() {
    let (system, _) = activated();
    let now = system.lifecycle.now();
    let lease = system.store.lease(1, BATCH, now, &Lane::Any).unwrap().unwrap();
    // As if a process before this one had it.
    system.tamper("UPDATE leases SET owner = 0").unwrap();
    assert_eq!(system.store.take_over(now).unwrap(), 1);
    let before = rows(&system);
    let settlement = Settlement {
        at: now,
        users: Vec::new(),
        change: 0,
        groups: Vec::new(),
        carries: false,
        hands_over: false,
    };
    assert!(matches!(system.store.load(&lease), Err(StoreError::LeaseLost)));
    let lost = system.store.settle(&lease, settlement, Actor::Engine);
    assert!(matches!(lost, Err(StoreError::LeaseLost)), "{lost:?}");
    assert_eq!(rows(&system), before);
}

/// Delivers, and meanwhile a batch that failed is given back.
struct GivingBack<'a>(&'a System, Lease);

impl SendMail for GivingBack<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.0.store.abandon(&self.1, self.0.lifecycle.now()).unwrap();
        self.0.deliveries.send(mail, key, deadline)
    }
}

#[test]
fn a_batch_given_back_is_whole_though_repeats_of_it_are_under_way() {
    let system = System::at(NOW).unwrap();
    let ids = system.people(5).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Send welcome email", &[]);
    let run = system.activate(&system.workflow(spec).unwrap(), &ids).unwrap();
    // The first and the last are queued again; the batch fails at the second mail of the others.
    let ends = [ids[0], ids[4]];
    assert_eq!(
        system
            .drain_with(&Together { mail: Meddling(&system, &ends), calls: NoCalls }, Cut::Before(6), 5)
            .unwrap(),
        None
    );
    let now = system.lifecycle.now();
    let failed = Lease { id: 1, fence: 1, run, from: 1, to: 5, only: None, place: Place::HERE, ends: now };
    let giving_back = Together { mail: GivingBack(&system, failed), calls: NoCalls };
    assert_eq!(
        Worker::new(&system.lifecycle, &giving_back, 2).with_batch(BATCH).drain().unwrap(),
        QueuedWork::Nothing
    );
    let results = system.results(run).unwrap();
    assert!(results.iter().all(|result| result.status == Status::Completed), "{results:?}");
    assert_eq!((system.deliveries.keys().len(), mails(&system).len()), (10, 10));
}

/// Five people who are due, and the workflow that they are due for.
fn due() -> (System, Workflow) {
    let system = System::at(NOW).unwrap();
    let spec = WorkflowSpec::scheduled(
        Category::Joiner,
        TimeAttribute::EmployeeHireDate,
        0,
        "accountEnabled ne true",
    )
    .task("Enable user account", &[])
    .task("Send welcome email", &[]);
    let workflow = system.workflow(spec).unwrap();
    for place in 0..5 {
        let hire = Some("2026-03-01T00:00:00Z".parse().unwrap());
        system.person(&Person { hire, ..Person::named(&format!("p{place}")) }).unwrap();
    }
    (system, workflow)
}

#[test]
fn a_sweep_that_died_is_continued_in_the_same_run() {
    let (undisturbed, _) = due();
    undisturbed.sweep().unwrap();
    drain(&undisturbed);
    for admitted in 0..=5 {
        let (system, workflow) = due();
        let now = system.lifecycle.now();
        let run = NewRun {
            workflow: workflow.number,
            version: workflow.version,
            tasks: 2,
            execution_type: ExecutionType::Scheduled,
            scheduled: now,
            activated_on: None,
        };
        let numbers = system.store.due_between(TimeAttribute::EmployeeHireDate, None, now).unwrap();
        let subjects: Vec<Subject> = system
            .store
            .users_by_number(&numbers)
            .unwrap()
            .iter()
            .map(|user| Subject { user: user.number, change: user.hire_change })
            .collect();
        system.store.admit_chunk(&run, &subjects[..admitted], now).unwrap();
        let system = system.crashed().unwrap();
        assert_eq!(drain(&system), QueuedWork::Nothing, "nobody is processed before all are admitted");
        assert!(system.deliveries.mails().is_empty());
        assert_eq!(system.sweep().unwrap().admitted, 5 - admitted as u64);
        let system = system.crashed().unwrap();
        assert_eq!(drain(&system), QueuedWork::Nothing);
        assert_eq!(rows(&system), rows(&undisturbed), "{admitted} were admitted");
        assert_eq!(mails(&system), mails(&undisturbed));
        assert_eq!(system.sweep().unwrap().admitted, 0, "an occasion is used once");
    }
}
