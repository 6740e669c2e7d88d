//! Whatever an endpoint does, a call ends in time and takes little memory.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tenure_lifecycle::ports::Failure;
use tenure_notify::{Answer, CallPolicy, WebhookCall};

use crate::endpoint::{Endpoint, answer, drip, serve};
use crate::{call, local, permanent, plain, retryable, webhooks};

const SHORT: Duration = Duration::from_millis(600);

/// Calls with little time, and makes sure that it is kept.
fn in_time(once: &WebhookCall<'_>) -> Result<Answer, Failure> {
    let begun = Instant::now();
    let outcome = call(&WebhookCall { timeout: SHORT, ..*once });
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    outcome
}

fn is_late(outcome: Result<Answer, Failure>, port: u16) {
    assert_eq!(retryable(outcome), format!("127.0.0.1:{port} did not answer in time"));
}

#[test]
fn an_endpoint_that_says_nothing_is_late() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    is_late(in_time(&plain(&format!("http://127.0.0.1:{port}/"))), port);
    let endpoint = Endpoint::doing(|_, stream| drip(stream, ""));
    is_late(in_time(&plain(&endpoint.url("/"))), endpoint.port);
}

#[test]
fn an_endpoint_that_does_not_listen_is_late() {
    let body = "x".repeat(16 * 1024 * 1024);
    for reads in [false, true] {
        let port = serve(move |mut stream| {
            let end = Instant::now() + Duration::from_secs(20);
            while Instant::now() < end {
                std::thread::sleep(Duration::from_millis(50));
                if reads && std::io::Read::read(&mut stream, &mut [0; 1]).is_err() {
                    break;
                }
            }
        });
        is_late(in_time(&WebhookCall { body: &body, ..plain(&format!("http://127.0.0.1:{port}/")) }), port);
    }
}

#[test]
fn an_endpoint_that_drips_is_late() {
    for begin in [
        "HTTP/1.1 200 ",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
    ] {
        let endpoint = Endpoint::doing(|_, mut stream| {
            stream.write_all(begin.as_bytes()).unwrap();
            drip(stream, "H");
        });
        is_late(in_time(&WebhookCall { wants_answer: true, ..plain(&endpoint.url("/")) }), endpoint.port);
    }
    let endpoint = Endpoint::doing(|_, stream| drip(stream, "HTTP/1.1 102 Processing\r\n\r\n"));
    is_late(in_time(&plain(&endpoint.url("/"))), endpoint.port);
}

#[test]
fn an_endpoint_that_does_not_speak_tls_to_the_end_is_late() {
    let port = serve(|stream| drip(stream, ""));
    is_late(in_time(&plain(&format!("https://127.0.0.1:{port}/"))), port);
}

#[test]
fn the_status_counts_although_the_rest_does_not_come() {
    let endpoint = Endpoint::doing(|_, mut stream| {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap();
        drip(stream, "H");
    });
    let reason = permanent(in_time(&plain(&endpoint.url("/"))));
    assert!(reason.starts_with(&format!("127.0.0.1:{} answered 404 Not Found", endpoint.port)), "{reason}");
    // And where the rest is not wanted, it is not waited for.
    let endpoint = Endpoint::doing(|_, mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        drip(stream, "H");
    });
    assert_eq!(in_time(&plain(&endpoint.url("/"))), Ok(Answer { status: 200, body: None }));
}

/// Answers with a gigabyte; tells how much of it could be sent.
fn pouring(status: &'static str, header: &'static str) -> (Endpoint, mpsc::Receiver<usize>) {
    let (tell, poured) = mpsc::channel();
    let pour = move |mut stream: TcpStream| {
        stream.write_all(format!("HTTP/1.1 {status}\r\n{header}").as_bytes()).unwrap();
        let piece = vec![b'x'; 64 * 1024];
        let mut sent = 0;
        while sent < 1024 * 1024 * 1024 && stream.write_all(&piece).is_ok() {
            sent += piece.len();
        }
        tell.send(sent).unwrap();
    };
    (Endpoint::doing(move |_, stream| pour(stream)), poured)
}

#[test]
fn a_gigabyte_of_an_answer_is_not_read() {
    let (counted, endless) = ("Content-Length: 1073741824\r\n\r\n", "\r\n");
    for header in [counted, endless, "X-Long: "] {
        for (status, wants_answer) in
            [("200 OK", false), ("200 OK", true), ("500 Oh No", false), ("307 On", false)]
        {
            let (endpoint, poured) = pouring(status, header);
            let outcome = call(&WebhookCall { wants_answer, ..plain(&endpoint.url("/")) });
            let host = format!("127.0.0.1:{}", endpoint.port);
            let long = Failure::Permanent(format!("the answer of {host} is longer than 65536 bytes"));
            let expected = match (status, header) {
                (_, "X-Long: ") => Err(long),
                ("200 OK", _) if wants_answer => Err(long),
                ("200 OK", _) => Ok(Answer { status: 200, body: None }),
                ("307 On", _) => Err(Failure::Permanent(format!(
                    "{host} redirects the call, which is not followed: it does not say where to"
                ))),
                _ => Err(Failure::Retryable(format!(
                    "{host} answered 500 Internal Server Error: {}...",
                    "x".repeat(297)
                ))),
            };
            assert_eq!(outcome, expected);
            // What the sockets of both sides hold, and no more.
            let sent = poured.recv_timeout(Duration::from_secs(10)).expect("the connection is closed");
            assert!(sent < 64 * 1024 * 1024, "{status} {header:?}: {sent}");
        }
    }
}

#[test]
fn headers_and_body_are_counted_together() {
    let small = || webhooks(CallPolicy { most_answer_bytes: 1000, ..local() });
    for (header, body, fits) in
        [(100, 700, true), (100, 950, false), (950, 0, false), (700, 100, true), (700, 400, false)]
    {
        let said = answer("200 OK", &"x".repeat(body));
        let said = said.replace("\r\n\r\n", &format!("\r\nX: {}\r\n\r\n", "y".repeat(header)));
        let endpoint = Endpoint::saying(said);
        let url = endpoint.url("/");
        let outcome = small().call(&WebhookCall { wants_answer: true, ..plain(&url) });
        if fits {
            assert_eq!(outcome.unwrap().body.unwrap().len(), body);
        } else {
            assert!(permanent(outcome).ends_with("is longer than 1000 bytes"), "{header} {body}");
        }
    }
}
