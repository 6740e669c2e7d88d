//! `…/subjectProcessingResults`: the same results as `userProcessingResults`; every subject here is a user.

use serde_json::json;

use super::properties::SUBJECT_RESULT;
use super::runs::REPROCESSED_RUNS;
use super::shape;
use super::user_results::{TASK_PROCESSING_RESULTS, View, answer_as, count_as, found, list_as, summed};
use crate::errors::GraphError;
use crate::odata::Item;
use crate::request::Request;
use crate::response::Response;

const SUBJECTS: View = View {
    properties: &SUBJECT_RESULT,
    expandable: &[TASK_PROCESSING_RESULTS, REPROCESSED_RUNS],
    shown: Some(shown),
};

/// `GET …/subjectProcessingResults`
pub(crate) fn list(request: &Request) -> Result<Response, GraphError> {
    list_as(request, &SUBJECTS)
}

/// `GET …/subjectProcessingResults/$count`
pub(crate) fn count(request: &Request) -> Result<Response, GraphError> {
    count_as(request, &SUBJECTS)
}

/// `GET …/subjectProcessingResults/{result}`
pub(crate) fn get(request: &Request) -> Result<Response, GraphError> {
    let (workflow, result) = found(request)?;
    answer_as(request, &workflow, &result, &SUBJECTS)
}

/// `GET …/subjectProcessingResults/summary(startDateTime=…,endDateTime=…)`
pub(crate) fn summary(request: &Request) -> Result<Response, GraphError> {
    summed(request, "microsoft.graph.identityGovernance.subjectSummary", shape::subject_summary)
}

fn shown(mut item: Item) -> Item {
    if let Some(subject) = item.get_mut("subject").filter(|subject| !subject.is_null()) {
        *subject = json!({
            "@odata.type": "#microsoft.graph.identityGovernance.directoryObjectWorkflowSubject",
            "directoryObject": { "@odata.type": "#microsoft.graph.user", "id": subject["id"] },
        });
    }
    item.insert("subjectType".to_owned(), "user".into());
    item
}
