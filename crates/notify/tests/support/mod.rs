//! What the tests of mail share, here and in other crates: a real server and a reader of mails, both Python's.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tenure_lifecycle::clock::ManualClock;
use tenure_lifecycle::effect::{Mail, Mailbox};
use tenure_lifecycle::ids::EffectKey;
use uuid::Uuid;

/// Longer than any test should take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Python with `aiosmtpd`, as `cargo xtask test` sets it up.
pub(crate) fn python() -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = std::env::var_os("TENURE_TEST_PYTHON")
        .map_or_else(|| root.join("target/test-venv/bin/python"), PathBuf::from);
    assert!(
        python.exists(),
        "{} does not exist: run the tests with `cargo xtask test`, which sets up a Python with aiosmtpd, or name one in \
         TENURE_TEST_PYTHON",
        python.display()
    );
    let mut command = Command::new(python);
    command.arg(root.join("crates/notify/tests/support/mail.py"));
    command
}

/// A running mail server; it ends with the value.
pub(crate) struct MailServer {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
}

impl MailServer {
    pub(crate) fn start<S: AsRef<OsStr>>(options: impl IntoIterator<Item = S>) -> Self {
        let mut command = python();
        command.arg("serve").args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, stdin, lines, port: 0 };
        server.port = server.next()["port"].as_u64().unwrap().try_into().unwrap();
        server
    }

    /// The next mail that the server accepted.
    pub(crate) fn next(&mut self) -> Value {
        let line = self.lines.next().expect("the mail server ended; its error output says why").unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Ends the server; gives the mails it accepted that nobody has asked for.
    pub(crate) fn stop(mut self) -> Vec<Value> {
        drop(self.stdin.take());
        let rest = self.lines.by_ref().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
        self.child.wait().unwrap();
        rest
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()))
}

pub(crate) fn key(number: u128) -> EffectKey {
    EffectKey::of(Uuid::from_u128(number), 0)
}

pub(crate) fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: Some(name.to_owned()), address: address.to_owned() }
}

pub(crate) fn mail_to(address: &str) -> Mail {
    Mail {
        to: mailbox("Zoë O'Hara, \"Zed\"", address),
        cc: vec![mailbox("Bob", "bob@example.com")],
        sender_domain: None,
        sender_name: None,
        subject: "Welcome, Zoë".to_owned(),
        text: "Hello Zoë\n.\nfirst day: Monday\n".to_owned(),
        html: "<b>Hello</b> Zoë".to_owned(),
    }
}

/// The mail as another program reads it has to be the one that was sent.
pub(crate) fn assert_is_the_mail_sent(read: &Value, number: u128) {
    assert_eq!(read["defects"], serde_json::json!([]), "{read}");
    assert_eq!(read["type"], "multipart/alternative");
    assert_eq!(read["to"], serde_json::json!([["Zoë O'Hara, \"Zed\"", "zoe@example.com"]]));
    assert_eq!(read["cc"], serde_json::json!([["Bob", "bob@example.com"]]));
    assert_eq!(read["subject"], "Welcome, Zoë");
    assert_eq!(read["messageId"], format!("<{}@tenure>", key(number)));
    assert_eq!(read["date"], "2026-03-02T09:00:00+00:00");
    assert_eq!(read["autoSubmitted"], "auto-generated");
    assert_eq!(read["text"].as_str().unwrap().trim_end(), "Hello Zoë\n.\nfirst day: Monday");
    assert_eq!(read["html"].as_str().unwrap().trim_end(), "<b>Hello</b> Zoë");
}
