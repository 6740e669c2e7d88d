//! `tenure run list`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, WORKFLOWS};
use crate::output::{Output, text, time};

/// List the runs of a workflow, newest first.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Id or name of the workflow
    #[arg(value_name = "W")]
    workflow: String,
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = super::at_least_one)]
    limit: usize,
}

impl List {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let id = text(&client.workflow(&self.workflow)?, "id");
        let runs = client.list(&format!("{WORKFLOWS}/{id}/runs"), self.limit)?;
        out.say(&json!({ "value": runs.items, "more": runs.more }), |page| {
            if runs.items.is_empty() {
                page.line("There is no run.");
            }
            page.table(
                [
                    "run",
                    "status",
                    "why",
                    "scheduled",
                    "completed",
                    "people",
                    "successful",
                    "failed",
                    "tasks failed",
                ],
                runs.items.iter().map(row).collect(),
            );
            if runs.more {
                page.line("There are more; --limit shows more of them.");
            }
            Ok(())
        })
    }
}

fn row(run: &Json) -> [String; 9] {
    [
        text(run, "id"),
        text(run, "processingStatus"),
        text(run, "workflowExecutionType"),
        time(run, "scheduledDateTime"),
        time(run, "completedDateTime"),
        text(run, "totalUsersCount"),
        text(run, "successfulUsersCount"),
        text(run, "failedUsersCount"),
        text(run, "failedTasksCount"),
    ]
}
