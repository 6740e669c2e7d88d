//! What every read of results begins with: the workflow and run of the path, the query, the client's enum members.

use jiff::Timestamp;
use tenure_lifecycle::ports::{Query, Store};
use tenure_lifecycle::run::Run;
use tenure_lifecycle::workflow::Workflow;

use super::{filter, locate};
use crate::errors::GraphError;
use crate::odata::Properties;
use crate::request::Request;

/// The workflow of a path, and its run if the path names one.
pub(crate) struct Place {
    pub(crate) workflow: Workflow,
    pub(crate) run: Option<Run>,
}

/// Where a path leads: `…/workflows/{workflow}` and perhaps `/runs/{run}`.
pub(crate) fn place(request: &Request) -> Result<Place, GraphError> {
    let workflow = request.workflow()?;
    let run = match request.parameter("run") {
        "" => None,
        id => Some(locate::run(store(request), &workflow, id)?),
    };
    Ok(Place { workflow, run })
}

/// The store.
pub(crate) fn store(request: &Request) -> &dyn Store {
    request.lifecycle().store.as_ref()
}

/// What a list is asked for, in terms of what the store keeps.
pub(crate) fn query(request: &Request, properties: &Properties) -> Result<Query, GraphError> {
    let mut query = request.query(properties)?;
    query.filter = query.filter.map(|asked| filter::stored(asked, request.members()));
    Ok(query)
}

/// The time of a summary: start inclusive, end exclusive.
pub(crate) fn period(request: &Request) -> Result<(Timestamp, Timestamp), GraphError> {
    let (start, end) = (request.time_argument("startDateTime")?, request.time_argument("endDateTime")?);
    if start > end {
        return Err(GraphError::option("startDateTime", "must not lie behind endDateTime"));
    }
    Ok((start, end))
}
