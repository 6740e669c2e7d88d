//! "Generate TAP and send email" and "Revoke all refresh tokens for user".

use serde_json::{Value as Json, json};

use super::came::Came;
use super::world::NOBODY;
use crate::api::{Api, NOW};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::ports::Failure;

pub(super) const PASS: &str = "1b555e50-7f65-41d5-b514-5894a026d10d";
pub(super) const REVOKE: &str = "509589a4-0466-4471-829e-49c5e502bdee";
pub(super) const HOUR: [(&str, &str); 2] = [("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "true")];
const DELETED: &str = "Delete temporary access pass method of user";
const ISSUED: &str = "Create temporary access pass method for user";
const SENT: &str = "Send mail";

/// Arguments for a pass that is good for an hour, with more of them.
fn hour<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    HOUR.into_iter().chain(more.iter().copied()).collect()
}

/// Somebody new with a manager.
fn new_hire(api: &Api, name: &str) -> String {
    let (user, boss) = (api.somebody(name, &[]), api.somebody(&format!("boss-of-{name}"), &[]));
    api.manages(&boss, &user);
    user
}

fn passes(api: &Api, user: &str) -> Vec<Json> {
    api.all(&format!("users/{user}/authentication/temporaryAccessPassMethods"))
}

/// The pass that stands in a mail.
fn pass_in(mail: &Mail) -> String {
    let is_pass =
        |word: &&str| word.len() == 12 && word.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let [pass] = mail.text.split_whitespace().filter(is_pass).collect::<Vec<_>>().try_into().unwrap();
    assert!(mail.html.contains(pass), "{}", mail.html);
    assert!(!mail.subject.contains(pass), "{}", mail.subject);
    pass.to_owned()
}

#[test]
fn a_pass_is_issued_and_sent_to_the_manager() {
    let api = Api::new();
    let ann = new_hire(&api, "ann");
    api.set(&ann, &[("employeeHireDate", json!("2026-03-09T07:00:00Z"))]);
    let id = api.workflow_of("joiner", PASS, &[("tapLifetimeMinutes", "480"), ("TapIsUsableOnce", "True")]);
    let came = api
        .process(&id, &ann)
        .was_foretold(
            "would issue a temporary access pass for 480 minutes, \
             send the mail 'Temporary access pass for ann' to boss-of-ann@example.com",
        )
        .did(&[(ISSUED, &[&ann]), (SENT, &[&ann])]);
    let [pass] = passes(&api, &ann).try_into().unwrap();
    for (name, value) in [
        ("startDateTime", json!("2026-03-09T07:00:00Z")),
        ("lifetimeInMinutes", json!(480)),
        ("isUsableOnce", json!(true)),
        ("methodUsabilityReason", json!("NotYetValid")),
        ("temporaryAccessPass", Json::Null),
    ] {
        assert_eq!(pass[name], value, "{name}");
    }
    let [mail] = api.system.deliveries.mails().try_into().unwrap();
    assert_eq!((mail.to.address.as_str(), mail.cc.len()), ("boss-of-ann@example.com", 0));
    assert!(mail.text.contains("9 March 2026") && mail.text.contains("480"), "{}", mail.text);
    is_found_nowhere(&api, &pass_in(&mail), &ann, &came);
}

/// Checks that a pass is known to nobody but who received it.
fn is_found_nowhere(api: &Api, pass: &str, user: &str, came: &Came) {
    api.system.checkpoint().unwrap();
    for entry in std::fs::read_dir(api.system.directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(pass.len()).any(|window| window == pass.as_bytes()), "{}", path.display());
        }
    }
    assert!(!format!("{came:?}").contains(pass));
    for path in [
        format!("users/{user}?$select=*"),
        format!("users/{user}/authentication/methods"),
        "users/delta".to_owned(),
        "auditLogs/directoryAudits".to_owned(),
    ] {
        assert!(!api.get(&path).is(200).to_string().contains(pass), "{path}");
    }
}

#[test]
fn a_pass_for_somebody_who_has_begun_is_good_at_once() {
    let api = Api::new();
    let (ann, bob) = (new_hire(&api, "ann"), new_hire(&api, "bob"));
    api.set(&ann, &[("employeeHireDate", json!("2026-02-01T00:00:00Z"))]);
    let arguments = [("tapLifetimeMinutes", "10"), ("tapIsUsableOnce", "false")];
    let id = api.workflow_of("joiner", PASS, &arguments);
    for user in [&ann, &bob] {
        api.process(&id, user).did(&[(ISSUED, &[user]), (SENT, &[user])]);
        let pass = &passes(&api, user)[0];
        assert_eq!((&pass["startDateTime"], &pass["isUsableOnce"]), (&json!(NOW), &json!(false)));
        assert_eq!(pass["methodUsabilityReason"], "EnabledByPolicy");
    }
}

#[test]
fn a_second_pass_takes_the_place_of_the_first() {
    let api = Api::new();
    let ann = new_hire(&api, "ann");
    let id = api.workflow_of("joiner", PASS, &HOUR);
    // While the first is good, and when it is over.
    let mut known: Vec<String> = vec![];
    for (at, is_another_good) in
        [("2026-03-01T08:00:00Z", false), ("2026-03-01T08:30:00Z", true), ("2026-03-01T10:00:00Z", false)]
    {
        api.system.advance(at).unwrap();
        let whom = [ann.as_str()];
        let mut told: Vec<(&str, &[&str])> = vec![(ISSUED, &whom), (SENT, &whom)];
        if is_another_good {
            told.insert(1, (DELETED, &whom));
        }
        api.process(&id, &ann).did(&told);
        let [pass] = passes(&api, &ann).try_into().unwrap();
        assert_eq!(pass["startDateTime"], at);
        known.push(pass["id"].as_str().unwrap().to_owned());
        known.push(pass_in(&api.system.deliveries.mails().pop().unwrap()));
    }
    let before = known.len();
    known.sort();
    known.dedup();
    assert_eq!(known.len(), before, "none is like another");
}

#[test]
fn a_pass_whose_mail_did_not_go_out_is_of_no_use() {
    let api = Api::new();
    let (ann, bob) = (new_hire(&api, "ann"), new_hire(&api, "bob"));
    let id = api.workflow_of("joiner", PASS, &HOUR);
    let status = |user: &str| {
        let results = api.all(&format!("@/workflows/{id}/userProcessingResults"));
        let of = |one: &&Json| one["subject"]["id"] == json!(user);
        results.iter().find(of).unwrap()["processingStatus"].clone()
    };
    api.system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    assert_eq!((status(&ann), api.system.deliveries.mails().len()), (json!("inProgress"), 0));
    assert!(passes(&api, &ann).is_empty(), "nobody knows it");
    api.system.advance("2026-03-01T08:10:00Z").unwrap();
    assert_eq!(status(&ann), "completed");
    let [mail] = api.system.deliveries.mails().try_into().unwrap();
    assert_eq!((passes(&api, &ann).len(), pass_in(&mail).len()), (1, 12));
    // Nor when that is for good.
    api.system.deliveries.fail_next(Failure::Permanent("no such mailbox".to_owned()));
    api.activate(&id, &[&bob]);
    api.system.drain().unwrap();
    assert_eq!(status(&bob), "failed");
    assert!(passes(&api, &bob).is_empty(), "nobody knows it");
}

#[test]
fn a_task_that_fails_takes_nobodys_pass_away() {
    let api = Api::new();
    let ann = new_hire(&api, "ann");
    let path = format!("users/{ann}/authentication/temporaryAccessPassMethods");
    let given = api.post(&path, &json!({ "lifetimeInMinutes": 480 })).is(201)["id"].clone();
    let id = api.workflow_of("joiner", PASS, &HOUR);
    let deleted =
        || api.all(&format!("auditLogs/directoryAudits?$filter=activityDisplayName eq '{DELETED}'"));
    api.system.deliveries.fail_next(Failure::Permanent("no such mailbox".to_owned()));
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    let [left] = passes(&api, &ann).try_into().unwrap();
    assert_eq!((&left["id"], &left["isUsable"]), (&given, &json!(true)));
    // What the run took back stands among what the run did.
    let [taken_back] = deleted().try_into().unwrap();
    assert!(taken_back["correlationId"].is_string(), "{taken_back}");
    // One that succeeds replaces it, and says so.
    api.activate(&id, &[&ann]);
    api.system.drain().unwrap();
    let [left] = passes(&api, &ann).try_into().unwrap();
    assert_ne!(left["id"], given);
    assert_eq!(deleted().len(), 2);
}

#[test]
fn nobody_who_can_sign_in_already_gets_a_pass() {
    let api = Api::new();
    let id = api.workflow_of("joiner", PASS, &HOUR);
    let (phone, mail) = (new_hire(&api, "phone"), new_hire(&api, "mail"));
    let phones = format!("users/{phone}/authentication/phoneMethods");
    api.post(&phones, &json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile" })).is(201);
    let mails = format!("users/{mail}/authentication/emailMethods");
    api.post(&mails, &json!({ "emailAddress": "mail@home.example" })).is(201);
    for user in [&phone, &mail] {
        api.process(&id, user).was_refused("the user has another way to sign in already");
    }
    for name in ["lastSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSuccessfulSignInDateTime"] {
        let user = new_hire(&api, name);
        api.set(&user, &[("signInActivity", json!({ name: "2026-02-28T08:00:00Z" }))]);
        api.process(&id, &user).was_refused("the user has signed in before");
    }
    let (holder, member) = (new_hire(&api, "holder"), new_hire(&api, "member"));
    let role = json!({
        "principalId": holder, "roleDefinitionId": "fe930be7-5e62-47db-91af-98c3a49a38b1", "directoryScopeId": "/",
    });
    api.post("roleManagement/directory/roleAssignments", &role).is(201);
    api.join(&api.group_with("Admins", &[("isAssignableToRole", json!(true))]), &member);
    api.process(&id, &holder).was_refused("the user holds a directory role");
    api.process(&id, &member).was_refused("the user is a member of the role-assignable group 'Admins'");
}

#[test]
fn without_somebody_to_send_it_to_no_pass_is_issued() {
    let api = Api::new();
    let (alone, ann, boss) =
        (api.somebody("alone", &[]), api.somebody("ann", &[]), api.somebody("boss", &[]));
    api.manages(&boss, &ann);
    api.set(&boss, &[("mail", Json::Null)]);
    let to_manager = api.workflow_of("joiner", PASS, &HOUR);
    api.process(&to_manager, &alone).was_refused("the user has no manager");
    api.process(&to_manager, &ann).was_refused("the manager has no mail address");
    api.process(&api.workflow_of("joiner", PASS, &hour(&[("to", "Sponsors")])), &ann)
        .was_refused("the user has no sponsors");
    let by_id = api.workflow_of("joiner", PASS, &hour(&[("to", &boss)]));
    api.process(&by_id, &ann).was_refused("the recipient has no mail address");
    let failures = api.ask("POST", &format!("@/workflows/{by_id}/previewTaskFailures")).send().is(200);
    assert_eq!(failures["value"][0]["failureReason"], "the recipient has no mail address");
    for attribute in ["otherMails", "onPremisesExtensionAttributes/extensionAttribute7"] {
        let id = api.workflow_of("joiner", PASS, &hour(&[("to", &format!("User/{attribute}"))]));
        api.process(&id, &ann).was_refused(&format!("the user has no address in {attribute}"));
    }
}

#[test]
fn a_pass_is_sent_to_whomever_the_argument_names() {
    let api = Api::new();
    let (boss, copied) = (api.somebody("boss", &[]), api.somebody("copied", &[]));
    let addresses = [
        ("otherMails", json!(["home@example.org", "second@example.org"])),
        ("onPremisesExtensionAttributes", json!({ "extensionAttribute15": "fifteen@example.org" })),
    ];
    for (place, (to, cc, address)) in [
        ("User", Some(&copied), "u0@example.com"),
        ("manager", Some(&copied), "boss@example.com"),
        ("Sponsors", None, "copied@example.com"),
        (copied.as_str(), None, "copied@example.com"),
        ("User/otherMails", Some(&copied), "home@example.org"),
        ("user/OnPremisesExtensionAttributes/extensionAttribute15", None, "fifteen@example.org"),
    ]
    .into_iter()
    .enumerate()
    {
        let user = api.somebody(&format!("u{place}"), &addresses);
        api.manages(&boss, &user);
        api.post(&format!("users/{user}/sponsors/$ref"), &super::world::link(&copied)).is(204);
        let mut arguments = hour(&[("to", to)]);
        arguments.extend(cc.map(|cc| ("cc", cc.as_str())));
        let id = api.workflow_of("joiner", PASS, &arguments);
        api.process(&id, &user).did(&[(ISSUED, &[&user]), (SENT, &[&user])]);
        let mail = api.system.deliveries.mails().pop().unwrap();
        assert_eq!(mail.to.address, address, "{to}");
        let copies: Vec<&str> = mail.cc.iter().map(|cc| cc.address.as_str()).collect();
        assert_eq!(copies, cc.map(|_| "copied@example.com").into_iter().collect::<Vec<_>>(), "{to}");
    }
}

#[test]
fn arguments_of_a_pass_are_checked() {
    let api = Api::new();
    let refused =
        |arguments: &[(&str, &str)], named: &str| api.arguments_refused("joiner", PASS, arguments, named);
    refused(&[], "tapLifetimeMinutes");
    refused(&[HOUR[0]], "tapIsUsableOnce");
    refused(&[HOUR[1]], "tapLifetimeMinutes");
    refused(&[HOUR[0], ("tapIsUsableOnce", "once")], "tapIsUsableOnce");
    refused(&[("tapLifetimeInMinutes", "60"), HOUR[1]], "tapLifetimeInMinutes");
    for minutes in ["", "9", "43201", "-60", "1.5", "an hour"] {
        refused(&[("tapLifetimeMinutes", minutes), HOUR[1]], "tapLifetimeMinutes");
    }
    for (name, value, named) in [
        ("to", "Everybody", "to"),
        ("to", NOBODY, NOBODY),
        ("to", "User/mail", "to"),
        ("to", "Manager/otherMails", "to"),
        ("to", "User/onPremisesExtensionAttributes/extensionAttribute16", "to"),
        ("to", "User/customSecurityAttributes/Set/Name", "to"),
        ("cc", "boss", "cc"),
        ("cc", NOBODY, NOBODY),
        ("locale", "?", "locale"),
        ("customSubject", "Your pass: {{temporaryAccessPass}}", "customSubject"),
        ("customSubject", "a\r\nBcc: b@example.com", "customSubject"),
        ("customBody", "Here you are.", "customBody"),
    ] {
        refused(&hour(&[(name, value)]), named);
    }
    let ann = api.somebody("ann", &[]);
    refused(&hour(&[("to", "Sponsors"), ("cc", &ann)]), "cc");
    for minutes in ["10", "43200"] {
        api.workflow_of("joiner", PASS, &[("TAPLIFETIMEMINUTES", minutes), HOUR[1]]);
    }
}

#[test]
fn sessions_are_ended() {
    let api = Api::new();
    let ann = api.somebody("ann", &[("accountEnabled", json!(true))]);
    let from = || api.property(&ann, "signInSessionsValidFromDateTime");
    assert_eq!(from(), Json::Null);
    for (category, at) in [("leaver", "2026-03-01T09:00:00Z"), ("mover", "2026-03-01T10:00:00Z")] {
        let id = api.workflow_of(category, REVOKE, &[]);
        api.system.advance(at).unwrap();
        api.process(&id, &ann)
            .was_foretold("would end all sessions")
            .did(&[("Update StsRefreshTokenValidFrom Timestamp", &[&ann])]);
        assert_eq!(from(), at);
    }
    api.arguments_refused("leaver", REVOKE, &[("userId", &ann)], "userId");
}
