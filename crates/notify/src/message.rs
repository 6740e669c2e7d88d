//! One mail as a MIME message. Whatever stands in names, addresses and subject stays inside its header.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::address::{Address, AddressError, Envelope};
use lettre::message::header::{self, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes, Message, MultiPart};
use tenure_lifecycle::effect::{self, Mail};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::ports::Failure;

use crate::text::one_line;

/// Longest name of a person in a header, in characters.
const NAME: usize = 256;
/// Longest subject, in characters: with its header's name it fits the line length of RFC 5322 in one word.
const SUBJECT: usize = 900;

/// Builds the message of a mail. The same key gives the same `Message-ID`.
pub(crate) fn compose(
    mail: &Mail,
    key: EffectKey,
    from: &Mailbox,
    now: Timestamp,
) -> Result<Message, Failure> {
    let from = mailbox(&mail.sender(&plain(from)), "From").map_err(Failure::Permanent)?;
    build(mail, key, &from, now).map_err(Failure::Permanent)
}

/// The domain's form of a mailbox.
pub(crate) fn plain(mailbox: &Mailbox) -> effect::Mailbox {
    effect::Mailbox { name: mailbox.name.clone(), address: mailbox.email.to_string() }
}

fn build(mail: &Mail, key: EffectKey, from: &Mailbox, now: Timestamp) -> Result<Message, String> {
    let to = mailbox(&mail.to, "To")?;
    let cc = mail.cc.iter().map(|copy| mailbox(copy, "Cc")).collect::<Result<Vec<_>, _>>()?;

    // The envelope is set from the addresses. Left alone, lettre reads them back out of the header's text, where a
    // name such as `a" <b@example.com>, "` would add a recipient.
    let mut recipients = vec![to.email.clone()];
    for copy in &cc {
        if !recipients.contains(&copy.email) {
            recipients.push(copy.email.clone());
        }
    }
    let envelope = Envelope::new(Some(from.email.clone()), recipients).map_err(|error| error.to_string())?;

    let mut builder = Message::builder()
        .envelope(envelope)
        .header(header::From::from(Mailboxes::from(from.clone())))
        .header(header::To::from(Mailboxes::from(to)))
        .subject(one_line(&mail.subject, SUBJECT))
        .date(date(now))
        .message_id(Some(format!("<{key}@tenure>")))
        // RFC 3834: keeps out-of-office replies away.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    if !cc.is_empty() {
        builder = builder.header(header::Cc::from(cc.into_iter().collect::<Mailboxes>()));
    }
    builder
        .multipart(MultiPart::alternative_plain_html(body(&mail.text), body(&mail.html)))
        .map_err(|error| format!("the mail cannot be built: {error}"))
}

fn mailbox(mailbox: &effect::Mailbox, header: &str) -> Result<Mailbox, String> {
    let name = mailbox.name.as_deref().map(|name| one_line(name, NAME)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address(&mailbox.address, header)?))
}

fn address(text: &str, header: &str) -> Result<Address, String> {
    parse_address(text).map_err(|reason| format!("the {header} address '{}' {reason}", one_line(text, 100)))
}

/// Says what is wrong with a mail address, so that it can be refused before a mail is to be sent there.
pub fn check_address(text: &str) -> Result<(), &'static str> {
    parse_address(text).map(drop)
}

fn parse_address(text: &str) -> Result<Address, &'static str> {
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err("holds a blank, a line break or another control character");
    }
    text.parse().map_err(|error| match error {
        AddressError::MissingParts => "has no @ between a name and a domain",
        AddressError::InvalidUser => "is not valid before the @",
        AddressError::InvalidDomain => "has no valid domain",
        _ => "is not valid",
    })
}

/// A body with one kind of line break and no other control characters: what a mail may carry.
fn body(text: &str) -> String {
    let mut clean = String::with_capacity(text.len() + text.len() / 16);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                characters.next_if_eq(&'\n');
                clean.push_str("\r\n");
            }
            '\n' => clean.push_str("\r\n"),
            '\t' => clean.push('\t'),
            other if other.is_control() => clean.push(' '),
            other => clean.push(other),
        }
    }
    clean
}

/// The time as a header's date can hold it: from 1970 on; a `Timestamp` ends with the year 9999.
fn date(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or_default())
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
