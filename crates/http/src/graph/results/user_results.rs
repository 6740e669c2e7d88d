//! `…/workflows/{workflow}/userProcessingResults` and `…/runs/{run}/userProcessingResults`

use tenure_lifecycle::ports::ResultScope;
use tenure_lifecycle::run::{ExecutionType, RunCounters, UserResult};
use tenure_lifecycle::workflow::Workflow;

use super::asked::{Place, period, place, query, store};
use super::beside::{People, SUBJECT};
use super::properties::{TASK_RESULT, USER_RESULT};
use super::{inside, locate, runs, shape, task_results};
use crate::errors::GraphError;
use crate::odata::{self, Expansion, Item, List, Navigation, Properties, complex, entity};
use crate::request::Request;
use crate::response::Response;

/// What can be spelled out in a result.
pub(crate) const EXPANDABLE: &[Navigation] = &[SUBJECT, TASK_PROCESSING_RESULTS, runs::REPROCESSED_RUNS];
pub(super) const TASK_PROCESSING_RESULTS: Navigation =
    Navigation::many(TASK_RESULTS, || &TASK_RESULT).with(task_results::EXPANDABLE);
pub(super) const TASK_RESULTS: &str = "taskProcessingResults";
/// Most results of a page whose task results are expanded.
const EXPANDED: usize = 100;

fn scope(place: &Place) -> ResultScope {
    match &place.run {
        Some(run) => ResultScope::Run(run.number),
        None => ResultScope::Workflow(place.workflow.number),
    }
}

/// How a result is shown: its properties, and what is made of each.
pub(crate) struct View {
    pub(crate) properties: &'static Properties,
    pub(crate) expandable: &'static [Navigation],
    /// `None` leaves them as they are.
    pub(crate) shown: Option<fn(Item) -> Item>,
}

impl View {
    fn shown(&self, item: Item) -> Item {
        match self.shown {
            Some(shown) => shown(item),
            None => item,
        }
    }
}

const USERS: View = View { properties: &USER_RESULT, expandable: EXPANDABLE, shown: None };

/// `GET …/userProcessingResults`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    list_as(request, &USERS)
}

/// A list of results, shown in that way.
pub(crate) fn list_as(request: &Request, view: &View) -> Result<Response, GraphError> {
    let place = place(request)?;
    let expansion = request.expansion_of(view.expandable)?;
    let mut query = query(request, view.properties)?;
    if expansion.has(TASK_RESULTS) {
        query.limit = query.limit.min(EXPANDED);
    }
    let count = if request.options.count()? {
        Some(store(request).count_user_results(scope(&place), &query)?)
    } else {
        None
    };
    let slice = store(request).list_user_results(scope(&place), &query)?;
    if view.shown.is_none() && expansion.names().is_empty() && request.options.get("select").is_none() {
        let items: Vec<_> = slice.items.iter().map(shape::UserResultShape::of).collect();
        return odata::whole_list(request, view.properties, &items, slice.next.as_deref(), count);
    }
    let items = items(request, &place.workflow, &slice.items, &expansion)?;
    let items = items.into_iter().map(|item| view.shown(item)).collect();
    let page = List { items, next: slice.next, count, expanded: expansion.names() };
    odata::list(request, view.properties, &request.context_path, page)
}

/// `GET …/userProcessingResults/$count`
pub(crate) fn count(request: &Request) -> Result<Response, GraphError> {
    count_as(request, &USERS)
}

/// How many results there are of those that are shown in that way.
pub(crate) fn count_as(request: &Request, view: &View) -> Result<Response, GraphError> {
    let place = place(request)?;
    let count = store(request).count_user_results(scope(&place), &query(request, view.properties)?)?;
    Ok(odata::count(count))
}

/// The user result that a path names, and its workflow.
pub(crate) fn found(request: &Request) -> Result<(Workflow, UserResult), GraphError> {
    let place = place(request)?;
    let id = request.parameter("result");
    let result = locate::user_result(store(request), &place.workflow, place.run.as_ref(), id)?;
    Ok((place.workflow, result))
}

/// `GET …/userProcessingResults/{result}`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, result) = found(request)?;
    answer(request, &workflow, &result)
}

/// A user result as the answer.
pub(crate) fn answer(
    request: &Request,
    workflow: &Workflow,
    result: &UserResult,
) -> Result<Response, GraphError> {
    answer_as(request, workflow, result, &USERS)
}

/// A result as the answer, shown in that way.
pub(crate) fn answer_as(
    request: &Request,
    workflow: &Workflow,
    result: &UserResult,
    view: &View,
) -> Result<Response, GraphError> {
    let expansion = request.expansion_of(view.expandable)?;
    let item = items(request, workflow, std::slice::from_ref(result), &expansion)?.pop().unwrap_or_default();
    entity(request, view.properties, &request.context_path, view.shown(item), &expansion.names())
}

/// `GET …/userProcessingResults/summary(startDateTime=…,endDateTime=…)`
pub(crate) fn summary(request: &Request) -> Result<Response, GraphError> {
    summed(request, "microsoft.graph.identityGovernance.userSummary", shape::user_summary)
}

/// `GET …/userProcessingResults/usersSummary(startDateTime=…,endDateTime=…)`
pub(crate) fn users_summary(request: &Request) -> Result<Response, GraphError> {
    summed(request, "microsoft.graph.identityGovernance.usersProcessingSummary", shape::user_summary)
}

/// The counters of a time, shown as that type.
pub(crate) fn summed(
    request: &Request,
    kind: &str,
    shown: fn(&RunCounters) -> Item,
) -> Result<Response, GraphError> {
    let place = place(request)?;
    let (start, end) = period(request)?;
    let counters = match &place.run {
        // No summary counts a preview; asked for by itself it has its own numbers.
        Some(run) if run.execution_type == ExecutionType::Preview => {
            let within = start <= run.scheduled && run.scheduled < end;
            if within { run.counters } else { RunCounters::default() }
        }
        run => {
            let run = run.as_ref().map(|run| run.number);
            store(request).user_summary(place.workflow.number, run, start, end)?
        }
    };
    complex(request, kind, shown(&counters))
}

/// `GET …/userProcessingResults/{result}/reprocessedRuns`
pub(crate) fn reprocessed(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = found(request)?;
    runs::reprocessed_list(request, result.run, Some(result.seq))
}

/// `GET …/userProcessingResults/{result}/reprocessedRuns/$count`
pub(crate) fn reprocessed_count(request: &Request) -> Result<Response, GraphError> {
    let (_, result) = found(request)?;
    runs::reprocessed_number(request, result.run, Some(result.seq))
}

/// `GET …/userProcessingResults/{result}/reprocessedRuns/{again}`
pub(crate) fn reprocessed_get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, result) = found(request)?;
    runs::reprocessed_one(request, &workflow, result.run, Some(result.seq))
}

/// The results with what is to be spelled out in them.
pub(crate) fn items(
    request: &Request,
    workflow: &Workflow,
    results: &[UserResult],
    expansion: &Expansion,
) -> Result<Vec<Item>, GraphError> {
    let people = match expansion.get("subject") {
        Some(asked) => {
            Some(People::load(store(request), asked, results.iter().map(|result| result.subject))?)
        }
        None => None,
    };
    let mut inside = match expansion.get(TASK_RESULTS) {
        Some(asked) => {
            inside::task_results(request, workflow, results, asked)?.into_iter().map(Some).collect()
        }
        None => vec![],
    };
    inside.resize_with(results.len(), || None);
    let mut items = Vec::with_capacity(results.len());
    for (result, inside) in results.iter().zip(inside) {
        let mut item = shape::user_result(result);
        if let Some(people) = &people {
            item.insert("subject".to_owned(), people.get(result.subject));
        }
        if let (Some(asked), Some(inside)) = (expansion.get(TASK_RESULTS), inside) {
            inside.put(request, asked, &mut item)?;
        }
        items.push(item);
    }
    let of: Vec<_> = results.iter().map(|result| (result.run, Some(result.seq))).collect();
    runs::put_reprocessed(request, &of, &mut items, expansion)?;
    Ok(items)
}
