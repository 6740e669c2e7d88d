//! `cargo xtask fuzz`: hostile input for the API, guided by what it reaches. What the targets do stands in `fuzz/src/lib.rs`.
//!
//! Builds as `cargo fuzz` does, without needing it: the compiler is told to count what is reached.

use std::fs;
use std::process::Command;

use crate::run::{Outcome, root, run};

const TARGETS: [&str; 4] = ["filter", "expand", "body", "batch"];

const COUNTED: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Runs targets, all if none is named, for some minutes each; the first finding ends it and is kept below `fuzz/artifacts`.
pub(crate) fn fuzz(minutes: u32, targets: &[&str]) -> Outcome {
    if let Some(unknown) = targets.iter().find(|target| !TARGETS.contains(target)) {
        return Err(format!("there is no fuzz target '{unknown}'; there are {}", TARGETS.join(", ")));
    }
    let targets = if targets.is_empty() { &TARGETS } else { targets };
    let folder = root().join("fuzz");
    let host = host()?;
    let mut build = Command::new("cargo");
    build.args(["+nightly", "build", "--release", "--target", &host]).current_dir(&folder);
    // The cargo that runs this task has set its own compiler for its children.
    build.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
    run(build.env("RUSTFLAGS", COUNTED))?;
    for target in targets {
        for kind in ["corpus", "artifacts"] {
            let path = folder.join(kind).join(target);
            fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let mut one = Command::new(folder.join("target").join(&host).join("release").join(target));
        one.current_dir(&folder).args([
            format!("-max_total_time={}", minutes * 60),
            format!("-dict=dictionaries/{target}.dict"),
            format!("-artifact_prefix=artifacts/{target}/"),
            "-max_len=2048".to_owned(),
            "-timeout=10".to_owned(),
            "-print_final_stats=1".to_owned(),
            format!("corpus/{target}"),
            format!("seeds/{target}"),
        ]);
        run(&mut one)?;
    }
    Ok(())
}

/// The machine that we build for, by the compiler's name.
fn host() -> Outcome<String> {
    let output = Command::new("rustc").args(["+nightly", "-vV"]).env_remove("RUSTUP_TOOLCHAIN").output();
    let output = output.map_err(|error| format!("`rustc +nightly` cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "there is no nightly compiler; `rustup toolchain install nightly` gets one".to_owned())
}
