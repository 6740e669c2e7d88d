//! `recover` on a small directory: it fails by itself if anybody is lost or processed twice.

use std::process::Command;

#[test]
fn whoever_is_queued_when_the_process_is_killed_is_processed_by_the_next() {
    let done = Command::new(env!("CARGO_BIN_EXE_tenure-bench"))
        .args(["recover", "--users", "30000", "--history", "10000", "--json"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&figures["users"], &figures["history"]), (&30_000.into(), &10_000.into()), "{figures}");
}
