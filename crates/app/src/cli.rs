//! The command line (contract: docs/cli.md).

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::directory::{import, status};
use crate::commands::{demo, mail, migrate, result, run, serve, simulate, template, token, workflow};

/// Runs the life of an identity, from hire to leave.
#[derive(Debug, Parser)]
#[command(name = "tenure", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub(crate) struct Global {
    /// Print one JSON document instead of tables
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The server that commands talk to
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "TENURE_URL",
        default_value = "http://127.0.0.1:8460"
    )]
    pub(crate) server: String,
    /// A file that holds the token to use [default: TENURE_TOKEN, else ./tenure-data/admin-token for a server
    /// on this machine]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Which log lines are written to standard error, such as `info` or `warn,tenure_http=debug`
    #[arg(long, global = true, value_name = "FILTER", env = "RUST_LOG")]
    pub(crate) log: Option<String>,
    /// How log lines are written
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// One JSON object a line
    Json,
    /// For people
    Text,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a sample company, run its workflows end to end, then serve it
    Demo(demo::Demo),
    /// Serve a data directory
    Serve(serve::Serve),
    /// Play days with the real engine, on a copy or on an empty directory; nothing goes outside
    Simulate(simulate::Simulate),
    /// Move everything from one database to another, such as from a data directory to a PostgreSQL
    Migrate(migrate::Migrate),
    /// Local access tokens
    #[command(subcommand)]
    Token(Token),
    /// The people that workflows act on
    #[command(subcommand)]
    Directory(Directory),
    /// Workflows
    #[command(subcommand)]
    Workflow(Workflow),
    /// Templates that workflows can begin with
    #[command(subcommand)]
    Template(Template),
    /// Mails of tasks
    #[command(subcommand)]
    Mail(Mail),
    /// Runs of a workflow
    #[command(subcommand)]
    Run(Run),
    /// What became of each person
    #[command(subcommand)]
    Result(Results),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token and print it, this once
    Create(token::create::Create),
    /// List tokens
    List(token::list::List),
    /// Withdraw a token
    Revoke(token::revoke::Revoke),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Directory {
    /// Import people from a CSV file
    Import(import::Import),
    /// Show how the server and its directory are
    Status(status::Status),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workflow {
    /// List workflows
    List(workflow::list::List),
    /// Show a workflow with its tasks
    Show(workflow::show::Show),
    /// Say why a workflow runs for somebody by itself, or why not
    Explain(workflow::explain::Explain),
    /// Say who becomes due in the days to come
    Forecast(workflow::forecast::Forecast),
    /// Say who would be processed now, and what would be different for each
    Preview(workflow::preview::Preview),
    /// Run a workflow now for these people, whatever its conditions say
    Run(workflow::run::Run),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Template {
    /// List the templates that workflows can begin with
    List(template::list::List),
    /// Show a template with its tasks
    Show(template::show::Show),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Show the mails of a task as they would be sent now; nothing is sent
    Preview(mail::preview::Preview),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Run {
    /// List the runs of a workflow, newest first
    List(run::list::List),
    /// Show a run with its tasks and the people it failed for
    Show(run::show::Show),
    /// Take back what a run did
    Undo(run::undo::Undo),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Results {
    /// List results, workflow by workflow, newest run first
    List(result::list::List),
    /// Take back what a run did for one person
    Undo(result::undo::Undo),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
