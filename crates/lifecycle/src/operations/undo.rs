//! Taking back what a run did, as a run of its own.

use super::{Lifecycle, OperationError};
use crate::audit::Activity;
use crate::ports::{Activation, Admission, NewRun};
use crate::run::{ExecutionType, Run, UserResult, Whom};
use crate::token::Caller;
use crate::workflow::Workflow;

impl Lifecycle {
    /// Takes back what a run did, or what it did for one person; durable when this returns. `preview`: only what would be
    /// done is found out. What was taken back already is left out, unless some of it could not be.
    pub fn undo(
        &self,
        caller: &Caller,
        workflow: &Workflow,
        run: &Run,
        result: Option<&UserResult>,
        preview: bool,
    ) -> Result<Admission, OperationError> {
        if run.execution_type == ExecutionType::Preview {
            return Err(OperationError::invalid("run", "was a preview: there is nothing to take back"));
        }
        if result.is_some_and(|result| result.reported) {
            return Err(OperationError::invalid(
                "userProcessingResult",
                "was reported from outside: Tenure did not process it",
            ));
        }
        let status = result.map_or(run.status, |result| result.status);
        if !status.is_finished() {
            return Err(OperationError::Conflict(
                "It is not finished; cancel the run or wait until it is.".to_owned(),
            ));
        }
        let on_record = self.store.on_record(run.number, result.map(|result| result.seq))?;
        let new = NewRun {
            workflow: workflow.number,
            version: run.version,
            tasks: self.tasks_of(workflow, run.version)?,
            execution_type: if preview { ExecutionType::Preview } else { ExecutionType::ActivatedWithScope },
            scheduled: self.now(),
            activated_on: None,
        };
        let whom = Whom::Undo(run.number, on_record);
        let new = NewRun { activated_on: Some(whom.activated_on()), ..new };
        let most = self.limits.subjects_per_scope;
        match self.store.activate(&new, &whom, most, None, self.entry(caller, Activity::Undo, None))? {
            Activation::Admitted(admission) => {
                self.work.ring();
                Ok(admission)
            }
            Activation::Nobody => Err(OperationError::Conflict(
                "There is nothing to take back: nothing was done, or it is taken back already.".to_owned(),
            )),
            Activation::TooMany => {
                Err(OperationError::invalid("run", format!("holds more than {most} users")))
            }
            Activation::HeldBack(_) | Activation::Changed => Err(OperationError::Conflict(
                "The workflow was deleted at the same moment; nothing was run.".to_owned(),
            )),
        }
    }
}
