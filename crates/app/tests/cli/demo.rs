//! `tenure demo`

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::harness::{Done, Server, tenure_in};

#[test]
fn it_runs_and_says_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let done = Done::of(&mut tenure_in(folder.path(), &["demo", "--no-serve"]));
    assert_eq!(done.code, 0, "{done:?}");
    let counts = done.out.lines().find_map(counts).unwrap_or_else(|| panic!("no counts: {}", done.out));
    assert!(counts.0 > 10 && counts.1 >= 3, "{counts:?}");
    for (status, reason) in [
        ("completedWithErrors", "the user has no mail address"),
        ("failed", "no task may touch them"),
        ("failed", "protected groups: Break glass"),
    ] {
        let shown = |line: &str| line.split_whitespace().any(|word| word == status) && line.contains(reason);
        assert!(done.out.lines().any(shown), "{reason}: {}", done.out);
    }
    let mails = std::fs::read_dir(folder.path().join("tenure-demo/outbox")).unwrap().count();
    assert!(mails > 5, "{mails} mails");
}

/// A line of exactly the form `N completed, N failed`.
fn counts(line: &str) -> Option<(u32, u32)> {
    let (completed, failed) = line.split_once(" completed, ")?;
    Some((completed.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
}

#[test]
fn it_runs_again_over_what_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        Done::of(&mut tenure_in(folder.path(), &["demo", "--no-serve", "--json", "--people", "60"])).json()
    };
    let (mut first, mut second) = (run(), run());
    for report in [&mut first, &mut second] {
        assert_eq!(report["people"], 60);
        for count in ["completed", "failed"] {
            let of_each = report["workflows"].as_array().unwrap().iter();
            assert_eq!(report[count], of_each.map(|workflow| workflow[count].as_u64().unwrap()).sum::<u64>());
        }
        for workflow in report["workflows"].as_array_mut().unwrap() {
            workflow["id"].take();
        }
    }
    assert_eq!(first, second);
}

#[test]
fn it_leaves_a_folder_alone_that_it_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    let precious = folder.path().join("tenure-demo/precious");
    std::fs::create_dir(precious.parent().unwrap()).unwrap();
    std::fs::write(&precious, "x").unwrap();
    let done = Done::of(&mut tenure_in(folder.path(), &["demo", "--no-serve"]));
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("left alone"), "{done:?}");
    assert!(precious.exists());
}

#[test]
fn it_serves_what_it_made_and_a_second_one_does_not_take_it_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = tenure_in(folder.path(), &["demo", "--json", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let url = report["url"].as_str().unwrap();
    let listed = Done::of(&mut tenure_in(
        folder.path(),
        &["--server", url, "--token-file", "tenure-demo/admin-token", "workflow", "list", "--json"],
    ))
    .json();
    assert_eq!(listed["value"].as_array().unwrap().len(), 6);

    let second = Done::of(&mut tenure_in(folder.path(), &["demo", "--no-serve"]));
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.err.contains("another process"), "{second:?}");

    Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
    assert!(process.wait().unwrap().success());
    // What it made can be served like any other data.
    std::fs::rename(folder.path().join("tenure-demo"), folder.path().join("tenure-data")).unwrap();
    let server = Server::start_in(folder.path(), &[]);
    assert_eq!(server.tenure(&["workflow", "list", "--json"]).json()["value"].as_array().unwrap().len(), 6);
}
