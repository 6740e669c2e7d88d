//! The Node that some tests need: pinned packages, one of which is Node itself, made once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{Outcome, root, run, target};

/// Node and the folder whose packages it can load.
pub(crate) struct TestNode {
    /// The program.
    pub(crate) program: PathBuf,
    /// The folder.
    pub(crate) folder: PathBuf,
}

/// Makes the environment unless it is there with these very packages.
pub(crate) fn test_node() -> Outcome<TestNode> {
    let wanted = root().join("xtask/test-node");
    let read = |name: &str| {
        let file = wanted.join(name);
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let (package, lock) = (read("package.json")?, read("package-lock.json")?);
    let folder = target().join("test-node");
    // Written last: an installation that was cut off does not count.
    let installed = folder.join("installed.txt");
    if !fs::read_to_string(&installed).is_ok_and(|installed| installed == lock) {
        let write = |name: &str, text: &str| {
            let file = folder.join(name);
            fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
        };
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        write("package.json", &package)?;
        write("package-lock.json", &lock)?;
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(install).current_dir(&folder))
            .map_err(|error| format!("{error}; tests need npm (Debian: apt-get install nodejs npm)"))?;
        write("installed.txt", &lock)?;
    }
    // The packages want a newer Node than Debian has.
    let pinned =
        ["x64", "arm64"].map(|machine| folder.join(format!("node_modules/node-linux-{machine}/bin/node")));
    let program = pinned.into_iter().find(|program| program.exists()).unwrap_or_else(|| "node".into());
    Ok(TestNode { program, folder })
}
