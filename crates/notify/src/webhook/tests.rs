//! What becomes of a name between looking it up and connecting.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tenure_lifecycle::clock::ManualClock;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::transport::NextTimeout;

use super::*;

/// A name server that answers each time with the next of its answers, and with the last one from then on.
#[derive(Debug)]
struct Names {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let mut found = self.empty();
        for address in &self.answers[asked.min(self.answers.len() - 1)] {
            found.push(SocketAddr::new(*address, uri.port_u16().unwrap()));
        }
        Ok(found)
    }
}

/// Calls `hooks.example.com` at this port, where only 127.0.0.1 may be called; gives how often its name was looked up, too.
fn call(port: u16, answers: &[&[&str]]) -> (Result<Answer, Failure>, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let parsed = |one: &&[&str]| one.iter().map(|address| address.parse().unwrap()).collect();
    let names = Names { answers: answers.iter().map(parsed).collect(), asked: Arc::clone(&asked) };
    let allowed_networks = vec!["127.0.0.1".parse().unwrap()];
    let policy = CallPolicy { allow_http: true, allowed_networks, ..CallPolicy::default() };
    let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
    let outcome = Webhooks::looking_up_by(names, policy, clock).call(&WebhookCall {
        url: &format!("http://hooks.example.com:{port}/"),
        id: "id-1",
        body: "{}",
        proof: Proof::None,
        timeout: Duration::from_secs(30),
        wants_answer: false,
    });
    (outcome, asked.load(Ordering::Relaxed))
}

/// Answers one call after the other, each with the next of the answers.
fn serve(listener: TcpListener, answers: Vec<String>) {
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(b"{}") {
                let mut piece = [0; 1024];
                let count = stream.read(&mut piece).unwrap();
                heard.extend_from_slice(&piece[..count]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn the_address_that_was_checked_is_the_one_connected_to() {
    let (listener, port) = listener();
    serve(listener, vec!["HTTP/1.1 204 No Content\r\n\r\n".to_owned()]);
    // Whoever looked the name up again would be led to another address of this machine.
    let (outcome, asked) = call(port, &[&["127.0.0.1"], &["127.0.0.2"]]);
    assert_eq!(outcome, Ok(Answer { status: 204, body: None }));
    assert_eq!(asked, 1);
}

#[test]
fn a_name_that_leads_elsewhere_after_a_redirect_is_refused() {
    let (listener, port) = listener();
    serve(
        listener,
        vec![format!("HTTP/1.1 307 Again\r\nLocation: http://hooks.example.com:{port}/2\r\n\r\n")],
    );
    let (outcome, asked) = call(port, &[&["127.0.0.1"], &["169.254.169.254"]]);
    let reason = format!(
        "hooks.example.com:{port} cannot be called: calls may not go to 169.254.169.254, a link-local address"
    );
    assert_eq!(outcome, Err(Failure::Permanent(reason)));
    assert_eq!(asked, 2);
}

#[test]
fn only_those_addresses_of_a_name_are_tried_where_calls_may_go() {
    let (listener, port) = listener();
    // If it were tried, it would answer that something is wrong.
    let forbidden = TcpListener::bind(("127.0.0.2", port)).unwrap();
    serve(forbidden, vec!["HTTP/1.1 500 Wrong\r\n\r\n".to_owned()]);
    serve(listener, vec!["HTTP/1.1 200 OK\r\n\r\n".to_owned()]);
    let (outcome, _) = call(port, &[&["127.0.0.2", "10.0.0.1", "127.0.0.1"]]);
    assert_eq!(outcome, Ok(Answer { status: 200, body: None }));
}

#[test]
fn a_name_that_stands_for_nothing_may_do_so_later() {
    let (outcome, _) = call(1, &[&[]]);
    let reason = "the name hooks.example.com:1 cannot be looked up: host not found".to_owned();
    assert_eq!(outcome, Err(Failure::Retryable(reason)));
}
