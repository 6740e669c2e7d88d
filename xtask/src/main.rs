//! The chores of this workspace: `cargo xtask check` and `cargo xtask test`, which CI runs, and
//! `cargo xtask generate`.

mod check;
mod fuzz;
mod generate;
mod node;
mod postgres;
mod python;
mod run;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask check
           formatting, lints, documentation, links, reasons of dependencies, generated pages
       cargo xtask generate [--observe]
           writes docs/graph-compatibility.md from the table of operations; --observe walks all operations
           first and writes into the table what each one answered, for somebody to review
       cargo xtask test [ARGUMENTS]
           all tests, with what they need set up; ARGUMENTS go to the test runner,
           for example: cargo xtask test -p tenure-notify
       cargo xtask fuzz [--minutes N] [TARGET...]
           hostile input for the API, 5 minutes for each target unless told otherwise; needs a nightly compiler";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["check"] => check::check(),
        ["generate"] => generate::generate(false),
        ["generate", "--observe"] => generate::generate(true),
        ["test", rest @ ..] => test::test(rest),
        ["fuzz", "--minutes", minutes, targets @ ..]
            if minutes.parse::<u32>().is_ok_and(|minutes| minutes > 0) =>
        {
            fuzz::fuzz(minutes.parse().unwrap_or(1), targets)
        }
        ["fuzz", targets @ ..] if targets.iter().all(|target| !target.starts_with('-')) => {
            fuzz::fuzz(5, targets)
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
