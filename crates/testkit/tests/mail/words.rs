//! The built-in texts, word by word: each mail in English, and one of them in each language.

use serde_json::{Value as Json, json};
use tenure_lifecycle::ids::{RunNumber, UserId};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::System;

use crate::company::{contoso, drain, person, recipients, smtp, workflow};
use crate::snapshot;
use crate::support::MailServer;

const PASS: [(&str, &str); 2] = [("tapLifetimeMinutes", "480"), ("tapIsUsableOnce", "true")];

/// Every mail, with the name of its snapshot and whom it goes to.
const MAILS: [(&str, Category, &str, &str); 11] = [
    ("welcome", Category::Joiner, "Send welcome email", "Zoë"),
    ("pass", Category::Joiner, "Generate TAP and send email", "Max"),
    ("onboarding-reminder", Category::Joiner, "Send onboarding reminder email", "Max"),
    ("move", Category::Mover, "Send email to notify manager of user move", "Max"),
    ("before-last-day", Category::Leaver, "Send email before user’s last day", "Max"),
    ("on-last-day", Category::Leaver, "Send email on user’s last day", "Max"),
    ("after-last-day", Category::Leaver, "Send email after user’s last day", "Max"),
    ("inactivity", Category::Leaver, "Send email about user inactivity", "Max"),
    ("sponsorship-manager", Category::Leaver, "Send email to manager about sponsorship changes", "Max"),
    ("sponsorship-co-sponsors", Category::Leaver, "Send email to co-sponsors about sponsor changes", "Kim"),
    ("guest-removal", Category::Leaver, "Send email about unsponsored guest removal (preview)", "it"),
];

const LANGUAGES: [&str; 6] = ["de", "en", "es", "fr", "ja", "pt"];

/// Zoë, who has everything that a mail can name, and somebody who gets copies.
fn zoe_and_bob(system: &System) -> (UserId, UserId) {
    let max = person(system, "max", None, &[("displayName", "Max Müller")]).id;
    let kim = person(system, "kim", None, &[("displayName", "Kim \"K\" Lee")]).id;
    let bob = person(system, "bob", None, &[("displayName", "Bob")]).id;
    let zoe = person(
        system,
        "zoe",
        Some(max),
        &[
            ("displayName", "Zoë O'Hara, <b>Dr.</b>"),
            ("givenName", "Zoë"),
            ("surname", "O'Hara"),
            ("jobTitle", "Clerk & cook"),
            ("department", "Sales"),
            ("employeeHireDate", "2026-04-01T00:00:00Z"),
            ("employeeLeaveDateTime", "2026-12-31T17:00:00Z"),
        ],
    )
    .id;
    for agent in ["Orders", "Prices & <stock>"] {
        system.lifecycle.create_agent(&system.caller, agent, true, &[zoe, kim]).unwrap();
    }
    (zoe, bob)
}

/// Has a task send its mail, and gives what arrived.
fn arrived(
    system: &System,
    server: &mut MailServer,
    about: UserId,
    (category, task): (Category, &str),
    arguments: &[(&str, &str)],
) -> (RunNumber, Json) {
    let workflow = workflow(system, category, task, arguments);
    // As it was said before, but for a pass, so is it sent.
    let shown = system.lifecycle.preview_mail(&workflow, workflow.tasks[0].id, about, None).unwrap();
    let run = system.activate(&workflow, &[about]).unwrap();
    drain(system, &smtp(system, server.port));
    assert_eq!(system.run(run).unwrap().status, Status::Completed, "{task}");
    let mut arrived = server.next();
    let pass = pass_in(arrived["mail"]["text"].as_str().unwrap());
    for part in ["text", "html"] {
        let text = arrived["mail"][part].as_str().unwrap();
        let text = pass.as_ref().map_or(text.to_owned(), |pass| {
            assert!(text.contains(pass.as_str()), "both parts carry the pass");
            text.replace(pass.as_str(), "••••••••")
        });
        arrived["mail"][part] = json!(text);
    }
    let (_, mail) = &shown.mails[0];
    assert_eq!(arrived["mail"]["subject"], mail.subject);
    for (part, shown) in [("text", &mail.text), ("html", &mail.html)] {
        assert_eq!(arrived["mail"][part].as_str().unwrap().trim_end(), shown.trim_end(), "{task}");
    }
    (run, arrived)
}

/// The pass in an English text.
fn pass_in(text: &str) -> Option<String> {
    let pass = text.lines().find_map(|line| line.strip_prefix("Temporary access pass: "))?.to_owned();
    assert!(pass.len() == 12 && pass.chars().all(|letter| letter.is_ascii_alphanumeric()), "{pass}");
    Some(pass)
}

#[test]
fn every_mail_reads_as_it_is_kept() {
    let system = contoso().set_up(|one| one.with_administrators(vec!["it@contoso.com".to_owned()])).unwrap();
    let mut server = MailServer::start::<&str>([]);
    let (zoe, bob) = zoe_and_bob(&system);
    let copies = bob.to_string();
    for (name, category, task, to) in MAILS {
        let mut arguments = vec![("cc", copies.as_str())];
        if name == "pass" {
            arguments.extend(PASS);
        }
        let (_, arrived) = arrived(&system, &mut server, zoe, (category, task), &arguments);
        let to = format!("{}@contoso.com", to.to_lowercase().replace('ë', "e"));
        assert_eq!(recipients(&arrived), [to.as_str(), "bob@contoso.com"], "{name}");
        snapshot::compare(&format!("{name}.en"), &arrived["mail"]);
    }
    assert!(server.stop().is_empty(), "one mail each");
}

#[test]
fn a_mail_speaks_the_language_of_whom_it_goes_to() {
    let system = contoso();
    let mut server = MailServer::start::<&str>([]);
    for language in LANGUAGES {
        let tag = format!("{language}-XX");
        let set = [
            ("displayName", "Zoë"),
            ("preferredLanguage", tag.as_str()),
            ("department", "Sales"),
            ("employeeHireDate", "2026-04-01T00:00:00Z"),
        ];
        let zoe = person(&system, &format!("zoe-{language}"), None, &set).id;
        let task = (Category::Joiner, "Send welcome email");
        let (_, own) = arrived(&system, &mut server, zoe, task, &[]);
        snapshot::compare(&format!("welcome-without-manager.{language}"), &own["mail"]);
        // Whoever asks for a language gets it.
        let (_, asked) = arrived(&system, &mut server, zoe, task, &[("locale", "fr_CA")]);
        assert_eq!(asked["mail"]["subject"], "Bienvenue, Zoë");
    }
    assert!(server.stop().is_empty(), "one mail each");
}

#[test]
fn nothing_else_is_kept() {
    let english = MAILS.iter().map(|(name, ..)| format!("{name}.en"));
    let others = LANGUAGES.iter().map(|language| format!("welcome-without-manager.{language}"));
    snapshot::are_all_there(&english.chain(others).collect::<Vec<_>>());
}
