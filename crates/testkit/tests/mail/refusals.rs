//! What a task result says of a mail that the server did not want.

use tenure_lifecycle::ports::QueuedWork;
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;

use crate::company::{contoso, drain, person, plain, smtp, task_result, workflow};
use crate::support::MailServer;

const WELCOME: &str = "Send welcome email";

#[test]
fn a_mail_that_is_refused_for_good_fails_with_the_servers_words() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let refused = plain(&system, "refused");
    let run = system.activate(&workflow(&system, Category::Joiner, WELCOME, &[]), &[refused]).unwrap();
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing, "it is not tried again");
    let result = task_result(&system, run, 1);
    let reason = result.failure_reason.unwrap();
    let said = "the mail server refused the recipient refused@example.com: 550 5.1.1 nobody here";
    assert!(result.status == Status::Failed && reason.starts_with(said), "{reason}");

    let ann = plain(&system, "ann");
    let spam = workflow(&system, Category::Joiner, WELCOME, &[("customSubject", "spam")]);
    let run = system.activate(&spam, &[ann]).unwrap();
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let reason = task_result(&system, run, 1).failure_reason.unwrap();
    assert_eq!(reason, "the mail server refused the mail: 554 5.7.1 this looks like spam");

    let broken = person(&system, "broken", None, &[("mail", "no address")]).id;
    let run = system.activate(&workflow(&system, Category::Joiner, WELCOME, &[]), &[broken]).unwrap();
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let reason = task_result(&system, run, 1).failure_reason.unwrap();
    assert!(reason.starts_with("the To address 'no address' "), "{reason}");
    assert!(server.stop().is_empty());
}

#[test]
fn a_mail_that_is_put_off_is_tried_again_until_it_is_taken() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let twice = plain(&system, "twice");
    let run = system.activate(&workflow(&system, Category::Joiner, WELCOME, &[]), &[twice]).unwrap();
    let words = "the mail server put off the recipient twice@example.com: 451 4.7.1 come back later";
    for attempt in 1..=2 {
        let QueuedWork::At(at) = drain(&system, &mail) else { panic!("a repeat is expected") };
        let waiting = task_result(&system, run, 1);
        assert_eq!(waiting.status, Status::InProgress);
        let info = waiting.processing_info.unwrap();
        assert!(info.starts_with(&format!("attempt {attempt} failed: {words}")), "{info}");
        system.clock.set(at);
    }
    assert_eq!(drain(&system, &mail), QueuedWork::Nothing);
    let done = task_result(&system, run, 1);
    assert_eq!(done.processing_info, Some(format!("done at attempt 3; the one before: {words}")));
    assert_eq!(server.stop().len(), 1);
}

#[test]
fn a_mail_that_is_put_off_for_ever_is_given_up() {
    let system = contoso();
    let server = MailServer::start::<&str>([]);
    let mail = smtp(&system, server.port);
    let ann = plain(&system, "ann");
    let full = workflow(&system, Category::Joiner, WELCOME, &[("customSubject", "full")]);
    let run = system.activate(&full, &[ann]).unwrap();
    let begun = system.lifecycle.now();
    while let QueuedWork::At(at) = drain(&system, &mail) {
        system.clock.set(at);
    }
    let reason = task_result(&system, run, 1).failure_reason.unwrap();
    let words = "the mail server put off the mail: 452 4.3.1 no room at the moment";
    assert_eq!(reason, format!("given up after 12 attempts: {words}"));
    let hours = system.lifecycle.now().duration_since(begun).as_hours();
    assert!((3..=4).contains(&hours), "about three hours: {hours}");
    assert!(server.stop().is_empty());
}
