//! A server whose files may not grow any more, as on a disk that is full: it says so, keeps what it has acknowledged, and
//! goes on by itself when there is room again.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod harness;

use std::process::Command;

use harness::Server;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value as Json, json};

const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";

/// How large a file of the server may become.
fn bound(server: &Server, bytes: &str) {
    let limit = format!("--fsize={bytes}:unlimited");
    let done = Command::new("prlimit").args(["--pid", &server.pid().to_string(), &limit]).status().unwrap();
    assert!(done.success());
}

fn person(server: &Server, number: usize) -> (u16, Json) {
    let name = format!("p{number}");
    let document = json!({
        "displayName": name, "userPrincipalName": format!("{name}@example.com"), "mailNickname": name,
        "accountEnabled": false, "jobTitle": "x".repeat(100), "passwordProfile": { "password": "not kept at all" }
    });
    server.post("/v1.0/users", &document)
}

fn ask<T: rusqlite::types::FromSql>(server: &Server, sql: &str) -> T {
    let path = server.data.join("tenure.db");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_full_disk_is_told_and_survived_and_work_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_bounded_files(folder.path());
    let ids: Vec<Json> = (0..50)
        .map(|number| {
            let (status, answer) = person(&server, number);
            assert_eq!(status, 201, "{answer}");
            json!({ "id": answer["id"] })
        })
        .collect();
    let workflow = server.create(
        WORKFLOWS,
        &json!({
            "category": "joiner", "displayName": "Joining", "isEnabled": true, "isSchedulingEnabled": false,
            "executionConditions": { "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" },
            "tasks": [{
                "displayName": "Enable", "taskDefinitionId": ENABLE, "isEnabled": true, "arguments": []
            }]
        }),
    );
    let activate = format!("{WORKFLOWS}/{workflow}/activate");

    // No file may become larger than the largest one is.
    let log = server.data.join("tenure.db-wal").metadata().unwrap().len();
    let database = server.data.join("tenure.db").metadata().unwrap().len();
    bound(&server, &log.max(database).to_string());
    let mut created = ids.len();
    let refused = loop {
        let (status, answer) = person(&server, created);
        if status != 201 {
            break (status, answer);
        }
        created += 1;
        assert!(created < 20_000, "it never becomes full");
    };
    let error = &refused.1["error"];
    assert!(matches!(refused.0, 503 | 507), "{refused:?}");
    assert!(error["message"].as_str().unwrap().contains("disk"), "{refused:?}");
    for _ in 0..3 {
        let (status, answer) = server.post(&activate, &json!({ "subjects": ids }));
        assert!(matches!(status, 503 | 507), "{status} {answer}");
    }
    assert_eq!(server.get("/v1.0/users/$count").0, 200, "reading goes on");
    assert_eq!(server.get(&format!("{WORKFLOWS}/{workflow}/runs")).1["value"], json!([]));
    assert_eq!(ask::<String>(&server, "PRAGMA integrity_check"), "ok");
    assert_eq!(
        ask::<i64>(&server, "SELECT count(*) FROM users"),
        created as i64,
        "what was acknowledged, and no more"
    );

    bound(&server, "unlimited");
    let (status, answer) = server.post(&activate, &json!({ "subjects": ids }));
    assert_eq!(status, 204, "{answer}");
    let runs = server.wait_for(&format!("{WORKFLOWS}/{workflow}/runs"), |runs| {
        runs["value"][0]["processingStatus"] == "completed"
    });
    assert_eq!(runs["value"].as_array().unwrap().len(), 1, "{runs}");
    assert_eq!(person(&server, created).0, 201);
    assert_eq!(ask::<i64>(&server, "SELECT count(*) FROM users WHERE account_enabled"), 50);
    assert_eq!(ask::<String>(&server, "PRAGMA integrity_check"), "ok");
    assert!(server.stop().success());
}

#[test]
fn work_under_way_when_the_disk_becomes_full_is_finished_once_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with_bounded_files(folder.path());
    let ids: Vec<Json> = (0..300).map(|number| json!({ "id": person(&server, number).1["id"] })).collect();
    let workflow = server.create(
        WORKFLOWS,
        &json!({
            "category": "joiner", "displayName": "Joining", "isEnabled": true, "isSchedulingEnabled": false,
            "executionConditions": { "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" },
            "tasks": [{
                "displayName": "Enable", "taskDefinitionId": ENABLE, "isEnabled": true, "arguments": []
            }]
        }),
    );
    let (status, answer) =
        server.post(&format!("{WORKFLOWS}/{workflow}/activate"), &json!({ "subjects": ids }));
    assert_eq!(status, 204, "{answer}");
    // Whatever the engine has come to by now; the log has no room either.
    bound(&server, "1");
    while !matches!(person(&server, 999).0, 503 | 507) {}
    assert_eq!(ask::<String>(&server, "PRAGMA integrity_check"), "ok");
    bound(&server, "unlimited");
    let runs = server.wait_for(&format!("{WORKFLOWS}/{workflow}/runs"), |runs| {
        runs["value"][0]["processingStatus"] == "completed"
    });
    assert_eq!(runs["value"][0]["successfulUsersCount"], 300, "{runs}");
    let once = "SELECT count(*) FROM (SELECT 1 FROM audit WHERE activity = 2 AND ordinal = 1 GROUP BY target HAVING count(*) = 1)";
    assert_eq!(ask::<i64>(&server, once), 300, "each was enabled once");
    assert!(server.stop().success());
}

#[test]
fn a_data_directory_that_cannot_be_made_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let done =
        harness::Done::of(&mut harness::tenure_in(folder.path(), &["serve", "--data", "/proc/tenure-data"]));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("/proc/tenure-data"), "{done:?}");
}
