//! Moving a store from a data directory to a PostgreSQL and back.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;

use crate::company::{self, Company};
use crate::harness::postgres::Postgres;
use crate::harness::{Done, Server, tenure_in};

/// What a server answers to whoever looks at everything.
fn answers(server: &Server, run: &str) -> Vec<Json> {
    [
        "/v1.0/users?$top=50",
        "/v1.0/users/$count",
        "/v1.0/groups",
        run,
        &format!("{run}/userProcessingResults?$top=50&$expand=taskProcessingResults"),
        "/v1.0/auditLogs/directoryAudits?$top=50",
        "/v1.0/identityGovernance/lifecycleWorkflows/workflows",
    ]
    .iter()
    .map(|path| {
        let (status, mut answer) = server.get(path);
        assert_eq!(status, 200, "{path}: {answer}");
        if let Some(answer) = answer.as_object_mut() {
            // It holds the server's address.
            answer.remove("@odata.context");
            answer.remove("@odata.nextLink");
            // Each start of a server with an empty directory makes a token.
            if let Some(entries) = answer.get_mut("value").and_then(Json::as_array_mut) {
                entries.retain(|entry| !is_about_a_token(entry));
                entries.truncate(40);
            }
        }
        answer
    })
    .collect()
}

fn same(now: &[Json], before: &[Json]) {
    for (place, (now, before)) in std::iter::zip(now, before).enumerate() {
        assert_eq!(now, before, "answer {place}");
    }
}

fn is_about_a_token(entry: &Json) -> bool {
    entry["activityDisplayName"].as_str().is_some_and(|activity| activity.to_lowercase().contains("token"))
}

fn migrate(folder: &Path, from: &str, to: &str) -> Done {
    Done::of(&mut tenure_in(folder, &["migrate", "--json", "--from", from, "--to", to]))
}

#[test]
fn everything_is_moved_there_and_back_and_goes_on() {
    let company = Company::new(Postgres::start(&["fsync=off"]));
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_in(folder.path(), &[]);
    company::import(&server, 3_000, "");
    let run = company::activate(&server);
    server.wait_for(&run, |run| run["processingStatus"] == "completed");
    let before = answers(&server, &run);
    let (directory, url) = ("sqlite:tenure-data", company.postgres.url());
    assert_ne!(migrate(folder.path(), directory, &url).code, 0, "somebody serves it");
    server.stop();

    // Cut off in the middle, it goes on where it was.
    let mut moving = tenure_in(folder.path(), &["migrate", "--from", directory, "--to", &url]);
    let mut moving = moving.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    moving.kill().unwrap();
    moving.wait().unwrap();
    let done = migrate(folder.path(), directory, &url).json();
    let rows = |table: &str| {
        let tables = done["tables"].as_array().unwrap();
        tables.iter().find(|one| one["table"] == table).unwrap()["rows"].as_u64().unwrap()
    };
    assert_eq!((rows("users"), rows("user_results"), rows("task_results")), (3_000, 3_000, 6_000));
    assert!(migrate(folder.path(), directory, &url).err.contains("empty"), "there is a store now");

    // The first server on it brings the key along.
    let one = company.folder("one").join("tenure-data");
    std::fs::create_dir_all(&one).unwrap();
    std::fs::copy(folder.path().join("tenure-data").join("secret-key"), one.join("secret-key")).unwrap();
    let server = company.server("one");
    same(&answers(&server, &run), &before);
    assert!(migrate(folder.path(), &url, "sqlite:elsewhere").err.contains("stop it first"));
    let next = company::activate(&server);
    server.wait_for(&next, |run| run["processingStatus"] == "completed");
    assert_eq!(server.post("/v1.0/groups", &company::group("New")).0, 201);
    let before = answers(&server, &next);
    server.stop();

    let back = tempfile::tempdir().unwrap();
    let done = migrate(back.path(), &url, "sqlite:tenure-data");
    assert_eq!(done.code, 0, "{done:?}");
    std::fs::copy(one.join("secret-key"), back.path().join("tenure-data").join("secret-key")).unwrap();
    let server = Server::start_in(back.path(), &[]);
    same(&answers(&server, &next), &before);
    let last = company::activate(&server);
    server.wait_for(&last, |run| run["processingStatus"] == "completed");
}
