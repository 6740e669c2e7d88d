//! `tenure mail preview`

use std::path::Path;

use serde_json::json;

use crate::harness::Server;
use crate::sample;

const FROM: &str = "[organization]\ndisplayName = \"Contoso\"\n[mail]\nhost = \"127.0.0.1\"\nport = 1\ntls = \"none\"\n\
                    from = \"People team <people@example.com>\"\n";

fn configured(folder: &Path) {
    std::fs::write(folder.join("tenure.toml"), FROM).unwrap();
}

#[test]
fn a_mail_of_a_workflow_is_shown_as_it_would_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    configured(folder.path());
    let server = Server::start_in(folder.path(), &[]);
    let group = sample::group(&server, "sales");
    let workflow = sample::joiner(&server, "First day", &group, 0, false);
    let ada = sample::user(&server, "ada", Some("ada@example.com"));
    sample::user(&server, "bo", None);

    let path = format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}/tasks");
    let task = server.get(&path).1["value"][2]["id"].as_str().unwrap().to_owned();
    for arguments in [
        ["First day", "send WELCOME email", "ada@example.com"],
        [&workflow, &task, &ada],
        ["First day", "3", &ada],
    ] {
        let shown = server.tenure(&[&["mail", "preview"], &arguments[..]].concat());
        assert_eq!(shown.code, 0, "{shown:?}");
        let lines: Vec<&str> = shown.out.lines().collect();
        assert_eq!(
            lines[..5],
            [
                "from     People team <people@example.com>",
                "to       ada <ada@example.com>",
                "subject  Welcome, ada",
                "",
                "Hello ada,"
            ]
        );
        assert!(shown.out.contains("on behalf of Contoso"), "{shown:?}");
    }
    let of_ada = ["mail", "preview", "First day", "3", "ada@example.com"];
    let german = server.tenure(&[&of_ada[..], &["--locale", "de-DE"]].concat());
    assert!(german.out.contains("Hallo ada,") || german.out.contains("Guten Tag ada,"), "{german:?}");
    let html = server.tenure(&[&of_ada[..], &["--html"]].concat());
    assert!(html.out.contains("<!doctype html>\n<html lang=\"en\">"), "{html:?}");
    let document = server.tenure(&[&of_ada[..], &["--json"]].concat()).json();
    assert_eq!(document["value"][0]["to"]["address"], "ada@example.com");

    let refused = server.tenure(&["mail", "preview", "First day", "3", "bo@example.com"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused:?}");
    assert!(refused.err.contains("the user has no mail address"), "{refused:?}");
    for (arguments, said) in [
        (["First day", "1", "ada@example.com"], "sends no mail"),
        (["First day", "4", "ada@example.com"], "'4'"),
        (["Nothing", "3", "ada@example.com"], "'Nothing'"),
        (["First day", "3", "eve@example.com"], "eve@example.com"),
    ] {
        let refused = server.tenure(&[&["mail", "preview"], &arguments[..]].concat());
        assert!(refused.code == 1 && refused.err.contains(said), "{arguments:?}: {refused:?}");
    }
    let odd = server.tenure(&[&of_ada[..], &["--locale", "no such thing"]].concat());
    assert!(odd.code == 1 && odd.err.contains("'locale'"), "{odd:?}");
    assert!(!server.data.join("outbox").exists(), "nothing is sent");
}

#[test]
fn built_in_texts_are_shown_without_a_workflow() {
    let server = Server::start();
    let ada = sample::user(&server, "ada", Some("ada@example.com"));
    let bo = sample::user(&server, "bo", Some("bo@example.com"));
    let welcome = ["mail", "preview", "--kind", "send welcome EMAIL", "ada@example.com"];
    let shown = server.tenure(&welcome);
    assert!(shown.out.contains("Welcome, ada") && shown.out.contains("tenure@localhost"), "{shown:?}");
    let copied = format!("cc={bo}");
    let own = ["--argument", "customBody=Hi <i>{{userDisplayName}}</i>", "--argument", &copied];
    let shown = server.tenure(&[&welcome[..], &own].concat());
    assert!(
        shown.out.contains("\nHi ada\n") && shown.out.contains("cc       bo <bo@example.com>"),
        "{shown:?}"
    );

    let pass = ["mail", "preview", "--kind", "Generate TAP and send email", "ada@example.com"];
    let settings = ["--argument", "tapLifetimeMinutes=60", "--argument", "tapIsUsableOnce=false"];
    let refused = server.tenure(&pass);
    assert!(refused.code == 1 && refused.err.contains("tapLifetimeMinutes"), "{refused:?}");
    let refused = server.tenure(&[&pass[..], &settings].concat());
    assert!(refused.code == 1 && refused.err.contains("no manager"), "{refused:?}");
    let shown = server.tenure(&[&pass[..], &settings, &["--argument", "to=User"]].concat());
    assert!(shown.code == 0 && shown.out.contains("••••••••"), "{shown:?}");

    let near = server.tenure(&["mail", "preview", "--kind", "Send email before user's last day", &ada]);
    assert!(near.code == 1 && near.err.contains("no manager"), "{near:?}");
    let nobody = ["mail", "preview", "--kind", "Send email to co-sponsors about sponsor changes", &ada];
    let shown = server.tenure(&nobody);
    assert!(shown.code == 0 && shown.out.contains("No mail would be sent."), "{shown:?}");
    assert_eq!(server.tenure(&[&nobody[..], &["--json"]].concat()).json()["value"], json!([]));
    let unknown = server.tenure(&["mail", "preview", "--kind", "Send flowers", &ada]);
    assert!(unknown.code == 1 && unknown.err.contains("'Send flowers'"), "{unknown:?}");
}
