//! `cargo xtask test`: everything, against the released binary and real servers where a test needs one.

use crate::node::test_node;
use crate::postgres::test_on_postgres;
use crate::python::test_python;
use crate::run::{Outcome, answers, cargo, run, target};

/// Sets up what tests need and runs them; `arguments` go to the runner, and stand for the whole workspace if empty.
pub(crate) fn test(arguments: &[&str]) -> Outcome {
    let python = test_python()?;
    let node = test_node()?;
    run(&mut cargo(["build", "--release", "--package", "tenure"]))?;
    let binary = target().join("release/tenure");
    let everything = ["--workspace", "--no-fail-fast"];
    let selected = if arguments.is_empty() { &everything } else { arguments };

    let nextest = answers(&mut cargo(["nextest", "--version"]));
    if nextest && arguments.is_empty() {
        // First, so that the runner's summary of all other tests is what the output closes with.
        run(&mut cargo(["test", "--workspace", "--doc"]))?;
    }
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    if arguments.is_empty() {
        test_on_postgres(runner)?;
    }
    run(cargo(runner.iter().chain(selected).copied())
        .env("TENURE_BIN", binary)
        .env("TENURE_TEST_PYTHON", python)
        .env("TENURE_TEST_NODE", node.program)
        .env("TENURE_TEST_NODE_FOLDER", node.folder))
}
