//! An endpoint may send a call on, but not to everywhere.

use tenure_notify::{Proof, Secret, WebhookCall};

use crate::endpoint::{Endpoint, answer, redirect};
use crate::{SIGNING, call, permanent, plain};

/// An endpoint that sends calls of `/` on.
fn sending_on(status: u16, location: &str) -> Endpoint {
    let said = redirect(status, location);
    Endpoint::answering(
        move |heard| {
            if heard.line == "POST / HTTP/1.1" { said.clone() } else { answer("200 OK", "{}") }
        },
    )
}

#[test]
fn a_call_that_is_sent_on_arrives_whole() {
    for status in [307, 308] {
        let endpoint = sending_on(status, "/other?x=1#top");
        let (url, secret) = (endpoint.url("/"), Secret::new(SIGNING));
        let body = "{\"n\": 1}";
        call(&WebhookCall { body, proof: Proof::Signature(&secret), ..plain(&url) }).unwrap();
        let (first, second) = (endpoint.next(), endpoint.next());
        assert_eq!(second.line, "POST /other?x=1 HTTP/1.1");
        assert_eq!((first.body.as_str(), second.body.as_str()), (body, body));
        for name in ["webhook-id", "webhook-signature", "idempotency-key", "content-type"] {
            assert!(first.header(name).is_some() && first.header(name) == second.header(name), "{name}");
        }
    }
}

#[test]
fn a_call_without_credentials_may_be_sent_on_to_another_place() {
    let other = Endpoint::saying(answer("200 OK", ""));
    let endpoint = sending_on(307, &other.url("/there"));
    call(&WebhookCall { body: "{\"n\": 2}", ..plain(&endpoint.url("/")) }).unwrap();
    let heard = other.next();
    assert_eq!((heard.line.as_str(), heard.body.as_str()), ("POST /there HTTP/1.1", "{\"n\": 2}"));
}

#[test]
fn credentials_are_not_sent_to_another_place() {
    let other = Endpoint::saying(answer("200 OK", ""));
    let endpoint = sending_on(307, &other.url("/there?key=1"));
    let (url, secret, signing) = (endpoint.url("/"), Secret::new("open-sesame"), Secret::new(SIGNING));
    for proof in [
        Proof::Bearer(&secret),
        Proof::Basic { user: "tenure", password: &secret },
        Proof::Signature(&signing),
    ] {
        let reason = permanent(call(&WebhookCall { proof, ..plain(&url) }));
        assert_eq!(
            reason,
            format!(
                "127.0.0.1:{} redirects the call, which is not followed: 127.0.0.1:{} is another place, where the \
                 credentials do not belong",
                endpoint.port, other.port
            )
        );
        other.heard_nothing();
    }
}

#[test]
fn a_call_is_not_sent_on_to_where_calls_may_not_go() {
    for (location, reason) in [
        (
            "http://169.254.169.254/latest/meta-data/",
            "calls may not go to 169.254.169.254, a link-local address",
        ),
        ("http://[::ffff:a9fe:a9fe]/", "calls may not go to 169.254.169.254, a link-local address"),
        ("http://2852039166/", "calls may not go to 169.254.169.254, a link-local address"),
        ("//10.0.0.1/", "calls may not go to 10.0.0.1, a private address"),
        ("file:///etc/passwd", "an endpoint is called by HTTP only"),
        ("gopher://127.0.0.1/", "an endpoint is called by HTTP only"),
        ("http://user:open-sesame@127.0.0.1/", "an address holds no user and no password"),
        ("http://", "this is not an address of an endpoint"),
    ] {
        let endpoint = sending_on(307, location);
        let refused = permanent(call(&plain(&endpoint.url("/"))));
        let begin =
            format!("127.0.0.1:{} redirects the call, which is not followed: {reason}", endpoint.port);
        assert!(refused.starts_with(&begin), "{location}: {refused}");
        assert!(!refused.contains("sesame"), "{refused}");
    }
}

#[test]
fn a_redirect_that_does_not_keep_the_call_is_not_followed() {
    for status in [301, 302, 303] {
        let endpoint = sending_on(status, "/other");
        let reason = permanent(call(&plain(&endpoint.url("/"))));
        assert!(
            reason.contains(&format!("only 307 and 308 say to repeat the call as it is, not {status}")),
            "{reason}"
        );
        endpoint.next();
        endpoint.heard_nothing();
    }
}

#[test]
fn a_redirect_to_nowhere_fails_for_good() {
    let endpoint = Endpoint::saying(answer("307 Temporary Redirect", ""));
    let reason = permanent(call(&plain(&endpoint.url("/"))));
    assert!(reason.ends_with("it does not say where to"), "{reason}");
}

#[test]
fn a_call_is_sent_on_three_times_and_no_more() {
    let endpoint = Endpoint::saying(redirect(308, "/again"));
    let reason = permanent(call(&plain(&endpoint.url("/"))));
    assert!(reason.ends_with("it was sent on 3 times already"), "{reason}");
    for _ in 0..4 {
        endpoint.next();
    }
    endpoint.heard_nothing();
}
