//! Endpoints that hang, fail, send the call elsewhere or never stop talking.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::endpoint::{Endpoint, Heard, answer};
use crate::world::{WORKFLOWS, World, calling, plain, waiting};

/// An extension at that endpoint that is tried so often.
fn tried(endpoint: &Endpoint, attempts: i64) -> Json {
    let mut extension = plain(&endpoint.url("/"));
    extension["clientConfiguration"]["maximumRetries"] = json!(attempts - 1);
    extension
}

impl World {
    /// Runs a workflow whose call is tried so often, soon after each failure.
    fn run_impatiently(&self, extension: &Json, attempts: i64) -> String {
        let mut workflow = calling(&self.extension(extension));
        workflow["tasks"][0]["@tenure.retry"] =
            json!({ "maximumAttempts": attempts, "firstWaitInSeconds": 1, "longestWaitInSeconds": 1 });
        let workflow = self.server.create(WORKFLOWS, &workflow);
        self.activate(&workflow, &[&self.person("ann")]);
        workflow
    }
}

fn ids(calls: &[Heard]) -> Vec<&str> {
    calls.iter().map(|call| call.header("webhook-id")).collect()
}

#[test]
fn an_endpoint_that_fails_is_called_again_under_the_same_key() {
    let world = World::new();
    let endpoint = Endpoint::answering(|number, _| match number {
        1 => answer("500 Internal Server Error", "badges are away"),
        2 => answer("429 Too Many Requests", ""),
        _ => answer("200 OK", ""),
    });
    let workflow = world.run_impatiently(&tried(&endpoint, 1), 3);
    let task = world.call_result(&workflow);
    assert_eq!(task["processingStatus"], "completed", "{task}");
    let said =
        format!("done at attempt 3; the one before: {} answered 429 Too Many Requests", endpoint.host());
    assert_eq!(task["processingInfo"], said);
    let calls = endpoint.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(ids(&calls), vec![calls[0].header("webhook-id"); 3]);
    assert!(calls.iter().all(|call| call.body == calls[0].body));

    let mut audit = world.audit("Attempt of a task failed");
    audit.reverse();
    let said: Vec<String> =
        audit.iter().map(|entry| format!("{} {}", entry["result"], entry["resultReason"])).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|said| said.starts_with("\"failure\"")), "{said:?}");
    assert!(said[0].contains("500 Internal Server Error: badges are away"), "{said:?}");
    assert!(said[1].contains("429 Too Many Requests"), "{said:?}");
    assert_eq!(world.audit("Call custom task extension").len(), 1);
}

#[test]
fn while_it_is_tried_again_the_task_says_why() {
    let world = World::new();
    let endpoint = Endpoint::saying("503 Service Unavailable");
    // Graph's own: one more attempt, not before ten seconds.
    let workflow = world.run(&tried(&endpoint, 2));
    let path = format!("{WORKFLOWS}/{workflow}/userProcessingResults?$expand=taskProcessingResults");
    let results = world.server.wait_for(&path, |results| {
        results["value"][0]["taskProcessingResults"][0]["processingInfo"].is_string()
    });
    let task = &results["value"][0]["taskProcessingResults"][0];
    assert_eq!(task["processingStatus"], "inProgress", "{task}");
    let said = format!(
        "attempt 1 failed: {} answered 503 Service Unavailable; the next one is at ",
        endpoint.host()
    );
    assert!(task["processingInfo"].as_str().unwrap().starts_with(&said), "{task}");
    assert_eq!(endpoint.calls().len(), 1);
}

#[test]
fn an_endpoint_that_never_gets_well_is_given_up() {
    let world = World::new();
    let endpoint = Endpoint::saying("500 Internal Server Error");
    let workflow = world.run_impatiently(&tried(&endpoint, 1), 2);
    let said = format!("given up after 2 attempts: {} answered 500 Internal Server Error", endpoint.host());
    assert_eq!(world.failure(&workflow), said);
    assert_eq!(endpoint.calls().len(), 2);
    assert_eq!(world.audit("Attempt of a task failed").len(), 2, "the last one too");
}

#[test]
fn an_endpoint_that_hangs_keeps_nobody_longer_than_it_may() {
    let world = World::new();
    let endpoint = Endpoint::doing(|_, _, mut stream| drop(stream.read(&mut [0])));
    let mut extension = tried(&endpoint, 1);
    extension["clientConfiguration"]["timeoutInMilliseconds"] = json!(200);
    let begun = Instant::now();
    let workflow = world.run(&extension);
    let said = format!("given up after 1 attempt: {} did not answer in time", endpoint.host());
    assert_eq!(world.failure(&workflow), said);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(endpoint.calls().len(), 1);
}

#[test]
fn what_an_endpoint_refuses_is_not_tried_again() {
    let world = World::new();
    let endpoint = Endpoint::answering(|_, _| answer("400 Bad Request", "no such badge"));
    let workflow = world.run(&tried(&endpoint, 20));
    let said = format!("{} answered 400 Bad Request: no such badge", endpoint.host());
    assert_eq!(world.failure(&workflow), said);
    assert_eq!(endpoint.calls().len(), 1);
    assert_eq!(world.audit("Call custom task extension").len(), 0);
}

#[test]
fn a_redirect_leads_nowhere_that_calls_may_not_go() {
    let world = World::new();
    for (place, location) in [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://10.0.0.1/",
        "http://localhost.localdomain.invalid/",
        "file:///etc/passwd",
    ]
    .into_iter()
    .enumerate()
    {
        let endpoint = Endpoint::answering(move |_, _| {
            format!(
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        });
        let workflow = world.workflow(&world.extension(&tried(&endpoint, 1)));
        world.activate(&workflow, &[&world.person(&format!("p{place}"))]);
        let failure = world.failure(&workflow);
        assert_eq!(endpoint.calls().len(), 1, "{location}");
        match location {
            _ if location.contains("invalid") => {
                assert!(failure.contains("cannot be looked up"), "{failure}");
            }
            _ => assert!(failure.contains("redirects the call, which is not followed"), "{failure}"),
        }
    }
}

#[test]
fn a_redirect_inside_where_calls_may_go_is_followed() {
    let world = World::new();
    let there = Endpoint::saying("202 Accepted");
    let location = there.url("/moved");
    let here = Endpoint::answering(move |_, _| {
        format!("HTTP/1.1 308 Permanent Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    });
    let workflow = world.run(&tried(&here, 1));
    assert_eq!(world.call_result(&workflow)["processingStatus"], "completed");
    let (sent, arrived) = (here.first(), there.first());
    assert_eq!((arrived.line.as_str(), &arrived.body), ("POST /moved HTTP/1.1", &sent.body));
    assert_eq!(arrived.header("webhook-id"), sent.header("webhook-id"));
}

/// Sends a gigabyte, or as much of it as anybody takes.
fn gigabyte(status: &'static str) -> Endpoint {
    Endpoint::doing(move |_, _, mut stream| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", 1 << 30);
        let piece = vec![b'x'; 1 << 16];
        if stream.write_all(head.as_bytes()).is_ok() {
            for _ in 0..1 << 14 {
                if stream.write_all(&piece).is_err() {
                    break;
                }
            }
        }
    })
}

#[test]
fn an_answer_of_a_gigabyte_is_not_taken_in() {
    let world = World::new();
    for (place, (status, mode, wanted)) in [
        ("200 OK", "none", None),
        ("200 OK", "response", Some("is longer than 65536 bytes")),
        ("500 Internal Server Error", "none", Some("answered 500 Internal Server Error: xxx")),
    ]
    .into_iter()
    .enumerate()
    {
        let endpoint = gigabyte(status);
        let mut extension = tried(&endpoint, 1);
        extension["replyMode"] = json!(mode);
        let workflow = world.workflow(&world.extension(&extension));
        world.activate(&workflow, &[&world.person(&format!("p{place}"))]);
        let task = world.call_result(&workflow);
        match wanted {
            None => assert_eq!(task["processingStatus"], "completed", "{task}"),
            Some(wanted) => {
                let failure = task["failureReason"].as_str().unwrap();
                assert!(failure.contains(wanted) && failure.len() < 500, "{failure}");
            }
        }
    }
    assert!(world.peak_mib() < 200, "{} MiB", world.peak_mib());
}

#[test]
fn nobody_is_there() {
    let world = World::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = listener.local_addr().unwrap().to_string();
    drop(listener);
    let mut extension = plain(&format!("http://{gone}/"));
    extension["clientConfiguration"]["maximumRetries"] = json!(0);
    let workflow = world.run(&extension);
    let failure = world.failure(&workflow);
    let said = format!("given up after 1 attempt: the connection to {gone} failed");
    assert!(failure.starts_with(&said), "{failure}");
}

#[test]
fn whoever_waits_says_in_the_end_how_often_it_was_tried() {
    let world = World::new();
    let endpoint = Endpoint::answering(|number, _| match number {
        1 => answer("502 Bad Gateway", ""),
        _ => answer("202 Accepted", ""),
    });
    let workflow = world.run_impatiently(&waiting(&endpoint), 2);
    let callback = endpoint.wait_for(2)[1].callback();
    world.parked(&workflow, 1);
    world.resumed(&callback, "Completed");
    let task = world.call_result(&workflow);
    let said = format!("done at attempt 2; the one before: {} answered 502 Bad Gateway", endpoint.host());
    assert_eq!(task["processingInfo"], said);
}
