//! What stands in mails: the built-in texts in each language.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use tenure_lifecycle::effect::Mail;

use super::mails::{AFTER, BEFORE, GUEST, INACTIVE, MOVED, ON, REMINDER, WELCOME};
use super::sign_in::{HOUR, PASS};
use super::sponsorships::{TELL_CO_SPONSORS, TELL_MANAGER};
use super::world::link;
use crate::api::Api;

/// A language: its tag, how people and arguments ask for it, a word of its last sentence, and a day.
struct Language {
    tag: &'static str,
    preferred: &'static str,
    locale: &'static str,
    automatically: &'static str,
    day: &'static str,
}

const LANGUAGES: [Language; 6] = [
    language("de", "de-AT", "DE", "automatisch", "9. März 2026"),
    language("en", "en-GB", "en-us", "automatically", "9 March 2026"),
    language("es", "es-MX", "es-419", "automáticamente", "9 de marzo de 2026"),
    language("fr", "fr", "fr_CA", "automatiquement", "9 mars 2026"),
    language("ja", "JA-jp", "ja", "自動", "2026年3月9日"),
    language("pt", "pt_BR", "pt-pt", "automaticamente", "9 de março de 2026"),
];

const fn language(
    tag: &'static str,
    preferred: &'static str,
    locale: &'static str,
    automatically: &'static str,
    day: &'static str,
) -> Language {
    Language { tag, preferred, locale, automatically, day }
}

/// Who reads a mail.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    User,
    Manager,
    CoSponsor,
}

/// The eleven: the task, a category that it fits, who reads it, and whether a day stands in it.
const MAILS: [(&str, &str, Reader, bool); 11] = [
    (WELCOME, "joiner", Reader::User, true),
    (PASS, "joiner", Reader::Manager, true),
    (REMINDER, "joiner", Reader::Manager, true),
    (MOVED, "mover", Reader::Manager, false),
    (BEFORE, "leaver", Reader::Manager, true),
    (ON, "leaver", Reader::Manager, true),
    (AFTER, "leaver", Reader::Manager, true),
    (INACTIVE, "leaver", Reader::Manager, false),
    (TELL_MANAGER, "leaver", Reader::Manager, false),
    (TELL_CO_SPONSORS, "leaver", Reader::CoSponsor, false),
    (GUEST, "leaver", Reader::Manager, false),
];

/// Somebody whose people prefer these languages: their own, the manager's, the co-sponsor's.
fn person(api: &Api, name: &str, languages: [&Language; 3]) -> String {
    let day = json!("2026-03-09T00:00:00Z");
    let make = |role: &str, display: &str, language: &Language| {
        let preferred = ("preferredLanguage", json!(language.preferred));
        api.somebody(&format!("{role}{name}"), &[("displayName", json!(display)), preferred])
    };
    let user = make("user", "Ann Lee", languages[0]);
    api.set(
        &user,
        &[("employeeHireDate", day.clone()), ("employeeLeaveDateTime", day), ("jobTitle", json!("Clerk"))],
    );
    api.manages(&make("boss", "Bo Roe", languages[1]), &user);
    api.agent("Orders", &[&user, &make("other", "Cy Doe", languages[2])]);
    user
}

fn arguments<'a>(definition: &str, locale: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    let mut arguments = if definition == PASS { HOUR.into() } else { vec![] };
    arguments.extend(locale.map(|locale| ("locale", locale)));
    // Nobody administers this system.
    arguments.extend((definition == GUEST).then_some(("to", "Manager")));
    arguments
}

/// What the words of HTML are, without its markup.
fn words(html: &str) -> Vec<String> {
    let body = html.split_once("<body>").unwrap().1;
    let mut text = String::new();
    let mut is_tag = false;
    for c in body.chars() {
        match c {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    let text = ["&lt;", "&gt;", "&quot;", "&#39;", "&amp;"]
        .into_iter()
        .zip(["<", ">", "\"", "'", "&"])
        .fold(text, |text, (escaped, c)| text.replace(escaped, c));
    text.split_whitespace().map(str::to_owned).collect()
}

/// Checks that a mail is in a language, and gives its texts without what differs between people.
fn spoken(mail: &Mail, language: &Language, has_day: bool) -> [String; 3] {
    assert!(mail.html.contains(&format!("<html lang=\"{}\">", language.tag)), "{}", mail.html);
    assert!(mail.text.contains(language.automatically), "{}: {}", language.tag, mail.text);
    assert_eq!(mail.text.contains(language.day), has_day, "{}: {}", language.tag, mail.text);
    assert_eq!(
        words(&mail.html),
        mail.text.split_whitespace().collect::<Vec<_>>(),
        "both parts say the same"
    );
    let parts = [&mail.subject, &mail.text, &mail.html];
    for part in parts {
        assert!(!part.contains("{{") && !part.contains("}}") && !part.contains('\u{1}'), "{part}");
    }
    // What differs: the sign-in name, and the pass.
    let person = mail.text.split_whitespace().map(|word| word.rsplit(['：', ':']).next().unwrap());
    let person: Vec<String> =
        person.filter(|word| word.contains('@') || is_pass(word)).map(str::to_owned).collect();
    parts.map(|part| person.iter().fold(part.clone(), |part, word| part.replace(word, "…")))
}

fn is_pass(word: &str) -> bool {
    word.len() == 12 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// The one mail that a workflow sends about somebody.
fn sent(api: &Api, workflow: &str, user: &str) -> Mail {
    let before = api.system.deliveries.mails().len();
    api.activate(workflow, &[user]);
    api.system.drain().unwrap();
    let [mail] = api.system.deliveries.mails().split_off(before).try_into().unwrap();
    mail
}

#[test]
fn each_mail_speaks_the_language_of_whoever_reads_it_or_the_one_that_is_asked_for() {
    let api = Api::new();
    let mut by_preference: BTreeMap<(&str, &str), [String; 3]> = BTreeMap::new();
    let mut by_locale = by_preference.clone();
    let next = |place: usize| &LANGUAGES[place % LANGUAGES.len()];
    for (definition, category, reader, has_day) in MAILS {
        let id = api.workflow_of(category, definition, &arguments(definition, None));
        for (place, language) in LANGUAGES.iter().enumerate() {
            let place_of_reader = match reader {
                Reader::User => 0,
                Reader::Manager => 1,
                Reader::CoSponsor => 2,
            };
            // Whoever reads it prefers the language, the others prefer others.
            let mut languages = [next(place + 1), next(place + 2), next(place + 3)];
            languages[place_of_reader] = language;
            let user = person(&api, &format!("-{}-{definition}-p", language.tag), languages);
            let mail = sent(&api, &id, &user);
            by_preference.insert((definition, language.tag), spoken(&mail, language, has_day));

            let asked = arguments(definition, Some(language.locale));
            let in_locale = api.workflow_of(category, definition, &asked);
            let user = person(&api, &format!("-{}-{definition}-l", language.tag), [next(place + 1); 3]);
            let mail = sent(&api, &in_locale, &user);
            by_locale.insert((definition, language.tag), spoken(&mail, language, has_day));
        }
    }
    assert_eq!(by_preference.len(), 66);
    assert_eq!(by_locale, by_preference);
    for part in 0..3 {
        let different: BTreeSet<&String> = by_preference.values().map(|parts| &parts[part]).collect();
        assert_eq!(different.len(), 66, "no two are the same");
    }
}

#[test]
fn english_is_spoken_to_whoever_speaks_none_of_them() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    let id = api.workflow_of("joiner", WELCOME, &[]);
    for preferred in [Json::Null, json!("nl-NL"), json!(""), json!("deu"), json!("???")] {
        api.set(&ann, &[("preferredLanguage", preferred)]);
        api.run_for(&id, &ann);
    }
    api.set(&ann, &[("preferredLanguage", json!("ja"))]);
    api.run_for(&api.workflow_of("joiner", WELCOME, &[("locale", "nl-nl")]), &ann);
    let mails = api.system.deliveries.mails();
    assert_eq!(mails.len(), 6);
    assert!(mails.iter().all(|mail| mail.html.contains("lang=\"en\"") && mail.subject == "Welcome, ann"));
}

#[test]
fn each_of_several_reads_their_own_language() {
    let api = Api::new();
    let ann = api.somebody("ann", &[]);
    for language in &LANGUAGES {
        let sponsor = api.somebody(language.tag, &[("preferredLanguage", json!(language.preferred))]);
        api.post(&format!("users/{ann}/sponsors/$ref"), &link(&sponsor)).is(204);
    }
    api.run_for(&api.workflow_of("joiner", WELCOME, &[("to", "Sponsors")]), &ann);
    let mails = api.system.deliveries.mails();
    assert_eq!(mails.len(), 6);
    for (mail, language) in mails.iter().zip(&LANGUAGES) {
        assert_eq!(mail.to.name.as_deref(), Some(language.tag));
        spoken(mail, language, false);
    }
}

#[test]
fn what_is_not_known_of_somebody_leaves_no_gap() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("department", Json::Null)]);
    api.run_for(&api.workflow_of("joiner", WELCOME, &[]), &ann);
    let text = api.system.deliveries.mails().remove(0).text;
    for label in ["First day", "Job title", "Department", "Manager:"] {
        assert!(!text.contains(label), "{label} of nobody knows what: {text}");
    }
    assert!(text.contains("Sign-in name: ann@example.com"), "{text}");
    api.set(&ann, &[("department", json!("Sales")), ("jobTitle", json!("Clerk"))]);
    api.run_for(&api.workflow_of("joiner", WELCOME, &[]), &ann);
    let text = api.system.deliveries.mails().remove(1).text;
    assert!(text.contains("Job title: Clerk\nDepartment: Sales\n"), "{text}");
}
