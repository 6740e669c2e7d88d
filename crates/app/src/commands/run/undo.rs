//! `tenure run undo`

use std::time::Duration;

use clap::Args;
use serde_json::{Value as Json, json};
use tenure_lifecycle::words;

use crate::client::{Client, WORKFLOWS};
use crate::commands::result::list;
use crate::output::{Output, text};

/// Pause between two looks whether it is through.
const PAUSE: Duration = Duration::from_millis(200);
/// People for whom it failed that are shown.
const FAILED: usize = 20;

/// Take back what a run did, and wait until that is through.
#[derive(Args, Debug)]
#[command(override_usage = "tenure run undo [OPTIONS] [W] <RUN>")]
pub(crate) struct Undo {
    /// Id or name of the workflow; may be left out
    #[arg(value_name = "W")]
    first: String,
    /// Id of the run
    #[arg(value_name = "RUN")]
    second: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    preview: bool,
}

impl Undo {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        // One name alone is the run's.
        let (workflow, run) = match &self.second {
            Some(run) => (Some(self.first.as_str()), run),
            None => (None, &self.first),
        };
        let (workflow, run) = client.run(run, workflow)?;
        let path = format!("{WORKFLOWS}/{}/runs/{}", text(&workflow, "id"), text(&run, "id"));
        take_back(client, out, &workflow, &path, self.preview)
    }
}

/// Takes back what is at that path, and waits until that is through; an error if some of it could not be taken back.
pub(crate) fn take_back(
    client: &Client,
    out: Output,
    workflow: &Json,
    path: &str,
    preview: bool,
) -> anyhow::Result<()> {
    let made = client.post(&format!("{path}/tenure.undo"), &json!({ "preview": preview }))?;
    let id = text(&made, "id");
    let made_at = format!("{WORKFLOWS}/{}/runs/{id}", text(workflow, "id"));
    let mut run = loop {
        let run = client.get(&made_at)?;
        if !run["completedDateTime"].is_null() {
            break run;
        }
        std::thread::sleep(PAUSE);
    };
    let results = format!("{made_at}/userProcessingResults");
    let failed = list::failed(client, &results, workflow, FAILED)?;
    let count = |name: &str| run[name].as_u64().unwrap_or_default();
    let (people, failures) = (count("totalUsersCount"), count("failedUsersCount"));
    let status = text(&run, "processingStatus");
    run["failedResults"] = json!(failed.items);
    out.say(&run, |page| {
        let name = text(workflow, "displayName");
        let whom = match (people - failures, failures) {
            (whole, 0) => words::people(whole),
            (0, _) => "nobody in whole".to_owned(),
            (whole, _) => format!("{whole} of {} in whole", words::people(people)),
        };
        let is = if preview { "would be" } else { "is" };
        page.line(format!("What '{name}' did {is} taken back for {whom}. See: tenure run show {id}"));
        if !failed.items.is_empty() {
            page.line("").line("Not all of it for:");
            list::table(page, &failed);
        }
        Ok(())
    })?;
    if status != "completed" {
        anyhow::bail!(
            "the run {id} is {status}: for {} not everything could be taken back",
            words::people(failures)
        );
    }
    Ok(())
}
