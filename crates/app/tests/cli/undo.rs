//! `tenure run undo` and `tenure result undo`

use serde_json::{Value as Json, json};

use crate::harness::Server;
use crate::sample;

/// A run that enabled two people and put them into a group; its id, and theirs.
fn joined(server: &Server) -> (String, [String; 2]) {
    let group = sample::group(server, "sales");
    let workflow = sample::joiner(server, "First day", &group, 0, false);
    let people = ["ada", "bo"].map(|name| sample::user(server, name, Some(&format!("{name}@example.com"))));
    let run = server.tenure(&["workflow", "run", "First day", "--user", &people[0], &people[1]]);
    assert_eq!(run.code, 0, "{run:?}");
    let path = format!("/v1.0/identityGovernance/lifecycleWorkflows/workflows/{workflow}/runs");
    let runs = server.wait_for(&path, |runs| runs["value"][0]["completedDateTime"].is_string());
    (runs["value"][0]["id"].as_str().unwrap().to_owned(), people)
}

fn state(server: &Server, person: &str) -> (Json, usize) {
    let user = server.get(&format!("/v1.0/users/{person}?$select=accountEnabled")).1;
    let groups = server.get(&format!("/v1.0/users/{person}/memberOf")).1;
    (user["accountEnabled"].clone(), groups["value"].as_array().unwrap().len())
}

#[test]
fn a_run_is_taken_back_by_one_command() {
    let server = Server::start();
    let (run, people) = joined(&server);
    let preview = server.tenure(&["run", "undo", &run, "--preview"]);
    assert_eq!(preview.code, 0, "{preview:?}");
    assert!(preview.out.starts_with("What 'First day' did would be taken back for 2 people."), "{preview:?}");
    assert_eq!(state(&server, &people[0]), (json!(true), 1));

    let undo = server.tenure(&["run", "undo", &run]);
    assert_eq!((undo.code, undo.err.as_str()), (0, ""), "{undo:?}");
    assert!(undo.out.starts_with("What 'First day' did is taken back for 2 people."), "{undo:?}");
    for person in &people {
        assert_eq!(state(&server, person), (json!(false), 0));
    }
    let again = server.tenure(&["run", "undo", "First day", &run]);
    assert_eq!((again.code, again.out.as_str()), (1, ""), "{again:?}");
    assert!(again.err.contains("nothing to take back"), "{again:?}");
}

#[test]
fn what_cannot_be_taken_back_is_said_and_the_command_fails() {
    let server = Server::start();
    let (run, people) = joined(&server);
    let results = server.tenure(&["result", "list", "--run", &run, "--user", &people[0], "--json"]).json();
    let result = results["value"][0]["id"].as_str().unwrap();
    let protect = json!({ "@tenure.protected": true });
    assert_eq!(server.patch(&format!("/v1.0/users/{}", people[0]), &protect).0, 204);
    let undo = server.tenure(&["result", "undo", result]);
    assert_eq!(undo.code, 1, "{undo:?}");
    assert!(undo.out.contains("the user is protected: no task may touch them"), "{undo:?}");
    assert!(undo.err.contains("not everything could be taken back"), "{undo:?}");
    assert_eq!(state(&server, &people[0]), (json!(true), 1));
    assert_eq!(state(&server, &people[1]), (json!(true), 1), "nobody else is touched");
    let nothing = server.tenure(&["result", "undo", "nothing"]);
    assert_eq!(nothing.code, 1, "{nothing:?}");
    assert!(nothing.err.contains("no workflow has a result 'nothing'"), "{nothing:?}");
}
