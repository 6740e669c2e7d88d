//! The built-in texts of mails, a language a file. Our own wording; Graph's is not published.
//!
//! Whatever may be missing of a person stands in a line of its own, after a label and a colon (`:` or `：`), so
//! that the line can be left out. The recipient's name may be missing too; it stands in the first line only.

mod de;
mod en;
mod es;
mod fr;
mod ja;
mod pt;

/// Which mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Welcome,
    Pass,
    BeforeLastDay,
    OnLastDay,
    AfterLastDay,
    OnboardingReminder,
    Move,
    Inactivity,
    SponsorshipForManager,
    SponsorshipForCoSponsors,
    GuestRemoval,
}

/// One mail: subject line and body. Paragraphs are parted by an empty line; lines inside a paragraph by a line
/// break.
pub(super) struct Text {
    pub(super) subject: &'static str,
    pub(super) body: &'static str,
}

/// A language.
pub(super) struct Language {
    /// BCP 47 tag, lower case: "en".
    pub(super) tag: &'static str,
    /// In the order of [`Kind`].
    texts: [Text; 11],
    /// What stands below a custom text when the organisation has neither a sender domain of its own nor
    /// branding.
    pub(super) caution: &'static str,
    /// What stands at the end of every mail: it was sent automatically on behalf of {{organization}}.
    pub(super) closing: &'static str,
    /// A day as the language writes it in a sentence.
    pub(super) day: fn(jiff::civil::Date) -> String,
}

impl Language {
    /// The mail of a kind.
    pub(super) fn text(&self, kind: Kind) -> &Text {
        &self.texts[kind as usize]
    }
}

static LANGUAGES: [&Language; 6] =
    [&de::LANGUAGE, &en::LANGUAGE, &es::LANGUAGE, &fr::LANGUAGE, &ja::LANGUAGE, &pt::LANGUAGE];

/// English, when nothing else fits.
pub(super) static FALLBACK: &Language = &en::LANGUAGE;

/// The language of a tag such as `de-AT`, `pt_BR` or `JA`: the first part decides, letter case and `_` don't
/// matter; `None` if there is none.
pub(super) fn language(tag: &str) -> Option<&'static Language> {
    let first = tag.split(['-', '_']).next()?.trim();
    LANGUAGES.iter().copied().find(|language| language.tag.eq_ignore_ascii_case(first))
}

/// The name of the date's month, out of the twelve in order.
fn month(date: jiff::civil::Date, names: &[&'static str; 12]) -> &'static str {
    names[usize::from(date.month().unsigned_abs()) - 1]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const KINDS: [Kind; 11] = [
        Kind::Welcome,
        Kind::Pass,
        Kind::BeforeLastDay,
        Kind::OnLastDay,
        Kind::AfterLastDay,
        Kind::OnboardingReminder,
        Kind::Move,
        Kind::Inactivity,
        Kind::SponsorshipForManager,
        Kind::SponsorshipForCoSponsors,
        Kind::GuestRemoval,
    ];

    /// Never empty, whoever the mail is about.
    const ALWAYS_SET: [&str; 5] =
        ["userDisplayName", "userPrincipalName", "organization", "temporaryAccessPass", "passLifetime"];

    fn allowed(kind: Kind) -> BTreeSet<&'static str> {
        let mut names = BTreeSet::from([
            "userDisplayName",
            "userGivenName",
            "userPrincipalName",
            "userEmployeeHireDate",
            "userEmployeeLeaveDateTime",
            "managerDisplayName",
            "recipientDisplayName",
            "organization",
            "user.department",
            "user.jobTitle",
        ]);
        match kind {
            Kind::Pass => names.extend(["temporaryAccessPass", "passStart", "passLifetime"]),
            Kind::SponsorshipForManager | Kind::SponsorshipForCoSponsors => {
                names.insert("sponsoredAgents");
            }
            _ => {}
        }
        names
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split("{{")
            .skip(1)
            .map(|rest| rest.split_once("}}").expect("a placeholder is closed").0)
            .collect()
    }

    fn every_text() -> impl Iterator<Item = (&'static str, Kind, &'static Text)> {
        LANGUAGES
            .iter()
            .flat_map(|language| KINDS.into_iter().map(|kind| (language.tag, kind, language.text(kind))))
    }

    #[test]
    fn every_mail_has_a_short_subject_and_a_few_paragraphs() {
        for (tag, kind, text) in every_text() {
            let length = text.subject.chars().count();
            assert!((1..=120).contains(&length), "{tag} {kind:?}: {length} characters of subject");
            assert!(!text.subject.contains(['\r', '\n']), "{tag} {kind:?}: the subject is one line");
            let paragraphs: Vec<&str> = text.body.split("\n\n").collect();
            assert!((4..=6).contains(&paragraphs.len()), "{tag} {kind:?}: {} paragraphs", paragraphs.len());
            for line in paragraphs.iter().flat_map(|paragraph| paragraph.split('\n')) {
                assert!(!line.is_empty() && line.trim() == line, "{tag} {kind:?}: {line:?}");
                assert!(!line.contains("  ") && !line.contains(['<', '>', '"']), "{tag} {kind:?}: {line:?}");
            }
        }
    }

    #[test]
    fn every_placeholder_is_one_that_the_mail_can_fill() {
        for (tag, kind, text) in every_text() {
            for part in [text.subject, text.body] {
                let unknown: Vec<&str> = placeholders(part).difference(&allowed(kind)).copied().collect();
                assert!(unknown.is_empty(), "{tag} {kind:?}: {unknown:?}");
            }
        }
        for language in LANGUAGES {
            assert_eq!(placeholders(language.closing), BTreeSet::from(["organization"]), "{}", language.tag);
            assert!(!language.caution.is_empty() && placeholders(language.caution).is_empty());
        }
    }

    #[test]
    fn every_language_says_what_english_says() {
        for (tag, kind, text) in every_text() {
            assert_eq!(
                placeholders(text.body),
                placeholders(FALLBACK.text(kind).body),
                "{tag} {kind:?} and English"
            );
        }
    }

    #[test]
    fn what_may_be_missing_stands_alone_after_a_label() {
        for (tag, kind, text) in every_text() {
            assert!(
                placeholders(text.subject).iter().all(|name| ALWAYS_SET.contains(name)),
                "{tag} {kind:?}: the subject"
            );
            for line in text.body.lines().skip(1) {
                let names = placeholders(line);
                if names.iter().all(|name| ALWAYS_SET.contains(name)) {
                    continue;
                }
                let (label, value) = line.split_once([':', '：']).expect("a label ends with a colon");
                assert!(placeholders(label).is_empty() && names.len() == 1, "{tag} {kind:?}: {line}");
                assert!(value.trim().starts_with("{{") && value.ends_with("}}"), "{tag} {kind:?}: {line}");
                assert!(!names.contains("recipientDisplayName"), "{tag} {kind:?}: {line}");
            }
        }
    }

    #[test]
    fn every_mail_names_what_it_is_about() {
        for (kind, name) in [
            (Kind::Welcome, "userEmployeeHireDate"),
            (Kind::Pass, "temporaryAccessPass"),
            (Kind::Pass, "passStart"),
            (Kind::Pass, "passLifetime"),
            (Kind::BeforeLastDay, "userEmployeeLeaveDateTime"),
            (Kind::OnLastDay, "userEmployeeLeaveDateTime"),
            (Kind::AfterLastDay, "userEmployeeLeaveDateTime"),
            (Kind::OnboardingReminder, "userEmployeeHireDate"),
            (Kind::Move, "user.department"),
            (Kind::Inactivity, "userPrincipalName"),
            (Kind::SponsorshipForManager, "sponsoredAgents"),
            (Kind::SponsorshipForCoSponsors, "sponsoredAgents"),
            (Kind::GuestRemoval, "userPrincipalName"),
        ] {
            assert!(placeholders(FALLBACK.text(kind).body).contains(name), "{kind:?} and {name}");
        }
    }

    #[test]
    fn the_first_part_of_a_tag_decides() {
        for (tag, expected) in [
            ("de-AT", Some("de")),
            ("pt_BR", Some("pt")),
            ("JA", Some("ja")),
            ("en-us", Some("en")),
            ("fr", Some("fr")),
            ("es-419", Some("es")),
            ("", None),
            ("-", None),
            ("nl-NL", None),
            ("deu", None),
            ("english", None),
        ] {
            assert_eq!(language(tag).map(|language| language.tag), expected, "{tag:?}");
        }
        assert_eq!(FALLBACK.tag, "en");
    }

    #[test]
    fn a_day_is_written_as_in_a_sentence() {
        let first = jiff::civil::date(2026, 3, 1);
        let last = jiff::civil::date(2026, 12, 31);
        for (tag, expected) in [
            ("en", ["1 March 2026", "31 December 2026"]),
            ("de", ["1. März 2026", "31. Dezember 2026"]),
            ("fr", ["1er mars 2026", "31 décembre 2026"]),
            ("es", ["1 de marzo de 2026", "31 de diciembre de 2026"]),
            ("pt", ["1 de março de 2026", "31 de dezembro de 2026"]),
            ("ja", ["2026年3月1日", "2026年12月31日"]),
        ] {
            let language = language(tag).expect("a language we have");
            assert_eq!([first, last].map(language.day), expected, "{tag}");
        }
    }

    #[test]
    fn french_keeps_its_punctuation_on_the_line() {
        let french = &fr::LANGUAGE;
        let mails = KINDS.into_iter().flat_map(|kind| [french.text(kind).subject, french.text(kind).body]);
        for text in mails.chain([french.caution, french.closing]) {
            let characters: Vec<char> = text.chars().collect();
            for pair in characters.windows(2) {
                assert!(
                    !matches!(pair[1], ':' | ';' | '!' | '?') || pair[0] == '\u{a0}',
                    "no-break space before {:?}: {text}",
                    pair[1]
                );
            }
        }
    }
}
