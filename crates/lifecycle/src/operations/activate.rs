//! Running a workflow by hand: for named people, for a group, again, or only to see what would happen; and stopping it.

use std::collections::HashMap;

use super::{Lifecycle, OperationError};
use crate::audit::Activity;
use crate::engine::{Guard, hold_back};
use crate::ids::{GroupId, RunNumber, Seq, UserId, WorkflowId};
use crate::ports::{Activation, Admission, NewRun};
use crate::run::{ActivatedOn, CancelReason, ExecutionType, Run, TaskChoice, UserChoice, UserResult, Whom};
use crate::token::Caller;
use crate::words::counted;
use crate::workflow::Workflow;

/// What is said of a run that takes another one back: repeating it would run the tasks themselves.
const TAKES_BACK: &str = "takes back what a run did: call tenure.undo of that run again";

/// Whom an activation is for, as a caller says it.
#[derive(Clone, Debug)]
pub enum ActivationScope {
    /// Named people.
    Users(Vec<UserId>),
    /// The members of a group.
    Group(GroupId),
    /// The people of these results, again.
    Results(Vec<UserResult>, TaskChoice),
    /// The people of a run, again.
    Run(Box<Run>, TaskChoice, UserChoice),
}

impl Lifecycle {
    /// Runs a workflow for these people now, whatever its conditions say; durable when this returns.
    pub fn activate(
        &self,
        caller: &Caller,
        id: WorkflowId,
        subjects: &[UserId],
    ) -> Result<Admission, OperationError> {
        let workflow = self.to_activate(id)?;
        let whom = Whom::Users(self.subjects(subjects, "subjects", OperationError::invalid)?);
        let run = self.new_run(&workflow, ExecutionType::OnDemand);
        self.admit(caller, &workflow, &run, &whom, self.limits.subjects_per_activate, "subjects")
    }

    /// Runs a workflow for a scope of people now, whatever its conditions say; durable when this returns.
    pub fn activate_with_scope(
        &self,
        caller: &Caller,
        id: WorkflowId,
        scope: &ActivationScope,
    ) -> Result<Admission, OperationError> {
        let workflow = self.to_activate(id)?;
        let (whom, version, most, property) = match scope {
            ActivationScope::Users(users) => {
                let unknown = |property, rule| OperationError::NotAcceptable(property, rule);
                let numbers = self.subjects(users, "scope/users", unknown)?;
                (Whom::Users(numbers), workflow.version, self.limits.subjects_per_activate, "scope/users")
            }
            ActivationScope::Group(group) => {
                let found = self.store.group_numbers(std::slice::from_ref(group))?;
                let Some(Some(number)) = found.first() else {
                    return Err(OperationError::invalid(
                        "scope/group/id",
                        format!("names the group {group}, which does not exist"),
                    ));
                };
                (Whom::Group(*number), workflow.version, self.limits.subjects_per_scope, "scope/group")
            }
            ActivationScope::Results(results, tasks) => {
                let version = self.results_to_repeat(&workflow, results, *tasks)?;
                let seqs: Vec<(RunNumber, Seq)> = results.iter().map(|one| (one.run, one.seq)).collect();
                let most = self.limits.subjects_per_activate;
                (Whom::Results(seqs, *tasks), version, most, "scope/processingResults")
            }
            ActivationScope::Run(run, tasks, users) => {
                if run.execution_type == ExecutionType::Preview {
                    return Err(OperationError::invalid(
                        "scope/run",
                        "was a preview: there is nothing to repeat",
                    ));
                }
                if run.activated_on == Some(ActivatedOn::Undo) {
                    return Err(OperationError::invalid("scope/run", TAKES_BACK));
                }
                if !run.status.is_finished() {
                    return Err(OperationError::Conflict(
                        "The run is not finished; cancel it or wait until it is.".to_owned(),
                    ));
                }
                let version = if *tasks == TaskChoice::Failed { run.version } else { workflow.version };
                let most = self.limits.subjects_per_scope;
                (Whom::Run(run.number, *tasks, *users), version, most, "scope/run")
            }
        };
        let run = NewRun {
            version,
            tasks: self.tasks_of(&workflow, version)?,
            activated_on: Some(whom.activated_on()),
            ..self.new_run(&workflow, ExecutionType::ActivatedWithScope)
        };
        self.admit(caller, &workflow, &run, &whom, most, property)
    }

    /// Plans a workflow for these people and does nothing; what would be done is in the results of the run.
    pub fn preview(
        &self,
        caller: &Caller,
        id: WorkflowId,
        subjects: &[UserId],
    ) -> Result<Admission, OperationError> {
        let workflow = self.workflow(id, false)?;
        let whom = Whom::Users(self.subjects(subjects, "subjects", OperationError::invalid)?);
        let run = self.new_run(&workflow, ExecutionType::Preview);
        self.admit(caller, &workflow, &run, &whom, self.limits.subjects_per_activate, "subjects")
    }

    /// Stops a run that is not finished; who was not processed is canceled, what was done stays done.
    pub fn cancel(&self, caller: &Caller, run: &Run) -> Result<(), OperationError> {
        let entry = self.entry(caller, Activity::CancelRun, None);
        if !self.store.cancel_run(run.number, CancelReason::Administrator, entry)? {
            return Err(OperationError::Conflict(
                "The run is finished; only one that is queued or in progress can be canceled.".to_owned(),
            ));
        }
        self.work.ring();
        Ok(())
    }

    fn to_activate(&self, id: WorkflowId) -> Result<Workflow, OperationError> {
        let workflow = self.workflow(id, false)?;
        if !workflow.is_enabled {
            return Err(OperationError::invalid("isEnabled", "is false: the workflow cannot be activated"));
        }
        if workflow.enabled_tasks().next().is_none() {
            return Err(OperationError::invalid("tasks", "are all disabled: there is nothing to run"));
        }
        Ok(workflow)
    }

    fn new_run(&self, workflow: &Workflow, execution_type: ExecutionType) -> NewRun {
        NewRun {
            workflow: workflow.number,
            version: workflow.version,
            tasks: workflow.enabled_tasks().count() as i64,
            execution_type,
            scheduled: self.now(),
            activated_on: None,
        }
    }

    pub(super) fn tasks_of(&self, workflow: &Workflow, version: i64) -> Result<i64, OperationError> {
        if version == workflow.version {
            return Ok(workflow.enabled_tasks().count() as i64);
        }
        let found = self.store.version(workflow.number, version)?;
        let found = found.ok_or_else(|| OperationError::NotFound(format!("version {version}")))?;
        Ok(found.enabled_tasks().count() as i64)
    }

    /// The numbers of people; `unknown` makes the error of one who is not there.
    pub(super) fn subjects(
        &self,
        subjects: &[UserId],
        property: &str,
        unknown: impl Fn(String, String) -> OperationError,
    ) -> Result<Vec<i64>, OperationError> {
        if subjects.is_empty() {
            return Err(OperationError::invalid(property, "must name at least one user"));
        }
        self.not_more_than(property, subjects.len())?;
        let found = self.store.user_numbers(subjects)?;
        if let Some(place) = found.iter().position(Option::is_none) {
            return Err(unknown(
                format!("{property}/{place}/id"),
                format!("names the user {}, who does not exist", subjects[place]),
            ));
        }
        // In directory order, each person once: the rows by subject are then written in order too.
        let mut numbers: Vec<i64> = found.into_iter().flatten().collect();
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    fn not_more_than(&self, property: &str, count: usize) -> Result<(), OperationError> {
        let most = self.limits.subjects_per_activate;
        if count > most {
            return Err(OperationError::invalid(property, format!("must name at most {most} users")));
        }
        Ok(())
    }

    /// Checks results that are to be processed again; says with which version.
    fn results_to_repeat(
        &self,
        workflow: &Workflow,
        results: &[UserResult],
        tasks: TaskChoice,
    ) -> Result<i64, OperationError> {
        const PROPERTY: &str = "scope/processingResults";
        let Some(first) = results.first() else {
            return Err(OperationError::invalid(PROPERTY, "must name at least one result"));
        };
        self.not_more_than(PROPERTY, results.len())?;
        if workflow.quarantine.is_some() {
            return Err(OperationError::Conflict(
                "The workflow is in quarantine: whole runs can be processed again, single results cannot."
                    .to_owned(),
            ));
        }
        let mut known: HashMap<RunNumber, bool> = HashMap::new();
        for (place, result) in results.iter().enumerate() {
            let refused =
                |rule: &str| Err(OperationError::invalid(format!("{PROPERTY}/{place}"), rule.to_owned()));
            if result.reported {
                return refused("was reported from outside: Tenure did not process it");
            }
            if result.execution_type == ExecutionType::Preview {
                return refused("was a preview: there is nothing to repeat");
            }
            // Many results may be of one run, which is looked at once.
            let takes_back = match known.get(&result.run) {
                Some(takes_back) => *takes_back,
                None => {
                    let run = self.store.run(result.run)?;
                    let takes_back = run.is_some_and(|run| run.activated_on == Some(ActivatedOn::Undo));
                    known.insert(result.run, takes_back);
                    takes_back
                }
            };
            if takes_back {
                return refused(TAKES_BACK);
            }
            if !result.status.is_finished() {
                return Err(OperationError::Conflict(format!(
                    "The result {PROPERTY}/{place} is not finished; wait until it is."
                )));
            }
            if tasks == TaskChoice::Failed && result.version != first.version {
                return refused(
                    "is of another workflow version than the first; repeat failed tasks by version",
                );
            }
        }
        Ok(if tasks == TaskChoice::Failed { first.version } else { workflow.version })
    }

    fn admit(
        &self,
        caller: &Caller,
        workflow: &Workflow,
        run: &NewRun,
        whom: &Whom,
        most: usize,
        property: &str,
    ) -> Result<Admission, OperationError> {
        let is_preview = run.execution_type == ExecutionType::Preview;
        let activity = if is_preview { Activity::Preview } else { Activity::Activate };
        // A preview reaches nobody.
        let guard = if is_preview { None } else { Guard::of_activation(self, workflow, self.now())? };
        let bound = guard.as_ref().map(Guard::bound);
        match self.store.activate(run, whom, most, bound, self.entry(caller, activity, None))? {
            Activation::Admitted(admission) => {
                self.work.ring();
                Ok(admission)
            }
            Activation::Nobody => Err(OperationError::invalid(property, "holds nobody to process")),
            Activation::TooMany => {
                Err(OperationError::invalid(property, format!("holds more than {most} users")))
            }
            Activation::HeldBack(people) => {
                let now = self.now();
                // Anew: others may have been quicker since.
                let guard = Guard::of_activation(self, workflow, now)?;
                let quarantine = guard.and_then(|guard| guard.held_back(people, false, now));
                let reason = match quarantine {
                    Some(quarantine) => {
                        let reason = quarantine.reason.clone();
                        let entry = self.entry(caller, Activity::Quarantine, Some(reason.clone()));
                        hold_back(self, workflow, &quarantine, entry)?;
                        reason
                    }
                    None => format!("{} asked for", counted(people, "person was", "people were")),
                };
                Err(OperationError::Conflict(format!(
                    "The workflow is held back in quarantine, and nobody was processed: {reason}. If they are meant, \
                     clear the quarantine and ask again."
                )))
            }
            Activation::Changed => Err(OperationError::Conflict(
                "The workflow was changed at the same moment; nothing was run.".to_owned(),
            )),
        }
    }
}
