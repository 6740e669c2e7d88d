//! Calls of real endpoints: what arrives, what a failure is called, and that no endpoint gets more than it should.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod arrives;
mod bounds;
#[path = "../certificates/mod.rs"]
mod certificates;
mod encrypted;
mod endpoint;
mod forbidden;
mod outcomes;
mod redirects;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tenure_lifecycle::clock::ManualClock;
use tenure_lifecycle::ports::Failure;
use tenure_notify::{Answer, CallPolicy, Proof, WebhookCall, Webhooks};

/// Longer than any test should take.
const LONG: Duration = Duration::from_secs(30);
/// A signing secret: the one of the specification's example.
const SIGNING: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Calls go to this machine, without encryption too.
fn local() -> CallPolicy {
    CallPolicy {
        allow_http: true,
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..CallPolicy::default()
    }
}

fn webhooks(policy: CallPolicy) -> Webhooks {
    Webhooks::new(policy, Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap())))
}

/// A call that proves nothing and wants no answer.
fn plain(url: &str) -> WebhookCall<'_> {
    WebhookCall { url, id: "id-0", body: "{}", proof: Proof::None, timeout: LONG, wants_answer: false }
}

fn call(call: &WebhookCall<'_>) -> Result<Answer, Failure> {
    webhooks(local()).call(call)
}

fn retryable(outcome: Result<Answer, Failure>) -> String {
    match outcome {
        Err(Failure::Retryable(reason)) => reason,
        other => panic!("worth another attempt was expected: {other:?}"),
    }
}

fn permanent(outcome: Result<Answer, Failure>) -> String {
    match outcome {
        Err(Failure::Permanent(reason)) => reason,
        other => panic!("failed for good was expected: {other:?}"),
    }
}

/// Python, as `cargo xtask test` sets it up.
fn python() -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = std::env::var_os("TENURE_TEST_PYTHON")
        .map_or_else(|| root.join("target/test-venv/bin/python"), PathBuf::from);
    assert!(
        python.exists(),
        "{} does not exist: run the tests with `cargo xtask test`, or name a Python in TENURE_TEST_PYTHON",
        python.display()
    );
    Command::new(python)
}
