//! `…/workflows/{workflow}/runs`

use serde_json::Value as Json;
use tenure_lifecycle::ids::{RunNumber, Seq};
use tenure_lifecycle::run::Run;
use tenure_lifecycle::workflow::Workflow;

use super::asked::{members, period, place, query, store};
use super::properties::RUN;
use super::{locate, shape};
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
    let items = with_reprocessed(request, &slice.items, expansion.has(REPROCESSED))?;
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
    let (_, run) = named(request)?;
    let mut items = with_reprocessed(request, std::slice::from_ref(&run), expansion.has(REPROCESSED))?;
    let item = items.pop().unwrap_or_default();
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

/// The runs that process each of these again, ready to be put into the items of a page in the same order.
pub(crate) fn reprocessed_each(
    request: &Request,
    of: &[(RunNumber, Option<Seq>)],
) -> Result<Vec<Vec<Json>>, GraphError> {
    let mut each = vec![vec![]; of.len()];
    for (place, run) in store(request).reprocessed(of)? {
        each[place].push(Json::Object(shape::run(&run, members(request))));
    }
    Ok(each)
}

/// Expands `reprocessedRuns` of a page of runs.
fn with_reprocessed(request: &Request, runs: &[Run], expanded: bool) -> Result<Vec<Item>, GraphError> {
    let mut items: Vec<Item> = runs.iter().map(|run| shape::run(run, members(request))).collect();
    if expanded {
        let of: Vec<_> = runs.iter().map(|run| (run.number, None)).collect();
        for (item, repeats) in items.iter_mut().zip(reprocessed_each(request, &of)?) {
            item.insert(REPROCESSED.to_owned(), Json::Array(repeats));
        }
    }
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
    let items = with_reprocessed(request, &slice.items, false)?;
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
    let item = shape::run(&run, members(request));
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
