//! Results that are reported from outside (the seed's create, update and delete).

use jiff::Timestamp;

use super::{Lifecycle, OperationError};
use crate::audit::Actor;
use crate::ids::{Ordinal, RunNumber, Seq, UserId};
use crate::ports::Answer;
use crate::run::{NewResult, ResultPatch, Status, TaskResult, UserResult};
use crate::token::Caller;
use crate::workflow::Workflow;

fn check_counts(total: i64, failed: i64, unprocessed: i64) -> Result<(), OperationError> {
    for (property, count) in [
        ("totalTasksCount", total),
        ("failedTasksCount", failed),
        ("totalUnprocessedTasksCount", unprocessed),
    ] {
        if !(0..=i64::from(i32::MAX)).contains(&count) {
            return Err(OperationError::invalid(property, format!("must lie between 0 and {}", i32::MAX)));
        }
    }
    if failed + unprocessed > total {
        return Err(OperationError::invalid(
            "totalTasksCount",
            "must be at least failedTasksCount and totalUnprocessedTasksCount together",
        ));
    }
    Ok(())
}

fn check_times(started: Option<Timestamp>, completed: Option<Timestamp>) -> Result<(), OperationError> {
    match (started, completed) {
        (Some(started), Some(completed)) if completed < started => {
            Err(OperationError::invalid("completedDateTime", "must not lie before startedDateTime"))
        }
        _ => Ok(()),
    }
}

const UNFINISHED: &str = "The result belongs to a user who is still being processed; cancel the run or wait.";

impl Lifecycle {
    /// Stores a result reported from outside.
    pub fn create_result(
        &self,
        caller: &Caller,
        workflow: &Workflow,
        run: RunNumber,
        result: &NewResult,
    ) -> Result<UserResult, OperationError> {
        check_counts(result.tasks.total, result.tasks.failed, result.tasks.unprocessed)?;
        check_times(result.started, result.completed)?;
        Self::check_version(workflow, result.version)?;
        self.store
            .create_result(run, result, self.now(), Actor::Caller(caller.id))?
            .ok_or_else(|| OperationError::NotFound("the run".to_owned()))
    }

    fn check_version(workflow: &Workflow, version: i64) -> Result<(), OperationError> {
        if (1..=workflow.version).contains(&version) {
            return Ok(());
        }
        Err(OperationError::invalid(
            "workflowVersion",
            format!("must lie between 1 and {}", workflow.version),
        ))
    }

    /// Takes up a task that waits to be called back; false if it does not wait.
    pub fn resume(
        &self,
        caller: &Caller,
        task: (RunNumber, Seq, Ordinal),
        answer: Answer,
    ) -> Result<bool, OperationError> {
        let resumed = self.store.resume(task, answer, self.now(), Actor::Caller(caller.id))?;
        if resumed {
            self.work.ring();
        }
        Ok(resumed)
    }

    /// Changes a result that is finished or reported, and gives it as it is then.
    pub fn update_result(
        &self,
        caller: &Caller,
        workflow: &Workflow,
        before: &UserResult,
        patch: &ResultPatch,
    ) -> Result<UserResult, OperationError> {
        check_counts(
            patch.total.unwrap_or(before.tasks.total),
            patch.failed.unwrap_or(before.tasks.failed),
            patch.unprocessed.unwrap_or(before.tasks.unprocessed),
        )?;
        check_times(patch.started.unwrap_or(before.started), patch.completed.unwrap_or(before.completed))?;
        if let Some(version) = patch.version {
            Self::check_version(workflow, version)?;
        }
        if !before.reported && patch.status.is_some_and(|status| !status.is_finished()) {
            return Err(OperationError::invalid(
                "processingStatus",
                "of a result of the engine must stay a final one",
            ));
        }
        if !self.store.update_result(before.run, before.seq, patch, self.now(), Actor::Caller(caller.id))? {
            return Err(OperationError::Conflict(UNFINISHED.to_owned()));
        }
        self.result(before.run, before.seq)
    }

    fn result(&self, run: RunNumber, seq: Seq) -> Result<UserResult, OperationError> {
        self.store.user_result(run, seq)?.ok_or_else(|| OperationError::NotFound("the result".to_owned()))
    }

    /// Deletes a result that is finished or reported.
    pub fn delete_result(&self, caller: &Caller, result: &UserResult) -> Result<(), OperationError> {
        if self.store.delete_result(result.run, result.seq, self.now(), Actor::Caller(caller.id))? {
            Ok(())
        } else {
            Err(OperationError::Conflict(UNFINISHED.to_owned()))
        }
    }

    /// Says whom a reported result is about.
    pub fn add_subject(
        &self,
        caller: &Caller,
        result: &UserResult,
        subject: UserId,
    ) -> Result<(), OperationError> {
        if self.store.user(subject)?.is_none() {
            return Err(OperationError::invalid(
                "id",
                format!("names the user {subject}, who does not exist"),
            ));
        }
        if result.reported && result.subject == Some(subject) {
            return Ok(());
        }
        let actor = Actor::Caller(caller.id);
        if !result.reported
            || !self.store.set_result_subject(
                result.run,
                result.seq,
                None,
                Some(subject),
                self.now(),
                actor,
            )?
        {
            return Err(OperationError::Conflict(subject_conflict(result)));
        }
        Ok(())
    }

    /// Takes the subject off a reported result.
    pub fn remove_subject(
        &self,
        caller: &Caller,
        result: &UserResult,
        subject: UserId,
    ) -> Result<(), OperationError> {
        if !result.reported {
            return Err(OperationError::Conflict(subject_conflict(result)));
        }
        let actor = Actor::Caller(caller.id);
        if result.subject != Some(subject)
            || !self.store.set_result_subject(
                result.run,
                result.seq,
                Some(subject),
                None,
                self.now(),
                actor,
            )?
        {
            return Err(OperationError::NotFound(format!("subject '{subject}'")));
        }
        Ok(())
    }

    /// Stores a task result reported from outside.
    #[expect(clippy::too_many_arguments, reason = "they are the properties of the body, in its order")]
    pub fn create_task_result(
        &self,
        caller: &Caller,
        result: &UserResult,
        status: Status,
        created: Timestamp,
        started: Option<Timestamp>,
        completed: Option<Timestamp>,
        failure_reason: Option<String>,
    ) -> Result<TaskResult, OperationError> {
        check_times(started, completed)?;
        if failure_reason.as_ref().is_some_and(|reason| reason.len() > 4_096) {
            return Err(OperationError::invalid("failureReason", "must have at most 4096 bytes"));
        }
        let new = TaskResult {
            run: result.run,
            seq: result.seq,
            ordinal: 0,
            epoch: result.epoch,
            workflow: result.workflow,
            version: None,
            subject: result.subject,
            created,
            started,
            completed,
            status,
            failure_reason,
            processing_info: None,
        };
        self.store.create_task_result(&new, Actor::Caller(caller.id))?.ok_or_else(|| {
            OperationError::Conflict(
                "The result cannot take another task result: it is unfinished or full.".to_owned(),
            )
        })
    }
}

fn subject_conflict(result: &UserResult) -> String {
    if result.reported {
        "Another user is set as the subject.".to_owned()
    } else {
        "The subject of a result of the engine is fixed.".to_owned()
    }
}
