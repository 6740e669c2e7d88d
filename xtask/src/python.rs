//! The Python that some tests need: a virtual environment with pinned packages, made once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{Outcome, root, run, target};

/// Makes the environment unless it is there with these very packages, and gives its interpreter.
pub(crate) fn test_python() -> Outcome<PathBuf> {
    let wanted = root().join("xtask/test-requirements.txt");
    let requirements =
        fs::read_to_string(&wanted).map_err(|error| format!("{}: {error}", wanted.display()))?;
    let folder = target().join("test-venv");
    let python = folder.join("bin/python");
    // Written last: an installation that was cut off does not count.
    let installed = folder.join("installed.txt");
    if python.exists() && fs::read_to_string(&installed).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).map_err(|error| {
        format!("{error}; tests need Python 3 with venv (Debian: apt-get install python3-venv)")
    })?;
    // Not compiled: the SDKs have tens of thousands of modules, of which the tests load few.
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--requirement"];
    run(Command::new(&python).args(install).arg(&wanted))?;
    fs::write(&installed, requirements).map_err(|error| format!("{}: {error}", installed.display()))?;
    Ok(python)
}
