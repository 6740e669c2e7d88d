//! A process of its own that says where it is.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::Context;

/// One of this program's own processes.
pub(crate) struct Child {
    process: std::process::Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Child {
    /// This program, to be told what to do.
    pub(crate) fn command(phase: &str) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(phase);
        Ok(command)
    }

    pub(crate) fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let said = BufReader::new(process.stdout.take().context("the process says nothing")?);
        Ok(Self { process, said })
    }

    pub(crate) fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        anyhow::ensure!(self.said.read_line(&mut line)? > 0, "a process ended too early");
        Ok(line)
    }

    pub(crate) fn hears(&mut self, word: &str) -> anyhow::Result<()> {
        let line = self.line()?;
        anyhow::ensure!(line.trim() == word, "a process says '{line}' and not '{word}'");
        Ok(())
    }

    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}
