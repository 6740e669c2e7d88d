//! `…/workflows/{workflow}/runs`

use super::asked::{members, period, place, query, store};
use super::properties::RUN;
use super::shape;
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Item, List, Navigation, complex, entity};
use crate::request::Request;
use crate::response::Response;

const REPROCESSED: &str = "reprocessedRuns";
/// The runs that repeat a run or a result.
pub(crate) const REPROCESSED_RUNS: Navigation = Navigation::many(REPROCESSED, || &RUN);

/// `GET …/runs`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    let workflow = request.workflow()?;
    let query = query(request, &RUN)?;
    let expansion = request.expansion_of(&[REPROCESSED_RUNS])?;
    let count = if request.options.count()? {
        Some(store(request).count_runs(workflow.number, &query)?)
    } else {
        None
    };
    let slice = store(request).list_runs(workflow.number, &query)?;
    let item = |run| with_reprocessed(shape::run(run, members(request)), &expansion);
    let items = slice.items.iter().map(item).collect::<Result<_, _>>()?;
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
    let expansion = request.expansion_of(&[REPROCESSED_RUNS])?;
    let Some(run) = place(request)?.run else { return Err(GraphError::not_found("the run")) };
    let item = with_reprocessed(shape::run(&run, members(request)), &expansion)?;
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
pub(crate) fn with_reprocessed(mut item: Item, expansion: &Expansion) -> Result<Item, GraphError> {
    if let Some(asked) = expansion.get(REPROCESSED) {
        let none = asked.page(vec![], |filter| filter)?;
        asked.put(&mut item, none);
    }
    Ok(item)
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
