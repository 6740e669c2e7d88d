//! Thirty minutes without a mail server: nothing is lost, and nothing is sent twice.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use tenure_lifecycle::audit::Activity;
use tenure_lifecycle::ids::{RunNumber, UserId};
use tenure_lifecycle::ports::{Query, QueuedWork};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{System, WorkflowSpec};

use crate::company::{contoso, drain, plain, recipients, smtp, step_until};
use crate::support::MailServer;

const OUTAGE: SignedDuration = SignedDuration::from_mins(30);

fn people(system: &System, name: &str, count: usize) -> Vec<UserId> {
    (0..count).map(|place| plain(system, &format!("{name}{place}"))).collect()
}

/// Why each person's mail waits or how it went, by run.
fn infos(system: &System, run: RunNumber) -> Vec<(Status, Option<String>)> {
    let results = system.results(run).unwrap();
    let first = |seq| system.task_results(run, seq).unwrap().remove(0);
    results.iter().map(|result| first(result.seq)).map(|task| (task.status, task.processing_info)).collect()
}

/// Attempts in vain that the audit knows of, by run.
fn failed_attempts(system: &System) -> BTreeMap<RunNumber, usize> {
    let query = Query { limit: 10_000, ..Query::default() };
    let mut attempts = BTreeMap::new();
    for entry in system.store.list_audit(&query).unwrap().items {
        if entry.activity == Activity::AttemptFailed {
            let why = entry.failure.clone().unwrap_or_default();
            assert!(why.contains("no connection to the mail server"), "{entry:?}");
            *attempts.entry(entry.run.unwrap().1).or_default() += 1;
        }
    }
    attempts
}

/// `done at attempt N; …`
fn attempt(info: &str) -> usize {
    let (number, rest) = info.strip_prefix("done at attempt ").unwrap().split_once(';').unwrap();
    assert!(rest.contains("no connection to the mail server 127.0.0.1"), "{info}");
    number.parse().unwrap()
}

fn greeting(system: &System) -> Workflow {
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Enable user account", &[]);
    system.workflow(spec).unwrap()
}

#[test]
fn an_outage_of_thirty_minutes_loses_and_repeats_nothing() {
    let system = contoso();
    let workflow = greeting(&system);
    let server = MailServer::start::<&str>([]);
    let port = server.port;
    let mail = smtp(&system, port);
    let mut runs = Vec::new();
    let mut everybody = 0;
    let mut activate = |system: &System, name: &str, count: usize| {
        everybody += count;
        let run = system.activate(&workflow, &people(system, name, count)).unwrap();
        runs.push(run);
        run
    };

    let before = activate(&system, "before", 3);
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let mut arrived = server.stop();
    assert_eq!(arrived.len(), 3);

    let begun = system.lifecycle.now();
    let end = begun + OUTAGE;
    let at_once = activate(&system, "at-once", 4);
    step_until(&system, &mail, begun + SignedDuration::from_mins(12));
    let later = activate(&system, "later", 3);
    step_until(&system, &mail, begun + SignedDuration::from_mins(20));
    for (run, least) in [(at_once, 6), (later, 5)] {
        assert_eq!(system.run(run).unwrap().status, Status::InProgress);
        for (status, info) in infos(&system, run) {
            let info = info.unwrap();
            let number: usize =
                info.strip_prefix("attempt ").unwrap().split(' ').next().unwrap().parse().unwrap();
            assert!(status == Status::InProgress && number >= least, "{info}");
            assert!(
                info.contains(&format!("no connection to the mail server 127.0.0.1 port {port}")),
                "{info}"
            );
        }
    }
    // Tenure itself dies in the middle of it.
    let system = system.crashed().unwrap();
    step_until(&system, &mail, end);
    let just_before_its_end = activate(&system, "at-last", 2);
    assert!(matches!(drain(&system, &mail), QueuedWork::At(_)));

    let server = MailServer::start(["--port", &port.to_string()]);
    let after = activate(&system, "after", 3);
    step_until(&system, &mail, end + SignedDuration::from_hours(2));
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    arrived.extend(server.stop());
    complete(&system, &runs);
    once_each(&arrived, everybody);

    let attempts = failed_attempts(&system);
    for run in [before, after] {
        assert!(infos(&system, run).iter().all(|(_, info)| info.is_none()));
        assert!(!attempts.contains_key(&run));
    }
    for run in [at_once, later, just_before_its_end] {
        let made: usize =
            infos(&system, run).iter().map(|(_, info)| attempt(info.as_ref().unwrap()) - 1).sum();
        assert_eq!(attempts[&run], made, "each attempt in vain stands in the audit");
    }
    let longest = infos(&system, at_once).iter().map(|(_, info)| attempt(info.as_ref().unwrap())).max();
    assert!(
        longest.is_some_and(|longest| (8..=10).contains(&longest)),
        "{longest:?}: it waits longer each time"
    );
}

/// Everybody is through, with both tasks.
fn complete(system: &System, runs: &[RunNumber]) {
    for run in runs {
        assert_eq!(system.run(*run).unwrap().status, Status::Completed);
        for result in system.results(*run).unwrap() {
            assert_eq!((result.status, result.tasks.unprocessed), (Status::Completed, 0));
        }
    }
}

/// Each mail came once, and so did each person's.
fn once_each(arrived: &[Json], everybody: usize) {
    let ids: BTreeSet<&str> =
        arrived.iter().map(|mail| mail["mail"]["messageId"].as_str().unwrap()).collect();
    let people: BTreeSet<Vec<&str>> = arrived.iter().map(recipients).collect();
    assert_eq!((arrived.len(), ids.len(), people.len()), (everybody, everybody, everybody));
}

#[test]
fn somebody_who_waits_for_a_mail_is_not_forgotten_when_the_server_needs_long_to_come_back() {
    let system = contoso();
    let workflow = greeting(&system);
    let server = MailServer::start::<&str>([]);
    let port = server.port;
    assert!(server.stop().is_empty());
    let mail = smtp(&system, port);
    let ann = plain(&system, "ann");
    let run = system.activate(&workflow, &[ann]).unwrap();
    let stops: Vec<Timestamp> = std::iter::from_fn(|| match drain(&system, &mail) {
        QueuedWork::At(at) => {
            system.clock.set(at);
            Some(at)
        }
        QueuedWork::Now | QueuedWork::Nothing => None,
    })
    .collect();
    assert_eq!(stops.len(), 11, "twelve attempts");
    let result = system.task_results(run, 1).unwrap();
    let reason = result[0].failure_reason.as_ref().unwrap();
    assert!(reason.starts_with("given up after 12 attempts: no connection to the mail server"), "{reason}");
    assert_eq!(result[1].status, Status::Queued, "what follows is not done");
}
