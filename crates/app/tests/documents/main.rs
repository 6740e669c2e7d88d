//! What the released binary says about itself, in the hands of programs that read such documents.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../harness/mod.rs"]
mod harness;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use harness::{Done, Server, python};
use serde_json::{Value as Json, json};

const LCW: &str = "/v1.0/identityGovernance/lifecycleWorkflows";

#[test]
fn odata_libraries_read_the_metadata_and_ask_by_it() {
    let server = Server::start();
    for name in ["Ann", "Bob"] {
        server.create("/v1.0/users", &person(name));
    }
    for version in ["v1.0", "beta"] {
        let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/metadata.py");
        let mut reader = Command::new(python());
        reader.arg(story).arg(format!("{}/{version}", server.url)).env("TENURE_TOKEN", server.token());
        reader.env("PYTHONDONTWRITEBYTECODE", "1");
        let done = Done::of(&mut reader);
        assert_eq!(done.code, 0, "{version}: {}{}", done.out, done.err);
    }
}

/// Schemathesis makes requests of every kind that the document allows, and many that it does not.
#[test]
fn whatever_openapi_json_leads_to_is_answered_and_is_no_error_of_the_server() {
    let server = Server::start();
    let told = server.folder.join("schemathesis.toml");
    std::fs::write(&told, ids_that_are_there(&server)).expect("the configuration can be written");
    let mut tester = Command::new(python().with_file_name("st"));
    tester.arg("--config-file").arg(&told).args(["run", &format!("{}/openapi.json", server.url)]);
    tester.args(["--header", &format!("Authorization: Bearer {}", server.token())]);
    tester.args([
        "--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--phases=examples,coverage,fuzzing",
        "--seed=1",
        "--max-time=75",
        "--max-examples=3",
        // More than one breaks the parser of Python 3.11, which is not safe among threads.
        "--workers=1",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--no-shrink",
        "--warnings=off",
    ]);
    tester.current_dir(&server.folder).env("NO_PROXY", "*");
    let done = Done::of(&mut tester);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

fn person(name: &str) -> Json {
    json!({
        "displayName": name, "userPrincipalName": format!("{}@example.com", name.to_lowercase()), "accountEnabled": false,
        "department": "Sales",
    })
}

/// A small history, and a configuration that names its ids where paths want some: nine times out of ten.
fn ids_that_are_there(server: &Server) -> String {
    let people: Vec<String> =
        ["Ann", "Bob", "Cyd"].map(|name| server.create("/v1.0/users", &person(name))).into();
    let group = json!({ "displayName": "Sales", "mailEnabled": false, "mailNickname": "sales", "securityEnabled": true });
    let group = server.create("/v1.0/groups", &group);
    let mut told = String::new();
    let mut live = vec![];
    for name in ["live", "deleted"] {
        let ids = history(server, name, &people);
        for (parameter, id) in &ids {
            let _ = writeln!(told, "[dictionaries.{name}-{parameter}]\nvalues = [\"{id}\"]\n");
        }
        live = ids.into_iter().map(|(parameter, _)| parameter).collect();
    }
    for (parameter, id) in [("user-id", &people[0]), ("directoryObject-id", &people[1]), ("group-id", &group)]
    {
        let _ = writeln!(told, "[dictionaries.live-{parameter}]\nvalues = [\"{id}\"]\n");
    }
    let bound = |name: &str, parameter: &str| {
        format!("\"path.{parameter}\" = {{ dictionary = \"{name}-{parameter}\", probability = 0.9 }}")
    };
    told.push_str("[parameters]\n\"path.workflowVersion-versionNumber\" = 1\n");
    for parameter in live.iter().chain(&["user-id", "directoryObject-id", "group-id"]) {
        let _ = writeln!(told, "{}", bound("live", parameter));
    }
    told.push_str(
        "\n[[operations]]\ninclude-path-regex = \"/deletedItems/workflows/\"\n[operations.parameters]\n",
    );
    for parameter in live {
        let _ = writeln!(told, "{}", bound("deleted", parameter));
    }
    // Everything else hangs below these.
    let destroys = [
        ("DELETE", format!("{LCW}/workflows/{{workflow-id}}"), "workflow-id"),
        ("DELETE", format!("{LCW}/deletedItems/workflows/{{workflow-id}}"), "workflow-id"),
        (
            "POST",
            format!(
                "{LCW}/deletedItems/workflows/{{workflow-id}}/microsoft.graph.identityGovernance.restore"
            ),
            "workflow-id",
        ),
        ("DELETE", "/v1.0/users/{user-id}".to_owned(), "user-id"),
        ("DELETE", "/v1.0/groups/{group-id}".to_owned(), "group-id"),
    ];
    for (method, path, parameter) in destroys {
        let path = path.trim_start_matches("/v1.0");
        let _ = writeln!(
            told,
            "\n[[operations]]\ninclude-name = \"{method} {path}\"\nparameters = {{ \"path.{parameter}\" = \"nobody\" }}"
        );
    }
    told
}

/// A workflow that has run, or has run and was deleted, and the ids below it.
fn history(server: &Server, name: &str, people: &[String]) -> Vec<(&'static str, String)> {
    let workflow = json!({
        "category": "joiner", "displayName": name,
        "executionConditions": { "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" },
        "tasks": [{
            "displayName": "Enable", "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc", "arguments": [],
        }],
    });
    let workflow = server.create(&format!("{LCW}/workflows"), &workflow);
    let below = format!("{LCW}/workflows/{workflow}");
    let subjects: Vec<Json> = people.iter().map(|id| json!({ "id": id })).collect();
    assert_eq!(server.post(&format!("{below}/activate"), &json!({ "subjects": subjects })).0, 204);
    server.wait_for(&format!("{below}/runs"), |runs| runs["value"][0]["processingStatus"] == "completed");
    let first = |path: &str| {
        let (_, list) = server.get(&format!("{below}/{path}"));
        list["value"][0]["id"].as_str().expect("something is there").to_owned()
    };
    let result = first("userProcessingResults");
    let ids = vec![
        ("run-id", first("runs")),
        ("task-id", first("tasks")),
        ("taskReport-id", first("taskReports")),
        ("taskProcessingResult-id", first(&format!("userProcessingResults/{result}/taskProcessingResults"))),
        ("userProcessingResult-id", result),
        ("workflow-id", workflow),
    ];
    if name == "deleted" {
        assert_eq!(server.delete(&below), 204);
    }
    ids
}
