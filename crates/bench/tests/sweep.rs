//! `sweep` on a small directory: it fails by itself if somebody is due who should not be, or the other way round.

use std::process::Command;

#[test]
fn those_who_are_due_are_found_and_a_change_has_its_effect() {
    let done = Command::new(env!("CARGO_BIN_EXE_tenure-bench"))
        .args(["sweep", "--users", "6000", "--share", "0.5", "--json"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&figures["users"], &figures["due"]), (&6_000.into(), &3_000.into()), "{figures}");
}
