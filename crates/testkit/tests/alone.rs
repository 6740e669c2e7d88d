//! The failure of one is nobody else's: whoever cannot be written is tried again later, and all others are through.
//! Nor does anybody wait for good because the answer of the store was lost, or is let go by a lease that is not theirs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "ledger/mod.rs"]
mod ledger;

use std::collections::BTreeSet;

use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::{Lane, QueuedWork, StoreError};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{Cut, System, WorkflowSpec};

#[test]
fn whoever_cannot_be_written_keeps_nobody_else_waiting() {
    let system = System::at("2026-03-01T08:00:00Z").unwrap();
    let staff = system.group("Staff").unwrap();
    let people = system.people(6).unwrap();
    let number = |place: usize| system.user(people[place]).unwrap().number;
    let enabled = vec![(attribute("accountEnabled").unwrap(), Value::Boolean(true))];
    let patch = UserPatch { set: enabled, ..UserPatch::default() };
    system.lifecycle.update_user(&system.caller, people[3], &patch).unwrap();
    // Of these two only one may be enabled, and one is.
    system
        .tamper(&format!(
            "CREATE UNIQUE INDEX only_one ON users (account_enabled) WHERE number IN ({}, {})",
            number(2),
            number(3)
        ))
        .unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Add user to groups", &[("groupID", &staff.id.to_string())])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &people).unwrap();
    system.drain().unwrap();

    let statuses = |system: &System| -> Vec<Status> {
        system.results(run).unwrap().into_iter().map(|result| result.status).collect()
    };
    let through =
        |system: &System| statuses(system).into_iter().filter(|status| *status == Status::Completed).count();
    assert_eq!(through(&system), 5);
    assert!(system.groups_of(people[2]).unwrap().is_empty(), "nothing half done is left");
    let entries = format!("SELECT count(*) FROM audit WHERE target = {} AND run IS NOT NULL", number(2));
    assert_eq!(system.number(&entries).unwrap(), 0);
    assert_eq!(system.run(run).unwrap().counters.users.successful, 5);

    system.tamper("DROP INDEX only_one").unwrap();
    system.advance("2026-03-01T08:02:00Z").unwrap();
    system.drain().unwrap();
    assert_eq!(through(&system), 6);
    assert_eq!(system.groups_of(people[2]).unwrap(), ["Staff"]);
    assert_eq!(system.number(&entries).unwrap(), 2);
    ledger::balances(&system);
}

#[test]
fn wherever_the_store_answers_nothing_the_same_worker_goes_on() {
    let mut places = 0;
    for cut in (1..).flat_map(|place| [Cut::Before(place), Cut::After(place)]) {
        let system = System::at("2026-03-01T08:00:00Z").unwrap();
        let people = system.people(5).unwrap();
        let spec = WorkflowSpec::on_demand(Category::Joiner)
            .task("Enable user account", &[])
            .task("Send welcome email", &[]);
        let run = system.activate(&system.workflow(spec).unwrap(), &people).unwrap();
        let worker = system.worker().with_batch(2);
        let (done, _) = system.power.until(Some(cut), || worker.drain().unwrap());
        let is_cut = done.is_none();
        places += usize::from(is_cut);
        // What it has in hand it gives back, to be done a little later.
        while let QueuedWork::At(at) = worker.drain().unwrap() {
            system.clock.set(at);
        }
        let statuses: Vec<Status> = system.results(run).unwrap().iter().map(|one| one.status).collect();
        assert_eq!(statuses, [Status::Completed; 5], "{cut:?}");
        let mailed: BTreeSet<EffectKey> = system.deliveries.keys().into_iter().collect();
        assert_eq!(mailed.len(), 5, "{cut:?}");
        ledger::balances(&system);
        if !is_cut {
            break;
        }
    }
    assert!(places > 40, "{places}");
}

/// Three people of a run under one lease, of whom the first has been queued again since and is under way under another, of
/// repeats; the first and the last are under a third, which holds nobody any more.
const LEASES: [&str; 4] = [
    "INSERT INTO leases (id, run, from_seq, to_seq, owner, ends, repeats) VALUES (98, 1, 1, 3, 1, 9999999999999, 1)",
    "INSERT INTO leases (id, run, from_seq, to_seq, owner, ends, repeats) VALUES (99, 1, 1, 1, 1, 9999999999999, 1)",
    "INSERT INTO requeued (run, seq, not_before, lease, place) VALUES (1, 1, 0, 99, -1)",
    "INSERT INTO in_flight (subject, run, seq) SELECT subject, run, seq FROM user_results WHERE seq < 3",
];

#[test]
fn a_lease_that_is_given_back_lets_go_of_its_own_people_only() {
    let system = System::at("2026-03-01T08:00:00Z").unwrap();
    let people = system.people(3).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
    let run = system.activate(&system.workflow(spec).unwrap(), &people).unwrap();
    assert_eq!(run, 1);
    let now = system.lifecycle.now();
    let whole = system.store.lease(1, 3, now, &Lane::Any).unwrap().unwrap();
    for sql in LEASES {
        system.tamper(sql).unwrap();
    }
    let (mut nobody, mut repeats) = (whole.clone(), whole.clone());
    (nobody.id, repeats.id) = (98, 99);
    let of = |table: &str, what: &str| {
        system
            .number(&format!("SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM {table} WHERE {what}"))
            .unwrap()
    };

    system.store.abandon(&nobody, now).unwrap();
    assert_eq!((of("requeued", "lease IS NULL"), of("in_flight", "run = 1")), (0, 1 + 2));
    system.store.abandon(&whole, now).unwrap();
    assert_eq!((of("requeued", "lease IS NULL"), of("in_flight", "run = 1")), (2 + 3, 1));
    system.store.abandon(&repeats, now).unwrap();
    assert_eq!((of("requeued", "lease IS NULL"), of("in_flight", "run = 1")), (1 + 2 + 3, 0));
    // Whoever was too slow takes nobody up.
    let chosen = tenure_lifecycle::ports::Lease { only: Some(vec![2]), ..whole };
    assert!(matches!(system.store.take_up(&chosen, now), Err(StoreError::LeaseLost)));
    assert_eq!(of("in_flight", "run = 1"), 0);
}
