//! The commands, one file each: what it takes, then what it does.

pub(crate) mod conditions;
pub(crate) mod demo;
pub(crate) mod directory;
pub(crate) mod mail;
pub(crate) mod migrate;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod template;
pub(crate) mod token;
pub(crate) mod workflow;

use crate::cli::{Cli, Command, Directory, Mail, Results, Run, Template, Token, Workflow};
use crate::client::Client;
use crate::logging;
use crate::output::Output;

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> anyhow::Result<()> {
    let Cli { global, command } = cli;
    let out = Output::new(global.json);
    let ends_at_once = !matches!(command, Command::Serve(_));
    logging::start(&global, if ends_at_once { "warn" } else { "info" })?;
    let client = || Client::to(&global.server, global.token_file.as_deref());
    match command {
        Command::Demo(demo) => demo.run(out),
        Command::Serve(serve) => serve.run(out),
        Command::Simulate(simulate) => simulate.run(out),
        Command::Migrate(migrate) => migrate.run(out),
        Command::Token(Token::Create(create)) => create.run(&client()?, out),
        Command::Token(Token::List(list)) => list.run(&client()?, out),
        Command::Token(Token::Revoke(revoke)) => revoke.run(&client()?, out),
        Command::Directory(Directory::Import(import)) => import.run(&client()?, out),
        Command::Directory(Directory::Status(status)) => status.run(&client()?, out),
        Command::Workflow(Workflow::List(list)) => list.run(&client()?, out),
        Command::Workflow(Workflow::Show(show)) => show.run(&client()?, out),
        Command::Workflow(Workflow::Explain(explain)) => explain.run(&client()?, out),
        Command::Workflow(Workflow::Forecast(forecast)) => forecast.run(&client()?, out),
        Command::Workflow(Workflow::Preview(preview)) => preview.run(&client()?, out),
        Command::Workflow(Workflow::Run(run)) => run.run(&client()?, out),
        Command::Template(Template::List(list)) => list.run(&client()?, out),
        Command::Template(Template::Show(show)) => show.run(&client()?, out),
        Command::Mail(Mail::Preview(preview)) => preview.run(&client()?, out),
        Command::Run(Run::List(list)) => list.run(&client()?, out),
        Command::Run(Run::Show(show)) => show.run(&client()?, out),
        Command::Run(Run::Undo(undo)) => undo.run(&client()?, out),
        Command::Result(Results::List(list)) => list.run(&client()?, out),
        Command::Result(Results::Undo(undo)) => undo.run(&client()?, out),
    }
}
