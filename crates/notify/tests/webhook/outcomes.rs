//! Which failures are worth another attempt, and what they are called.

use std::net::TcpListener;

use tenure_notify::{Proof, Secret, WebhookCall};

use crate::endpoint::{Endpoint, answer};
use crate::{SIGNING, call, permanent, plain, retryable};

#[test]
fn the_status_says_whether_to_try_again() {
    for (status, again) in [
        ("500 Internal Server Error", true),
        ("502 Bad Gateway", true),
        ("503 Service Unavailable", true),
        ("429 Too Many Requests", true),
        ("408 Request Timeout", true),
        ("425 Too Early", true),
        ("400 Bad Request", false),
        ("401 Unauthorized", false),
        ("404 Not Found", false),
        ("410 Gone", false),
        ("304 Not Modified", false),
    ] {
        let body = if status.starts_with("304") { "" } else { "no such\r\nhook\x1b[2J" };
        let endpoint = Endpoint::saying(answer(status, body));
        let url = endpoint.url("/");
        for wants_answer in [false, true] {
            let outcome = call(&WebhookCall { wants_answer, ..plain(&url) });
            let reason = if again { retryable(outcome) } else { permanent(outcome) };
            let words = if body.is_empty() { "" } else { ": no such  hook [2J" };
            assert_eq!(reason, format!("127.0.0.1:{} answered {status}{words}", endpoint.port));
        }
    }
}

#[test]
fn an_endpoint_that_cannot_be_reached_may_come_back() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let reason = retryable(call(&plain(&format!("http://127.0.0.1:{port}/?sig=s3cret-key"))));
    assert!(reason.starts_with(&format!("the connection to 127.0.0.1:{port} failed: ")), "{reason}");
    let reason = retryable(call(&plain("http://nobody.invalid/?sig=s3cret-key")));
    assert!(reason.starts_with("the name nobody.invalid cannot be looked up: "), "{reason}");
}

#[test]
fn an_endpoint_that_breaks_off_may_do_better_next_time() {
    for said in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ] {
        let endpoint = Endpoint::saying(said);
        let url = endpoint.url("/");
        let reason = retryable(call(&WebhookCall { wants_answer: true, ..plain(&url) }));
        assert!(reason.contains(&format!("127.0.0.1:{}", endpoint.port)), "{said}: {reason}");
    }
}

#[test]
fn what_was_sent_in_confidence_is_in_no_failure() {
    // An endpoint that repeats everything it was sent, as careless ones do.
    let endpoint = Endpoint::answering(|heard| answer("400 Bad Request", &heard.all()));
    let url = endpoint.url("/?code=open-sesame-now");
    let secret = Secret::new("open-sesame-now");
    let signing = Secret::new(SIGNING);
    for proof in [
        Proof::None,
        Proof::Bearer(&secret),
        Proof::Basic { user: "tenure", password: &secret },
        Proof::Signature(&signing),
    ] {
        let reason = permanent(call(&WebhookCall { proof, ..plain(&url) }));
        assert_eq!(
            reason,
            format!(
                "127.0.0.1:{} answered 400 Bad Request (its words are left out: they repeat what was sent in confidence)",
                endpoint.port
            )
        );
    }
    let endpoint = Endpoint::answering(|heard| {
        answer("401 Unauthorized", &format!("who is {}?", heard.header("authorization").unwrap()))
    });
    let url = endpoint.url("/");
    for proof in [Proof::Bearer(&secret), Proof::Basic { user: "tenure", password: &secret }] {
        let reason = permanent(call(&WebhookCall { proof, ..plain(&url) }));
        assert!(
            reason.ends_with("(its words are left out: they repeat what was sent in confidence)"),
            "{reason}"
        );
    }
}
