//! Lists of people who fit the conditions of a workflow: by date and bounded, whatever shows them.

use jiff::Timestamp;
use tenure_lifecycle::operations::Candidate;
use tenure_lifecycle::workflow::Workflow;

use crate::errors::GraphError;
use crate::odata::{self, Item, List, Properties, memory_count, memory_page};
use crate::request::Request;
use crate::response::Response;

/// People that one request looks at, and people of a list that is filtered, ordered, searched or counted.
pub(super) const EXAMINED: usize = 10_000;
/// People that a count looks at.
const COUNTED: usize = 1_000_000;

/// The page that is asked for. It may be short and go on, as every list may.
pub(super) fn page(
    request: &Request,
    workflow: Option<&Workflow>,
    properties: &Properties,
    items: impl Fn(&[Candidate]) -> Result<Vec<Item>, GraphError>,
) -> Result<List, GraphError> {
    let query = request.options.parts(properties, &request.context_path)?;
    let Some(workflow) = workflow else { return memory_page(request, properties, vec![], "id") };
    let whole =
        ["filter", "orderby", "search", "skip"].iter().any(|name| request.options.get(name).is_some());
    if whole || request.options.count()? {
        return memory_page(request, properties, items(&all(request, workflow)?)?, "id");
    }
    let after = query.after.as_deref().map(read).transpose()?;
    let found = request.lifecycle().candidates(workflow, after, query.limit, EXAMINED)?;
    Ok(List { items: items(&found.found)?, next: found.next.map(written), ..List::default() })
}

/// `/$count` of them.
pub(super) fn count(
    request: &Request,
    workflow: Option<&Workflow>,
    properties: &Properties,
    items: impl Fn(&[Candidate]) -> Result<Vec<Item>, GraphError>,
) -> Result<Response, GraphError> {
    let Some(workflow) = workflow else { return memory_count(request, properties, vec![]) };
    if ["filter", "search"].iter().any(|name| request.options.get(name).is_some()) {
        return memory_count(request, properties, items(&all(request, workflow)?)?);
    }
    match request.lifecycle().count_candidates(workflow, COUNTED)? {
        Some(count) => Ok(odata::count(count as i64)),
        None => {
            Err(GraphError::bad_request(format!("More than {COUNTED} people would have to be looked at.")))
        }
    }
}

fn all(request: &Request, workflow: &Workflow) -> Result<Vec<Candidate>, GraphError> {
    let found = request.lifecycle().candidates(workflow, None, usize::MAX, EXAMINED)?;
    if found.next.is_some() {
        return Err(GraphError::bad_request(format!(
            "More than {EXAMINED} people are due or were lately; list them without $filter, $orderby, $search, $skip \
             and $count."
        )));
    }
    Ok(found.found)
}

/// A place in the list as a mark.
pub(super) fn written((date, number): (Timestamp, i64)) -> String {
    format!("{} {number}", date.as_millisecond())
}

pub(super) fn read(mark: &str) -> Result<(Timestamp, i64), GraphError> {
    let parse = || {
        let (date, number) = mark.split_once(' ')?;
        Some((Timestamp::from_millisecond(date.parse().ok()?).ok()?, number.parse().ok()?))
    };
    parse().ok_or_else(|| GraphError::option("$skiptoken", "does not belong to this list"))
}
