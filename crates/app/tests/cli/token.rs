//! `tenure token`

use crate::harness::{Done, Server};

#[test]
fn a_token_is_made_shown_once_used_and_revoked() {
    let server = Server::start();
    let made = server
        .tenure(&[
            "token",
            "create",
            "--name",
            "reader",
            "--scope",
            "User.Read.All",
            "--ttl",
            "30d",
            "--json",
        ])
        .json();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(made["expirationDateTime"].is_string());
    let as_reader = |arguments: &[&str]| Done::of(server.command(arguments).env("TENURE_TOKEN", token));

    let listed = server.tenure(&["token", "list"]);
    assert!(listed.out.contains("reader") && listed.out.contains("local-admin"), "{listed:?}");
    assert!(!listed.out.contains(token), "it is not shown again");

    let refused = as_reader(&["token", "create", "--name", "mine", "--scope", "*"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.starts_with("tenure: ") && !refused.err.contains(token), "{refused:?}");

    assert_eq!(as_reader(&["directory", "status"]).code, 0);
    assert_eq!(server.tenure(&["token", "revoke", id]).code, 0);
    let refused = as_reader(&["directory", "status"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("not accepted"), "{refused:?}");
    assert_eq!(server.tenure(&["token", "revoke", id]).code, 1, "there is nothing left to revoke");
}

#[test]
fn the_administrators_token_is_found_for_a_server_on_this_machine() {
    let server = Server::start();
    let found = Done::of(server.command(&["directory", "status"]).env_remove("TENURE_TOKEN"));
    assert_eq!(found.code, 0, "{found:?}");
}

#[test]
fn an_unknown_scope_is_refused_by_name() {
    let server = Server::start();
    let refused = server.tenure(&["token", "create", "--name", "x", "--scope", "Everything.All"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("Everything.All"), "{refused:?}");
}
