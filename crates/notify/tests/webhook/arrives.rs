//! What an endpoint gets, and what its answer becomes.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;
use tenure_notify::{Answer, Proof, Secret, WebhookCall};

use crate::endpoint::{Endpoint, Heard, answer};
use crate::{LONG, SIGNING, call, local, permanent, plain, python, webhooks};

#[test]
fn a_call_arrives_as_it_was_sent() {
    let endpoint = Endpoint::saying(answer("200 OK", "{}"));
    let url = endpoint.url("/joiner/ü?key=a%20b&c");
    let body = "{\"subject\": \"Zoë\",\n \"n\": 1}";
    let outcome = call(&WebhookCall { body, id: "4e1c-2", ..plain(&url) });
    assert_eq!(outcome, Ok(Answer { status: 200, body: None }));
    let heard = endpoint.next();
    assert_eq!(heard.line, "POST /joiner/%C3%BC?key=a%20b&c HTTP/1.1");
    assert_eq!(heard.body, body);
    let host = format!("127.0.0.1:{}", endpoint.port);
    for (name, value) in [
        ("host", host.as_str()),
        ("content-type", "application/json"),
        ("content-length", "28"),
        ("user-agent", concat!("Tenure/", env!("CARGO_PKG_VERSION"))),
        ("idempotency-key", "4e1c-2"),
        ("webhook-id", "4e1c-2"),
        ("webhook-timestamp", "1772442000"),
    ] {
        assert_eq!(heard.header(name), Some(value), "{name}");
    }
    for name in ["webhook-signature", "authorization", "cookie", "expect"] {
        assert_eq!(heard.header(name), None, "{name}");
    }
}

#[test]
fn a_repeat_is_the_same_call() {
    let endpoint = Endpoint::saying(answer("202 Accepted", ""));
    let (url, secret) = (endpoint.url("/"), Secret::new(SIGNING));
    let (webhooks, once) =
        (webhooks(local()), WebhookCall { proof: Proof::Signature(&secret), ..plain(&url) });
    for _ in 0..2 {
        assert_eq!(webhooks.call(&once).unwrap().status, 202);
    }
    assert_eq!(endpoint.next().all(), endpoint.next().all());
}

#[test]
fn tokens_and_passwords_are_sent_where_they_belong() {
    let endpoint = Endpoint::saying(answer("204 No Content", ""));
    let (url, secret) = (endpoint.url("/"), Secret::new("open sesame"));
    for (proof, authorization) in [
        (Proof::Bearer(&secret), "Bearer open sesame"),
        (Proof::Basic { user: "tenure", password: &secret }, "Basic dGVudXJlOm9wZW4gc2VzYW1l"),
    ] {
        call(&WebhookCall { proof, ..plain(&url) }).unwrap();
        assert_eq!(endpoint.next().header("authorization"), Some(authorization));
    }
}

/// The example of the handbook, run on a call that arrived.
fn handbook_believes(heard: &Heard, body: &str, now: i64) -> bool {
    let handbook = include_str!("../../../../docs/extensions.md");
    let (_, code) = handbook.split_once("```python\n").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: serde_json::Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!(heard.header(name)))).collect();
    let given = json!({"headers": headers, "body": body, "now": now});
    let run = format!(
        "{code}\nimport json, sys\ngiven = json.load(sys.stdin)\n\
         print(is_from_tenure({SIGNING:?}, given['headers'], given['body'].encode(), given['now']))"
    );
    let mut command: Command = python();
    let mut child = command.args(["-c", &run]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    match String::from_utf8(output.stdout).unwrap().trim() {
        "True" => true,
        "False" => false,
        other => panic!("{other}"),
    }
}

#[test]
fn a_receiver_that_follows_the_handbook_believes_our_calls_and_no_others() {
    let endpoint = Endpoint::saying(answer("200 OK", ""));
    let (url, secret) = (endpoint.url("/"), Secret::new(SIGNING));
    let body = "{\"subject\": \"Zoë\"}";
    call(&WebhookCall { body, proof: Proof::Signature(&secret), ..plain(&url) }).unwrap();
    let heard = endpoint.next();
    let sent = 1_772_442_000;
    assert!(handbook_believes(&heard, &heard.body, sent + 60));
    assert!(!handbook_believes(&heard, "{\"subject\": \"Bob\"}", sent + 60), "another body");
    assert!(!handbook_believes(&heard, &heard.body, sent + 3600), "an old call");
    let other = Secret::new("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    call(&WebhookCall { body, proof: Proof::Signature(&other), ..plain(&url) }).unwrap();
    let heard = endpoint.next();
    assert!(!handbook_believes(&heard, &heard.body, sent + 60), "another secret");
}

#[test]
fn the_answer_is_read_when_it_is_wanted() {
    for (said, expected) in [
        (
            answer("200 OK", "{\"operationStatus\": \"ok\", \"ü\": 1}"),
            "{\"operationStatus\": \"ok\", \"ü\": 1}",
        ),
        (answer("201 Created", ""), ""),
        ("HTTP/1.1 204 No Content\r\n\r\n".to_owned(), ""),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1\r\n \r\n0\r\n\r\n".to_owned(),
            "{} ",
        ),
        ("HTTP/1.0 200 OK\r\n\r\nuntil the end".to_owned(), "until the end"),
        (format!("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n{}", answer("200 OK", "late")), "late"),
    ] {
        let endpoint = Endpoint::saying(said);
        let url = endpoint.url("/");
        let outcome = call(&WebhookCall { wants_answer: true, ..plain(&url) });
        assert_eq!(outcome.unwrap().body.as_deref(), Some(expected));
    }
}

#[test]
fn an_answer_that_is_not_text_fails_for_good() {
    let endpoint = Endpoint::doing(|_, mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe").unwrap();
    });
    let url = endpoint.url("/");
    let reason = permanent(call(&WebhookCall { wants_answer: true, ..plain(&url) }));
    assert_eq!(reason, format!("the answer of 127.0.0.1:{} is not text in UTF-8", endpoint.port));
}

#[test]
fn many_threads_call_at_once() {
    let endpoint = Endpoint::saying(answer("200 OK", ""));
    let (url, webhooks) = (endpoint.url("/"), webhooks(local()));
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let (url, webhooks) = (&url, &webhooks);
            scope.spawn(move || {
                for number in 0..5 {
                    let id = format!("{thread}-{number}");
                    webhooks.call(&WebhookCall { id: &id, timeout: LONG, ..plain(url) }).unwrap();
                }
            });
        }
    });
    let ids: BTreeSet<String> =
        (0..80).map(|_| endpoint.next().header("webhook-id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 80);
}
