//! The kill test: `serve` is killed while it processes 20,000 people, again and again. The database and the outbox
//! are looked at where it died, and again when a new process has finished the run: nobody is lost, every effect and
//! every result is there once.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../harness/mod.rs"]
mod harness;

mod books;
mod company;
mod outbox;
mod points;

use std::path::Path;
use std::time::{Duration, Instant};

use books::{Books, Standing};
use company::{Company, MAILED, USERS};
use harness::Server;
use outbox::Outbox;
use points::Points;

/// Kills that count.
const KILLS: usize = 20;
/// How many of them have to land while the run is under way.
const INSIDE: usize = 15;
/// Kills that may be drawn again, because the machine was faster or slower than when the run was measured.
const AGAIN: usize = 20;
const SEED: u64 = 0x7e_0a_0e;

#[test]
fn whenever_it_is_killed_everybody_is_processed_exactly_once() {
    let company = Company::prepare();
    let length = undisturbed(&company);
    eprintln!("undisturbed: {USERS} people, {MAILED} of them with mail, in {length:?}");

    let mut points = Points::over(length, KILLS, SEED);
    let mut kills = Vec::new();
    while kills.len() < KILLS || (!tell_enough(&kills) && kills.len() < KILLS + AGAIN) {
        let after = points.draw();
        let kill = killed(&company, after);
        eprintln!("kill {:2} after {after:9.3?}: {kill}", kills.len() + 1);
        points.landed(after, &kill);
        kills.push(kill);
    }
    assert!(
        tell_enough(&kills),
        "too few kills landed while the run, or its mail, was under way: {kills:#?}"
    );
}

/// Whether enough kills landed inside the run, and one of them while mail was under way.
fn tell_enough(kills: &[Standing]) -> bool {
    let inside = kills.iter().filter(|kill| kill.is_inside()).count();
    inside >= INSIDE && kills.iter().any(|kill| kill.frozen > 0)
}

/// A run that nobody disturbs; gives its length, from the answer to `activate` until it is finished.
fn undisturbed(company: &Company) -> Duration {
    let folder = company.copy();
    let server = Server::start_in(folder.path(), &[]);
    company.activate(&server);
    let begun = Instant::now();
    finish(company, &server);
    let length = begun.elapsed();
    assert!(server.stop().success());
    everything_is_done(company, folder.path());
    length
}

/// A run during which the server is killed so long after the answer to `activate`, and then started anew.
fn killed(company: &Company, after: Duration) -> Standing {
    let folder = company.copy();
    let server = Server::start_in(folder.path(), &[]);
    company.activate(&server);
    // The one place where time itself is what is tested.
    std::thread::sleep(after);
    server.kill();

    let books = Books::open(folder.path(), company);
    books.hold();
    let standing = books.standing();
    let outbox = Outbox::of(folder.path());
    outbox.accounts_for(&books);
    drop(books);

    let server = Server::start_in(folder.path(), &[]);
    finish(company, &server);
    assert!(server.stop().success());
    let later = everything_is_done(company, folder.path());
    outbox.is_untouched_in(&later);
    Standing { unrecorded: outbox.len() as i64 - standing.recorded, ..standing }
}

fn finish(company: &Company, server: &Server) {
    let runs = server.wait_for(&company.runs(), |runs| runs["value"][0]["completedDateTime"].is_string());
    let run = &runs["value"][0];
    assert_eq!(run["processingStatus"], "completedWithErrors", "{run}");
    assert_eq!(
        (&run["totalUsersCount"], &run["failedUsersCount"]),
        (&USERS.into(), &(USERS - MAILED).into())
    );
    assert_eq!(run["successfulUsersCount"], MAILED, "{run}");
    assert_eq!(
        (&run["failedTasksCount"], &run["totalUnprocessedTasksCount"]),
        (&(USERS - MAILED).into(), &0.into())
    );
}

fn everything_is_done(company: &Company, folder: &Path) -> Outbox {
    let books = Books::open(folder, company);
    books.hold();
    books.are_closed();
    let outbox = Outbox::of(folder);
    outbox.holds_every_mail_once(&books);
    outbox
}
