//! On a copy of a data directory: the original and whoever serves it notice nothing.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::files::{WELCOME, joiner, leaver, told, workflow};
use crate::harness::{Done, Server, tenure_in};

const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";

fn person(server: &Server, name: &str, first: &str, last: Option<&str>) -> String {
    let document = json!({
        "displayName": name, "userPrincipalName": format!("{name}@example.com"), "userType": "Member",
        "mail": format!("{name}@example.com"), "accountEnabled": false, "employeeHireDate": first,
        "employeeLeaveDateTime": last,
    });
    server.create("/v1.0/users", &document)
}

/// Plays on a copy.
fn play(folder: &Path, data: &Path, from: &str, to: &str, more: &[&str]) -> Done {
    let arguments = ["simulate", "--data", data.to_str().unwrap(), "--from", from, "--to", to, "--json"];
    Done::of(&mut tenure_in(folder, &[&arguments, more].concat()))
}

/// The files of a directory and of those below it, with what is in them.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
            found.insert(name, Vec::new());
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// What the server says of everything that a play could have changed.
fn dump(server: &Server) -> Vec<Json> {
    ["/v1.0/users", "/v1.0/groups", "/v1.0/auditLogs/directoryAudits", WORKFLOWS]
        .map(|path| {
            let (status, document) = server.get(&format!("{path}?$top=999"));
            assert_eq!(status, 200, "{document}");
            document
        })
        .to_vec()
}

#[test]
fn a_server_that_runs_is_not_disturbed_and_nothing_goes_outside() {
    let folder = TempDir::new().unwrap();
    let mail = TcpListener::bind("127.0.0.1:0").unwrap();
    mail.set_nonblocking(true).unwrap();
    let configuration = format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"people@example.com\"\n",
        mail.local_addr().unwrap().port()
    );
    fs::write(folder.path().join("tenure.toml"), configuration).unwrap();
    let server = Server::start_in(folder.path(), &[]);
    server.create(WORKFLOWS, &workflow("Welcome", "joiner", "employeeHireDate", WELCOME));
    server.create(WORKFLOWS, &leaver());
    person(&server, "ann", "2097-03-02T00:00:00Z", Some("2097-03-20T00:00:00Z"));
    person(&server, "bo", "2098-03-03T00:00:00Z", None);
    let before = (dump(&server), files(&server.data).into_keys().collect::<Vec<_>>());

    let played = play(folder.path(), &server.data, "2097-03-01", "2097-03-31", &[]);
    let document = played.json();
    assert_eq!(told(&document), ["2097-03-02 Welcome ann completed", "2097-03-20 Leave ann completed"]);
    assert_eq!(document["totals"]["mails"], 1);

    assert_eq!((dump(&server), files(&server.data).into_keys().collect::<Vec<_>>()), before);
    assert!(mail.accept().is_err(), "nobody was mailed");
    assert!(!server.data.join("outbox").exists());
    // It still writes, and by itself.
    person(&server, "cy", "2020-01-01T00:00:00Z", None);
    assert_eq!(server.get("/v1.0/users").1["value"].as_array().unwrap().len(), 3);
    assert!(server.stop().success());
}

#[test]
fn a_directory_that_nobody_serves_stays_byte_for_byte_as_it_is() {
    let folder = TempDir::new().unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01T08:00:00Z"]);
    let group = server.create(
        "/v1.0/groups",
        &json!({
            "displayName": "Staff", "mailEnabled": false, "mailNickname": "staff", "securityEnabled": true,
        }),
    );
    server.create(WORKFLOWS, &joiner());
    let ann = person(&server, "ann", "2026-03-02T00:00:00Z", None);
    let link = json!({ "@odata.id": format!("https://x/users/{ann}") });
    assert_eq!(server.post(&format!("/v1.0/groups/{group}/members/$ref"), &link).0, 204);
    let data = server.data.clone();
    assert!(server.stop().success());
    let before = files(&data);
    let document = play(folder.path(), &data, "2026-03-01", "2026-03-03", &[]).json();
    assert_eq!(told(&document), ["2026-03-02 Join ann completed"]);
    assert_eq!(files(&data), before);

    // So does one whose server was killed: what is only in its log is copied too.
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01T08:00:00Z"]);
    person(&server, "bo", "2026-03-03T00:00:00Z", None);
    server.kill();
    let database = |files: &BTreeMap<String, Vec<u8>>| {
        let of = |name: &str| files.get(name).cloned().unwrap_or_default();
        (of("tenure.db"), of("tenure.db-wal"), files.keys().cloned().collect::<Vec<_>>())
    };
    let before = database(&files(&data));
    assert!(!before.1.is_empty());
    let document = play(folder.path(), &data, "2026-03-01", "2026-03-03", &[]).json();
    assert_eq!(told(&document), ["2026-03-02 Join ann completed", "2026-03-03 Join bo completed"]);
    assert_eq!(database(&files(&data)), before);
}

#[test]
fn a_copy_that_is_kept_is_another_store() {
    let folder = TempDir::new().unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01T08:00:00Z"]);
    let workflow = server.create(WORKFLOWS, &joiner());
    person(&server, "ann", "2026-03-01T08:00:00Z", None);
    person(&server, "bo", "2026-03-02T00:00:00Z", None);
    assert_eq!(server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-01T09:00:00Z" })).0, 204);
    let runs = |server: &Server| -> Vec<String> {
        let (_, runs) = server.get(&format!("{WORKFLOWS}/{workflow}/runs"));
        let ids = runs["value"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let original = runs(&server);
    let document =
        play(folder.path(), &server.data, "2026-03-01", "2026-03-03", &["--keep", "kept/copy"]).json();
    assert_eq!(told(&document), ["2026-03-02 Join bo completed"], "ann's occasion is used");
    assert_eq!(document["kept"], "kept/copy");
    // The original has its second run under an id of its own.
    assert_eq!(server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-02T09:00:00Z" })).0, 204);
    let now = runs(&server);

    let elsewhere = TempDir::new().unwrap();
    fs::rename(folder.path().join("kept/copy"), elsewhere.path().join("tenure-data")).unwrap();
    let kept = Server::start_in(elsewhere.path(), &["--now", "2026-03-04T00:00:00Z"]);
    let copied = runs(&kept);
    assert_eq!((original.len(), now.len(), copied.len()), (1, 2, 2));
    assert_eq!(copied[1], original[0], "what was there before is as it was");
    assert_ne!(copied[0], now[0]);
    for (server, foreign) in [(&server, &copied[0]), (&kept, &now[0])] {
        assert_eq!(server.get(&format!("{WORKFLOWS}/{workflow}/runs/{foreign}")).0, 404);
    }
    assert_eq!(kept.get("/v1.0/tenure.status").1["simulated"], true);

    // It is kept where nothing is.
    fs::create_dir_all(folder.path().join("full")).unwrap();
    fs::write(folder.path().join("full/file"), "x").unwrap();
    let refused = play(folder.path(), &server.data, "2026-03-01", "2026-03-03", &["--keep", "full"]);
    assert!(refused.code == 1 && refused.err.contains("is not empty"), "{refused:?}");
}

#[test]
fn time_can_go_back_and_what_was_done_stays_done() {
    let folder = TempDir::new().unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-10T00:00:00Z"]);
    server.create(WORKFLOWS, &joiner());
    for (name, first) in [
        ("early", "2026-03-02T00:00:00Z"),
        ("done", "2026-03-09T00:00:00Z"),
        ("later", "2026-03-12T00:00:00Z"),
    ] {
        person(&server, name, first, None);
    }
    assert_eq!(server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-11T00:00:00Z" })).0, 204);
    let document = play(folder.path(), &server.data, "2026-03-01", "2026-03-31", &[]).json();
    assert_eq!(told(&document), ["2026-03-02 Join early completed", "2026-03-12 Join later completed"]);
}

#[test]
fn another_version_of_a_workflow_can_be_tried() {
    let folder = TempDir::new().unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01T00:00:00Z"]);
    server.create(WORKFLOWS, &joiner());
    person(&server, "ann", "2026-03-05T00:00:00Z", None);
    let mut earlier = joiner();
    earlier["executionConditions"]["trigger"]["offsetInDays"] = json!(-2);
    fs::create_dir(folder.path().join("new")).unwrap();
    fs::write(folder.path().join("new/join.json"), earlier.to_string()).unwrap();
    let document =
        play(folder.path(), &server.data, "2026-03-01", "2026-03-31", &["--workflows", "new"]).json();
    assert_eq!(told(&document), ["2026-03-03 Join ann completed"]);
    assert_eq!(server.get(WORKFLOWS).1["value"][0]["version"], 1);
}
