//! Task results spelled out inside user results: those of a whole page are loaded at once.

use serde_json::Value as Json;
use tenure_lifecycle::run::UserResult;
use tenure_lifecycle::workflow::Workflow;

use super::asked::store;
use super::beside::Tasks;
use super::properties::TASK_RESULT;
use super::{filter, task_results};
use crate::errors::GraphError;
use crate::odata::{Expanded, Item, List};
use crate::request::Request;

/// Most task results that are looked at for one user result.
const EACH: usize = 100;

/// What is spelled out in one user result.
pub(crate) struct Inside {
    page: List,
    /// The mark to continue behind, when there are more than were looked at.
    next: Option<String>,
}

/// The task results of each user result that are asked for.
pub(crate) fn task_results(
    request: &Request,
    workflow: &Workflow,
    results: &[UserResult],
    asked: &Expanded,
) -> Result<Vec<Inside>, GraphError> {
    let users: Vec<(i64, i64)> = results.iter().map(|result| (result.run, result.seq)).collect();
    let slices = store(request).first_task_results(&users, EACH)?;
    // Spelled out for the page as a whole, so that people are loaded once.
    let all: Vec<_> = slices.iter().flat_map(|slice| slice.items.iter().cloned()).collect();
    let mut tasks = Tasks::of(store(request), workflow);
    let mut items = task_results::items_with(request, &mut tasks, &all, &asked.inside)?.into_iter();
    let mut inside = Vec::with_capacity(slices.len());
    for slice in slices {
        let own: Vec<Item> = items.by_ref().take(slice.items.len()).collect();
        let page = asked.page(own, |asked| filter::stored(asked, request.members()))?;
        if slice.next.is_some() {
            asked.refuse_whole(&["orderby", "count", "skip"], "a result has", EACH)?;
        }
        let next = slice.next.filter(|_| !asked.is_full(&page));
        inside.push(Inside { page, next });
    }
    Ok(inside)
}

impl Inside {
    /// Puts it into the JSON of its user result, with where to find the rest.
    pub(crate) fn put(self, request: &Request, asked: &Expanded, item: &mut Item) -> Result<(), GraphError> {
        asked.put(item, self.page);
        if let Some(mark) = self.next {
            let id = item.get("id").and_then(Json::as_str).unwrap_or_default();
            // As the route of that list writes its own path.
            let results = request.context_path.replace("/executionScope", "/userProcessingResults");
            let path = format!("{results}('{id}')/{}", asked.name);
            let options = asked.options.next(&TASK_RESULT, &path, &mark)?;
            item.insert(
                format!("{}@odata.nextLink", asked.name),
                format!("{}/{path}?{options}", request.base).into(),
            );
        }
        Ok(())
    }
}
