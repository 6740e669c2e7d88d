//! What goes outside and is slow keeps nobody waiting who does not go there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Threads;
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::{EffectKey, RunNumber, UserId};
use tenure_lifecycle::ports::{CallOut, CallReply, CallRequest, Failure, SendMail};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{System, WorkflowSpec};

const NOW: &str = "2026-03-02T09:00:00Z";
/// How long something may take that does not wait for anybody; far more than it takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whatever is sent or called by that name hangs until it is let go.
#[derive(Default)]
struct Hanging {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    let_go: bool,
    /// What hangs: mails, by "mail", and calls, by the name of the extension.
    hangs: Vec<String>,
    /// How often each was done.
    done: BTreeMap<EffectKey, usize>,
    /// How many go through before the rest hangs.
    first: usize,
    begun: usize,
}

impl Hanging {
    fn new(hangs: &[&str], first: usize) -> Arc<Self> {
        let hangs = hangs.iter().map(|name| (*name).to_owned()).collect();
        Arc::new(Self {
            state: Mutex::new(State { hangs, first, ..State::default() }),
            bell: Condvar::default(),
        })
    }

    fn pass(&self, name: &str, key: EffectKey) {
        let mut state = self.state.lock().unwrap();
        if state.hangs.iter().any(|hangs| hangs == name) {
            state.begun += 1;
            let goes_through = state.begun <= state.first;
            while !goes_through && !state.let_go {
                state = self.bell.wait(state).unwrap();
            }
        }
        *state.done.entry(key).or_default() += 1;
    }

    fn let_go(&self) {
        self.state.lock().unwrap().let_go = true;
        self.bell.notify_all();
    }
}

/// The same, as the engine's threads share it.
struct Shared(Arc<Hanging>);

impl SendMail for Shared {
    fn send(&self, _: &Mail, key: EffectKey, _: Duration) -> Result<(), Failure> {
        self.0.pass("mail", key);
        Ok(())
    }
}

impl CallOut for Shared {
    fn call(&self, request: CallRequest<'_>, key: EffectKey, _: Duration) -> Result<CallReply, Failure> {
        self.0.pass(&request.extension.display_name, key);
        Ok(CallReply { body: None })
    }
}

fn extension(system: &System, name: &str) -> String {
    narrow(system, name, None)
}

/// An extension of which so many calls may be under way at once.
fn narrow(system: &System, name: &str, at_once: Option<i64>) -> String {
    let new = ExtensionPatch {
        client: Some(ClientPatch { maximum_concurrent_calls: Some(at_once), ..ClientPatch::default() }),
        display_name: Some(name.to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        ..ExtensionPatch::default()
    };
    system.lifecycle.create_extension(&system.caller, &new).unwrap().id.to_string()
}

fn started(system: &System, name: &str, arguments: &[(&str, &str)], people: &[UserId]) -> RunNumber {
    let mut spec = WorkflowSpec::on_demand(Category::Leaver).task(name, arguments);
    spec.0.display_name = format!("{name} {arguments:?}");
    system.activate(&system.workflow(spec).unwrap(), people).unwrap()
}

/// Waits until that is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what} takes too long");
        std::thread::yield_now();
    }
}

fn through(system: &System, run: RunNumber) -> usize {
    system.run(run).unwrap().counters.users.successful as usize
}

#[test]
fn a_mail_server_and_endpoints_that_hang_keep_nobody_else_waiting() {
    let system = System::at(NOW).unwrap();
    let everybody = system.people(2_400).unwrap();
    let (people, others) = everybody.split_at(2_100);
    let hanging = Hanging::new(&["mail", "Slow badges", "Slow doors"], 0);
    let (slow, slower, quick) =
        (extension(&system, "Slow badges"), extension(&system, "Slow doors"), extension(&system, "Quick"));
    let performer = Arc::new(Shared(hanging.clone()));
    let threads = Threads::start(system.lifecycle.clone(), performer, 2, false).unwrap();
    let mut hang = vec![started(&system, "Send email on user", &[("to", "User")], people)];
    const CALL: &str = "Run a custom task extension";
    let argument = "customTaskExtensionID";
    for id in [&slow, &slower] {
        hang.push(started(&system, CALL, &[(argument, id)], &people[..200]));
    }
    system.lifecycle.work.ring();
    until("hanging", || hanging.state.lock().unwrap().begun >= 3);
    // Purely local work, and what goes elsewhere.
    let local = started(&system, "Disable user account", &[], others);
    let same = started(&system, "Revoke all refresh tokens for user", &[], people);
    let elsewhere = started(&system, CALL, &[(argument, &quick)], others);
    system.lifecycle.work.ring();
    until("local work", || system.run(local).unwrap().status == Status::Completed);
    // Of those to whom something hangs, only whose own mail or call is under way has to wait.
    until("local work of the same people", || through(&system, same) >= 1_800);
    until("the quick endpoint", || system.run(elsewhere).unwrap().status == Status::Completed);
    assert!(hang.iter().all(|run| system.run(*run).unwrap().status == Status::InProgress));
    hanging.let_go();
    hang.push(same);
    for run in hang {
        until("what hung", || {
            // Whoever had something under way elsewhere has another turn after two seconds.
            system.clock.advance(jiff::SignedDuration::from_secs(3));
            system.lifecycle.work.ring();
            system.run(run).unwrap().status == Status::Completed
        });
    }
    threads.stop();
    let done = &hanging.state.lock().unwrap().done;
    assert_eq!((done.len(), done.values().max()), (2_100 + 400 + 300, Some(&1)), "each once");
}

#[test]
fn what_was_done_is_on_record_while_the_rest_is_still_to_be_done() {
    let system = System::at(NOW).unwrap();
    let people = system.people(1_000).unwrap();
    let hanging = Hanging::new(&["mail"], 512);
    let performer = Arc::new(Shared(hanging.clone()));
    let threads = Threads::start(system.lifecycle.clone(), performer, 1, false).unwrap();
    let run = started(&system, "Send email on user", &[("to", "User")], &people);
    system.lifecycle.work.ring();
    // Portions of 256 are put on record before the next one is begun.
    until("the first portions", || through(&system, run) >= 256);
    hanging.let_go();
    until("the rest", || system.run(run).unwrap().status == Status::Completed);
    threads.stop();
}

#[test]
fn no_more_calls_are_under_way_than_an_extension_allows() {
    let system = System::at(NOW).unwrap();
    let people = system.people(1_000).unwrap();
    let hanging = Hanging::new(&["Small"], 0);
    let performer = Arc::new(Shared(hanging.clone()));
    let threads = Threads::start(system.lifecycle.clone(), performer, 4, false).unwrap();
    const CALL: &str = "Run a custom task extension";
    let argument = "customTaskExtensionID";
    let small = narrow(&system, "Small", Some(3));
    // Two workflows call it, and somebody else meanwhile.
    let mut runs = vec![started(&system, CALL, &[(argument, &small)], &people[..60])];
    runs.push(started(&system, CALL, &[(argument, &small)], &people[60..90]));
    system.lifecycle.work.ring();
    until("as many as are allowed", || hanging.state.lock().unwrap().begun >= 3);
    let elsewhere = extension(&system, "Quick");
    let elsewhere = started(&system, CALL, &[(argument, &elsewhere)], &people[100..]);
    system.lifecycle.work.ring();
    until("the quick endpoint", || system.run(elsewhere).unwrap().status == Status::Completed);
    assert_eq!(hanging.state.lock().unwrap().begun, 3);
    hanging.let_go();
    for run in runs {
        until("the small endpoint", || system.run(run).unwrap().status == Status::Completed);
    }
    threads.stop();
    let done = &hanging.state.lock().unwrap().done;
    assert_eq!((done.len(), done.values().max()), (90 + 900, Some(&1)), "each once");
}
