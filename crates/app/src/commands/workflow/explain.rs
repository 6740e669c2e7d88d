//! `tenure workflow explain`

use clap::Args;
use serde_json::{Value as Json, json};

use crate::client::{Client, WORKFLOWS};
use crate::output::{Output, Page, text, time};

/// Say why a workflow runs for somebody by itself, or why not: each clause of its scope, each occasion, and when they are due.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// Its id or name
    #[arg(value_name = "W")]
    workflow: String,
    /// Whom it is about: id or user principal name
    #[arg(value_name = "USER")]
    user: String,
}

impl Explain {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let id = text(&client.workflow(&self.workflow)?, "id");
        let body = json!({ "subject": { "id": text(&client.user(&self.user)?, "id") } });
        let explained = client.post(&format!("{WORKFLOWS}/{id}/tenure.explain"), &body)?;
        out.say(&explained, |page| {
            show(page, &explained);
            Ok(())
        })
    }
}

fn show(page: &mut Page, explained: &Json) {
    let who = text(&explained["subject"], "displayName");
    page.line(match explained["isProcessed"].as_str() {
        Some("now") => format!("The workflow is run for {who} when it is looked at next."),
        Some("later") => format!("The workflow will be run for {who} if nothing changes:"),
        _ => format!("The workflow is not run for {who}:"),
    });
    for reason in items(&explained["reasons"]) {
        page.line(format!("- {}", text(reason, "message")));
    }
    let occasion = &explained["occasion"];
    let result = &occasion["userProcessingResult"];
    let mut facts = vec![
        ("due", time(occasion, "dueDateTime")),
        ("until", time(occasion, "untilDateTime")),
        ("what came of it", text(result, "processingStatus")),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    if !facts.is_empty() {
        page.line("").facts(&facts);
    }
    if !explained["scope"].is_null() {
        page.line("").line("Scope");
        parts(page, &explained["scope"], 1);
    }
    let skipped = items(&explained["skipped"]);
    if !skipped.is_empty() {
        page.line("").table(
            ["skipped", "because"],
            skipped.iter().map(|one| [time(one, "dueDateTime"), text(one, "reason")]).collect(),
        );
    }
    let results = items(&explained["userProcessingResults"]);
    if !results.is_empty() {
        let row = |one: &Json| {
            [
                time(one, "scheduledDateTime"),
                text(one, "workflowExecutionType"),
                text(one, "processingStatus"),
                text(one, "id"),
            ]
        };
        page.line("").table(["run for", "type", "status", "result"], results.iter().map(row).collect());
    }
}

/// A part of the scope and those below it.
fn parts(page: &mut Page, part: &Json, depth: usize) {
    let sign = if part["holds"] == true { "yes" } else { "no " };
    let seen = match part.get("seen") {
        None => String::new(),
        Some(Json::Null) => "  (is not set)".to_owned(),
        Some(seen) => format!("  (is {seen})"),
    };
    page.line(format!("{:indent$}{sign}  {}{seen}", "", text(part, "text"), indent = depth * 2));
    for below in items(&part["parts"]) {
        parts(page, below, depth + 1);
    }
}

fn items(list: &Json) -> &[Json] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
