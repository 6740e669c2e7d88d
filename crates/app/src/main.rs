//! The binary `tenure`: what the command line says is checked here, then done by one file per command.
//!
//! ```text
//! serve, demo, simulate  ──►  server/: store + engine + mail + HTTP API, in this process
//! every other command    ──►  client/: the same HTTP API, of a server that runs somewhere
//! ```

mod cli;
mod client;
mod commands;
mod configuration;
mod demo;
mod logging;
mod output;
mod server;
mod simulate;
mod trust;
mod workflow_file;
mod wrong_use;

use std::process::ExitCode;

use clap::Parser as _;

use cli::Cli;
use wrong_use::WrongUse;

/// Exit code of a command that was not done.
const FAILED: u8 = 1;
/// Exit code of a command that was not used as it should be; clap's own errors end with the same.
const WRONG_USE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // The reader of standard error may be gone as well; the exit code still tells.
            drop(output::complain(&error));
            ExitCode::from(if error.is::<WrongUse>() { WRONG_USE } else { FAILED })
        }
    }
}
