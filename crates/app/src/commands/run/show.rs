//! `tenure run show`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, WORKFLOWS, encode, literal};
use crate::commands::result::list;
use crate::output::{Output, text, time};

/// People for whom the run failed that are shown.
const FAILED: usize = 20;

/// Show a run with its tasks and the people it failed for.
#[derive(Args, Debug)]
#[command(override_usage = "tenure run show [OPTIONS] [W] <RUN>")]
pub(crate) struct Show {
    /// Id or name of the workflow; may be left out
    #[arg(value_name = "W")]
    first: String,
    /// Id of the run
    #[arg(value_name = "RUN")]
    second: Option<String>,
}

impl Show {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        // One name alone is the run's.
        let (workflow, run) = match &self.second {
            Some(run) => (Some(self.first.as_str()), run),
            None => (None, &self.first),
        };
        let (workflow, mut run) = client.run(run, workflow)?;
        let (workflow_id, run_id) = (text(&workflow, "id"), text(&run, "id"));
        let filter = encode(&format!("runId eq {}", literal(&run_id)));
        let reports = client.list(
            &format!("{WORKFLOWS}/{workflow_id}/taskReports?$filter={filter}&$expand=task"),
            usize::MAX,
        )?;
        let results = format!("{WORKFLOWS}/{workflow_id}/runs/{run_id}/userProcessingResults");
        let failed = list::failed(client, &results, &workflow, FAILED)?;
        run["workflow"] = json!({ "id": workflow_id, "displayName": text(&workflow, "displayName") });
        run["taskReports"] = json!(reports.items);
        run["failedResults"] = json!(failed.items);
        out.say(&run, |page| {
            page.facts(&[
                ("workflow", text(&workflow, "displayName")),
                ("run", run_id.clone()),
                ("status", text(&run, "processingStatus")),
                ("why", text(&run, "workflowExecutionType")),
                ("scheduled", time(&run, "scheduledDateTime")),
                ("started", time(&run, "startedDateTime")),
                ("completed", time(&run, "completedDateTime")),
                ("people", text(&run, "totalUsersCount")),
                ("successful", text(&run, "successfulUsersCount")),
                ("failed", text(&run, "failedUsersCount")),
            ]);
            page.line("").table(
                ["task", "status", "people", "successful", "failed", "unprocessed"],
                reports.items.iter().map(report).collect(),
            );
            if !failed.items.is_empty() {
                page.line("").line("Failed for:");
                list::table(page, &failed);
            }
            Ok(())
        })
    }
}

fn report(report: &Json) -> [String; 6] {
    [
        text(&report["task"], "displayName"),
        text(report, "processingStatus"),
        text(report, "totalUsersCount"),
        text(report, "successfulUsersCount"),
        text(report, "failedUsersCount"),
        text(report, "unprocessedUsersCount"),
    ]
}
