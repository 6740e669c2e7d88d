//! `tenure serve`

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::harness::{Done, Server, tenure_in};
use crate::sample;

#[test]
fn the_token_is_there_closed_to_others_and_opens_the_door() {
    let server = Server::start();
    let mode = |path: &str| std::fs::metadata(server.data.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("admin-token"), mode("tenure.db")), (0o700, 0o600, 0o600));
    let text = std::fs::read_to_string(server.data.join("admin-token")).unwrap();
    assert!(text.ends_with('\n') && text.lines().count() == 1);
    assert_eq!(server.get("/v1.0/users").0, 200);
    assert!(!server.log().contains(text.trim()));
}

#[test]
fn a_token_file_that_was_deleted_comes_back_with_another_token() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let first = server.token();
    assert!(server.stop().success());
    let server = Server::start_in(folder.path(), &[]);
    assert_eq!(server.token(), first, "a token that is there is kept");
    assert!(server.stop().success());

    std::fs::remove_file(folder.path().join("tenure-data/admin-token")).unwrap();
    let server = Server::start_in(folder.path(), &[]);
    assert_ne!(server.token(), first);
    let old = Done::of(server.command(&["directory", "status"]).env("TENURE_TOKEN", &first));
    assert_eq!(old.code, 0, "the old one is good until it is revoked: {old:?}");
}

#[test]
fn a_second_process_is_refused() {
    let server = Server::start();
    let second = Done::of(&mut tenure_in(
        &server.folder,
        &["serve", "--listen", "127.0.0.1:0", "--data", "tenure-data"],
    ));
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.err.contains("another process is using the data directory"), "{second:?}");
    assert_eq!(server.get("/v1.0/users").0, 200, "the first one goes on");
}

#[test]
fn an_address_that_others_reach_is_refused_unless_tls_ends_before_us() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Done::of(&mut tenure_in(folder.path(), &["serve", "--listen", "0.0.0.0:0"]));
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("--behind-proxy"), "{refused:?}");
    assert!(!folder.path().join("tenure-data").exists(), "nothing is made");

    let server = Server::start_with(&["--behind-proxy"]);
    assert_eq!(server.get("/v1.0/users").0, 200);
}

#[test]
fn an_address_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let refused = Done::of(&mut tenure_in(folder.path(), &["serve", "--listen", &address]));
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains(&address), "{refused:?}");
}

#[test]
fn it_stops_when_asked_and_what_it_said_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let user = sample::user(&server, "ada", None);
    assert!(server.stop().success());
    let server = Server::start_in(folder.path(), &[]);
    assert_eq!(server.get(&format!("/v1.0/users/{user}")).0, 200);
    server.kill();
    let server = Server::start_in(folder.path(), &[]);
    assert_eq!(server.get(&format!("/v1.0/users/{user}")).0, 200);
}

#[test]
fn the_configuration_is_read_and_its_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tenure.toml"), "[limits]\ntasksPerWorkflow = 2\n").unwrap();
    let server = Server::start_in(folder.path(), &[]);
    let group = sample::group(&server, "sales");
    let (status, error) = server.post(
        "/v1.0/identityGovernance/lifecycleWorkflows/workflows",
        &json!({
            "category": "joiner",
            "displayName": "Too long",
            "isEnabled": true,
            "isSchedulingEnabled": false,
            "executionConditions": {
                "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly"
            },
            "tasks": (1..=3).map(|n| json!({
                "displayName": format!("Add {n}"),
                "taskDefinitionId": "22085229-5809-45e8-97fd-270d28d66910",
                "isEnabled": true,
                "arguments": [{ "name": "groupID", "value": group }]
            })).collect::<Vec<_>>()
        }),
    );
    assert_eq!(status, 400, "{error}");
    drop(server);

    for (text, named) in [
        ("colour = 1", "colour"),
        ("[limits]\ncatchup = 1", "catchup"),
        ("listen = ", "tenure.toml"),
        ("[mail]\nhost = \"localhost\"\nfrom = \"nobody\"", "nobody"),
    ] {
        std::fs::write(folder.path().join("tenure.toml"), text).unwrap();
        let refused = Done::of(&mut tenure_in(folder.path(), &["serve", "--listen", "127.0.0.1:0"]));
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(named), "{refused:?}");
    }
}

#[test]
fn a_clock_that_stands_is_moved_by_hand_and_runs_what_falls_due() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &["--now", "2026-03-01"]);
    let group = sample::group(&server, "sales");
    let workflow = sample::joiner(&server, "First day", &group, 0, true);
    let ada = sample::user(&server, "ada", Some("ada@example.com"));
    let patched = server.post("/v1.0/users", &json!({
        "displayName": "Bo", "userPrincipalName": "bo@example.com", "mailNickname": "bo", "mail": "bo@example.com",
        "accountEnabled": false, "department": "Sales", "employeeHireDate": "2026-03-05T08:00:00Z",
    }));
    assert_eq!(patched.0, 201, "{}", patched.1);

    let (status, answer) = server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-10T00:00:00Z" }));
    assert!((200..300).contains(&status), "{status} {answer}");
    let results = server.tenure(&["result", "list", "--workflow", &workflow, "--json"]).json();
    let results = results["value"].as_array().unwrap();
    assert_eq!(results.len(), 1, "{results:?}");
    assert_eq!(results[0]["subject"]["userPrincipalName"], "bo@example.com");
    assert_eq!(results[0]["processingStatus"], "completed");
    assert!(results[0]["scheduledDateTime"].as_str().unwrap().starts_with("2026-03-05T08:00:00"));
    assert_eq!(std::fs::read_dir(server.data.join("outbox")).unwrap().count(), 1);
    let (_, known) = server.get(&format!("/v1.0/users/{ada}?$select=accountEnabled"));
    assert_eq!(known["accountEnabled"], false);
    assert!(server.stop().success());

    // Without --now the directory stays one that sends nothing outside, whatever the configuration says.
    let mail = "[mail]\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nfrom = \"hr@example.com\"\n";
    std::fs::write(folder.path().join("tenure.toml"), mail).unwrap();
    let server = Server::start_in(folder.path(), &[]);
    assert!(server.log().contains("sends nothing outside"), "{}", server.log());
    assert_eq!(server.tenure(&["workflow", "run", &workflow, "--user", "ada@example.com"]).code, 0);
    let failed = server.wait_for(
        &format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}/userProcessingResults"),
        |found| {
            found["value"].as_array().is_some_and(|all| {
                all.iter().filter(|one| one["processingStatus"] == "completed").count() == 2
            })
        },
    );
    assert_eq!(failed["value"].as_array().unwrap().len(), 2);
    assert_eq!(std::fs::read_dir(server.data.join("outbox")).unwrap().count(), 2);
}

#[test]
fn when_the_clock_was_moved_everything_due_is_done() {
    let server = Server::start_with(&["--now", "2026-03-01"]);
    let group = sample::group(&server, "sales");
    let workflow = sample::joiner(&server, "First day", &group, 0, true);
    let rows: Vec<String> = (1..=1_200).map(|n| format!("{n},Person {n},Sales,2026-03-02\n")).collect();
    std::fs::write(server.folder.join("p.csv"), format!("Id,Name,Department,Start\n{}", rows.concat()))
        .unwrap();
    let map = "feed = \"hr\"\n[columns]\nemployeeId = \"Id\"\ndisplayName = \"Name\"\n\
               userPrincipalName = \"p{Id}@example.com\"\nmail = \"p{Id}@example.com\"\n\
               department = \"Department\"\nemployeeHireDate = \"Start\"\n";
    std::fs::write(server.folder.join("p.toml"), map).unwrap();
    assert_eq!(server.tenure(&["directory", "import", "p.csv"]).code, 0);
    let (status, answer) = server.post("/v1.0/tenure.advanceClock", &json!({ "to": "2026-03-02T00:00:00Z" }));
    assert_eq!(status, 204, "{answer}");
    let runs = server.tenure(&["run", "list", &workflow, "--json"]).json();
    assert_eq!(runs["value"][0]["processingStatus"], "completed", "{runs}");
    assert_eq!(runs["value"][0]["successfulUsersCount"], 1_200);
    assert_eq!(std::fs::read_dir(server.data.join("outbox")).unwrap().count(), 1_200);
}
