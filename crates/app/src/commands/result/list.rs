//! `tenure result list`

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value as Json, json};
use tenure_lifecycle::run::Status;

use crate::client::{Client, Listing, WORKFLOWS, encode, literal};
use crate::commands::run::at_least_one;
use crate::output::{Output, Page, text, time};

/// List results, workflow by workflow, newest run first.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Only of this workflow: id or name
    #[arg(long, value_name = "W")]
    workflow: Option<String>,
    /// Only of this run
    #[arg(long, value_name = "R")]
    run: Option<String>,
    /// Only of this person: id or user principal name
    #[arg(long, value_name = "U")]
    user: Option<String>,
    /// Only with this status
    #[arg(long, value_parser = PossibleValuesParser::new(Status::NAMES.map(|(name, _)| name)), ignore_case = true)]
    status: Option<String>,
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = at_least_one)]
    limit: usize,
}

impl List {
    pub(crate) fn run(self, client: &Client, out: Output) -> anyhow::Result<()> {
        let mut clauses = Vec::new();
        if let Some(status) = &self.status {
            clauses.push(format!("processingStatus eq {}", literal(status)));
        }
        if let Some(key) = &self.user {
            clauses.push(format!("subject/id eq {}", literal(&text(&client.user(key)?, "id"))));
        }
        let filter = clauses.join(" and ");
        let mut found = Listing { items: Vec::new(), more: false };
        for (path, workflow) in self.collections(client)? {
            if found.items.len() == self.limit {
                found.more = true;
                break;
            }
            let part = results(client, &path, &workflow, &filter, self.limit - found.items.len())?;
            found.items.extend(part.items);
            found.more |= part.more;
        }
        out.say(&json!({ "value": found.items, "more": found.more }), |page| {
            if found.items.is_empty() {
                page.line("There is no such result.");
            }
            table(page, &found);
            Ok(())
        })
    }

    /// Where the results are, each with its workflow.
    fn collections(&self, client: &Client) -> anyhow::Result<Vec<(String, Json)>> {
        let of_workflow = |workflow: Json| {
            (format!("{WORKFLOWS}/{}/userProcessingResults", text(&workflow, "id")), workflow)
        };
        match (&self.run, &self.workflow) {
            (Some(run), workflow) => {
                let (workflow, run) = client.run(run, workflow.as_deref())?;
                let (id, run) = (text(&workflow, "id"), text(&run, "id"));
                Ok(vec![(format!("{WORKFLOWS}/{id}/runs/{run}/userProcessingResults"), workflow)])
            }
            (None, Some(key)) => Ok(vec![of_workflow(client.workflow(key)?)]),
            (None, None) => Ok(client.workflows()?.into_iter().map(of_workflow).collect()),
        }
    }
}

/// The results of a collection that have a failed task.
pub(crate) fn failed(client: &Client, path: &str, workflow: &Json, limit: usize) -> anyhow::Result<Listing> {
    let filter = "processingStatus eq 'failed' or processingStatus eq 'completedWithErrors'";
    results(client, path, workflow, filter, limit)
}

/// Results of a collection, each with its subject, its workflow and why tasks failed.
fn results(
    client: &Client,
    path: &str,
    workflow: &Json,
    filter: &str,
    limit: usize,
) -> anyhow::Result<Listing> {
    let filter = if filter.is_empty() { String::new() } else { format!("&$filter={}", encode(filter)) };
    let mut found = client.list(&format!("{path}?$expand=subject{filter}"), limit)?;
    for result in &mut found.items {
        let failed = result["failedTasksCount"].as_i64().unwrap_or_default() > 0;
        let failures = if failed { failures(client, path, &text(result, "id"))? } else { Vec::new() };
        result["failures"] = Json::Array(failures);
        result["workflow"] = json!({ "id": workflow["id"], "displayName": workflow["displayName"] });
    }
    Ok(found)
}

/// Which tasks of a result failed, and why.
fn failures(client: &Client, path: &str, result: &str) -> anyhow::Result<Vec<Json>> {
    let tasks = client.list(&format!("{path}/{result}/taskProcessingResults"), usize::MAX)?.items;
    Ok(tasks
        .iter()
        .filter(|task| text(task, "processingStatus") == Status::Failed.as_str())
        .map(|task| json!({ "task": task["task"]["displayName"], "reason": task["failureReason"] }))
        .collect())
}

/// Results as people see them.
pub(crate) fn table(page: &mut Page, found: &Listing) {
    let row = |result: &Json| {
        let subject = &result["subject"];
        let name = text(subject, "userPrincipalName");
        [
            if name.is_empty() { text(subject, "id") } else { name },
            text(&result["workflow"], "displayName"),
            text(result, "processingStatus"),
            time(result, "completedDateTime"),
            format!("{}/{}", text(result, "failedTasksCount"), text(result, "totalTasksCount")),
            reasons(&result["failures"]),
        ]
    };
    page.table(
        ["user", "workflow", "status", "completed", "tasks failed", "reason"],
        found.items.iter().map(row).collect(),
    );
    if found.more {
        page.line("There are more; --limit shows more of them.");
    }
}

fn reasons(failures: &Json) -> String {
    let failures = failures.as_array().map(Vec::as_slice).unwrap_or_default();
    let reasons: Vec<String> = failures
        .iter()
        .map(|failure| format!("{}: {}", text(failure, "task"), text(failure, "reason")))
        .collect();
    reasons.join("; ")
}
