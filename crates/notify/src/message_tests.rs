use lettre::message::Mailbox;
use proptest::prelude::*;
use tenure_lifecycle::effect;
use uuid::Uuid;

use super::*;

const NOW: &str = "2026-01-01T00:00:00Z";

fn key() -> EffectKey {
    EffectKey::of(Uuid::from_u128(7), 0)
}

fn person(name: &str, address: &str) -> effect::Mailbox {
    effect::Mailbox { name: Some(name.to_owned()), address: address.to_owned() }
}

fn welcome() -> Mail {
    Mail {
        to: person("Ann Lee", "ann@example.com"),
        cc: vec![person("Bob", "bob@example.com")],
        sender_domain: None,
        sender_name: None,
        subject: "Welcome".to_owned(),
        text: "Hello\n".to_owned(),
        html: "<b>Hello</b>".to_owned(),
    }
}

fn compose_at(mail: Mail, now: &str) -> Result<Message, Failure> {
    let from: Mailbox = "People <people@example.com>".parse().unwrap();
    compose(&mail, key(), &from, now.parse().unwrap())
}

fn composed(mail: Mail) -> Message {
    compose_at(mail, NOW).unwrap()
}

fn refusal(mail: Mail) -> String {
    match compose_at(mail, NOW) {
        Err(Failure::Permanent(reason)) => reason,
        other => panic!("refused for good was expected: {other:?}"),
    }
}

/// Names of the headers, in order; folded lines belong to the header before.
fn header_names(formatted: &str) -> Vec<&str> {
    let (headers, _) = formatted.split_once("\r\n\r\n").unwrap();
    headers
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split(':').next().unwrap())
        .collect()
}

fn recipients(message: &Message) -> Vec<&str> {
    message.envelope().to().iter().map(AsRef::as_ref).collect()
}

const HEADERS: [&str; 9] =
    ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Cc", "MIME-Version", "Content-Type"];

#[test]
fn a_mail_has_the_headers_it_needs_and_its_key_as_message_id() {
    let formatted = String::from_utf8(composed(welcome()).formatted()).unwrap();
    assert_eq!(header_names(&formatted), HEADERS);
    for line in [
        "From: People <people@example.com>",
        "To: \"Ann Lee\" <ann@example.com>",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Message-ID: <00000000-0000-0000-0000-000000000007-0@tenure>",
        "Auto-Submitted: auto-generated",
        "Cc: Bob <bob@example.com>",
    ] {
        assert!(formatted.contains(&format!("{line}\r\n")), "{line} in {formatted}");
    }
}

#[test]
fn a_name_adds_no_recipient_and_no_header() {
    for name in [
        "Eve\r\nBcc: eve@evil.example",
        "Eve\nBcc: eve@evil.example\n\nHello",
        "Eve\" <eve@evil.example>, \"",
        "Eve <eve@evil.example>,",
        "Eve, eve@evil.example",
        "Eve\\\" <eve@evil.example>, \\\"",
        "(Eve\0\u{85}\u{2028}",
        "=?utf-8?q?Eve=0d=0aBcc:_eve@evil.example?=",
    ] {
        let message =
            composed(Mail { to: person(name, "ann@example.com"), subject: name.to_owned(), ..welcome() });
        assert_eq!(recipients(&message), ["ann@example.com", "bob@example.com"], "{name:?}");
        let formatted = String::from_utf8(message.formatted()).unwrap();
        assert_eq!(header_names(&formatted), HEADERS, "{name:?}");
        // Nor does a reader who decodes what stands there find one.
        assert!(
            !formatted.contains("=0d=0a".to_uppercase().as_str()) && !formatted.contains("=?utf-8?q?Eve")
        );
    }
}

#[test]
fn an_address_that_is_none_is_refused_with_the_reason() {
    for (address, reason) in [
        ("", "has no @"),
        ("ann", "has no @"),
        ("@example.com", "before the @"),
        ("ann@", "no valid domain"),
        ("ann@exa mple.com", "blank"),
        ("ann@example.com\r\nRCPT TO:<eve@evil.example>", "line break"),
        ("ann@example.com>\u{0}", "control character"),
        ("ann@example.com, eve@evil.example", "blank"),
        ("ann@example.com,eve@evil.example", "before the @"),
        ("<ann@example.com>", "before the @"),
        ("ann@example.com>", "no valid domain"),
    ] {
        let refused = refusal(Mail { to: person("Ann", address), ..welcome() });
        assert!(
            refused.starts_with("the To address '") && refused.contains(reason),
            "{address:?}: {refused}"
        );
        assert!(!refused.contains(char::is_control), "{refused:?}");
        let refused = refusal(Mail { cc: vec![person("Ann", address)], ..welcome() });
        assert!(refused.starts_with("the Cc address '"), "{refused}");
    }
}

#[test]
fn whoever_is_named_twice_is_sent_the_mail_once() {
    let message = composed(Mail { cc: vec![person("Ann", "ann@example.com")], ..welcome() });
    assert_eq!(recipients(&message), ["ann@example.com"]);
}

#[test]
fn mail_can_be_dated_wherever_the_clock_stands() {
    let latest = Timestamp::MAX.to_string();
    for (now, date) in
        [("1969-12-31T23:59:59Z", "Thu, 01 Jan 1970 00:00:00"), (&latest, "30 Dec 9999 22:00:00 +0000")]
    {
        let formatted = String::from_utf8(compose_at(welcome(), now).unwrap().formatted()).unwrap();
        assert!(formatted.contains(date), "{formatted}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_a_mail_stays_in_its_place(
        name in "\\PC{0,40}|[\\x00-\\x7f]{0,300}|[a ,;:<>\"\\\\()@\r\n]{0,60}",
        subject in "\\PC{0,200}|[\\x00-\\x7f]{0,2000}|x{900,2000}",
        text in "(?s).{0,2000}|[\r\n.a]{0,200}",
        html in "(?s).{0,200}",
    ) {
        let mail = Mail { to: person(&name, "ann@example.com"), subject, text, html, ..welcome() };
        let message = composed(mail);
        prop_assert_eq!(recipients(&message), ["ann@example.com", "bob@example.com"]);
        let formatted = String::from_utf8(message.formatted()).unwrap();
        prop_assert!(formatted.is_ascii());
        prop_assert_eq!(header_names(&formatted), HEADERS);
        // RFC 5322, 2.1.1 and 2.3: no longer lines, no line break but CRLF.
        for line in formatted.split("\r\n") {
            prop_assert!(line.len() <= 998, "{} bytes: {}", line.len(), line);
            prop_assert!(!line.contains(['\r', '\n', '\0']), "{:?}", line);
        }
    }
}
