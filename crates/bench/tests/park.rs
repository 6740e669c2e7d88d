//! The small form of `park`, which the test command runs.

use std::process::Command;

#[test]
fn nobody_who_waits_is_lost_when_the_process_is_killed() {
    let done = Command::new(env!("CARGO_BIN_EXE_tenure-bench"))
        .args(["park", "--users", "2000", "--json"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(figures["users"], 2_000, "{figures}");
}
