//! From the ids in a path to what they name. A malformed id, one of another store and one of something else are
//! all the same: there is no such thing.

use tenure_lifecycle::expression::parse_guid;
use tenure_lifecycle::ids::{Address, Epoch, Ordinal};
use tenure_lifecycle::operations::OperationError;
use tenure_lifecycle::ports::Store;
use tenure_lifecycle::run::{Run, TaskReport, TaskResult, UserResult};
use tenure_lifecycle::workflow::{Task, Workflow};

fn address(id: &str) -> Option<(Epoch, Address)> {
    Address::parse(parse_guid(id)?)
}

fn missing(kind: &str, id: &str) -> OperationError {
    OperationError::NotFound(format!("{kind} '{id}'"))
}

/// A run of a workflow.
pub(crate) fn run(store: &dyn Store, workflow: &Workflow, id: &str) -> Result<Run, OperationError> {
    let Some((epoch, Address::Run(number))) = address(id) else { return Err(missing("run", id)) };
    store
        .run(number)?
        .filter(|run| run.workflow == workflow.number && run.epoch == epoch)
        .ok_or_else(|| missing("run", id))
}

/// A user result of a workflow, or of one of its runs.
pub(crate) fn user_result(
    store: &dyn Store,
    workflow: &Workflow,
    within: Option<&Run>,
    id: &str,
) -> Result<UserResult, OperationError> {
    let missing = || missing("userProcessingResult", id);
    let Some((epoch, Address::UserResult(run, seq))) = address(id) else { return Err(missing()) };
    if within.is_some_and(|within| within.number != run) {
        return Err(missing());
    }
    store
        .user_result(run, seq)?
        .filter(|result| result.workflow == workflow.number && result.epoch == epoch)
        .ok_or_else(missing)
}

/// A task of the current version of a workflow, or of that version, with the number of the version.
pub(crate) fn task(
    store: &dyn Store,
    workflow: &Workflow,
    version: Option<&str>,
    id: &str,
) -> Result<(i64, Task), OperationError> {
    let (version, tasks) = match version {
        None => (workflow.version, workflow.tasks.clone()),
        Some(text) => {
            let found = match text.parse::<i64>() {
                Ok(number) => store.version(workflow.number, number)?,
                Err(_) => None,
            };
            let found = found.ok_or_else(|| missing("version", text))?;
            (found.number, found.tasks)
        }
    };
    let guid = parse_guid(id);
    let task = tasks.into_iter().find(|task| Some(task.id.0) == guid);
    task.map(|task| (version, task)).ok_or_else(|| missing("task", id))
}

/// A task report of a workflow.
pub(crate) fn report(store: &dyn Store, workflow: &Workflow, id: &str) -> Result<TaskReport, OperationError> {
    let missing = || missing("taskReport", id);
    let Some((epoch, Address::TaskReport(run, ordinal))) = address(id) else { return Err(missing()) };
    store
        .task_report(run, ordinal)?
        .filter(|report| report.run.workflow == workflow.number && report.run.epoch == epoch)
        .ok_or_else(missing)
}

/// What a path to task results goes through.
#[derive(Clone, Debug)]
pub(crate) enum Through {
    /// One user result.
    Result(UserResult),
    /// One run.
    Run(Run),
    /// One task report.
    Report(TaskReport),
    /// One task of one version.
    Task(i64, Ordinal),
}

impl Through {
    fn holds(&self, result: &TaskResult) -> bool {
        match self {
            Self::Result(user) => (user.run, user.seq) == (result.run, result.seq),
            Self::Run(run) => run.number == result.run,
            Self::Report(report) => (report.run.number, report.ordinal) == (result.run, result.ordinal),
            Self::Task(version, ordinal) => result.version == Some(*version) && result.ordinal == *ordinal,
        }
    }
}

/// A task result of a workflow that lies where the path goes.
pub(crate) fn task_result(
    store: &dyn Store,
    workflow: &Workflow,
    through: &Through,
    id: &str,
) -> Result<TaskResult, OperationError> {
    let found = task_result_of(store, workflow, id)?;
    if through.holds(&found) { Ok(found) } else { Err(missing("taskProcessingResult", id)) }
}

/// A task result of a workflow, of whatever version.
pub(crate) fn task_result_of(
    store: &dyn Store,
    workflow: &Workflow,
    id: &str,
) -> Result<TaskResult, OperationError> {
    let missing = || missing("taskProcessingResult", id);
    let Some((epoch, Address::TaskResult(run, seq, ordinal))) = address(id) else { return Err(missing()) };
    store
        .task_result(run, seq, ordinal)?
        .filter(|result| result.workflow == workflow.number && result.epoch == epoch)
        .ok_or_else(missing)
}
