//! Who fits the conditions of a workflow now, and which of its tasks would fail for everybody.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{Lifecycle, OperationError};
use crate::directory::User;
use crate::engine::{Evaluated, Evaluation, of, whom};
use crate::ports::Subject;
use crate::run::UserResult;
use crate::task::{Arguments, built_in};
use crate::workflow::{Task, Workflow};

/// People looked at in one step.
const CHUNK: usize = 2_000;

/// Somebody who fits the conditions now.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The person.
    pub user: User,
    /// When the trigger said so.
    pub due: Timestamp,
    /// The trigger's date, by which candidates are ordered, and the occasion.
    place: (Timestamp, i64),
}

impl Candidate {
    fn of(one: Evaluated, date: Timestamp) -> Self {
        Self { due: one.date.at, place: (date, one.date.change), user: one.user }
    }

    /// Where to go on behind this one.
    pub fn mark(&self) -> (Timestamp, i64) {
        (self.place.0, self.user.number)
    }

    /// The occasion.
    pub fn subject(&self) -> Subject {
        Subject { user: self.user.number, change: self.place.1 }
    }
}

/// People who fit, and where to go on if not everybody was looked at.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Those who fit, by date.
    pub found: Vec<Candidate>,
    /// Behind whom to go on.
    pub next: Option<(Timestamp, i64)>,
}

/// A task that would fail as it is configured.
#[derive(Clone, Debug, PartialEq)]
pub struct FailingTask {
    /// The task.
    pub task: Task,
    /// Why.
    pub reason: String,
}

impl Lifecycle {
    /// Who fits the conditions of a workflow at this moment, processed or not: due, within catch-up, in scope. At most
    /// `limit` of them, and at most `examine` people are looked at.
    pub fn candidates(
        &self,
        workflow: &Workflow,
        after: Option<(Timestamp, i64)>,
        limit: usize,
        examine: usize,
    ) -> Result<Candidates, OperationError> {
        let mut found = Vec::new();
        let next = self.each_candidate(workflow, after, examine, |candidate| {
            found.push(candidate);
            found.len() < limit
        })?;
        Ok(Candidates { found, next })
    }

    /// How many fit; `None` if more than `examine` people would have to be looked at.
    pub fn count_candidates(
        &self,
        workflow: &Workflow,
        examine: usize,
    ) -> Result<Option<usize>, OperationError> {
        let mut count = 0;
        let next = self.each_candidate(workflow, None, examine, |_| {
            count += 1;
            true
        })?;
        Ok(next.is_none().then_some(count))
    }

    /// Shows those who fit to `look`, by date, until it has seen enough or `examine` people were looked at; says where to
    /// go on.
    fn each_candidate(
        &self,
        workflow: &Workflow,
        after: Option<(Timestamp, i64)>,
        examine: usize,
        mut look: impl FnMut(Candidate) -> bool,
    ) -> Result<Option<(Timestamp, i64)>, OperationError> {
        let now = self.now();
        let Some(evaluation) = Evaluation::new(self, workflow, now)? else { return Ok(None) };
        let Some((rule, calendar)) = evaluation.date_rule() else {
            return self.each_without_date(&evaluation, workflow, after, examine, look);
        };
        let (from, until) = (evaluation.earliest(&rule), calendar.reach(rule.opens, now).1);
        let (mut mark, mut left) = (after, examine);
        loop {
            let step = CHUNK.min(left);
            let page = self.store.due_page(rule.attribute, from, until, mark, step)?;
            let numbers: Vec<i64> = page.iter().map(|(_, number)| *number).collect();
            let mut fitting: HashMap<i64, Evaluated> = evaluation
                .of(&numbers)?
                .into_iter()
                .filter(Evaluated::fits)
                .map(|one| (one.user.number, one))
                .collect();
            for (date, number) in &page {
                mark = Some((*date, *number));
                if let Some(one) = fitting.remove(number)
                    && !look(Candidate::of(one, *date))
                {
                    return Ok(mark);
                }
            }
            left -= page.len();
            if page.len() < step {
                return Ok(None);
            }
            if left == 0 {
                return Ok(mark);
            }
        }
    }

    /// The same of a workflow that follows no date: those for whom it would be run now, in directory order.
    fn each_without_date(
        &self,
        evaluation: &Evaluation<'_>,
        workflow: &Workflow,
        after: Option<(Timestamp, i64)>,
        examine: usize,
        mut look: impl FnMut(Candidate) -> bool,
    ) -> Result<Option<(Timestamp, i64)>, OperationError> {
        let behind = after.map_or(i64::MIN, |(_, number)| number);
        let whom = whom(evaluation, workflow, self.now())?.behind(behind);
        let last = whom.nth(examine.saturating_sub(1));
        let mut stopped = None;
        whom.first(examine).each(evaluation, CHUNK, |chunk| {
            for one in chunk.into_iter().filter(Evaluated::fits) {
                if stopped.is_none() {
                    let number = one.user.number;
                    if !look(Candidate::of(one, Timestamp::MIN)) {
                        stopped = Some(number);
                    }
                }
            }
            Ok(())
        })?;
        let end = if whom.len() > examine { last } else { None };
        Ok(stopped.or(end).map(|number| (Timestamp::MIN, number)))
    }

    /// One person, if they fit the conditions of the workflow at this moment.
    pub fn candidate(&self, workflow: &Workflow, user: i64) -> Result<Option<Candidate>, OperationError> {
        let now = self.now();
        let Some(evaluation) = Evaluation::new(self, workflow, now)? else { return Ok(None) };
        let mut found = None;
        of(&evaluation, workflow, now, user)?.each(&evaluation, CHUNK, |chunk| {
            found = chunk.into_iter().find(Evaluated::fits);
            Ok(())
        })?;
        Ok(found.map(|one| Candidate::of(one, Timestamp::MIN)))
    }

    /// The results that these people have for their present occasions; `None` for who was not admitted yet.
    pub fn results_of(
        &self,
        workflow: &Workflow,
        candidates: &[Candidate],
    ) -> Result<Vec<Option<UserResult>>, OperationError> {
        let subjects: Vec<Subject> = candidates.iter().map(Candidate::subject).collect();
        Ok(self.store.occasion_results(workflow.number, &subjects)?)
    }

    /// The tasks of a workflow that would fail for everybody, as they are configured and the directory is now.
    pub fn failing_tasks(&self, workflow: &Workflow) -> Result<Vec<FailingTask>, OperationError> {
        let people = self.people_named(workflow.enabled_tasks())?;
        let failing = workflow.enabled_tasks().filter_map(|task| {
            let reason = match built_in(task.task_definition_id) {
                None => Some("this version of Tenure does not know the task".to_owned()),
                Some(built_in) => built_in.fails_for_everybody(&people, &Arguments(&task.arguments)),
            };
            reason.map(|reason| FailingTask { task: task.clone(), reason })
        });
        Ok(failing.collect())
    }
}
