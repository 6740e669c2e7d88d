//! Mail to real servers: what arrives, and what a failure is called.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod certificates;
mod support;

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{DEADLINE, MailServer, assert_is_the_mail_sent, clock, key, mail_to};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ports::{Failure, SendMail};
use tenure_notify::{Secret, Smtp, SmtpConfig, Tls};

/// Of the servers that ask for one.
const PASSWORD: &str = "s3cret-Wörd";

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        user: None,
        password: None,
        tls: Tls::None,
        from: "People <people@example.com>".to_owned(),
    }
}

fn smtp(port: u16) -> Smtp {
    Smtp::new(config(port), clock()).unwrap()
}

fn retryable(outcome: Result<(), Failure>) -> String {
    match outcome {
        Err(Failure::Retryable(reason)) => reason,
        other => panic!("worth another attempt was expected: {other:?}"),
    }
}

fn permanent(outcome: Result<(), Failure>) -> String {
    match outcome {
        Err(Failure::Permanent(reason)) => reason,
        other => panic!("failed for good was expected: {other:?}"),
    }
}

#[test]
fn a_mail_arrives_as_it_was_sent_and_the_connection_is_used_again() {
    let mut server = MailServer::start::<&str>([]);
    let smtp = smtp(server.port);
    let mut peers = Vec::new();
    for number in 1..=3 {
        smtp.send(&mail_to("zoe@example.com"), key(number), DEADLINE).unwrap();
        let arrived = server.next();
        assert_eq!(arrived["sender"], "people@example.com");
        assert_eq!(arrived["recipients"], json!(["zoe@example.com", "bob@example.com"]));
        assert_eq!(arrived["mail"]["from"], json!([["People", "people@example.com"]]));
        assert_is_the_mail_sent(&arrived["mail"], number);
        peers.push(arrived["peer"].clone());
    }
    peers.dedup();
    assert_eq!(peers.len(), 1, "one connection serves mails that follow each other");
}

#[test]
fn many_threads_send_at_once() {
    let mut server = MailServer::start::<&str>([]);
    let smtp = smtp(server.port);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let smtp = &smtp;
            scope.spawn(move || {
                for number in 0..5 {
                    smtp.send(&mail_to("zoe@example.com"), key(thread * 100 + number), DEADLINE).unwrap();
                }
            });
        }
    });
    let ids: std::collections::BTreeSet<String> =
        (0..80).map(|_| server.next()["mail"]["messageId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 80);
}

#[test]
fn a_recipient_the_server_refuses_fails_for_good_with_the_servers_words() {
    let mut server = MailServer::start::<&str>([]);
    let smtp = smtp(server.port);
    let reason = permanent(smtp.send(&mail_to("refused@example.com"), key(1), DEADLINE));
    let begin = "the mail server refused the recipient refused@example.com: 550 5.1.1 nobody here";
    assert!(reason.starts_with(begin), "{reason}");
    assert!(reason.len() < 400 && !reason.contains(char::is_control), "{reason:?}");
    // The next mail is none the worse for it.
    smtp.send(&mail_to("zoe@example.com"), key(2), DEADLINE).unwrap();
    assert_is_the_mail_sent(&server.next()["mail"], 2);
}

#[test]
fn a_recipient_the_server_puts_off_is_worth_another_attempt() {
    let server = MailServer::start::<&str>([]);
    let reason = retryable(smtp(server.port).send(&mail_to("later@example.com"), key(1), DEADLINE));
    assert_eq!(reason, "the mail server put off the recipient later@example.com: 451 4.7.1 come back later");
}

#[test]
fn an_address_beyond_ascii_needs_a_server_that_takes_it() {
    let server = MailServer::start::<&str>([]);
    let reason = permanent(smtp(server.port).send(&mail_to("zoë@example.com"), key(1), DEADLINE));
    assert!(reason.contains("SMTPUTF8") && reason.contains("zoë@example.com"), "{reason}");
}

#[test]
fn a_server_that_came_back_is_found_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let reason = retryable(smtp(port).send(&mail_to("zoe@example.com"), key(1), DEADLINE));
    assert!(
        reason.starts_with(&format!("no connection to the mail server 127.0.0.1 port {port}: ")),
        "{reason}"
    );
}

#[test]
fn a_server_says_nothing_or_drips_and_the_call_still_ends_in_time() {
    for drip in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let end = Instant::now() + Duration::from_secs(20);
            while Instant::now() < end && (!drip || stream.write_all(b"2").is_ok()) {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let begun = Instant::now();
        let deadline = Duration::from_millis(600);
        let reason = retryable(smtp(port).send(&mail_to("zoe@example.com"), key(1), deadline));
        assert_eq!(reason, "the mail server did not answer in time");
        assert!(begun.elapsed() < Duration::from_secs(5), "drip {drip}: {:?}", begun.elapsed());
    }
}

/// A server that takes one mail and answers it so, or not at all; gives what it heard.
fn answering(answer: &'static [u8]) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = Vec::new();
        stream.write_all(b"220 hello\r\n").unwrap();
        let mut answered = 0;
        let mut piece = [0; 4096];
        while !heard.ends_with(b"\r\n.\r\n") {
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0, "cut off at {:?}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&piece[..count]);
            // EHLO, MAIL, two RCPT, DATA.
            if heard.ends_with(b"\r\n") && answered < 5 {
                answered += 1;
                stream.write_all(if answered == 5 { b"354 go\r\n" } else { b"250 ok\r\n" }).unwrap();
            }
        }
        stream.write_all(answer).unwrap();
        String::from_utf8(heard).unwrap()
    });
    (port, server)
}

#[test]
fn a_connection_cut_after_the_mail_was_handed_over_is_worth_another_attempt() {
    let (port, server) = answering(b"");
    let reason = retryable(smtp(port).send(&mail_to("zoe@example.com"), key(1), DEADLINE));
    assert!(reason.starts_with("the connection to the mail server was lost"), "{reason}");
    let heard = server.join().unwrap();
    assert!(
        heard.contains(&format!("Message-ID: <{}@tenure>", key(1))),
        "a receiver can know the repeat: {heard}"
    );
}

#[test]
fn a_mail_whose_answer_cannot_be_read_is_not_sent_again_and_again() {
    for answer in [b"250 angenommen f\xfcr\r\n".as_slice(), b"554 abgelehnt f\xfcr\r\n", b"what?\r\n"] {
        let (port, server) = answering(answer);
        let reason = permanent(smtp(port).send(&mail_to("zoe@example.com"), key(1), DEADLINE));
        assert!(
            reason.starts_with("the mail server's answer to the mail cannot be read: ")
                && reason.ends_with("whether it took the mail is not known, and it is not sent again"),
            "{reason}"
        );
        server.join().unwrap();
    }
}

#[test]
fn the_server_is_signed_in_to_and_a_wrong_password_is_not_printed() {
    // A server may know one way of signing in, or both.
    for (offered, used) in
        [(&[][..], "PLAIN"), (&["--mechanism", "PLAIN"], "PLAIN"), (&["--mechanism", "LOGIN"], "LOGIN")]
    {
        let mut server = MailServer::start([&["--user", "tenure", "--password", PASSWORD], offered].concat());
        let with = |password: &str| {
            let (user, password) = (Some("tenure".to_owned()), Some(Secret::new(password)));
            Smtp::new(SmtpConfig { user, password, ..config(server.port) }, clock()).unwrap()
        };
        let (right, wrong) = (with(PASSWORD), with("n0t-it"));
        right.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap();
        let arrived = server.next();
        assert_eq!((&arrived["user"], &arrived["mechanism"]), (&json!("tenure"), &json!(used)));
        assert_is_the_mail_sent(&arrived["mail"], 1);
        let reason = retryable(wrong.send(&mail_to("zoe@example.com"), key(2), DEADLINE));
        assert_eq!(reason, "the mail server does not accept the user and password (535)");
    }
}

#[test]
fn a_mail_that_the_server_does_not_want_as_a_whole_fails_as_it_says() {
    let server = MailServer::start::<&str>([]);
    let smtp = smtp(server.port);
    let about = |subject: &str| {
        let mail = Mail { subject: subject.to_owned(), ..mail_to("zoe@example.com") };
        smtp.send(&mail, key(1), DEADLINE)
    };
    assert_eq!(permanent(about("spam")), "the mail server refused the mail: 554 5.7.1 this looks like spam");
    assert_eq!(retryable(about("full")), "the mail server put off the mail: 452 4.3.1 no room at the moment");
    about("fine").unwrap();
    assert_eq!(server.stop().len(), 1);
}

/// A process reads its trusted certificates from `SSL_CERT_FILE`, so sending is done in one of its own: this test,
/// run again by itself.
const PORT: &str = "TENURE_NOTIFY_TEST_PORT";

#[test]
fn encrypted_servers_are_believed_only_with_a_certificate_we_trust() {
    if let Ok(port) = std::env::var(PORT) {
        let tls = if std::env::var("TENURE_NOTIFY_TEST_TLS").unwrap() == "implicit" {
            Tls::Implicit
        } else {
            Tls::StartTls
        };
        let (user, password) = (Some("tenure".to_owned()), Some(Secret::new(PASSWORD)));
        let config = SmtpConfig { tls, user, password, ..config(port.parse().unwrap()) };
        let outcome = Smtp::new(config, clock()).unwrap().send(&mail_to("zoe@example.com"), key(1), DEADLINE);
        println!("outcome: {outcome:?}");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    certificates::issue(dir.path());
    let file = |name: &str| dir.path().join(name).into_os_string();
    for tls in ["starttls", "implicit"] {
        let mut options: Vec<OsString> =
            ["--tls", tls, "--user", "tenure", "--password", PASSWORD].map(Into::into).into();
        options.extend(["--cert".into(), file("server.pem"), "--key".into(), file("server.key")]);
        let mut server = MailServer::start(options);
        let send = |trusted: &str| {
            let this = "encrypted_servers_are_believed_only_with_a_certificate_we_trust";
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", this, "--nocapture"])
                .env(PORT, server.port.to_string())
                .env("TENURE_NOTIFY_TEST_TLS", tls)
                .env("SSL_CERT_FILE", file(trusted))
                .env_remove("SSL_CERT_DIR")
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let refused = send("other.pem");
        assert!(refused.contains("outcome: Err(Retryable(\"no connection to the mail server"), "{refused}");
        let sent = send("ca.pem");
        assert!(sent.contains("outcome: Ok(())"), "{tls}: {sent}");
        let arrived = server.next();
        assert_eq!((&arrived["encrypted"], &arrived["user"]), (&json!(true), &json!("tenure")));
        assert_is_the_mail_sent(&arrived["mail"], 1);
    }
}

#[test]
fn a_server_that_does_not_encrypt_gets_nothing_when_encryption_is_asked_for() {
    let server = MailServer::start::<&str>([]);
    let smtp = Smtp::new(SmtpConfig { tls: Tls::StartTls, ..config(server.port) }, clock()).unwrap();
    let reason = retryable(smtp.send(&mail_to("zoe@example.com"), key(1), DEADLINE));
    assert!(reason.contains("STARTTLS is not supported"), "{reason}");
}
