//! What several processes do at the same moment, in one.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use tenure_lifecycle::workflow::{Category, TimeAttribute};
use tenure_testkit::{Database, Person, System, WorkflowSpec};

use crate::harness::postgres::Postgres;

const NOW: &str = "2026-03-10T12:00:00Z";

fn database(postgres: &Postgres) -> Arc<Database> {
    let server = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port);
    Arc::new(Database::on(&server).unwrap())
}

#[test]
fn two_that_both_believe_that_they_lead_admit_everybody_once() {
    let postgres = Postgres::start(&["fsync=off"]);
    let database = database(&postgres);
    let one = System::on(database.clone(), NOW).unwrap();
    let other = System::on(database, NOW).unwrap();
    let hire = Some(NOW.parse().unwrap());
    let spec =
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[]);
    let workflow = one.workflow(spec).unwrap();
    let mut everybody = 0;
    for round in 0..5 {
        for place in 0..60 {
            one.person(&Person { hire, ..Person::named(&format!("p{round}-{place}")) }).unwrap();
        }
        everybody += 60;
        let admitted = scope(|threads| {
            let sweeps = [&one, &other].map(|system| threads.spawn(|| system.sweep().unwrap().admitted));
            sweeps.map(|sweep| sweep.join().unwrap())
        });
        assert_eq!(admitted.iter().sum::<u64>(), 60, "{admitted:?}");
        one.drain().unwrap();
    }
    let subjects = "SELECT count(*) FROM (SELECT DISTINCT subject FROM user_results) people";
    assert_eq!(one.number("SELECT count(*) FROM user_results").unwrap(), everybody);
    assert_eq!(one.number(subjects).unwrap(), everybody);
    assert!(other.runs(&workflow).unwrap().iter().all(|run| run.status.is_finished()));
}

#[test]
fn whoever_follows_the_changes_while_others_write_misses_none() {
    let postgres = Postgres::start(&["fsync=off"]);
    let database = database(&postgres);
    let reader = System::on(database.clone(), NOW).unwrap();
    let writers: Vec<System> = (0..3).map(|_| System::on(database.clone(), NOW).unwrap()).collect();
    let done = AtomicBool::new(false);
    let seen = scope(|threads| {
        let following = threads.spawn(|| {
            let (mut seen, mut cursor) = (BTreeSet::new(), 0);
            loop {
                let last = done.load(Ordering::SeqCst);
                let (people, change) = reader.store.changed_since(cursor).unwrap();
                assert!(change >= cursor);
                seen.extend(people);
                cursor = change;
                if last {
                    break seen;
                }
            }
        });
        let writing: Vec<_> = writers
            .iter()
            .enumerate()
            .map(|(writer, system)| {
                threads.spawn(move || {
                    for place in 0..150 {
                        system.person(&Person::named(&format!("w{writer}-{place}"))).unwrap();
                    }
                })
            })
            .collect();
        for writer in writing {
            writer.join().unwrap();
        }
        done.store(true, Ordering::SeqCst);
        following.join().unwrap()
    });
    assert_eq!(seen.len(), 450);
}

#[test]
fn one_of_them_leads_until_its_time_is_over() {
    let postgres = Postgres::start(&["fsync=off"]);
    let database = database(&postgres);
    let one = System::on(database.clone(), NOW).unwrap();
    let other = System::on(database, NOW).unwrap();
    assert!(one.store.lead().unwrap());
    assert!(!other.store.lead().unwrap());
    assert!(one.store.lead().unwrap(), "it goes on");
    one.tamper("UPDATE leader SET ends = 0").unwrap();
    assert!(other.store.lead().unwrap());
    assert!(!one.store.lead().unwrap(), "it leads no more");
    // Its connection ends with it.
    drop(other);
    assert!(one.store.lead().unwrap());
}
