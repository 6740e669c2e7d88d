//! Runs, results and the counters kept beside them.

mod activation;
mod counters;
mod result;
mod status;
mod turn;

pub use activation::{ActivatedOn, OnRecord, TaskChoice, UserChoice, Whom};
pub use counters::{ReportCounters, RunCounters, TaskCounts, UserCounts};
pub use result::{
    CancelReason, ExecutionType, NewResult, ResultPatch, Run, TaskReport, TaskResult, UserResult,
};
pub use status::{Status, report_status, run_status, user_status};
pub use turn::{behind, first_turn};
