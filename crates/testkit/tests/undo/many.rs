//! A leaver run of a thousand people.

use tenure_lifecycle::run::Status;

use crate::ledger;
use crate::stage::{Company, directory, same};

#[test]
fn a_leaver_run_of_a_thousand_people_is_taken_back_and_the_directory_is_what_it_was() {
    let company = Company::new();
    let people: Vec<_> = (0..1_000).map(|place| company.somebody(&format!("person{place}"))).collect();
    let workflow = company.leaver();
    let before = directory(&company.system);

    let run = company.run(&workflow, &people);
    assert_eq!(company.system.run(run).unwrap().status, Status::Completed);
    assert_ne!(directory(&company.system).len(), before.len());
    assert!(company.system.lifecycle.user(&people[0].to_string()).is_err(), "they are deleted");

    let undo = company.undo(&workflow, run).unwrap();
    let made = company.system.run(undo).unwrap();
    assert_eq!((made.status, made.counters.users.successful), (Status::Completed, 1_000));
    same(&company.system, &before, "taken back");
    assert_eq!(company.system.run(run).unwrap().undone_by.map(|(_, number)| number), Some(undo));
    assert_eq!(made.undoes.map(|(_, number)| number), Some(run));
    ledger::balances(&company.system);
}
