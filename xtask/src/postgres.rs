//! The tests that hold the store's promises, on PostgreSQL.

#[expect(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "it is the tests' own; standbys are for those of failure"
)]
#[path = "../../crates/app/tests/harness/postgres.rs"]
mod server;

use crate::run::{Outcome, cargo, run};

/// Where tests look that can use either database.
const VARIABLE: &str = "TENURE_TEST_POSTGRES";

/// What depends on the store. What a database promises by itself (that nothing is left of what was not committed), and what is
/// decided before anything is written, is not tried on both.
const TESTS: [&str; 14] = [
    "alone",
    "counters",
    "deleting",
    "importing",
    "model",
    "processing",
    "quarantine",
    "races",
    "retention",
    "sweeping",
    "together",
    "turns",
    "undo",
    "waiting",
];

/// Runs them against a server of their own, which need not keep anything.
pub(crate) fn test_on_postgres(runner: &[&str]) -> Outcome {
    let server = server::Postgres::start(&["fsync=off", "full_page_writes=off", "shared_buffers=256MB"]);
    let address = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", server.port);
    let tests = TESTS.iter().flat_map(|test| ["--test", test]);
    let all: Vec<&str> = runner
        .iter()
        .copied()
        // With all packages selected nothing is compiled once more for this one.
        .chain(["--workspace", "--no-fail-fast"])
        .chain(tests)
        .collect();
    run(cargo(all).env(VARIABLE, address).env("PROPTEST_CASES", "6"))
}
