//! `tenure template list`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::commands::conditions::when;
use crate::output::{Output, text};

/// List the templates that workflows can begin with.
#[derive(Args, Debug)]
pub(crate) struct List {}

impl List {
    #[expect(clippy::unused_self, reason = "every command runs on its arguments, also when it has none")]
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let templates = client.templates()?;
        out.say(&json!({ "value": templates }), |page| {
            let row = |template: &Json| {
                let tasks = template["tasks"].as_array().map(Vec::as_slice).unwrap_or_default();
                [
                    text(template, "displayName"),
                    text(template, "category"),
                    when(&template["executionConditions"]),
                    tasks.len().to_string(),
                    text(template, "id"),
                ]
            };
            page.table(["template", "category", "when", "tasks", "id"], templates.iter().map(row).collect());
            Ok(())
        })
    }
}
