//! `park` as the issue of extensions asks for it: 100,000 people wait, and the process is killed.

use std::process::Command;

#[test]
fn nobody_who_waits_is_lost_when_the_process_is_killed() {
    let done = Command::new(env!("CARGO_BIN_EXE_tenure-bench"))
        .args(["park", "--users", "100000", "--json"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(figures["users"], 100_000, "{figures}");
}
