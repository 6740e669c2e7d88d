//! Node with the packages of `xtask/test-node`, as `cargo xtask test` sets it up.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Node, about to run a script that stands in `tests/node`.
pub(crate) fn node(script: &str) -> Command {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_xtask = here.join("../../target/test-node");
    let folder = std::env::var_os("TENURE_TEST_NODE_FOLDER").map_or(of_xtask, PathBuf::from);
    assert!(
        folder.join("installed.txt").exists(),
        "{} is not there: run the tests with `cargo xtask test`, which sets up a Node with the Graph client and an issuer",
        folder.display()
    );
    let pinned =
        ["x64", "arm64"].map(|machine| folder.join(format!("node_modules/node-linux-{machine}/bin/node")));
    let found = || pinned.into_iter().find(|program| program.exists()).unwrap_or_else(|| "node".into());
    let mut command = Command::new(std::env::var_os("TENURE_TEST_NODE").map_or_else(found, PathBuf::from));
    command.arg(here.join("tests/node").join(script)).env("TENURE_TEST_NODE_FOLDER", folder);
    command
}
