//! Whom mails come from, and texts of one's own.

use serde_json::json;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::workflow::Category;

use crate::company::{contoso, drain, person, smtp, workflow};
use crate::support::MailServer;

const WELCOME: &str = "Send welcome email";

#[test]
fn the_sender_has_the_domain_and_the_name_of_the_organisation_once_they_are_set() {
    let system = contoso();
    let mut server = MailServer::start::<&str>([]);
    let zoe = person(&system, "zoe", None, &[]).id;
    let own = [("customSubject", "Hi {{userDisplayName}}"), ("customBody", "Hello.")];
    let workflow = workflow(&system, Category::Joiner, WELCOME, &own);
    let domain = |domain: Option<&str>, branding: bool| SettingsPatch {
        sender_domain: Some(domain.map(str::to_owned)),
        use_company_branding: Some(branding),
        ..SettingsPatch::default()
    };
    let cautions = "Caution: ";
    for (patch, from, has_caution, is_branded) in [
        (domain(None, false), ("People team", "people@example.com"), true, false),
        (domain(Some("contoso.com"), false), ("People team", "people@contoso.com"), false, false),
        (domain(Some("contoso.com"), true), ("Contoso", "people@contoso.com"), false, true),
        (domain(None, true), ("Contoso", "people@example.com"), false, true),
    ] {
        system.lifecycle.update_settings(&system.caller, &patch).unwrap();
        system.activate(&workflow, &[zoe]).unwrap();
        drain(&system, &smtp(&system, server.port));
        let arrived = server.next();
        assert_eq!(arrived["sender"], from.1, "bounces go where the mail says it comes from");
        assert_eq!(arrived["mail"]["from"], json!([[from.0, from.1]]));
        assert_eq!(arrived["mail"]["subject"], "Hi zoe");
        let text = arrived["mail"]["text"].as_str().unwrap();
        assert!(text.starts_with("Hello.\n"), "{text}");
        assert_eq!(text.contains(cautions), has_caution, "{patch:?}: {text}");
        let html = arrived["mail"]["html"].as_str().unwrap();
        assert_eq!(html.contains("<p><strong>Contoso</strong></p>"), is_branded, "{patch:?}: {html}");
    }
}

#[test]
fn what_stands_in_attributes_breaks_out_of_nothing() {
    let system = contoso();
    let mut server = MailServer::start::<&str>([]);
    let department = "<script>alert(1)</script> {{user.jobTitle}} & \"Co\"";
    let zoe = person(&system, "zoe", None, &[("department", department), ("jobTitle", "Clerk")]).id;
    let body = "Dear <b>{{userDisplayName}}</b>,\r\nyou are in {{user.department}}.\n\n<a href=x>Go</a> {{user.customSecurityAttributes/A/B}}{{nonsense}}";
    let own = [("customSubject", "In {{ user.department }}"), ("customBody", body)];
    let workflow = workflow(&system, Category::Joiner, WELCOME, &own);
    system.activate(&workflow, &[zoe]).unwrap();
    drain(&system, &smtp(&system, server.port));
    let mail = server.next()["mail"].clone();
    assert_eq!(mail["subject"], format!("In {department}"));
    let text = mail["text"].as_str().unwrap();
    assert!(
        text.starts_with(&format!(
            "Dear zoe,\nyou are in {department}.\n\n<a href=x>Go</a> {{{{nonsense}}}}\n"
        )),
        "{text}"
    );
    let html = mail["html"].as_str().unwrap();
    let said = "<p>Dear <b>zoe</b>,<br>\nyou are in &lt;script&gt;alert(1)&lt;/script&gt; {{user.jobTitle}} &amp; \
                &quot;Co&quot;.</p>\n<p>&lt;a href=x&gt;Go&lt;/a&gt; {{nonsense}}</p>\n";
    assert!(html.contains(said), "{html}");
}
