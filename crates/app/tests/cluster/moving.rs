//! Moving a store from a data directory to a PostgreSQL and back.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, GenericClient};
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

/// A move that is killed when it comes to the results of tasks, which somebody has locked.
fn cut_off(client: &mut Client, folder: &Path, from: &str, to: &str) {
    let mut moving = tenure_in(folder, &["migrate", "--from", from, "--to", to]);
    let mut moving = moving.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if to.starts_with("postgresql") {
        until(client, "SELECT to_regclass('meta') IS NOT NULL");
        until(client, "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'moving')");
    }
    let mut lock = client.transaction().unwrap();
    lock.batch_execute("LOCK TABLE task_results IN ACCESS EXCLUSIVE MODE").unwrap();
    until(
        &mut lock,
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'task_results'::regclass)",
    );
    moving.kill().unwrap();
    moving.wait().unwrap();
    lock.rollback().unwrap();
    // PostgreSQL finds out that it is gone.
    until(client, "SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'tenure')");
}

fn until(client: &mut impl GenericClient, is_so: &str) {
    let begun = Instant::now();
    while !client.query_one(is_so, &[]).unwrap().get::<_, bool>(0) {
        assert!(begun.elapsed() < Duration::from_mins(1), "it never is: {is_so}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn refused_to_start(mut command: Command) -> String {
    let done = Done::of(&mut command);
    assert_eq!(done.code, 1, "{done:?}");
    done.err
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

    let elsewhere = "sqlite:elsewhere";
    assert!(migrate(folder.path(), &url, elsewhere).err.contains("no store"), "there is nothing yet");
    // Cut off in the middle, it goes on where it was.
    cut_off(&mut company.client(), folder.path(), directory, &url);
    let mut client = company.client();
    let mut count = |table: &str| -> i64 {
        client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).unwrap().get(0)
    };
    assert_eq!((count("memberships"), count("task_results"), count("users")), (3_000, 0, 0));
    assert!(migrate(folder.path(), &url, elsewhere).err.contains("only a part"), "it is not all there");
    let refused = tenure_in(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--database", &url]);
    assert!(refused_to_start(refused).contains("not all here yet"));
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
    assert!(migrate(folder.path(), &url, elsewhere).err.contains("stop it first"));
    let next = company::activate(&server);
    server.wait_for(&next, |run| run["processingStatus"] == "completed");
    assert_eq!(server.post("/v1.0/groups", &company::group("New")).0, 201);
    let before = answers(&server, &next);
    server.stop();

    let back = tempfile::tempdir().unwrap();
    cut_off(&mut company.client(), back.path(), &url, "sqlite:tenure-data");
    let refused = tenure_in(back.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused_to_start(refused).contains("not all here yet"));
    let done = migrate(back.path(), &url, "sqlite:tenure-data");
    assert_eq!(done.code, 0, "{done:?}");
    std::fs::copy(one.join("secret-key"), back.path().join("tenure-data").join("secret-key")).unwrap();
    let server = Server::start_in(back.path(), &[]);
    same(&answers(&server, &next), &before);
    let last = company::activate(&server);
    server.wait_for(&last, |run| run["processingStatus"] == "completed");
}
