//! What is no command ends with 2, before anything is asked of a server.

use crate::harness::{Done, tenure_in};

#[test]
fn it_ends_with_2_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, said) in [
        (&[][..], "Usage"),
        (&["dmeo"], "demo"),
        (&["demo", "--people", "1"], "20"),
        (&["demo", "--listen", "0.0.0.0:1"], "refused"),
        (&["serve", "--now", "yesterday"], "2026-03-01"),
        (&["serve", "--listen", "nonsense"], "nonsense"),
        (&["serve", "--config", "missing.toml"], "missing.toml"),
        (&["serve", "--log", "==="], "==="),
        (&["token", "create", "--name", "x"], "--scope"),
        (&["token", "create", "--name", "x", "--scope", "*", "--ttl", "long"], "30d"),
        (&["token", "revoke", "not-an-id"], "not-an-id"),
        (&["directory", "import"], "FILE.csv"),
        (&["directory", "import", "people.csv"], "--map"),
        (&["workflow", "run", "w"], "--user"),
        (&["workflow", "list", "--server", "nowhere"], "nowhere"),
        (&["mail", "preview"], "WORKFLOW"),
        (&["mail", "preview", "w", "t"], "a workflow, a task and a user"),
        (&["mail", "preview", "--kind", "k", "t", "u"], "a user and nothing else"),
        (&["mail", "preview", "--kind", "k", "u", "--argument", "x"], "cc=ID"),
        (&["template", "show"], "<TEMPLATE>"),
        (&["run", "list"], "<W>"),
        (&["run", "list", "w", "--limit", "0"], "at least 1"),
        (&["result", "list", "--status", "bad"], "completedWithErrors"),
    ] {
        let done = Done::of(&mut tenure_in(folder.path(), arguments));
        assert_eq!(done.code, 2, "{arguments:?}: {done:?}");
        assert!(done.err.contains(said), "{arguments:?}: {done:?}");
        assert_eq!(done.out, "");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is made");
}

#[test]
fn help_and_version_end_with_0() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["--version"], &["workflow", "run", "--help"]] {
        assert_eq!(Done::of(&mut tenure_in(folder.path(), arguments)).code, 0, "{arguments:?}");
    }
}

#[test]
fn a_server_that_is_not_there_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{gone}");
    let done = Done::of(&mut tenure_in(folder.path(), &["workflow", "list", "--server", &url]));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains(&url), "{done:?}");
}
