//! Writing, activating and releasing workflows.

use std::sync::PoisonError;

use serde_json::{Value as Json, json};

use super::{Lifecycle, OperationError};
use crate::audit::{Activity, Entry};
use crate::engine::admitted_already;
use crate::ids::{TaskId, WorkflowId};
use crate::ports::WorkflowChange;
use crate::run::CancelReason;
use crate::token::Caller;
use crate::workflow::{
    ExecutionConditions, NewWorkflow, QuarantineApproval, QuarantineConfiguration, Scope, SweepCursor, Task,
    Workflow, validate_description, validate_limits, validate_name, validate_task_text, validate_workflow,
};

/// Basic properties that can be changed without a new version; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkflowPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
    /// Whether it may run at all.
    pub is_enabled: Option<bool>,
    /// Whether it runs by itself.
    pub is_scheduling_enabled: Option<bool>,
    /// Whether it is looked at only when the organisation's interval is over.
    pub is_by_interval: Option<bool>,
    /// When it is held back; `Some(None)` leaves that to the organisation.
    pub quarantine_configuration: Option<Option<QuarantineConfiguration>>,
}

/// What of a task can be changed without a new version; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskPatch {
    /// Name.
    pub display_name: Option<String>,
    /// Description; `Some(None)` clears.
    pub description: Option<Option<String>>,
}

/// When a workflow is looked at, as the API says it.
pub fn schedule(is_by_interval: bool) -> &'static str {
    if is_by_interval { "interval" } else { "continuous" }
}

impl Lifecycle {
    /// A workflow that is (not) deleted.
    pub fn workflow(&self, id: WorkflowId, deleted: bool) -> Result<Workflow, OperationError> {
        self.store
            .workflow(id)?
            .filter(|workflow| workflow.deleted.is_some() == deleted)
            .ok_or_else(|| OperationError::NotFound(format!("workflow '{id}'")))
    }

    /// Creates a workflow.
    pub fn create_workflow(&self, caller: &Caller, new: NewWorkflow) -> Result<Workflow, OperationError> {
        let tasks = validate_workflow(&new, &self.limits, self.ids.as_ref())?;
        self.check_scope_groups(&new.conditions)?;
        self.check_names(&tasks)?;
        if self.store.workflow_count()? >= self.limits.workflows {
            return Err(OperationError::Conflict(format!(
                "There can be at most {} workflows; delete one first.",
                self.limits.workflows
            )));
        }
        let now = self.now();
        let mut workflow = Workflow {
            number: 0,
            id: WorkflowId(self.ids.fresh()),
            revision: 1,
            category: new.category,
            display_name: new.display_name,
            description: new.description,
            is_enabled: new.is_enabled,
            is_scheduling_enabled: new.is_scheduling_enabled,
            is_by_interval: new.is_by_interval.unwrap_or_default(),
            quarantine_configuration: new.quarantine_configuration.flatten(),
            created: now,
            created_by: caller.id,
            modified: now,
            modified_by: caller.id,
            deleted: None,
            version: 1,
            conditions: new.conditions,
            tasks,
            quarantine: None,
            approval: None,
            cursor: SweepCursor { full: 1, ..SweepCursor::default() },
        };
        let entry = self.entry(caller, Activity::CreateWorkflow, Some(workflow.display_name.clone()));
        workflow.number = self.store.insert_workflow(&workflow, entry)?;
        self.changes.ring();
        Ok(workflow)
    }

    fn check_scope_groups(&self, conditions: &ExecutionConditions) -> Result<(), OperationError> {
        let Some((Scope::Groups { groups }, _)) = conditions.trigger_and_scope() else {
            return Ok(());
        };
        match self.store.group_numbers(groups)?.iter().position(Option::is_none) {
            None => Ok(()),
            Some(place) => Err(OperationError::invalid(
                format!("executionConditions/scope/groups/{place}/id"),
                format!("names the group {}, which does not exist", groups[place]),
            )),
        }
    }

    /// Changes basic properties. `revision`: only if nobody changed it since.
    pub fn update_workflow(
        &self,
        caller: &Caller,
        id: WorkflowId,
        patch: WorkflowPatch,
        revision: Option<i64>,
    ) -> Result<Workflow, OperationError> {
        self.write(id, revision, |before| {
            let mut workflow = before.clone();
            if let Some(name) = &patch.display_name {
                validate_name("displayName", name)?;
                workflow.display_name.clone_from(name);
            }
            if let Some(description) = &patch.description {
                validate_description("description", description.as_deref())?;
                workflow.description.clone_from(description);
            }
            workflow.is_enabled = patch.is_enabled.unwrap_or(workflow.is_enabled);
            workflow.is_scheduling_enabled = match patch.is_scheduling_enabled {
                Some(true) if !workflow.is_enabled => {
                    return Err(OperationError::invalid(
                        "isSchedulingEnabled",
                        "cannot be true while isEnabled is false",
                    ));
                }
                Some(true) => match workflow.conditions.unscheduled() {
                    Some(rule) => return Err(OperationError::invalid("isSchedulingEnabled", rule)),
                    None => true,
                },
                Some(false) => false,
                // What may not run at all does not run by itself either.
                None => workflow.is_scheduling_enabled && workflow.is_enabled,
            };
            workflow.is_by_interval = patch.is_by_interval.unwrap_or(workflow.is_by_interval);
            if let Some(limits) = &patch.quarantine_configuration {
                validate_limits(limits.as_ref())?;
                workflow.quarantine_configuration.clone_from(limits);
            }
            (workflow.modified, workflow.modified_by) = (self.now(), caller.id);
            let mut entries = vec![];
            let mut note = |happened: bool, activity| {
                if happened {
                    entries.push(self.entry(caller, activity, None));
                }
            };
            note(before.is_enabled && !workflow.is_enabled, Activity::DisableWorkflow);
            note(!before.is_enabled && workflow.is_enabled, Activity::EnableWorkflow);
            note(before.is_scheduling_enabled && !workflow.is_scheduling_enabled, Activity::DisableSchedule);
            note(!before.is_scheduling_enabled && workflow.is_scheduling_enabled, Activity::EnableSchedule);
            let texts = [before, &workflow].map(|one| {
                json!({
                    "displayName": one.display_name, "description": one.description,
                    "@tenure.schedule": schedule(one.is_by_interval),
                    "settings/quarantineConfiguration": one.quarantine_configuration,
                })
            });
            entries.extend(self.text_change(caller, Activity::UpdateWorkflow, texts));
            let begins = !before.is_scheduled() && workflow.is_scheduled();
            workflow.cursor.full = i64::from(begins);
            let stopped = (before.is_enabled && !workflow.is_enabled)
                || (before.is_scheduled() && !workflow.is_scheduled());
            Ok(WorkflowChange {
                workflow,
                new_version: false,
                begins,
                cancel: stopped.then_some(CancelReason::WorkflowStopped),
                entries,
            })
        })
    }

    /// Gives a workflow a new version.
    pub fn create_new_version(
        &self,
        caller: &Caller,
        id: WorkflowId,
        new: NewWorkflow,
        revision: Option<i64>,
    ) -> Result<Workflow, OperationError> {
        let tasks = validate_workflow(&new, &self.limits, self.ids.as_ref())?;
        self.check_scope_groups(&new.conditions)?;
        self.check_names(&tasks)?;
        self.write(id, revision, |before| {
            if before.category != new.category {
                return Err(OperationError::invalid("category", "of a workflow never changes"));
            }
            let mut workflow = before.clone();
            workflow.display_name.clone_from(&new.display_name);
            workflow.description.clone_from(&new.description);
            workflow.is_enabled = new.is_enabled;
            workflow.is_scheduling_enabled = new.is_scheduling_enabled;
            workflow.is_by_interval = new.is_by_interval.unwrap_or(workflow.is_by_interval);
            if let Some(limits) = &new.quarantine_configuration {
                workflow.quarantine_configuration.clone_from(limits);
            }
            workflow.conditions = new.conditions.clone();
            workflow.tasks.clone_from(&tasks);
            workflow.version += 1;
            (workflow.modified, workflow.modified_by) = (self.now(), caller.id);
            workflow.cursor.full = 1;
            // What was approved was the version before.
            workflow.approval = None;
            let stopped = before.is_enabled && !workflow.is_enabled;
            Ok(WorkflowChange {
                begins: !before.is_scheduled() && workflow.is_scheduled(),
                entries: vec![self.entry(
                    caller,
                    Activity::AddWorkflowVersion,
                    Some(workflow.version.to_string()),
                )],
                workflow,
                new_version: true,
                cancel: Some(if stopped { CancelReason::WorkflowStopped } else { CancelReason::NewVersion }),
            })
        })
    }

    /// Changes the name or description of a task.
    pub fn update_task(
        &self,
        caller: &Caller,
        id: WorkflowId,
        task: TaskId,
        patch: &TaskPatch,
        revision: Option<i64>,
    ) -> Result<(), OperationError> {
        self.write(id, revision, |before| {
            let mut workflow = before.clone();
            workflow.cursor.full = 0;
            let Some(place) = workflow.tasks.iter().position(|known| known.id == task) else {
                return Err(OperationError::NotFound(format!("task '{task}'")));
            };
            if let Some(name) = &patch.display_name {
                let same = |other: &Task| other.id != task && other.display_name.eq_ignore_ascii_case(name);
                if workflow.tasks.iter().any(same) {
                    return Err(OperationError::invalid("displayName", "must be unique inside the workflow"));
                }
                workflow.tasks[place].display_name.clone_from(name);
            }
            if let Some(description) = &patch.description {
                workflow.tasks[place].description.clone_from(description);
            }
            let changed = &workflow.tasks[place];
            validate_task_text("", &changed.display_name, changed.description.as_deref())?;
            let texts = [&before.tasks[place], changed].map(|one| {
                json!({
                    format!("tasks('{task}')/displayName"): one.display_name,
                    format!("tasks('{task}')/description"): one.description,
                })
            });
            let entries = self.text_change(caller, Activity::UpdateTask, texts).into_iter().collect();
            (workflow.modified, workflow.modified_by) = (self.now(), caller.id);
            Ok(WorkflowChange { workflow, new_version: false, begins: false, cancel: None, entries })
        })
        .map(|_| ())
    }

    /// What the audit says of texts that were changed; nothing if they are the same.
    fn text_change(&self, caller: &Caller, activity: Activity, [before, after]: [Json; 2]) -> Option<Entry> {
        let changed = before != after;
        changed.then(|| Entry {
            before: Some(before.to_string()),
            ..self.entry(caller, activity, Some(after.to_string()))
        })
    }

    /// Soft-deletes a workflow; its queued users are canceled.
    pub fn delete_workflow(
        &self,
        caller: &Caller,
        id: WorkflowId,
        revision: Option<i64>,
    ) -> Result<(), OperationError> {
        self.write(id, revision, |before| {
            let mut workflow = before.clone();
            workflow.deleted = Some(self.now());
            workflow.cursor.full = 0;
            Ok(WorkflowChange {
                workflow,
                new_version: false,
                begins: false,
                cancel: Some(CancelReason::WorkflowStopped),
                entries: vec![self.entry(caller, Activity::DeleteWorkflow, None)],
            })
        })
        .map(|_| ())
    }

    /// Restores a soft-deleted workflow; its schedule is off.
    pub fn restore_workflow(&self, caller: &Caller, id: WorkflowId) -> Result<Workflow, OperationError> {
        if self.store.workflow_count()? >= self.limits.workflows {
            return Err(OperationError::Conflict(format!(
                "There can be at most {} workflows; delete one first.",
                self.limits.workflows
            )));
        }
        let mut workflow = self.workflow(id, true)?;
        workflow.deleted = None;
        workflow.is_scheduling_enabled = false;
        workflow.cursor.full = 0;
        (workflow.modified, workflow.modified_by) = (self.now(), caller.id);
        let entries = vec![self.entry(caller, Activity::RestoreWorkflow, None)];
        let change = WorkflowChange { workflow, new_version: false, begins: false, cancel: None, entries };
        if !self.store.write_workflow(&change)? {
            return Err(OperationError::Changed);
        }
        self.workflow(id, false)
    }

    /// Deletes a soft-deleted workflow for good, with everything below it.
    pub fn hard_delete_workflow(&self, caller: &Caller, id: WorkflowId) -> Result<(), OperationError> {
        let workflow = self.workflow(id, true)?;
        let mut entry = self.entry(caller, Activity::HardDeleteWorkflow, None);
        entry.before = Some(workflow.display_name);
        if !self.store.hard_delete_workflow(workflow.number, entry)? {
            return Err(OperationError::NotFound(format!("workflow '{id}'")));
        }
        self.notices.ring();
        Ok(())
    }

    /// Lets a workflow go that was held back; nothing is run by this, the next sweep looks again.
    pub fn clear_quarantine(&self, caller: &Caller, id: WorkflowId) -> Result<Workflow, OperationError> {
        let workflow = self.workflow(id, false)?;
        let Some(quarantine) = &workflow.quarantine else {
            return Err(OperationError::Conflict("The workflow is not in quarantine.".to_owned()));
        };
        let at = self.now();
        let due = quarantine.due + admitted_already(self, &workflow, at)?;
        let approval = QuarantineApproval { due, at, since: quarantine.since };
        let entry = self.entry(caller, Activity::ClearQuarantine, Some(quarantine.reason.clone()));
        if !self.store.release(workflow.number, approval, entry)? {
            return Err(OperationError::Conflict("The workflow is not in quarantine.".to_owned()));
        }
        self.changes.ring();
        self.workflow(id, false)
    }

    fn write(
        &self,
        id: WorkflowId,
        revision: Option<i64>,
        change: impl Fn(&Workflow) -> Result<WorkflowChange, OperationError>,
    ) -> Result<Workflow, OperationError> {
        // One after the other, so that nobody is turned away who asks for nothing to be as they have read it; what another
        // process, or a sweep, writes in between is read again.
        let _editing = self.editing.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..5 {
            let before = self.workflow(id, false)?;
            if revision.is_some_and(|revision| revision != before.revision) {
                return Err(OperationError::Changed);
            }
            let change = change(&before)?;
            if self.store.write_workflow(&change)? {
                self.changes.ring();
                self.work.ring();
                let stored = self.store.workflow(id)?;
                return stored.ok_or_else(|| OperationError::NotFound(format!("workflow '{id}'")));
            }
        }
        Err(OperationError::Changed)
    }
}
