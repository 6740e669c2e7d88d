//! What stands in mails: texts of one's own, what is filled into them, and what surrounds them.

use serde_json::{Value as Json, json};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::operations::Organization;
use tenure_testkit::System;

use super::mails::{MOVED, WELCOME};
use super::sign_in::{HOUR, PASS};
use crate::api::{Api, NOW};

/// Somebody of whom everything is known, with a manager.
fn world(api: &Api) -> String {
    let attributes = [
        ("displayName", json!("Ann Lee")),
        ("givenName", json!("Ann")),
        ("surname", json!("Lee")),
        ("employeeHireDate", json!("2026-03-09T23:30:00Z")),
        ("employeeLeaveDateTime", json!("2027-12-31T00:00:00Z")),
        ("employeeType", json!("Intern")),
        ("department", json!("Sales")),
        ("companyName", json!("Contoso")),
        ("jobTitle", json!("Clerk")),
        ("employeeOrgData", json!({ "costCenter": "C-17", "division": "North" })),
        (
            "onPremisesExtensionAttributes",
            json!({ "extensionAttribute1": "one", "extensionAttribute15": "fifteen" }),
        ),
    ];
    let (ann, boss) =
        (api.somebody("ann", &attributes), api.somebody("boss", &[("displayName", json!("Bo Roe"))]));
    api.manages(&boss, &ann);
    ann
}

/// The mail that a task sends.
fn mail(api: &Api, category: &str, definition: &str, arguments: &[(&str, &str)], user: &str) -> Mail {
    let before = api.system.deliveries.mails().len();
    let came = api.run_for(&api.workflow_of(category, definition, arguments), user);
    assert_eq!(came.status, "completed", "{came:#?}");
    let mut mails = api.system.deliveries.mails().split_off(before);
    assert_eq!(mails.len(), 1);
    mails.remove(0)
}

const PLACEHOLDERS: [(&str, &str); 25] = [
    ("userDisplayName", "Ann Lee"),
    ("userGivenName", "Ann"),
    ("userSurname", "Lee"),
    ("userPrincipalName", "ann@example.com"),
    ("userEmployeeHireDate", "2026-03-09"),
    ("userEmployeeLeaveDateTime", "2027-12-31"),
    ("managerDisplayName", "Bo Roe"),
    ("managerEmail", "boss@example.com"),
    ("user.displayName", "Ann Lee"),
    ("user.givenName", "Ann"),
    ("user.userPrincipalName", "ann@example.com"),
    ("user.employeeHireDate", "2026-03-09"),
    ("user.employeeLeaveDateTime", "2027-12-31"),
    ("user.createdDateTime", "2026-03-01"),
    ("user.employeeType", "Intern"),
    ("user.department", "Sales"),
    ("user.companyName", "Contoso"),
    ("user.jobTitle", "Clerk"),
    ("user.employeeOrgData/costCenter", "C-17"),
    ("user.employeeOrgData/division", "North"),
    ("user.onPremisesExtensionAttributes/extensionAttribute1", "one"),
    ("user.onPremisesExtensionAttributes/extensionAttribute15", "fifteen"),
    // Not set.
    ("user.onPremisesExtensionAttributes/extensionAttribute2", ""),
    // Nobody knows these.
    ("user.shoeSize", "{{user.shoeSize}}"),
    ("temporaryAccessPass", "{{temporaryAccessPass}}"),
];

#[test]
fn dynamic_attributes_of_both_forms_are_filled_in() {
    let api = Api::new();
    let ann = world(&api);
    for chunk in PLACEHOLDERS.chunks(9) {
        let template: Vec<String> = chunk.iter().map(|(name, _)| format!("[{{{{{name}}}}}]")).collect();
        let filled: Vec<String> = chunk.iter().map(|(_, value)| format!("[{value}]")).collect();
        let (template, filled) = (template.join(" "), filled.join(" "));
        let arguments = [("customSubject", template.as_str()), ("customBody", &template)];
        for (category, definition) in [("joiner", WELCOME), ("mover", MOVED)] {
            let mail = mail(&api, category, definition, &arguments, &ann);
            assert_eq!(mail.subject, filled);
            assert!(mail.text.starts_with(&filled), "{}", mail.text);
            assert!(mail.html.contains(&format!("<p>{filled}</p>")), "{}", mail.html);
        }
    }
}

#[test]
fn the_pass_stands_where_the_text_wants_it() {
    let api = Api::new();
    let ann = world(&api);
    let body = "{{ temporaryAccessPass }} is for {{managerDisplayName}} and {{user.givenName}}: {{temporaryAccessPass}}";
    let arguments = [HOUR[0], HOUR[1], ("customBody", body), ("customSubject", "For {{userGivenName}}")];
    let mail = mail(&api, "joiner", PASS, &arguments, &ann);
    let (pass, rest) = mail.text.split_once(' ').unwrap();
    assert_eq!(pass.len(), 12);
    assert!(rest.starts_with(&format!("is for Bo Roe and Ann: {pass}")), "{rest}");
    assert_eq!(mail.html.matches(pass).count(), 2);
    assert_eq!(mail.subject, "For Ann");
}

#[test]
fn texts_of_ones_own_are_never_translated_and_hold_little_markup() {
    let api = Api::new();
    let ann = world(&api);
    api.set(&ann, &[("preferredLanguage", json!("ja"))]);
    let body = "<b>Hi</b> <i>there</i>, <U>Ann</U> & co\nnext line\n\nnext paragraph\n<script>x</script> <b onclick='x'>y</b> <a href=\"https://x\">z</a>";
    let arguments = [("customSubject", "Day one"), ("customBody", body), ("locale", "fr-fr")];
    let mail = mail(&api, "joiner", WELCOME, &arguments, &ann);
    assert_eq!(mail.subject, "Day one");
    assert!(
        mail.html.contains(
            "<p><b>Hi</b> <i>there</i>, <u>Ann</u> &amp; co<br>\nnext line</p>\n<p>next paragraph<br>\n\
             &lt;script&gt;x&lt;/script&gt; &lt;b onclick=&#39;x&#39;&gt;y \
             &lt;a href=&quot;https://x&quot;&gt;z&lt;/a&gt;</p>"
        ),
        "{}",
        mail.html
    );
    assert!(mail.text.starts_with("Hi there, Ann & co\nnext line\n\nnext paragraph\n"), "{}", mail.text);
    // A subject of one's own alone leaves the body as it is built in.
    let mail = self::mail(&api, "joiner", WELCOME, &[("customSubject", "Day one")], &ann);
    assert_eq!(mail.subject, "Day one");
    assert!(mail.html.contains("lang=\"ja\"") && mail.text.contains("Ann Lee"), "{}", mail.text);
}

#[test]
fn what_people_are_called_cannot_change_a_mail() {
    let api = Api::new();
    let ann = world(&api);
    let evil = [
        ("displayName", json!("<script>alert(1)</script>{{temporaryAccessPass}}")),
        ("givenName", json!("Ann\r\nBcc: evil@example.com\r\n\r\n<b>")),
        ("surname", json!("\u{1}temporaryAccessPass\u{1}")),
        ("department", json!("{{user.jobTitle}}{{temporaryAccessPass}}")),
        ("jobTitle", json!("</p><img src=x onerror=\"x\">\u{1}temporaryAccessPass\u{1}\u{2028}\u{7f}\u{85}")),
    ];
    api.set(&ann, &evil);
    let own = "{{userDisplayName}}|{{userGivenName}}|{{userSurname}}|{{user.department}}|{{user.jobTitle}}";
    let body = format!("{own}|{{{{temporaryAccessPass}}}}");
    for arguments in
        [vec![HOUR[0], HOUR[1]], vec![HOUR[0], HOUR[1], ("customSubject", own), ("customBody", &body)]]
    {
        let mail = mail(&api, "joiner", PASS, &arguments, &ann);
        let is_pass = |word: &&str| {
            word.len() == 12 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        let found: Vec<&str> = mail.text.split(['|', ' ', '\n']).filter(is_pass).collect();
        let [pass] = found.as_slice() else { panic!("{found:?}: {}", mail.text) };
        assert_eq!((mail.html.matches(pass).count(), mail.subject.contains(pass)), (1, false));
        for html in ["<script", "<img", "<b>", "</p><i", "onerror=\""] {
            assert!(!mail.html.contains(html), "{html}: {}", mail.html);
        }
        assert!(
            mail.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{temporaryAccessPass}}"),
            "{}",
            mail.html
        );
        // A value is no line of its own, and no header.
        assert!(!mail.subject.chars().any(char::is_control), "{:?}", mail.subject);
        assert!(mail.text.lines().all(|line| !line.starts_with("Bcc:")), "{}", mail.text);
        for part in [&mail.text, &mail.html] {
            assert!(!part.chars().any(|c| c.is_control() && c != '\n'), "{part:?}");
        }
    }
    // Nor can they be in a name beside an address.
    let boss =
        api.all("users?$filter=startsWith(displayName,'Bo')").remove(0)["id"].as_str().unwrap().to_owned();
    api.patch(&format!("users/{boss}"), &json!({ "displayName": "a\r\nBcc: b@example.com" }))
        .refused(400, "displayName");
}

fn settings(api: &Api, domain: Json, branding: bool) {
    let body = json!({ "emailSettings": { "senderDomain": domain, "useCompanyBranding": branding } });
    api.patch("@/settings", &body).is(204);
}

#[test]
fn a_text_of_ones_own_is_warned_of_unless_the_sender_is_known() {
    let api = Api::new();
    let ann = world(&api);
    let own = [("customBody", "Click here")];
    for (domain, branding, is_warned) in [
        (Json::Null, false, true),
        (json!("contoso.com"), false, false),
        (Json::Null, true, false),
        (json!("contoso.com"), true, false),
    ] {
        settings(&api, domain.clone(), branding);
        let sent = mail(&api, "joiner", WELCOME, &own, &ann);
        for part in [&sent.text, &sent.html] {
            assert_eq!(part.contains("Caution: "), is_warned, "{domain} {branding}: {part}");
        }
        let built_in = mail(&api, "joiner", WELCOME, &[("customSubject", "Click here")], &ann);
        assert!(!built_in.text.contains("Caution: "), "{}", built_in.text);
    }
    // It is said so that the reader understands it.
    settings(&api, Json::Null, false);
    api.set(&ann, &[("preferredLanguage", json!("de-DE"))]);
    assert!(mail(&api, "joiner", WELCOME, &own, &ann).text.contains("Vorsicht: "));
}

#[test]
fn the_settings_say_whom_mails_come_from() {
    let organization = Organization { display_name: "Contoso & <Sons>".to_owned(), verified_domains: vec![] };
    let system =
        System::at(NOW).unwrap().set_up(|lifecycle| lifecycle.with_organization(organization)).unwrap();
    let api = Api::of(system, |_| None);
    let ann = world(&api);
    for (category, definition, arguments) in [
        ("joiner", WELCOME, vec![]),
        ("mover", MOVED, vec![("customBody", "x")]),
        ("joiner", PASS, HOUR.to_vec()),
    ] {
        settings(&api, Json::Null, false);
        let plain = mail(&api, category, definition, &arguments, &ann);
        assert_eq!((plain.sender_domain, plain.sender_name), (None, None));
        assert!(plain.text.contains("on behalf of Contoso & <Sons>."), "{}", plain.text);
        assert_eq!(plain.html.matches("Contoso &amp; &lt;Sons&gt;").count(), 1);
        settings(&api, json!("mail.contoso.com"), true);
        let branded = mail(&api, category, definition, &arguments, &ann);
        assert_eq!(branded.sender_domain.as_deref(), Some("mail.contoso.com"));
        assert_eq!(branded.sender_name.as_deref(), Some("Contoso & <Sons>"));
        assert!(
            branded.html.contains("<p><strong>Contoso &amp; &lt;Sons&gt;</strong></p>"),
            "{}",
            branded.html
        );
    }
}

#[test]
fn a_mail_that_grows_without_bound_is_refused() {
    let api = Api::new();
    let ann = world(&api);
    api.set(&ann, &[("jobTitle", json!("<".repeat(4_000)))]);
    let body = "{{user.jobTitle}}".repeat(3_000);
    let id = api.workflow_of("joiner", WELCOME, &[("customBody", &body)]);
    let refusal = "the mail would be longer than 262144 bytes: customBody repeats long attributes too often";
    api.process(&id, &ann).was_refused(refusal);
    let id = api.workflow_of("joiner", WELCOME, &[("customBody", "{{user.jobTitle}}")]);
    api.process(&id, &ann);
    assert_eq!(api.system.deliveries.mails().len(), 1);
}
