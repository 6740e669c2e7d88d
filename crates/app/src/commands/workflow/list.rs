//! `tenure workflow list`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::commands::conditions::yes_no;
use crate::output::{Output, text, time};

/// List workflows.
#[derive(Args, Debug)]
pub(crate) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "every command runs on its arguments, also when it has none")]
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let workflows = client.workflows()?;
        out.say(&json!({ "value": workflows }), |page| {
            if workflows.is_empty() {
                page.line("There is no workflow.");
            }
            let row = |workflow: &Json| {
                [
                    text(workflow, "displayName"),
                    text(workflow, "category"),
                    yes_no(workflow, "isEnabled"),
                    yes_no(workflow, "isSchedulingEnabled"),
                    text(workflow, "version"),
                    time(workflow, "nextScheduleRunDateTime"),
                    text(workflow, "id"),
                ]
            };
            page.table(
                ["workflow", "category", "enabled", "scheduled", "version", "next run", "id"],
                workflows.iter().map(row).collect(),
            );
            Ok(())
        })
    }
}
