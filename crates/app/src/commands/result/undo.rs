//! `tenure result undo`

use anyhow::bail;
use clap::Args;

use crate::client::{Client, WORKFLOWS, encode, is_not_found};
use crate::commands::run::undo::take_back;
use crate::output::{Output, text};

/// Take back what a run did for one person, and wait until that is through.
#[derive(Args, Debug)]
pub(crate) struct Undo {
    /// Id of the result
    #[arg(value_name = "RESULT")]
    result: String,
    /// Only say what would be done
    #[arg(long)]
    preview: bool,
}

impl Undo {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        for workflow in client.workflows()? {
            let results = format!("{WORKFLOWS}/{}/userProcessingResults", text(&workflow, "id"));
            let path = format!("{results}/{}", encode(&self.result));
            match client.get(&path) {
                Ok(_) => return take_back(client, out, &workflow, &path, self.preview),
                Err(error) if is_not_found(&error) => {}
                Err(error) => return Err(error),
            }
        }
        bail!(
            "no workflow has a result '{}'; a workflow that is deleted has to be restored first",
            self.result
        )
    }
}
