//! Several real servers on one real PostgreSQL, and what becomes of the work when parts of it fail: everybody is processed
//! exactly once, counters are what the rows say, and nothing that was acknowledged is lost.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod company;
mod interleaved;
mod laws;
mod link;
mod moving;
mod races;
mod ranges;
mod upgrading;

use std::time::Duration;

use company::Company;
use harness::postgres::Postgres;
use laws::Laws;
use postgres::{Client, NoTls};
use tenure_lifecycle::clock::{Clock as _, SystemClock};

#[test]
fn two_servers_share_the_work_and_whichever_is_asked_knows_all() {
    let company = Company::new(Postgres::start(&[]));
    let (one, other) = (company.server("one"), company.server("other"));
    company::import(&one, 10_000, "");
    assert_eq!(other.get("/v1.0/users/$count").1, 10_000);
    let run = company::activate(&other);
    let mut laws = Laws::of(&company);
    laws.wait(|laws| laws.owners() == 2);
    one.wait_for(&run, |run| run["processingStatus"] == "completed");
    laws.hold();
    assert_eq!(laws.processed(), 10_000);
}

/// Stops a server (SIGSTOP) at a moment at which it has people in hand.
fn stopped_at_work(laws: &mut Laws, server: &harness::Server) {
    let process = company::process(server);
    let leases = format!("SELECT count(*) FROM leases WHERE owner / 1000000 = {process}");
    laws.wait(|laws| {
        server.signal("STOP");
        let is_at_work = laws.number(&leases) > 0;
        if !is_at_work {
            server.signal("CONT");
        }
        is_at_work
    });
}

#[test]
fn when_a_server_is_killed_in_the_middle_of_its_work_the_other_does_it() {
    let company = Company::new(Postgres::start(&[]));
    let (one, other) = (company.server("one"), company.server("other"));
    company::import(&one, 8_000, "");
    let run = company::activate(&one);
    let mut laws = Laws::of(&company);
    laws.wait(|laws| laws.processed() > 1_000);
    stopped_at_work(&mut laws, &one);
    one.kill();
    other.wait_for(&run, |run| run["processingStatus"] == "completed");
    laws.hold();
    assert_eq!(laws.processed(), 8_000);
}

/// Two servers, of which the one that sweeps is stopped (SIGSTOP) in the middle of a sweep; that one, and the other.
fn stopped_in_a_sweep(company: &Company) -> (harness::Server, harness::Server) {
    let (one, other) = (company.server("one"), company.server("other"));
    company::joiners(&one);
    let today = SystemClock.now().to_string();
    company::import(&one, JOINERS, &today[..10]);
    let mut laws = Laws::of(company);
    laws.wait(|laws| laws.admitted() > 500);
    let leader = laws.leader();
    let (stopped, left) = if company::process(&one) == leader { (one, other) } else { (other, one) };
    stopped.signal("STOP");
    assert!(laws.admitted() < JOINERS as i64, "in the middle of a sweep");
    (stopped, left)
}

const JOINERS: usize = 12_000;

/// Everybody is admitted once and processed.
fn all_joined(company: &Company, server: &harness::Server) {
    let mut laws = Laws::of(company);
    laws.wait(|laws| laws.processed() == JOINERS as i64);
    laws.hold();
    assert_eq!(laws.admitted(), JOINERS as i64, "nobody twice");
    assert_eq!(server.get("/v1.0/users/$count").0, 200);
}

#[test]
fn when_the_server_that_sweeps_is_killed_another_sweeps_and_everybody_is_admitted_once() {
    let company = Company::new(Postgres::start(&[]));
    let (stopped, left) = stopped_in_a_sweep(&company);
    stopped.kill();
    all_joined(&company, &left);
}

#[test]
fn when_the_server_that_sweeps_stalls_another_sweeps_and_everybody_is_admitted_once() {
    let company = Company::new(Postgres::start(&[]));
    let (stopped, left) = stopped_in_a_sweep(&company);
    // Its time runs out.
    Laws::of(&company).age(company::process(&stopped));
    all_joined(&company, &left);
    stopped.signal("CONT");
    stopped.wait_for("/v1.0/users/$count", |count| *count == JOINERS);
    all_joined(&company, &stopped);
}

#[test]
fn a_server_that_stalls_and_wakes_up_late_settles_nothing() {
    let company = Company::new(Postgres::start(&[]));
    let (one, other) = (company.server("one"), company.server("other"));
    company::import(&one, 8_000, "");
    let run = company::activate(&one);
    let mut laws = Laws::of(&company);
    laws.wait(|laws| laws.processed() > 500);
    stopped_at_work(&mut laws, &one);
    // Its leases run out.
    laws.age(company::process(&one));
    other.wait_for(&run, |run| run["processingStatus"] == "completed");
    one.signal("CONT");
    one.wait_for(&run, |run| run["processingStatus"] == "completed");
    std::thread::sleep(Duration::from_millis(500));
    laws.hold();
    assert_eq!(laws.processed(), 8_000);
    assert_eq!(one.log().matches("panicked").count(), 0);
}

/// How long connections are lost.
const AWAY: Duration = Duration::from_mins(1);

/// A server behind a link that is lost while it works.
fn work_behind(link: &link::Link, company: &Company) -> (harness::Server, String) {
    let server = company.server_at("cut-off", &link.url());
    company::import(&server, 4_000, "");
    let run = company::activate(&server);
    Laws::of(company).wait(|laws| laws.processed() > 200);
    (server, run)
}

#[test]
fn a_minute_without_the_database_loses_and_repeats_nothing() {
    // At the same time: both do nothing but wait.
    std::thread::scope(|scope| {
        let cut = scope.spawn(while_the_link_is_cut);
        while_the_link_is_silent();
        cut.join().unwrap();
    });
}

fn while_the_link_is_cut() {
    let company = Company::new(Postgres::start(&[]));
    let link = link::Link::to(company.postgres.port);
    let (cut_off, run) = work_behind(&link, &company);
    link.cut();
    let (status, answer) = cut_off.post("/v1.0/groups", &company::group("Lost"));
    assert!(status >= 500, "{status}: {answer}");
    assert_eq!((cut_off.get("/healthz").0, cut_off.get("/readyz").0), (200, 503));
    std::thread::sleep(AWAY);
    link.mend();
    cut_off.wait_for(&run, |run| run["processingStatus"] == "completed");
    let mut laws = Laws::of(&company);
    laws.hold();
    assert_eq!(laws.processed(), 4_000);
    assert_eq!(cut_off.get("/readyz").0, 200);
    assert_eq!(cut_off.post("/v1.0/groups", &company::group("Found")).0, 201);
    assert_eq!(laws.number("SELECT count(*) FROM groups WHERE display_name = 'Lost'"), 0);
}

fn while_the_link_is_silent() {
    let company = Company::new(Postgres::start(&[]));
    let link = link::Link::to(company.postgres.port);
    let (cut_off, run) = work_behind(&link, &company);
    let other = company.server("other");
    link.fall_silent();
    // What the other can have it does meanwhile.
    std::thread::sleep(AWAY);
    assert_eq!((cut_off.get("/healthz").0, cut_off.get("/readyz").0), (200, 503));
    assert_eq!(other.post("/v1.0/groups", &company::group("Meanwhile")).0, 201);
    link.mend();
    cut_off.wait_for(&run, |run| run["processingStatus"] == "completed");
    let mut laws = Laws::of(&company);
    laws.hold();
    assert_eq!(laws.processed(), 4_000);
    assert_eq!(cut_off.get("/v1.0/groups/$count").1, 2, "those of the workflow and of the other");
}

#[test]
fn a_lease_that_nobody_is_told_of_keeps_nobody_waiting() {
    let company = Company::new(Postgres::start(&[]));
    let link = link::Link::to(company.postgres.port);
    let server = company.server_at("cut-off", &link.url());
    company::import(&server, 4_000, "");
    link.lose_leases();
    let run = company::activate(&server);
    let mut laws = Laws::of(&company);
    laws.wait(|_| link.lost() >= 2);
    link.mend();
    // It would end in ten minutes.
    server.wait_for(&run, |run| run["processingStatus"] == "completed");
    laws.hold();
    assert_eq!(laws.processed(), 4_000);
}

#[test]
fn when_the_primary_dies_and_its_standby_takes_over_nothing_that_was_acknowledged_is_lost() {
    let primary = Postgres::start(&[]);
    let standby = Postgres::standby_of(&primary, "standby");
    let mut client = Client::connect(&primary.url(), NoTls).unwrap();
    client.batch_execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'").unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    let url = format!(
        "postgresql://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        primary.port, standby.port
    );
    let company = Company::new(standby);
    let server = company.server_at("server", &url);
    company::import(&server, 3_000, "");
    let run = company::activate(&server);
    let mut acknowledged = vec![];
    for place in 0..40 {
        if place == 20 {
            primary.kill();
            company.postgres.promote();
        }
        let name = format!("Group {place}");
        let (status, _) = server.post("/v1.0/groups", &company::group(&name));
        if status == 201 {
            acknowledged.push(name);
        }
    }
    server.wait_for(&run, |run| run["processingStatus"] == "completed");
    let mut laws = Laws::of(&company);
    laws.hold();
    assert_eq!(laws.processed(), 3_000);
    assert!(acknowledged.len() > 20, "before and after: {acknowledged:?}");
    for name in acknowledged {
        assert_eq!(
            laws.number(&format!("SELECT count(*) FROM groups WHERE display_name = '{name}'")),
            1,
            "{name}"
        );
    }
}

#[test]
fn a_server_whose_key_is_another_is_not_let_in() {
    let company = Company::new(Postgres::start(&["fsync=off"]));
    let _one = company.server("one");
    let stranger = tempfile::tempdir().unwrap();
    let url = company.postgres.url();
    let refused = harness::Done::of(&mut harness::tenure_in(
        stranger.path(),
        &["serve", "--listen", "127.0.0.1:0", "--database", &url],
    ));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("copy that file"), "{refused:?}");
}

#[test]
fn what_only_this_database_does_not_take_is_bad_input_and_no_failure() {
    let company = Company::new(Postgres::start(&["fsync=off"]));
    let server = company.server("one");
    let (status, answer) = server.post("/v1.0/groups", &company::group("a\0b"));
    assert_eq!(status, 400, "{answer}");
    assert_eq!(server.get("/v1.0/groups?$filter=displayName%20eq%20'a%00b'").0, 400);
}
