//! A task that writes to several people, one of whom the server puts off or refuses.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::ports::{Query, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::System;

use crate::company::{contoso, drain, plain, recipients, smtp, task_result, workflow};
use crate::support::MailServer;

/// Somebody with these sponsors.
fn guest(system: &System, sponsors: &[&str]) -> UserId {
    let guest = plain(system, "guest");
    for sponsor in sponsors {
        let sponsor = plain(system, sponsor);
        system.lifecycle.add_sponsor(&system.caller, guest, sponsor).unwrap();
    }
    guest
}

/// How often each recipient got a mail.
fn counted(arrived: &[Json]) -> BTreeMap<&str, usize> {
    arrived.iter().fold(BTreeMap::new(), |mut counted, mail| {
        for recipient in recipients(mail) {
            *counted.entry(recipient.split('@').next().unwrap()).or_default() += 1;
        }
        counted
    })
}

/// How many mails the audit knows of.
fn audited(system: &System) -> usize {
    let query = Query { limit: 1_000, ..Query::default() };
    let entries = system.store.list_audit(&query).unwrap().items;
    entries.iter().filter(|entry| entry.activity == Activity::SendMail).count()
}

#[test]
fn whoever_has_the_mail_does_not_get_it_again() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let guest = guest(&system, &["ann", "twice", "zed"]);
    let workflow = workflow(&system, Category::Joiner, "Send welcome email", &[("to", "Sponsors")]);
    let run = system.activate(&workflow, &[guest]).unwrap();
    let QueuedWork::At(at) = drain(&system, &mail) else { panic!("a repeat is expected") };
    // Also not after a restart.
    let system = system.crashed().unwrap();
    system.clock.set(at);
    let QueuedWork::At(at) = drain(&system, &mail) else { panic!("a repeat is expected") };
    system.clock.set(at);
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let result = task_result(&system, run, 1);
    assert!(result.processing_info.unwrap().starts_with("done at attempt 3; "));
    let arrived = server.stop();
    assert_eq!(counted(&arrived), BTreeMap::from([("ann", 1), ("twice", 1), ("zed", 1)]));
    assert_eq!(audited(&system), 3);
}

#[test]
fn mails_that_went_out_before_one_is_refused_stand_in_the_audit() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let guest = guest(&system, &["ann", "refused", "zed"]);
    let workflow = workflow(&system, Category::Joiner, "Send welcome email", &[("to", "Sponsors")]);
    let run = system.activate(&workflow, &[guest]).unwrap();
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let result = task_result(&system, run, 1);
    assert!(
        result.status == Status::Failed && result.failure_reason.unwrap().contains("refused@example.com")
    );
    assert_eq!(counted(&server.stop()), BTreeMap::from([("ann", 1)]));
    assert_eq!(audited(&system), 1);
}

#[test]
fn a_pass_that_did_not_reach_everybody_is_replaced_by_one_that_does_and_is_good_for_its_whole_time() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let guest = guest(&system, &["ann", "twice"]);
    let arguments = [("tapLifetimeMinutes", "10"), ("tapIsUsableOnce", "false"), ("to", "Sponsors")];
    let workflow = workflow(&system, Category::Joiner, "Generate TAP and send email", &arguments);
    let run = system.activate(&workflow, &[guest]).unwrap();
    let number = system.user(guest).unwrap().number;
    for _ in 0..2 {
        let QueuedWork::At(at) = drain(&system, &mail) else { panic!("a repeat is expected") };
        assert!(system.store.passes(number).unwrap().is_empty(), "a pass that nobody may know is no pass");
        // Longer than the pass would have been good.
        system.clock.set(at + jiff::SignedDuration::from_mins(20));
    }
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    assert_eq!(task_result(&system, run, 1).status, Status::Completed);
    let passes = system.store.passes(number).unwrap();
    assert_eq!((passes.len(), passes[0].starts), (1, system.lifecycle.now()));
    let arrived = server.stop();
    assert_eq!(counted(&arrived), BTreeMap::from([("ann", 3), ("twice", 1)]));
    let pass = |mail: &Json| {
        let text = mail["mail"]["text"].as_str().unwrap();
        text.lines().find_map(|line| line.strip_prefix("Temporary access pass: ")).unwrap().to_owned()
    };
    let passes: Vec<String> = arrived.iter().map(pass).collect();
    assert_eq!(passes[2], passes[3], "the last one is everybody's");
    assert!(passes[0] != passes[2] && passes[1] != passes[2]);
}
