//! One mail, worded.

use jiff::Timestamp;

use super::super::texts::{FALLBACK, Kind, Language, language};
use super::super::{Arguments, Snapshot};
use super::markup::{escape_html, paragraphs, with_markup, without_markup};
use super::one_line;
use super::placeholders::{Values, iso_day};
use super::recipients::Recipient;
use crate::effect::{Mail, Mailbox};

/// What a mail says of the pass that it carries.
#[derive(Clone, Copy, Debug)]
pub(in crate::task) struct Pass {
    /// From when on it is good.
    pub(in crate::task) starts: Timestamp,
    /// For how long.
    pub(in crate::task) lifetime_minutes: i64,
}

/// What is to be written, to whomever.
pub(in crate::task) struct Letter<'a> {
    pub(in crate::task) subject: &'a Snapshot<'a>,
    pub(in crate::task) arguments: &'a Arguments<'a>,
    pub(in crate::task) kind: Kind,
    pub(in crate::task) pass: Option<Pass>,
}

impl Letter<'_> {
    /// The mail to one recipient.
    pub(super) fn to(&self, recipient: &Recipient<'_>, cc: &[Mailbox]) -> Mail {
        let language = self.language(recipient);
        let name = recipient.user.and_then(|user| user.text("displayName"));
        // A co-sponsor is told of what both vouch for, and of nothing else.
        let is_for_co_sponsors =
            self.kind == Kind::SponsorshipForCoSponsors && self.arguments.get("to").is_none();
        let shared_with = recipient.user.filter(|_| is_for_co_sponsors).map(|reader| reader.number);
        let values =
            |day| Values { subject: self.subject, recipient: name, day, pass: self.pass, shared_with };
        let (built_in, own) = (values(language.day), values(iso_day));
        let texts = language.text(self.kind);
        let subject = match self.arguments.get("customSubject") {
            // A subject line is read by everybody on the way: no pass stands in it.
            Some(custom) => Values { pass: None, ..own }.fill(custom, str::to_owned),
            None => tidy(&built_in.fill(texts.subject, str::to_owned)),
        };
        let letterhead = &self.subject.people.letterhead;
        let (mut text, mut html) = match self.arguments.get("customBody") {
            Some(custom) => {
                let own = values(iso_day);
                (
                    own.fill(&without_markup(custom), str::to_owned),
                    paragraphs(&own.fill(&with_markup(custom), escape_html)),
                )
            }
            None => {
                let body: Vec<&str> =
                    texts.body.lines().filter(|line| built_in.says_something(line)).collect();
                let body = body.join("\n");
                (
                    tidy(&built_in.fill(&body, str::to_owned)),
                    paragraphs(&tidy(&built_in.fill(&escape_html(&body), escape_html))),
                )
            }
        };
        let mut below = Vec::new();
        let is_own = self.arguments.get("customBody").is_some();
        if is_own && letterhead.sender_domain.is_none() && !letterhead.branded {
            below.push(language.caution);
        }
        below.push(language.closing);
        for line in below {
            let plain = tidy(&built_in.fill(line, str::to_owned));
            text = format!("{}\n\n{plain}\n", text.trim_end());
            html.push_str(&format!("<p><small>{}</small></p>\n", escape_html(&plain)));
        }
        Mail {
            to: recipient.mailbox.clone(),
            cc: cc.to_vec(),
            sender_domain: letterhead.sender_domain.clone(),
            sender_name: letterhead.sender_name(),
            subject: one_line(&subject),
            text,
            html: self.page(language, &html),
        }
    }

    fn language(&self, recipient: &Recipient<'_>) -> &'static Language {
        let asked = self.arguments.get("locale");
        let preferred = || recipient.user.and_then(|user| user.text("preferredLanguage"));
        asked.or_else(preferred).and_then(language).unwrap_or(FALLBACK)
    }

    /// The whole HTML part, with the organisation's name above if mails are branded.
    fn page(&self, language: &Language, body: &str) -> String {
        let letterhead = &self.subject.people.letterhead;
        let head = if letterhead.branded && !letterhead.organization.is_empty() {
            format!("<p><strong>{}</strong></p>\n<hr>\n", escape_html(&letterhead.organization))
        } else {
            String::new()
        };
        format!("<!doctype html>\n<html lang=\"{}\">\n<body>\n{head}{body}</body>\n</html>\n", language.tag)
    }
}

/// A built-in text without the gaps that empty values leave.
fn tidy(text: &str) -> String {
    let mut tidy = text.replace(" ,", ",");
    for (gap, left) in [("  ", " "), ("\n\n\n", "\n\n")] {
        while tidy.contains(gap) {
            tidy = tidy.replace(gap, left);
        }
    }
    tidy.trim().to_owned()
}
