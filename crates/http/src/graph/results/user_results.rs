//! `…/workflows/{workflow}/userProcessingResults` and `…/runs/{run}/userProcessingResults`

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use tenure_lifecycle::ports::{Query, ResultScope, TaskResultScope};
use tenure_lifecycle::run::{RunCounters, UserResult};
use tenure_lifecycle::workflow::Workflow;

use super::asked::{Place, members, period, place, query, store};
use super::beside::{People, Tasks};
use super::properties::{TASK_RESULT, USER_RESULT};
use super::{locate, runs, shape, task_results};
use crate::errors::GraphError;
use crate::odata::{self, Expanded, Expansion, Item, List, Options, Properties, Selection, complex, entity};
use crate::request::Request;
use crate::response::Response;

const EXPANDABLE: &[&str] = &["subject", TASK_RESULTS, "reprocessedRuns"];
const TASK_RESULTS: &str = "taskProcessingResults";
/// Most results of a page whose task results are expanded, and most task results of each.
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
    pub(crate) expandable: &'static [&'static str],
    pub(crate) shown: fn(Item) -> Item,
}

const USERS: View = View { properties: &USER_RESULT, expandable: EXPANDABLE, shown: std::convert::identity };

/// `GET …/userProcessingResults`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    list_as(request, &USERS)
}

/// A list of results, shown in that way.
pub(crate) fn list_as(request: &Request, view: &View) -> Result<Response, GraphError> {
    let place = place(request)?;
    let expansion = request.expansion(view.expandable)?;
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
    let items = items(request, &place.workflow, &slice.items, &expansion)?;
    let items = items.into_iter().map(view.shown).collect();
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
    let expansion = request.expansion(view.expandable)?;
    let item = items(request, workflow, std::slice::from_ref(result), &expansion)?.pop().unwrap_or_default();
    entity(request, view.properties, &request.context_path, (view.shown)(item), &expansion.names())
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
    let run = place.run.map(|run| run.number);
    let counters = store(request).user_summary(place.workflow.number, run, start, end)?;
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

fn items(
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
    let mut tasks = Tasks::of(store(request), workflow);
    let mut repeats = if expansion.has("reprocessedRuns") {
        let of: Vec<_> = results.iter().map(|result| (result.run, Some(result.seq))).collect();
        runs::reprocessed_each(request, &of)?.into_iter()
    } else {
        vec![].into_iter()
    };
    let mut items = Vec::with_capacity(results.len());
    for result in results {
        let mut item = shape::user_result(result, members(request));
        if let Some(people) = &people {
            item.insert("subject".to_owned(), people.get(result.subject));
        }
        if let Some(asked) = expansion.get(TASK_RESULTS) {
            expand_task_results(request, result, asked, &mut tasks, &mut item)?;
        }
        if let Some(repeats) = repeats.next() {
            item.insert("reprocessedRuns".to_owned(), Json::Array(repeats));
        }
        items.push(item);
    }
    Ok(items)
}

/// The first task results of a user result, and where to find the rest.
fn expand_task_results(
    request: &Request,
    result: &UserResult,
    asked: &Expanded,
    tasks: &mut Tasks<'_>,
    item: &mut Item,
) -> Result<(), GraphError> {
    let selection = Selection::parse(asked.select.as_deref(), &TASK_RESULT)?;
    let query = Query { limit: EXPANDED, ..Query::default() };
    let slice = store(request).list_task_results(TaskResultScope::User(result.run, result.seq), &query)?;
    let mut inside = vec![];
    for task_result in &slice.items {
        let mut one = task_results::item(task_result, tasks, members(request))?;
        selection.apply(&mut one, &[]);
        inside.push(Json::Object(one));
    }
    item.insert(TASK_RESULTS.to_owned(), Json::Array(inside));
    if let Some(mark) = slice.next {
        let id = item.get("id").and_then(Json::as_str).unwrap_or_default();
        // As the route of that list writes its own path.
        let path = format!("{}('{id}')/{TASK_RESULTS}", request.context_path);
        let select = asked.select.as_deref().map(|names| utf8_percent_encode(names, NON_ALPHANUMERIC));
        let options = select.map_or_else(String::new, |names| format!("$select={names}"));
        let options =
            Options::parse(&options, &axum::http::HeaderMap::new())?.next(&TASK_RESULT, &path, &mark)?;
        item.insert(
            format!("{TASK_RESULTS}@odata.nextLink"),
            format!("{}/{path}?{options}", request.base).into(),
        );
    }
    Ok(())
}
