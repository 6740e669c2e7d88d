//! Access tokens of a real OpenID Connect issuer; who calls, and what comes of it, is in `node/oidc.mjs`.

mod harness;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use harness::Server;
use harness::node::node;
use serde_json::{Value as Json, json};

#[test]
fn an_issuers_tokens_open_what_they_say_and_no_others_do() {
    let mut story = node("oidc.mjs");
    // The issuer warns that it keeps everything in memory; its own log is not ours.
    let mut story = story
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Node can be started");
    let mut said = String::new();
    BufReader::new(story.stdout.take().expect("its output is ours"))
        .read_line(&mut said)
        .expect("it says where");
    let configuration = serde_json::from_str::<Json>(&said).ok().map(|said| {
        let issuer = said["issuer"].as_str().expect("it says where");
        format!("[oidc]\nissuer = \"{issuer}\"\naudiences = [\"api://tenure\"]\n")
    });
    let folder = tempfile::tempdir().expect("a folder can be made");
    let server = configuration.map(|configuration| {
        std::fs::write(folder.path().join("tenure.toml"), configuration).expect("a file can be written");
        let server = Server::start_in(folder.path(), &[]);
        let stdin = story.stdin.as_mut().expect("its input is ours");
        writeln!(stdin, "{}", json!({ "server": server.url })).expect("it listens");
        server
    });
    let done = story.wait_with_output().expect("it ends");
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && server.is_some(), "{error}");
    let server = server.expect("it was started");
    assert_eq!(server.get("/v1.0/users").0, 200, "local tokens are as good as before");
    assert!(!server.log().contains("eyJ"), "no token is logged: {}", server.log());
}
