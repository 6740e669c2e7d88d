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
const TESTS: [&str; 17] = [
    "alone",
    "counters",
    "crashing",
    "deleting",
    "importing",
    "model",
    "processing",
    "quarantine",
    "races",
    "repeating",
    "retention",
    "sweeping",
    "together",
    "triggers",
    "turns",
    "undo",
    "waiting",
];

/// Of the tests of the API those of what is found: filters, orders, pages, searches and changes, many of them generated and each
/// compared with what is decided in memory.
const QUERIES: [&str; 6] =
    ["delta::", "generated_queries::", "insights::", "lists::", "paging::", "search::"];

/// Runs them against a server of their own, which need not keep anything.
pub(crate) fn test_on_postgres(runner: &[&str]) -> Outcome {
    let server = server::Postgres::start(&["fsync=off", "full_page_writes=off", "shared_buffers=256MB"]);
    let address = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", server.port);
    // With all packages selected nothing is compiled once more for these.
    let runner = || runner.iter().copied().chain(["--workspace", "--no-fail-fast"]);
    let tests: Vec<&str> = runner().chain(TESTS.iter().flat_map(|test| ["--test", test])).collect();
    let queries: Vec<&str> = runner().chain(["--test", "graph", "--"]).chain(QUERIES).collect();
    [tests, queries]
        .into_iter()
        .try_for_each(|all| run(cargo(all).env(VARIABLE, &address).env("PROPTEST_CASES", "6")))
}
