//! The tests that hold the store's promises, on PostgreSQL.

#[expect(dead_code, reason = "standbys are for the tests of failure")]
#[path = "../../crates/app/tests/harness/postgres.rs"]
mod server;

use crate::run::{Outcome, cargo, run};

/// Where tests look that can use either database.
const VARIABLE: &str = "TENURE_TEST_POSTGRES";

/// Runs them against a server of their own, which need not keep anything.
pub(crate) fn test_on_postgres(runner: &[&str]) -> Outcome {
    let server = server::Postgres::start(&["fsync=off", "full_page_writes=off", "shared_buffers=256MB"]);
    let address = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", server.port);
    let tests = ["--package", "tenure-testkit", "--no-fail-fast"];
    run(cargo(runner.iter().copied().chain(tests)).env(VARIABLE, address).env("PROPTEST_CASES", "12"))
}
