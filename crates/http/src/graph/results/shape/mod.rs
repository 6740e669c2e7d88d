//! The JSON of runs, results, reports and summaries, as Graph writes it.

mod report;
mod result;
mod run;
mod summary;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use crate::odata::Item;

pub(super) use report::report;
pub(in crate::graph) use result::{UserResultShape, user_result};
pub(super) use result::{subject_reference, task_result};
pub(in crate::graph) use run::run;
pub(super) use summary::{report_summary, run_summary, subject_summary, user_summary};

/// An object of these properties.
pub(crate) fn object<const N: usize>(properties: [(&str, Json); N]) -> Item {
    properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A count as `Edm.Int32`: what is beyond it is the greatest there is.
pub(crate) fn int32(count: i64) -> Json {
    Json::from(at_most_int32(count))
}

fn at_most_int32(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
