//! Mail into the outbox: what is in the folder afterwards, read by another program.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail as tests do")]
#![expect(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;
use support::{DEADLINE, assert_is_the_mail_sent, clock, key, mail_to, mailbox, python};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ports::{Failure, SendMail};
use tenure_notify::Outbox;

fn files(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn read(path: &Path) -> Value {
    let output = python().arg("read").arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_mail_is_one_private_file_that_other_programs_read() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("outbox");
    let outbox = Outbox::new(dir.clone(), clock());
    assert!(!dir.exists(), "the folder is made when the first mail comes");
    outbox.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap();

    assert_eq!(files(&dir), BTreeSet::from([format!("{}.eml", key(1))]));
    let file = dir.join(format!("{}.eml", key(1)));
    assert_eq!((mode(&dir), mode(&file)), (0o700, 0o600));
    let mail = read(&file);
    assert_is_the_mail_sent(&mail, 1);
    assert_eq!(mail["from"], serde_json::json!([["", "tenure@localhost"]]));
}

#[test]
fn the_sender_can_be_set_and_must_be_one() {
    let data = tempfile::tempdir().unwrap();
    let outbox =
        Outbox::new(data.path().to_owned(), clock()).with_from("Ärzte <people@example.com>").unwrap();
    outbox.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap();
    let mail = read(&data.path().join(format!("{}.eml", key(1))));
    assert_eq!(mail["from"], serde_json::json!([["Ärzte", "people@example.com"]]));
    assert!(Outbox::new(data.path().to_owned(), clock()).with_from("nobody").is_err());
}

#[test]
fn a_repeat_under_the_same_key_writes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(data.path().to_owned(), clock());
    let file = data.path().join(format!("{}.eml", key(1)));
    outbox.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap();
    let first = fs::read(&file).unwrap();
    // Also after a restart, and even if the mail were another one by now.
    for outbox in [outbox, Outbox::new(data.path().to_owned(), clock())] {
        outbox.send(&mail_to("someone.else@example.com"), key(1), DEADLINE).unwrap();
        assert_eq!(fs::read(&file).unwrap(), first);
    }
    assert_eq!(files(data.path()).len(), 1);
}

#[test]
fn hostile_names_and_subjects_stay_in_their_headers() {
    let data = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(data.path().to_owned(), clock());
    let attack = "Eve\r\nBcc: eve@evil.example\r\n\r\nPay \" <eve@evil.example>, \"";
    let mail = Mail {
        to: mailbox(attack, "zoe@example.com"),
        cc: vec![],
        sender_domain: None,
        sender_name: None,
        subject: attack.to_owned(),
        ..mail_to("zoe@example.com")
    };
    outbox.send(&mail, key(1), DEADLINE).unwrap();
    let mail = read(&data.path().join(format!("{}.eml", key(1))));
    let one_line = "Eve  Bcc: eve@evil.example    Pay \" <eve@evil.example>, \"";
    assert_eq!(mail["defects"], serde_json::json!([]));
    assert_eq!(mail["to"], serde_json::json!([[one_line, "zoe@example.com"]]));
    assert_eq!(mail["subject"], one_line);
    assert_eq!(
        mail["headers"],
        serde_json::json!([
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type"
        ])
    );
}

#[test]
fn many_threads_write_at_once_and_nothing_half_written_is_left() {
    let data = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(data.path().join("outbox"), clock());
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let outbox = &outbox;
            scope.spawn(move || {
                for number in 0..20 {
                    outbox.send(&mail_to("zoe@example.com"), key(thread * 100 + number), DEADLINE).unwrap();
                }
            });
        }
    });
    let files = files(&data.path().join("outbox"));
    assert_eq!(files.len(), 320);
    assert!(files.iter().all(|name| !name.starts_with('.')), "{files:?}");
}

#[test]
fn what_a_dead_process_left_half_written_is_cleared_away() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join(format!(".{}.0.tmp", key(1))), "From: half").unwrap();
    fs::write(data.path().join("notes.txt"), "not ours").unwrap();
    let outbox = Outbox::new(data.path().to_owned(), clock());
    outbox.send(&mail_to("zoe@example.com"), key(2), DEADLINE).unwrap();
    assert_eq!(files(data.path()), BTreeSet::from([format!("{}.eml", key(2)), "notes.txt".to_owned()]));
}

#[test]
fn a_folder_that_cannot_be_written_is_worth_another_attempt() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("outbox");
    fs::write(&dir, "a file where the folder should be").unwrap();
    let outbox = Outbox::new(dir.clone(), clock());
    let failure = outbox.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap_err();
    assert!(
        matches!(&failure, Failure::Retryable(reason) if reason.contains("the outbox cannot be written"))
    );
    fs::remove_file(&dir).unwrap();
    outbox.send(&mail_to("zoe@example.com"), key(1), DEADLINE).unwrap();
}

#[test]
fn an_address_that_is_none_fails_for_good_and_writes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let outbox = Outbox::new(data.path().to_owned(), clock());
    let failure = outbox.send(&mail_to("zoe@"), key(1), DEADLINE).unwrap_err();
    assert_eq!(failure, Failure::Permanent("the To address 'zoe@' has no valid domain".to_owned()));
    assert!(files(data.path()).is_empty());
}
