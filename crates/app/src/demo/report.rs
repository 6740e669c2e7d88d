//! What the demo says it did, read from the store like anybody else would.

use std::path::Path;

use serde::Serialize;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{Query, ResultScope, TaskResultScope};
use tenure_lifecycle::run::{Status, UserResult};
use tenure_lifecycle::words::{self, counted};
use tenure_lifecycle::workflow::Workflow;

use super::company::Company;
use super::names::COMPANY;
use crate::output::Page;

/// Failed results that are shown, of each workflow.
const FAILED: usize = 3;
/// Results looked through to find the failed ones.
const LOOKED_AT: usize = 500;
/// Skipped people counted at once.
const CHUNK: usize = 1_000;

/// What the demo did.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    company: &'static str,
    people: usize,
    groups: usize,
    workflows: Vec<WorkflowReport>,
    completed: i64,
    failed: i64,
    results: Vec<ResultReport>,
    data: String,
    /// Where it is served, if it is.
    pub(crate) url: Option<String>,
    admin_token_file: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkflowReport {
    id: String,
    display_name: String,
    category: &'static str,
    people: i64,
    completed: i64,
    failed: i64,
    skipped: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultReport {
    user: String,
    workflow: String,
    status: &'static str,
    reasons: Vec<String>,
}

impl Report {
    /// Reads what became of everybody.
    pub(crate) fn read(
        company: &Company,
        workflows: &[Workflow],
        lifecycle: &Lifecycle,
        data: &Path,
        admin_token_file: &Path,
    ) -> anyhow::Result<Self> {
        let mut report = Self {
            company: COMPANY,
            people: company.people.len(),
            groups: company.groups.len(),
            workflows: Vec::new(),
            completed: 0,
            failed: 0,
            results: Vec::new(),
            data: data.display().to_string(),
            url: None,
            admin_token_file: admin_token_file.display().to_string(),
        };
        for workflow in workflows {
            let part = WorkflowReport::read(workflow, lifecycle)?;
            report.completed += part.completed;
            report.failed += part.failed;
            report.workflows.push(part);
            report.results.extend(some_results(workflow, lifecycle)?);
        }
        report.results.sort_by_key(|result| result.reasons.is_empty());
        Ok(report)
    }

    /// The report for people.
    pub(crate) fn tell(&self, page: &mut Page) {
        let Self { company, people, groups, completed, failed, .. } = self;
        page.line(format!(
            "{company}: {} in {}, {}. Everything that is due today was run.",
            words::people(*people as u64),
            counted(*groups as u64, "group", "groups"),
            counted(self.workflows.len() as u64, "workflow", "workflows"),
        ));
        page.line("").table(
            ["workflow", "category", "people", "completed", "failed", "skipped"],
            self.workflows
                .iter()
                .map(|one| {
                    [
                        one.display_name.clone(),
                        one.category.to_owned(),
                        one.people.to_string(),
                        one.completed.to_string(),
                        one.failed.to_string(),
                        one.skipped.to_string(),
                    ]
                })
                .collect(),
        );
        page.line("Skipped: due before the days that are caught up with, or due and out of scope.");
        page.line("").line(format!("{completed} completed, {failed} failed")).line("");
        page.line("Some of the results:").table(
            ["user", "workflow", "status", "reason"],
            self.results
                .iter()
                .map(|one| {
                    [one.user.clone(), one.workflow.clone(), one.status.to_owned(), one.reasons.join("; ")]
                })
                .collect(),
        );
    }

    /// How to go on, for people.
    pub(crate) fn tell_how_to_go_on(&self, page: &mut Page) {
        let token = &self.admin_token_file;
        page.line("")
            .line(format!("The HR file is {}/hr/people.csv, mails are in {}/outbox.", self.data, self.data));
        let Some(url) = &self.url else {
            page.line(format!("To go on with it: tenure serve --data {}", self.data));
            return;
        };
        page.line(format!("Served at {url}; the administrator's token is in {token}. In another terminal:"))
            .line(format!("  tenure --server {url} --token-file {token} result list --status failed"))
            .line("Ctrl-C ends it.");
    }
}

impl WorkflowReport {
    fn read(workflow: &Workflow, lifecycle: &Lifecycle) -> anyhow::Result<Self> {
        let mut report = Self {
            id: workflow.id.to_string(),
            display_name: workflow.display_name.clone(),
            category: workflow.category.as_str(),
            people: 0,
            completed: 0,
            failed: 0,
            skipped: skipped(workflow, lifecycle)?,
        };
        let mut query = Query { limit: 100, ..Query::default() };
        loop {
            let runs = lifecycle.store.list_runs(workflow.number, &query)?;
            for run in runs.items {
                report.people += run.counters.users.total;
                report.completed += run.counters.users.successful;
                report.failed += run.counters.failed_users();
            }
            match runs.next {
                Some(next) => query.after = Some(next),
                None => return Ok(report),
            }
        }
    }
}

fn skipped(workflow: &Workflow, lifecycle: &Lifecycle) -> anyhow::Result<usize> {
    let (mut count, mut after) = (0, 0);
    loop {
        let part = lifecycle.store.list_skipped(workflow.number, after, CHUNK)?;
        count += part.len();
        match part.last() {
            Some((last, _, _)) if part.len() == CHUNK => after = last.user,
            _ => return Ok(count),
        }
    }
}

/// Some failed results of a workflow, and one that is fine.
fn some_results(workflow: &Workflow, lifecycle: &Lifecycle) -> anyhow::Result<Vec<ResultReport>> {
    let query = Query { limit: LOOKED_AT, ..Query::default() };
    let found = lifecycle.store.list_user_results(ResultScope::Workflow(workflow.number), &query)?.items;
    let (failed, fine): (Vec<_>, Vec<_>) = found.into_iter().partition(|result| result.tasks.failed > 0);
    failed
        .into_iter()
        .take(FAILED)
        .chain(fine.into_iter().take(1))
        .map(|result| result_report(workflow, &result, lifecycle))
        .collect()
}

fn result_report(
    workflow: &Workflow,
    result: &UserResult,
    lifecycle: &Lifecycle,
) -> anyhow::Result<ResultReport> {
    let subject = result.subject.map(|id| lifecycle.store.user(id)).transpose()?.flatten();
    let query = Query { limit: workflow.tasks.len().max(1), ..Query::default() };
    let tasks =
        lifecycle.store.list_task_results(TaskResultScope::User(result.run, result.seq), &query)?.items;
    let name = |ordinal: i64| {
        let task = workflow.tasks.iter().find(|task| task.execution_sequence == ordinal);
        task.map(|task| task.display_name.clone()).unwrap_or_default()
    };
    Ok(ResultReport {
        user: subject.map(|user| user.display_name().to_owned()).unwrap_or_default(),
        workflow: workflow.display_name.clone(),
        status: result.status.as_str(),
        reasons: tasks
            .into_iter()
            .filter(|task| task.status == Status::Failed)
            .map(|task| format!("{}: {}", name(task.ordinal), task.failure_reason.unwrap_or_default()))
            .collect(),
    })
}
