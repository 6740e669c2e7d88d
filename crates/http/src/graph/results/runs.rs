//! `…/workflows/{workflow}/runs`

use tenure_lifecycle::ids::{RunNumber, Seq};
use tenure_lifecycle::run::Run;
use tenure_lifecycle::workflow::Workflow;

use super::asked::{period, place, query, store};
use super::properties::RUN;
use super::{filter, locate, shape};
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
    let items = with_reprocessed(request, &slice.items, &expansion)?;
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
    let (_, run) = named(request)?;
    let item = with_reprocessed(request, std::slice::from_ref(&run), &expansion)?.pop().unwrap_or_default();
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

/// Spells out the runs that process each of these again in the items of a page, which come in the same order.
pub(crate) fn put_reprocessed(
    request: &Request,
    of: &[(RunNumber, Option<Seq>)],
    items: &mut [Item],
    expansion: &Expansion,
) -> Result<(), GraphError> {
    let Some(asked) = expansion.get(REPROCESSED) else { return Ok(()) };
    let mut each = vec![vec![]; of.len()];
    for (place, run) in store(request).reprocessed(of)? {
        each[place].push(shape::run(&run));
    }
    for (item, repeats) in items.iter_mut().zip(each) {
        let page = asked.page(repeats, |asked| filter::stored(asked, request.members()))?;
        asked.put(item, page);
    }
    Ok(())
}

/// The items of a page of runs.
fn with_reprocessed(request: &Request, runs: &[Run], expansion: &Expansion) -> Result<Vec<Item>, GraphError> {
    let mut items: Vec<Item> = runs.iter().map(shape::run).collect();
    let of: Vec<_> = runs.iter().map(|run| (run.number, None)).collect();
    put_reprocessed(request, &of, &mut items, expansion)?;
    Ok(items)
}

/// The runs that process a run, or one of its users, again.
pub(crate) fn reprocessed_list(
    request: &Request,
    of: RunNumber,
    seq: Option<Seq>,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let query = query(request, &RUN)?;
    let count = if request.options.count()? {
        Some(store(request).count_reprocessed(of, seq, &query)?)
    } else {
        None
    };
    let slice = store(request).list_reprocessed(of, seq, &query)?;
    let items = with_reprocessed(request, &slice.items, &Expansion::default())?;
    let page = List { items, next: slice.next, count, expanded: vec![] };
    odata::list(request, &RUN, &request.context_path, page)
}

/// How many those are.
pub(crate) fn reprocessed_number(
    request: &Request,
    of: RunNumber,
    seq: Option<Seq>,
) -> Result<Response, GraphError> {
    Ok(odata::count(store(request).count_reprocessed(of, seq, &query(request, &RUN)?)?))
}

/// One of those (`{again}`).
pub(crate) fn reprocessed_one(
    request: &Request,
    workflow: &Workflow,
    of: RunNumber,
    seq: Option<Seq>,
) -> Result<Response, GraphError> {
    request.expansion(&[])?;
    let id = request.parameter("again");
    let run = locate::run(store(request), workflow, id)?;
    if !store(request).is_reprocessed(of, seq, run.number)? {
        return Err(GraphError::not_found(format!("run '{id}'")));
    }
    let item = shape::run(&run);
    entity(request, &RUN, &request.context_path, item, &[])
}

fn named(request: &Request) -> Result<(Workflow, Run), GraphError> {
    let place = place(request)?;
    let run = place.run.ok_or_else(|| GraphError::not_found("the run"))?;
    Ok((place.workflow, run))
}

/// `GET …/runs/{run}/reprocessedRuns`
pub(crate) fn reprocessed(request: &Request) -> Result<Response, GraphError> {
    reprocessed_list(request, named(request)?.1.number, None)
}

/// `GET …/runs/{run}/reprocessedRuns/$count`
pub(crate) fn reprocessed_count(request: &Request) -> Result<Response, GraphError> {
    reprocessed_number(request, named(request)?.1.number, None)
}

/// `GET …/runs/{run}/reprocessedRuns/{again}`
pub(crate) fn reprocessed_get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, run) = named(request)?;
    reprocessed_one(request, &workflow, run.number, None)
}
