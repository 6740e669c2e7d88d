//! Churn: people come, change and go, mails fail, runs are canceled and repeated. In the end the counters equal the rows, and
//! memory is where it was.
//!
//! A short form by default; `TENURE_SOAK_MINUTES=60` goes on for so long.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ledger;

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::engine::keep_house;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::ActivationScope;
use tenure_lifecycle::ports::{Failure, QueuedWork};
use tenure_lifecycle::run::{TaskChoice, UserChoice};
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-02T09:00:00Z";
/// Rounds of the short form.
const ROUNDS: usize = 40;
/// Rounds after which memory has grown to what it needs.
const WARM: usize = 20;
/// People who are there at once.
const PEOPLE: usize = 100;
/// How much memory may grow after that: caches are still filled.
const GROWTH: u64 = 64 * 1024 * 1024;

/// Bytes of memory that the process holds; `None` where the system does not say.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

struct Churn {
    system: System,
    joining: Workflow,
    by_hand: Workflow,
    people: Vec<UserId>,
    born: usize,
}

impl Churn {
    fn new() -> Self {
        let limits = Limits { leavers_at_most: 1_000_000, ..Limits::default() };
        let system = System::with_limits(NOW, limits).unwrap();
        let staff = system.group("Staff").unwrap().id.to_string();
        let scheduled =
            |category, attribute| WorkflowSpec::scheduled(category, attribute, 0, "department eq 'Sales'");
        let joining = scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate)
            .task("Enable user account", &[])
            .task("Add user to groups", &[("groupID", &staff)])
            .task("Send welcome email", &[]);
        let leaving = scheduled(Category::Leaver, TimeAttribute::EmployeeLeaveDateTime)
            .task("Remove user from all groups", &[])
            .task("Disable user account", &[]);
        let by_hand = WorkflowSpec::on_demand(Category::Joiner)
            .task("Send welcome email", &[])
            .continuing()
            .task("Enable user account", &[]);
        let [joining, _, by_hand] = [joining, leaving, by_hand].map(|spec| system.workflow(spec).unwrap());
        Self { system, joining, by_hand, people: Vec::new(), born: 0 }
    }

    fn round(&mut self, round: usize) {
        let Self { system, joining, by_hand, people, born } = self;
        let (lifecycle, caller) = (&system.lifecycle, &system.caller);
        let now = lifecycle.now();
        for place in 0..10 {
            let department = Some(if place % 3 == 0 { "Legal" } else { "Sales" }.to_owned());
            let mail = (place != 4).then(|| format!("p{born}@example.com"));
            let person = Person { department, hire: Some(now), mail, ..Person::named(&format!("p{born}")) };
            people.push(system.person(&person).unwrap().id);
            *born += 1;
        }
        let moved = people[round * 7 % people.len()];
        let set = vec![
            (attribute("department").unwrap(), Value::Text("Sales".to_owned())),
            (attribute("employeeLeaveDateTime").unwrap(), Value::DateTime(now)),
        ];
        lifecycle.update_user(caller, moved, &UserPatch { set, ..UserPatch::default() }).unwrap();
        for _ in 0..round % 4 {
            system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
        }
        let run = system.activate(by_hand, &people[people.len() - 5..]).unwrap();
        if round.is_multiple_of(3) {
            lifecycle.cancel(caller, &system.run(run).unwrap()).unwrap();
        }
        while people.len() > PEOPLE {
            lifecycle.delete_user(caller, people.remove(0)).unwrap();
        }
        system.sweep().unwrap();
        while let QueuedWork::At(at) = system.drain().unwrap() {
            system.clock.set(at);
        }
        let newest = system.run(run).unwrap();
        if round % 5 == 1 {
            let scope = ActivationScope::Run(Box::new(newest), TaskChoice::All, UserChoice::Failed);
            // Refused if nobody failed.
            drop(lifecycle.activate_with_scope(caller, by_hand.id, &scope));
            system.drain().unwrap();
        }
        if round % 10 == 9 {
            let spec = WorkflowSpec::scheduled(
                Category::Joiner,
                TimeAttribute::EmployeeHireDate,
                0,
                "department eq 'Sales'",
            );
            let spec = spec.task("Enable user account", &[]).task("Send welcome email", &[]);
            lifecycle.create_new_version(caller, joining.id, spec.0, None).unwrap();
        }
        // What the test remembers is no memory of the system.
        system.deliveries.forget();
        while keep_house(lifecycle, lifecycle.now()).unwrap() {}
        system.clock.set(now + SignedDuration::from_hours(13));
    }
}

#[test]
fn after_much_churn_the_counters_equal_the_rows_and_memory_is_flat() {
    let lasts = std::env::var("TENURE_SOAK_MINUTES").ok().map(|minutes| minutes.parse::<u64>().unwrap());
    let begun = Instant::now();
    let mut churn = Churn::new();
    let (mut round, mut warm) = (0, None);
    while round < ROUNDS || lasts.is_some_and(|minutes| begun.elapsed() < Duration::from_mins(minutes)) {
        churn.round(round);
        round += 1;
        if round == WARM {
            warm = memory();
        }
        if round.is_multiple_of(500) {
            eprintln!("{round} rounds: {:?} bytes of memory", memory());
        }
    }
    while let QueuedWork::At(at) = churn.system.drain().unwrap() {
        churn.system.clock.set(at);
    }
    ledger::balances(&churn.system);
    let grown = memory().zip(warm).map(|(now, warm)| now.saturating_sub(warm));
    eprintln!(
        "{round} rounds, {} people came, memory grew by {grown:?} bytes after round {WARM}",
        churn.born
    );
    assert!(grown.is_none_or(|grown| grown < GROWTH), "memory grew by {grown:?} bytes");
}
