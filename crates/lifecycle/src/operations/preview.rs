//! What a workflow would do to people, were it run for them now: planned as the engine plans, and told as a difference.
//! Nothing is done or stored.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::explain::{Reason, of_workflow};
use super::{Candidate, Lifecycle, OperationError};
use crate::directory::User;
use crate::effect::Difference;
use crate::engine::{Planning, held_back_now};
use crate::ids::{Epoch, Ordinal, UserId};
use crate::ports::{Batch, LoadedPeople, StoreError, UserOutcome};
use crate::run::{ExecutionType, Status};
use crate::workflow::{Task, Workflow};

/// Candidates looked at in one step.
const CHUNK: usize = 1_000;

/// What would become of somebody.
#[derive(Clone, Debug)]
pub struct PreviewedUser {
    /// The person.
    pub user: User,
    /// When the trigger said so, if it did.
    pub due: Option<Timestamp>,
    /// How it would end.
    pub status: Status,
    /// Tasks that are enabled, in order.
    pub tasks: Vec<PreviewedTask>,
}

/// What a task would do to somebody.
#[derive(Clone, Debug)]
pub struct PreviewedTask {
    /// The task.
    pub task: Task,
    /// How it would end; `None` if it would not be run, because one before it fails.
    pub status: Option<Status>,
    /// Why it would fail, or why there would be nothing to do.
    pub note: Option<String>,
    /// What it would make different, in order; of a task that fails, what it does before.
    pub differences: Vec<Difference>,
}

/// Who would be processed now, and what would become of them.
#[derive(Clone, Debug, Default)]
pub struct PreviewedPopulation {
    /// The people, by date.
    pub people: Vec<PreviewedUser>,
    /// Behind whom to go on.
    pub next: Option<(Timestamp, i64)>,
}

/// Why a workflow would process nobody, whoever is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restraint {
    /// What keeps it from being run by itself.
    pub reasons: Vec<Reason>,
    /// Why it would be held back now, because too many are due.
    pub held_back: Option<String>,
}

impl Lifecycle {
    /// Who would be processed if the workflow were looked at now (due, in scope, for an occasion that is not used), each
    /// with what would become of them. At most `limit` people, and at most `examine` are looked at.
    pub fn preview_population(
        &self,
        workflow: &Workflow,
        after: Option<(Timestamp, i64)>,
        limit: usize,
        examine: usize,
    ) -> Result<PreviewedPopulation, OperationError> {
        let found = self.candidates(workflow, after, CHUNK.max(limit), examine)?;
        let mut next = found.next;
        let mut unused = self.unused(workflow, found.found)?;
        if unused.len() > limit {
            unused.truncate(limit);
            next = unused.last().map(Candidate::mark);
        }
        let numbers: Vec<i64> = unused.iter().map(|one| one.user.number).collect();
        let mut planned = self.planned(workflow, &numbers)?;
        let people = unused.into_iter().filter_map(|one| {
            let previewed = planned.remove(&one.user.number)?;
            Some(PreviewedUser { due: Some(one.due), ..previewed })
        });
        Ok(PreviewedPopulation { people: people.collect(), next })
    }

    /// What would become of these people, whether or not they are due, in directory order.
    pub fn preview_people(
        &self,
        workflow: &Workflow,
        subjects: &[UserId],
    ) -> Result<Vec<PreviewedUser>, OperationError> {
        let numbers = self.subjects(subjects, "subjects", OperationError::invalid)?;
        let mut planned = self.planned(workflow, &numbers)?;
        Ok(numbers.iter().filter_map(|number| planned.remove(number)).collect())
    }

    /// What keeps a workflow from processing those who are due; of these, at most `examine` are looked at.
    pub fn restraint(&self, workflow: &Workflow, examine: usize) -> Result<Restraint, OperationError> {
        let reasons = of_workflow(workflow);
        if workflow.quarantine.is_some() {
            return Ok(Restraint { reasons, held_back: None });
        }
        let due = || {
            let found = self.candidates(workflow, None, usize::MAX, examine).map_err(store_error)?;
            Ok(self.unused(workflow, found.found).map_err(store_error)?.len() as u64)
        };
        Ok(Restraint { reasons, held_back: held_back_now(self, workflow, due)? })
    }

    /// Those for whose occasion the workflow was not run yet.
    fn unused(&self, workflow: &Workflow, found: Vec<Candidate>) -> Result<Vec<Candidate>, OperationError> {
        let subjects: Vec<_> = found.iter().map(Candidate::subject).collect();
        let unused = self.store.unused_occasions(workflow.number, &subjects)?;
        let unused: HashSet<_> = unused.into_iter().collect();
        Ok(found.into_iter().filter(|one| unused.contains(&one.subject())).collect())
    }

    /// What the engine plans for a preview of these people, by number.
    fn planned(
        &self,
        workflow: &Workflow,
        numbers: &[i64],
    ) -> Result<HashMap<i64, PreviewedUser>, OperationError> {
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let version = self.store.version(workflow.number, workflow.version)?;
        let version =
            version.ok_or_else(|| OperationError::NotFound(format!("version '{}'", workflow.version)))?;
        let tasks: Vec<Task> = version.enabled_tasks().cloned().collect();
        let LoadedPeople { users, mut people } = self.store.load_people(numbers, &tasks)?;
        self.prepare(&mut people)?;
        let (now, calendar) = (self.now(), self.calendar()?);
        let batch = Batch {
            epoch: Epoch(0),
            workflow: workflow.number,
            workflow_id: workflow.id,
            version,
            workflow_name: workflow.display_name.clone(),
            execution_type: ExecutionType::Preview,
            created: now,
            cancel: None,
            users: Vec::new(),
            people,
            change: 0,
        };
        let planning = Planning::of(&batch, None, (&self.limits, &calendar), self.ids.as_ref(), now);
        let mut previewed = HashMap::new();
        for loaded in &users {
            let mut differences: HashMap<Ordinal, Vec<Difference>> = HashMap::new();
            let settled = planning.watched(loaded, None, &mut |before, task, effect| {
                let found = differences.entry(task.execution_sequence).or_default();
                found.push(Difference::of(effect, before));
            });
            let tasks = tasks.iter().map(|task| {
                let ordinal = task.execution_sequence;
                let differences = differences.remove(&ordinal).unwrap_or_default();
                let ended = settled.tasks.iter().find(|one| one.ordinal == ordinal);
                // The note of a task that does something says in words what the differences say.
                let says_more = |status| status == Status::Failed || differences.is_empty();
                let note = ended.filter(|one| says_more(one.status)).and_then(|one| one.note.clone());
                PreviewedTask { task: task.clone(), status: ended.map(|one| one.status), note, differences }
            });
            let tasks = tasks.collect();
            let status = match settled.outcome {
                UserOutcome::Finished(status) => status,
                // A preview does nothing that it would have to wait for.
                UserOutcome::Canceled(_)
                | UserOutcome::Outside(_)
                | UserOutcome::Continue
                | UserOutcome::Again { .. } => Status::Canceled,
            };
            if let Some(user) = loaded.user.clone() {
                previewed.insert(user.number, PreviewedUser { user, due: None, status, tasks });
            }
        }
        Ok(previewed)
    }
}

fn store_error(error: OperationError) -> StoreError {
    match error {
        OperationError::Store(error) => error,
        other => StoreError::Database(Box::new(other)),
    }
}
