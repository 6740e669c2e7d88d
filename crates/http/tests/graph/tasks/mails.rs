//! The tasks that send a mail: who receives it, and when nobody does.

use serde_json::{Value as Json, json};
use tenure_lifecycle::effect::Mail;
use tenure_testkit::System;

use super::sponsorships::{TELL_CO_SPONSORS, TELL_MANAGER};
use super::world::{NOBODY, link};
use crate::api::{Api, NOW};

pub(super) use crate::company::WELCOME;
pub(super) const BEFORE: &str = "52853a3e-f4e5-4eb8-bb24-1ac09a1da935";
pub(super) const ON: &str = "9c0a1eaf-5bda-4392-9d9e-6e155bb57411";
pub(super) const AFTER: &str = "6f22ddd4-b3a5-47a4-a846-0d7c201a49ce";
pub(super) const REMINDER: &str = "3C860712-2D37-42A4-928F-5C93935D26A1";
pub(super) const MOVED: &str = "aab41899-9972-422a-9d97-f626014578b7";
pub(super) const INACTIVE: &str = "92f74cb4-f1b6-4ec0-b766-96210f56edc2";
pub(super) const GUEST: &str = "a8e4c7f2-9d1b-4a3e-b5c6-8f2e7a9d4c1b";
const SENT: &str = "Send mail";

/// The tasks whose mail goes to the manager when nobody says otherwise, with a category that each fits.
const TO_MANAGER: [(&str, &str); 7] = [
    (BEFORE, "leaver"),
    (ON, "leaver"),
    (AFTER, "leaver"),
    (REMINDER, "joiner"),
    (MOVED, "mover"),
    (INACTIVE, "leaver"),
    (TELL_MANAGER, "mover"),
];

/// All of them.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let others = [(WELCOME, "joiner"), (TELL_CO_SPONSORS, "mover"), (GUEST, "leaver")];
    TO_MANAGER.into_iter().chain(others)
}

/// Somebody with a manager and an agent identity, and a colleague.
fn world() -> (Api, String, String, String) {
    let api = Api::new();
    let (ann, boss, bob) = (api.somebody("ann", &[]), api.somebody("boss", &[]), api.somebody("bob", &[]));
    api.manages(&boss, &ann);
    api.agent("Orders", &[&ann, &bob]);
    (api, ann, boss, bob)
}

fn last(api: &Api) -> Mail {
    api.system.deliveries.mails().pop().unwrap()
}

fn addresses(mail: &Mail) -> (&str, Vec<&str>) {
    (&mail.to.address, mail.cc.iter().map(|one| one.address.as_str()).collect())
}

#[test]
fn each_mail_has_its_own_recipient() {
    let (api, ann, _, _) = world();
    let others = [(WELCOME, "joiner", "ann"), (TELL_CO_SPONSORS, "mover", "bob")];
    let managers = TO_MANAGER.map(|(definition, category)| (definition, category, "boss"));
    for (definition, category, name) in others.into_iter().chain(managers) {
        let came = api.process(&api.workflow_of(category, definition, &[]), &ann).did(&[(SENT, &[&ann])]);
        let mail = last(&api);
        assert_eq!(addresses(&mail), (format!("{name}@example.com").as_str(), vec![]));
        assert_eq!(mail.to.name.as_deref(), Some(name));
        assert_eq!(came.foretold[0], format!("would send the mail '{}' to {name}@example.com", mail.subject));
        assert!(mail.text.contains("ann") && mail.html.contains("ann"), "{}", mail.text);
        assert_eq!((mail.sender_domain, mail.sender_name), (None, None));
    }
}

#[test]
fn administrators_are_told_of_a_guest() {
    let told = ["it@example.com".to_owned(), "help@example.com".to_owned()];
    let system = System::at(NOW).unwrap().with_administrators(told.clone().into()).unwrap();
    let api = Api::of(system, |_| None);
    let guest = api.somebody("guest", &[("userType", json!("Guest"))]);
    let id = api.workflow_of("leaver", GUEST, &[]);
    api.process(&id, &guest).did(&[(SENT, &[&guest]), (SENT, &[&guest])]);
    let mails = api.system.deliveries.mails();
    assert_eq!(mails.iter().map(|mail| mail.to.address.clone()).collect::<Vec<_>>(), told);
    assert!(mails[0].to.name.is_none() && mails[0].text.contains("guest@example.com"), "{}", mails[0].text);
}

#[test]
fn without_administrators_nobody_can_be_told_of_a_guest() {
    let (api, ann, _, _) = world();
    let id = api.workflow_of("leaver", GUEST, &[]);
    let said = "no administrator is configured to receive mail";
    api.process(&id, &ann).was_refused(said);
    let failures = api.ask("POST", &format!("@/workflows/{id}/previewTaskFailures")).send().is(200);
    assert_eq!(failures["value"][0]["failureReason"], said);
}

#[test]
fn each_mail_goes_to_whomever_the_argument_names() {
    let (api, ann, _, bob) = world();
    let (cyd, dan) = (api.somebody("cyd", &[]), api.somebody("dan", &[]));
    for sponsor in [&cyd, &dan] {
        api.post(&format!("users/{ann}/sponsors/$ref"), &link(sponsor)).is(204);
    }
    for (definition, category) in all() {
        for (to, expected) in [
            ("User", &["ann"] as &[&str]),
            ("manager", &["boss"]),
            ("Managers", &["boss"]),
            ("SPONSORS", &["cyd", "dan"]),
            (&bob, &["bob"]),
            (&bob.to_uppercase(), &["bob"]),
        ] {
            let before = api.system.deliveries.mails().len();
            let id = api.workflow_of(category, definition, &[("to", to)]);
            let whom = [ann.as_str()];
            api.run_for(&id, &ann).did(&vec![(SENT, &whom[..]); expected.len()]);
            let mails = api.system.deliveries.mails();
            let names: Vec<&str> =
                mails[before..].iter().map(|mail| mail.to.name.as_deref().unwrap()).collect();
            assert_eq!(names, expected, "{definition} to {to}");
        }
    }
}

#[test]
fn copies_go_to_those_who_are_named() {
    let (api, ann, boss, bob) = world();
    let cc = format!("{bob}, {ann} ,{bob}");
    for (definition, category) in all() {
        // The guest's mail has nobody to go to by itself here.
        let mut arguments = vec![("cc", cc.as_str())];
        arguments.extend((definition == GUEST).then_some(("to", "Manager")));
        api.process(&api.workflow_of(category, definition, &arguments), &ann).did(&[(SENT, &[&ann])]);
        assert_eq!(addresses(&last(&api)).1, ["bob@example.com", "ann@example.com"], "{definition}");
        api.arguments_refused(category, definition, &[("to", "Sponsors"), ("cc", &boss)], "cc");
    }
    // Whoever cannot be reached is no reason to leave them out.
    let id = api.workflow_of("joiner", WELCOME, &[("cc", &boss)]);
    api.set(&boss, &[("mail", Json::Null)]);
    api.process(&id, &ann).was_refused("the user who should get a copy has no mail address");
    api.delete(&format!("users/{boss}")).is(204);
    api.process(&id, &ann).was_refused(&format!("the user {boss} who should get a copy does not exist"));
}

#[test]
fn without_anybody_to_send_it_to_the_task_fails() {
    let (api, ann, boss, bob) = world();
    let alone = api.somebody("alone", &[("mail", Json::Null)]);
    api.agent("Desk", &[&alone]);
    for (definition, category) in TO_MANAGER {
        api.process(&api.workflow_of(category, definition, &[]), &alone)
            .was_refused("the user has no manager");
    }
    let (empty, blank) = (json!(null), json!(" "));
    for mail in [&empty, &blank] {
        for user in [&boss, &bob, &alone] {
            api.set(user, &[("mail", mail.clone())]);
        }
        for (definition, category) in TO_MANAGER {
            api.process(&api.workflow_of(category, definition, &[]), &ann)
                .was_refused("the manager has no mail address");
        }
        api.process(&api.workflow_of("joiner", WELCOME, &[]), &alone)
            .was_refused("the user has no mail address");
        api.process(&api.workflow_of("leaver", TELL_CO_SPONSORS, &[]), &ann)
            .was_refused("no co-sponsor has a mail address");
    }
    for (definition, category) in all() {
        let to = |to: &str| api.workflow_of(category, definition, &[("to", to)]);
        api.process(&to("User"), &alone).was_refused("the user has no mail address");
        api.process(&to("Manager"), &alone).was_refused("the user has no manager");
        api.process(&to("Sponsors"), &alone).was_refused("the user has no sponsors");
        api.process(&to(&bob), &ann).was_refused("the recipient has no mail address");
    }
    let to_bob = api.workflow_of("joiner", WELCOME, &[("to", &bob)]);
    api.delete(&format!("users/{bob}")).is(204);
    api.process(&to_bob, &ann).was_refused(&format!("the recipient {bob} does not exist"));
    // A manager who is gone is none.
    api.delete(&format!("users/{boss}")).is(204);
    api.process(&api.workflow_of("mover", MOVED, &[]), &ann).was_refused("the user has no manager");
}

#[test]
fn several_sponsors_are_written_to_and_those_without_an_address_told() {
    let (api, ann, boss, bob) = world();
    let mute = api.somebody("mute", &[("mail", Json::Null)]);
    let id = api.workflow_of("joiner", WELCOME, &[("to", "Sponsors")]);
    let vouch = |user: &str| api.post(&format!("users/{ann}/sponsors/$ref"), &link(user)).is(204);
    vouch(&mute);
    api.process(&id, &ann).was_refused("no sponsor of the user has a mail address");
    vouch(&bob);
    vouch(&boss);
    let told = json!("without a mail address: mute");
    api.process(&id, &ann).did_saying(&[(SENT, &[&ann]), (SENT, &[&ann])], &told);
    // Who is deleted vouches for nobody.
    for user in [&mute, &bob, &boss] {
        api.delete(&format!("users/{user}")).is(204);
    }
    api.process(&id, &ann).was_refused("the user has no sponsors");
}

#[test]
fn recipients_have_to_be_ones() {
    let (api, _, _, bob) = world();
    for (definition, category) in all() {
        for (name, value, named) in [
            ("to", "Everybody", "argument 'to'"),
            ("to", "bob@example.com", "argument 'to'"),
            ("to", "User/otherMails", "argument 'to'"),
            ("to", NOBODY, NOBODY),
            ("cc", "Manager", "argument 'cc'"),
            ("cc", NOBODY, NOBODY),
            ("cc", &format!("{bob},{NOBODY}"), NOBODY),
            ("locale", "english, please", "argument 'locale'"),
            ("customSubject", "a\nb", "argument 'customSubject'"),
            ("customBody", &"x".repeat(70_000), "argument 'customBody'"),
            ("customBody", "a\0b", "argument 'customBody'"),
            ("subject", "x", "argument 'subject'"),
        ] {
            api.arguments_refused(category, definition, &[(name, value)], named);
        }
    }
}
