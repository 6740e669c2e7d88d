//! `cargo xtask check`: what can be said without running the product.

mod links;
mod manifest;

use std::fs;

use crate::generate;
use crate::run::{Outcome, cargo, root, run};

/// Runs every check and names all that failed.
pub(crate) fn check() -> Outcome {
    let mut document = cargo(["doc", "--workspace", "--no-deps", "--quiet"]);
    let checks = [
        run(&mut cargo(["fmt", "--all", "--check"])),
        run(&mut cargo(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"])),
        dependencies(),
        links::check(&root()),
        generate::is_fresh(),
        run(&mut cargo(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])),
        run(document.env("RUSTDOCFLAGS", "-D warnings")),
    ];
    let failed: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\nxtask: ")) }
}

fn dependencies() -> Outcome {
    let manifest =
        fs::read_to_string(root().join("Cargo.toml")).map_err(|error| format!("Cargo.toml: {error}"))?;
    match manifest::without_reason(&manifest).as_slice() {
        [] => Ok(()),
        names => Err(format!(
            "Cargo.toml: a comment above has to say why we depend on {} (one comment may stand for the lines right below)",
            names.join(", ")
        )),
    }
}
