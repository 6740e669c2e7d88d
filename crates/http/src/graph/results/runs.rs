//! `…/workflows/{workflow}/runs`

use super::asked::{members, period, place, query, store};
use super::properties::RUN;
use super::shape;
use crate::errors::GraphError;
use crate::odata::{self, Item, List, complex, entity};
use crate::request::Request;
use crate::response::Response;

const REPROCESSED: &str = "reprocessedRuns";

/// `GET …/runs`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let query = query(request, &RUN)?;
    let expansion = request.expansion(&[REPROCESSED])?;
    let count = if request.options.count()? {
        Some(store(request).count_runs(workflow.number, &query)?)
    } else {
        None
    };
    let slice = store(request).list_runs(workflow.number, &query)?;
    let item = |run| with_reprocessed(shape::run(run, members(request)), expansion.has(REPROCESSED));
    let items = slice.items.iter().map(item).collect();
    let page = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, &RUN, &request.context_path, page)
}

/// `GET …/runs/$count`
pub(crate) fn count(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let count = store(request).count_runs(workflow.number, &query(request, &RUN)?)?;
    Ok(odata::count(count))
}

/// `GET …/runs/{run}`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let expansion = request.expansion(&[REPROCESSED])?;
    let Some(run) = place(request)?.run else { return Err(GraphError::not_found("the run")) };
    let item = with_reprocessed(shape::run(&run, members(request)), expansion.has(REPROCESSED));
    entity(request, &RUN, &request.context_path, item, &expansion.names())
}

/// `GET …/runs/summary(startDateTime=…,endDateTime=…)`
pub(crate) fn summary(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let (start, end) = period(request)?;
    let runs = store(request).run_summary(workflow.number, start, end)?;
    let counters = store(request).user_summary(workflow.number, None, start, end)?;
    complex(request, "microsoft.graph.identityGovernance.runSummary", shape::run_summary(&runs, &counters))
}

/// Nothing is reprocessed yet, so there are no runs that repeat another.
pub(crate) fn with_reprocessed(mut item: Item, expanded: bool) -> Item {
    if expanded {
        item.insert(REPROCESSED.to_owned(), serde_json::json!([]));
    }
    item
}

/// The empty list of runs that repeat something that is there.
pub(crate) fn none_reprocessed(request: &Request) -> Result<Response, GraphError> {
    odata::memory_list(request, &RUN, &request.context_path, vec![], "id")
}

/// `GET …/runs/{run}/reprocessedRuns`
pub(crate) fn reprocessed(request: &Request) -> Result<Response, GraphError> {
    place(request)?;
    none_reprocessed(request)
}

/// `GET …/runs/{run}/reprocessedRuns/$count`
pub(crate) fn reprocessed_count(request: &Request) -> Result<Response, GraphError> {
    place(request)?;
    odata::memory_count(request, &RUN, vec![])
}
