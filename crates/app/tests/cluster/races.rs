//! What several processes do at the same moment, in one.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::scope;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::operations::Import;
use tenure_lifecycle::ports::{Apart, Failure, NoCalls, QueuedWork, SendMail, Together};
use tenure_lifecycle::run::Status;
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

/// Sends; at the first mail the sender loses its connections, and another looks at once who is gone.
struct CutOff<'a> {
    sender: &'a System,
    other: &'a System,
    client: Mutex<Client>,
    taken_over: Mutex<Option<u64>>,
}

impl SendMail for CutOff<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        let mut taken_over = self.taken_over.lock().unwrap();
        if taken_over.is_none() {
            let lock = format!("locktype = 'advisory' AND objid = {}", 1_000 + self.sender.store.process());
            let mut client = self.client.lock().unwrap();
            let ended = format!("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {lock}");
            assert!(client.query(&ended, &[]).unwrap().len() > 1, "it has several");
            let left = format!("SELECT 1 FROM pg_locks WHERE {lock}");
            let begun = Instant::now();
            while !client.query(&left, &[]).unwrap().is_empty() {
                assert!(begun.elapsed() < Duration::from_mins(1), "they do not end");
            }
            *taken_over = Some(self.other.store.take_over(self.other.lifecycle.now()).unwrap());
        }
        self.sender.deliveries.send(mail, key, deadline)
    }
}

#[test]
fn what_is_under_way_outside_is_not_taken_over_from_whoever_is_only_cut_off() {
    let postgres = Postgres::start(&["fsync=off"]);
    let database = database(&postgres);
    let sender = System::on(database.clone(), NOW).unwrap();
    let other = System::on(database.clone(), NOW).unwrap();
    let people = sender.people(5).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[]);
    let run = sender.activate(&sender.workflow(spec).unwrap(), &people).unwrap();
    let client = Mutex::new(Client::connect(&database.url().unwrap(), NoTls).unwrap());
    let mail = CutOff { sender: &sender, other: &other, client, taken_over: Mutex::default() };
    let performer = Together { mail, calls: NoCalls };
    let worker = Worker::new(&sender.lifecycle, &performer, 1);
    assert_eq!(worker.drain().unwrap(), QueuedWork::Nothing);
    assert_eq!(*performer.mail.taken_over.lock().unwrap(), Some(0));
    assert!(other.results(run).unwrap().iter().all(|one| one.status == Status::Completed));
    assert_eq!(sender.deliveries.keys().len(), 5, "each once");
    assert_eq!(other.store.take_over(other.lifecycle.now()).unwrap(), 0);
}

/// Waits until somebody waits for the lock between sweeps and imports.
fn until_somebody_waits(system: &System) {
    let begun = Instant::now();
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4 AND NOT granted";
    while system.number(waits).unwrap() == 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody does");
    }
}

#[test]
fn nobody_is_judged_by_half_an_import_of_another() {
    let postgres = Postgres::start(&["fsync=off"]);
    let database = database(&postgres);
    let importing = System::on(database.clone(), NOW).unwrap();
    let sweeping = System::on(database, NOW).unwrap();
    let hire = Some(NOW.parse().unwrap());
    let spec =
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[]);
    importing.workflow(spec).unwrap();
    let is_through = AtomicBool::new(false);
    let import = importing.store.keep_apart(Apart::Import).unwrap();
    // Two may import at a time.
    drop(sweeping.store.keep_apart(Apart::Import).unwrap());
    scope(|threads| {
        let sweep = threads.spawn(|| {
            let admitted = sweeping.sweep().unwrap().admitted;
            assert!(is_through.load(Ordering::SeqCst), "it has waited");
            admitted
        });
        until_somebody_waits(&importing);
        importing.person(&Person { hire, ..Person::named("ann") }).unwrap();
        is_through.store(true, Ordering::SeqCst);
        drop(import);
        assert_eq!(sweep.join().unwrap(), 1);
    });
    // And whoever imports waits for a sweep.
    let sweep = sweeping.store.keep_apart(Apart::Sweep).unwrap();
    scope(|threads| {
        let import = threads.spawn(|| {
            let file = || Ok(Box::new("Id,Name\n1,Bob\n".as_bytes()) as Box<dyn Read + Send>);
            let map = "feed = \"hr\"\n[columns]\nemployeeId = \"Id\"\ndisplayName = \"Name\"\n\
                       userPrincipalName = \"{Id}@example.com\"\n";
            let import = Import { reader: &CsvFeed, map, open: &file, dry_run: false };
            importing.lifecycle.import(&importing.caller, &import).unwrap()
        });
        until_somebody_waits(&sweeping);
        assert_eq!(sweeping.number("SELECT count(*) FROM users").unwrap(), 1, "nothing is written yet");
        drop(sweep);
        assert_eq!(import.join().unwrap().created, 1);
    });
}
