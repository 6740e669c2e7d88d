//! More people are due than are judged in one portion.

use std::collections::HashSet;

use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{Value, attribute};
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{NewUser, PersonWrite};
use tenure_lifecycle::workflow::{Offset, TimeAttribute, Trigger, Workflow};
use tenure_testkit::{Database, System};

use crate::stage::{NOW, scheduled, set};

const PEOPLE: usize = 4_500;

/// People who are due, every third of whom is out of scope.
fn company() -> (System, Workflow) {
    let system = System::at(NOW).unwrap();
    let due = Value::DateTime(NOW.parse().unwrap());
    let writes: Vec<PersonWrite> = (0..PEOPLE)
        .map(|place| {
            let department = if place % 3 == 0 { "IT" } else { "Sales" };
            let text = |name: &str, text: String| (attribute(name).unwrap(), Value::Text(text));
            PersonWrite::Create(NewUser {
                id: UserId(uuid::Uuid::from_u128(place as u128 + 1)),
                set: vec![
                    text("displayName", format!("person{place}")),
                    text("userPrincipalName", format!("person{place}@example.com")),
                    text("department", department.to_owned()),
                    (attribute("employeeHireDate").unwrap(), due.clone()),
                ],
                manager: None,
                protected: false,
                feed: None,
                sponsors: vec![],
            })
        })
        .collect();
    system.store.write_people(&writes, NOW.parse().unwrap(), Actor::Engine).unwrap();
    let hire = Trigger::TimeBased { attribute: TimeAttribute::EmployeeHireDate, offset: Offset::Days(0) };
    let workflow = system.workflow(scheduled(hire, "department eq 'Sales'")).unwrap();
    (system, workflow)
}

fn is_everybody_admitted_once(system: &System, workflow: &Workflow) {
    let runs = system.runs(workflow).unwrap();
    assert_eq!(runs.len(), 1);
    let results = system.results(runs[0].number).unwrap();
    let people: HashSet<UserId> = results.iter().filter_map(|result| result.subject).collect();
    assert_eq!((results.len(), people.len()), (PEOPLE / 3 * 2, PEOPLE / 3 * 2));
    let skipped = system.lifecycle.store.list_skipped(workflow.number, 0, PEOPLE).unwrap();
    assert_eq!(skipped.len(), PEOPLE / 3);
    assert!(skipped.iter().all(|(_, user, _)| !people.contains(user)));
    assert_eq!(system.sweep().unwrap().admitted, 0);
}

#[test]
fn everybody_is_admitted_once_to_one_run() {
    let (system, workflow) = company();
    let report = system.sweep().unwrap();
    assert_eq!((report.admitted, report.skipped), (PEOPLE as u64 / 3 * 2, PEOPLE as u64 / 3));
    is_everybody_admitted_once(&system, &workflow);
}

#[test]
fn a_portion_that_cannot_be_written_fails_the_sweep_and_the_next_one_goes_on() {
    let (system, workflow) = company();
    let [full, room] = match *system.database {
        Database::Directory => [
            "CREATE TRIGGER no_room BEFORE INSERT ON occasions WHEN NEW.subject > 2200
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
            "DROP TRIGGER no_room",
        ],
        Database::Schema { .. } => [
            "ALTER TABLE occasions ADD CONSTRAINT no_room CHECK (subject <= 2200)",
            "ALTER TABLE occasions DROP CONSTRAINT no_room",
        ],
    };
    system.tamper(full).unwrap();
    let failure = system.sweep().unwrap_err().to_string();
    assert!(!failure.contains("closed"), "the failure itself is told: {failure}");
    system.tamper(room).unwrap();
    system.sweep().unwrap();
    is_everybody_admitted_once(&system, &workflow);
}

#[test]
fn those_whom_a_new_version_takes_over_come_into_one_run() {
    let system = System::at(NOW).unwrap();
    let people = system.people(30).unwrap();
    let trigger = Trigger::AttributeChange { attributes: vec!["jobTitle".to_owned()] };
    let spec = || scheduled(trigger.clone(), "userType ne 'x'");
    let workflow = system.workflow(spec()).unwrap();
    system.sweep().unwrap();
    for person in &people {
        set(&system, *person, &[("jobTitle", "Clerk")]);
    }
    assert_eq!(system.sweep().unwrap().admitted, 30);
    let new = system.lifecycle.create_new_version(&system.caller, workflow.id, spec().0, None).unwrap();
    let worker = system.worker().with_batch(10);
    let mut seen = system.lifecycle.changes.rung();
    for _ in 0..6 {
        worker.step().unwrap();
        // As the sweeper does it.
        let rung = system.lifecycle.changes.rung();
        if rung != seen {
            system.sweep().unwrap();
        }
        seen = rung;
    }
    let runs = system.runs(&workflow).unwrap();
    let of = |run: &tenure_lifecycle::run::Run| (run.version, run.counters.users.successful);
    let mut processed: Vec<_> = runs.iter().map(of).collect();
    processed.sort_unstable();
    assert_eq!(processed, [(workflow.version, 0), (new.version, 30)]);
}
