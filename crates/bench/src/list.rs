//! A page of filtered results over the whole API, in process, beside a bare handler that serves the same bytes.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;
use tenure_lifecycle::ids::{Address, Epoch};
use tenure_lifecycle::workflow::Workflow;
use uuid::Uuid;

use crate::history;
use crate::measure::{Output, place, print, quantile, rounded};
use crate::serve::{Api, api};
use crate::setup::open;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many results the workflow has.
    #[arg(long, default_value_t = 1_000_000)]
    results: u64,
    /// One result in so many has failed; those are asked for.
    #[arg(long, default_value_t = 20)]
    one_in: u64,
    /// How many pages are asked for on each side.
    #[arg(long, default_value_t = 2_000)]
    pages: usize,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    results: u64,
    page_bytes: usize,
    /// The first page ever asked for.
    first_millis: f64,
    median_millis: f64,
    p99_millis: f64,
    pages_per_second: f64,
    raw_pages_per_second: f64,
    ratio: f64,
}

/// People; each has several results.
const PEOPLE: u64 = 1_000_000;
/// Pages that one side is asked for before the other has its turn.
const TURN: usize = 50;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let place = place(arguments.output.directory.as_deref())?;
    let people = PEOPLE.min(arguments.results);
    let workflow = history::with_failures(place.path(), people, arguments.results, arguments.one_in)?;
    let (_store, lifecycle) = open(place.path())?;
    let api = api(lifecycle, place.path())?;
    let path = format!(
        "/v1.0/identityGovernance/lifecycleWorkflows/workflows/{}/userProcessingResults\
         ?$filter=processingStatus%20eq%20'failed'&$top=100",
        workflow.id
    );
    let (page, first_millis) = api.get(&path)?;
    let bare = api.beside(bare(place.path(), &workflow, &page)?)?;
    anyhow::ensure!(page == bare.get(&path)?.0, "the bare handler serves other bytes");
    // In turns, so that both have their share of what else the machine does.
    let (mut ours, mut raw) = (Measured::default(), Measured::default());
    for _ in 0..arguments.pages.div_ceil(TURN) {
        ours.ask(&api, &path)?;
        raw.ask(&bare, &path)?;
    }

    let figures = Figures {
        results: arguments.results,
        page_bytes: page.len(),
        first_millis: rounded(first_millis),
        median_millis: rounded(quantile(ours.0.clone(), 0.5)),
        p99_millis: rounded(quantile(ours.0.clone(), 0.99)),
        pages_per_second: ours.rate().round(),
        raw_pages_per_second: raw.rate().round(),
        ratio: rounded(ours.rate() / raw.rate()),
    };
    print(&figures, arguments.output.json)
}

/// Milliseconds of each page.
#[derive(Default)]
struct Measured(Vec<f64>);

impl Measured {
    fn ask(&mut self, api: &Api, path: &str) -> anyhow::Result<()> {
        for _ in 0..TURN {
            self.0.push(api.get(path)?.1);
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.0.len() as f64 / (self.0.iter().sum::<f64>() / 1_000.0)
    }
}

/// The bare handler: one statement, one pass over its rows, the same bytes around them.
struct Bare {
    connection: Mutex<Connection>,
    run: i64,
    before: String,
    after: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: String,
    completed_date_time: String,
    failed_tasks_count: i64,
    processing_status: &'static str,
    scheduled_date_time: String,
    started_date_time: String,
    total_tasks_count: i64,
    total_unprocessed_tasks_count: i64,
    workflow_execution_type: &'static str,
    workflow_version: i64,
    subject: Subject,
}

#[derive(Serialize)]
struct Subject {
    id: String,
}

fn bare(directory: &Path, workflow: &Workflow, page: &[u8]) -> anyhow::Result<Router> {
    let connection =
        Connection::open_with_flags(directory.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let run = connection.query_row(
        "SELECT max(number) FROM runs WHERE workflow = ?1",
        [workflow.number],
        |row| row.get(0),
    )?;
    let page = std::str::from_utf8(page)?;
    let open = page.find("\"value\":[").context("the page has no value")? + "\"value\":[".len();
    let close = page.rfind(']').context("the page has no end")?;
    let bare = Bare {
        connection: Mutex::new(connection),
        run,
        before: page[..open].to_owned(),
        after: page[close..].to_owned(),
    };
    Ok(Router::new().fallback(serve).with_state(Arc::new(bare)))
}

async fn serve(State(bare): State<Arc<Bare>>) -> axum::response::Response {
    let page = tokio::task::spawn_blocking(move || bare.page()).await;
    let body = page.ok().and_then(Result::ok).unwrap_or_default();
    axum::response::Response::new(Body::from(body))
}

impl Bare {
    fn page(&self) -> anyhow::Result<Vec<u8>> {
        const PAGE: &str =
            "SELECT q.seq, r.epoch, s.id, r.scheduled, q.started, q.completed, r.version, q.total, q.failed, q.unprocessed
               FROM user_results q JOIN runs r ON r.number = q.run LEFT JOIN users s ON s.number = q.subject
              WHERE q.run = ?1 AND q.status = ?2 ORDER BY q.seq LIMIT 100";
        const TIMES: DateTimePrinter = DateTimePrinter::new();
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = connection.prepare_cached(PAGE)?;
        let mut rows = statement.query(params![self.run, 5])?;
        let mut body = self.before.clone().into_bytes();
        let mut first = true;
        while let Some(row) = rows.next()? {
            let time = |column| -> anyhow::Result<String> {
                Ok(TIMES.timestamp_to_string(&Timestamp::from_millisecond(row.get(column)?)?))
            };
            let item = Row {
                id: Address::UserResult(self.run, row.get(0)?).public(Epoch(row.get(1)?)).to_string(),
                completed_date_time: time(5)?,
                failed_tasks_count: row.get(8)?,
                processing_status: "failed",
                scheduled_date_time: time(3)?,
                started_date_time: time(4)?,
                total_tasks_count: row.get(7)?,
                total_unprocessed_tasks_count: row.get(9)?,
                workflow_execution_type: "onDemand",
                workflow_version: row.get(6)?,
                subject: Subject { id: Uuid::from_slice(row.get_ref(2)?.as_blob()?)?.to_string() },
            };
            if !first {
                body.push(b',');
            }
            first = false;
            serde_json::to_writer(&mut body, &item)?;
        }
        body.extend_from_slice(self.after.as_bytes());
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_serve_the_same_bytes() {
        let arguments = Arguments { results: 5_000, one_in: 20, pages: 2, output: Output::default() };
        run(&arguments).unwrap();
    }
}
