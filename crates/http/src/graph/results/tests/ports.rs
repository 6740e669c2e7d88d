//! The store's ports on the fake: what handlers of results call answers, everything else is never called.

use jiff::Timestamp;
use tenure_lifecycle::audit::{Actor, Entry};
use tenure_lifecycle::directory::{Group, GroupPatch, User, UserPatch};
use tenure_lifecycle::ids::{CallerId, GroupId, Ordinal, RunNumber, Seq, UserId, WorkflowId};
use tenure_lifecycle::ports::{
    Admission, Batch, Directory, Engine, FeedMatch, Installation, Lease, Membership, NewGroup, NewRun,
    NewUser, PersonWrite, Query, QueryError, QueuedWork, ResultScope, Results, Settings, Settled, Settlement,
    Skipped, Slice, StoreError, Subject, TaskResultScope, Tokens, WorkflowChange, Workflows, WriteError,
};
use tenure_lifecycle::run::{
    CancelReason, NewResult, ReportCounters, ResultPatch, Run, RunCounters, Status, TaskReport, TaskResult,
    UserResult,
};
use tenure_lifecycle::token::Token;
use tenure_lifecycle::workflow::{
    Quarantine, QuarantineApproval, SweepCursor, TimeAttribute, Version, Workflow,
};

use super::fake::Fake;

impl Workflows for Fake {
    fn workflows(&self, _: bool) -> Result<Vec<Workflow>, StoreError> {
        unreachable!()
    }
    fn workflow_count(&self) -> Result<usize, StoreError> {
        unreachable!()
    }
    fn workflow(&self, id: WorkflowId) -> Result<Option<Workflow>, StoreError> {
        Ok(self.workflows.iter().find(|workflow| workflow.id == id).cloned())
    }
    fn workflow_by_number(&self, _: i64) -> Result<Option<Workflow>, StoreError> {
        unreachable!()
    }
    fn insert_workflow(&self, _: &Workflow, _: Entry) -> Result<i64, StoreError> {
        unreachable!()
    }
    fn write_workflow(&self, _: &WorkflowChange) -> Result<bool, StoreError> {
        unreachable!()
    }
    fn versions(&self, workflow: i64) -> Result<Vec<Version>, StoreError> {
        Ok(self.versions.get(&workflow).cloned().unwrap_or_default())
    }
    fn version(&self, workflow: i64, version: i64) -> Result<Option<Version>, StoreError> {
        Ok(self.versions(workflow)?.into_iter().find(|known| known.number == version))
    }
    fn settings(&self) -> Result<Settings, StoreError> {
        unreachable!()
    }
    fn write_settings(&self, _: &Settings, _: Timestamp, _: Entry) -> Result<(), StoreError> {
        unreachable!()
    }
}

impl Directory for Fake {
    fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.users.iter().find(|user| user.id == id).cloned())
    }
    fn user_by_principal_name(&self, name: &str) -> Result<Option<User>, StoreError> {
        Ok(self.users.iter().find(|user| user.text("userPrincipalName") == Some(name)).cloned())
    }
    fn users_by_number(&self, numbers: &[i64]) -> Result<Vec<User>, StoreError> {
        Ok(self.users.iter().filter(|user| numbers.contains(&user.number)).cloned().collect())
    }
    fn user_numbers(&self, ids: &[UserId]) -> Result<Vec<Option<i64>>, StoreError> {
        Ok(ids
            .iter()
            .map(|id| self.users.iter().find(|user| user.id == *id).map(|user| user.number))
            .collect())
    }
    fn population(&self) -> Result<u64, StoreError> {
        unreachable!()
    }
    fn list_users(&self, _: &Query) -> Result<Slice<User>, QueryError> {
        unreachable!()
    }
    fn count_users(&self, _: &Query) -> Result<i64, QueryError> {
        unreachable!()
    }
    fn create_user(&self, _: &NewUser, _: Timestamp, _: Actor) -> Result<User, WriteError> {
        unreachable!()
    }
    fn update_user(&self, _: UserId, _: &UserPatch, _: Timestamp, _: Actor) -> Result<User, WriteError> {
        unreachable!()
    }
    fn delete_user(&self, _: UserId, _: Timestamp, _: Actor) -> Result<(), WriteError> {
        unreachable!()
    }
    fn group(&self, _: GroupId) -> Result<Option<Group>, StoreError> {
        unreachable!()
    }
    fn group_numbers(&self, _: &[GroupId]) -> Result<Vec<Option<i64>>, StoreError> {
        unreachable!()
    }
    fn list_groups(&self, _: &Query) -> Result<Slice<Group>, QueryError> {
        unreachable!()
    }
    fn count_groups(&self, _: &Query) -> Result<i64, QueryError> {
        unreachable!()
    }
    fn create_group(&self, _: &NewGroup, _: Timestamp, _: Actor) -> Result<Group, WriteError> {
        unreachable!()
    }
    fn update_group(&self, _: GroupId, _: &GroupPatch, _: Timestamp, _: Actor) -> Result<Group, WriteError> {
        unreachable!()
    }
    fn delete_group(&self, _: GroupId, _: Timestamp, _: Actor) -> Result<(), WriteError> {
        unreachable!()
    }
    fn add_member(&self, _: GroupId, _: UserId, _: Timestamp, _: Actor) -> Result<Membership, WriteError> {
        unreachable!()
    }
    fn remove_member(&self, _: GroupId, _: UserId, _: Timestamp, _: Actor) -> Result<Membership, WriteError> {
        unreachable!()
    }
    fn members(&self, _: i64, _: &Query) -> Result<Slice<User>, QueryError> {
        unreachable!()
    }
    fn member_of(&self, _: i64, _: &Query) -> Result<Slice<Group>, QueryError> {
        unreachable!()
    }
    fn people_by_employee_id(&self, _: &[&str]) -> Result<Vec<(String, FeedMatch)>, StoreError> {
        unreachable!()
    }
    fn holders_of_principal_names(&self, _: &[&str]) -> Result<Vec<(String, i64)>, StoreError> {
        unreachable!()
    }
    fn feed_population(&self, _: &str) -> Result<u64, StoreError> {
        unreachable!()
    }
    fn write_people(&self, _: &[PersonWrite], _: Timestamp, _: Actor) -> Result<(), WriteError> {
        unreachable!()
    }
}

impl Results for Fake {
    fn run(&self, number: RunNumber) -> Result<Option<Run>, StoreError> {
        Ok(self.runs.iter().find(|run| run.number == number).cloned())
    }
    fn list_runs(&self, workflow: i64, query: &Query) -> Result<Slice<Run>, QueryError> {
        Ok(self.slice(self.runs.iter().filter(|run| run.workflow == workflow), query))
    }
    fn count_runs(&self, workflow: i64, query: &Query) -> Result<i64, QueryError> {
        Ok(self.list_runs(workflow, query)?.items.len() as i64)
    }
    fn user_result(&self, run: RunNumber, seq: Seq) -> Result<Option<UserResult>, StoreError> {
        Ok(self.results().iter().find(|result| (result.run, result.seq) == (run, seq)).cloned())
    }
    fn list_user_results(&self, scope: ResultScope, query: &Query) -> Result<Slice<UserResult>, QueryError> {
        let fits = |result: &&UserResult| match scope {
            ResultScope::Workflow(workflow) => result.workflow == workflow,
            ResultScope::Run(run) => result.run == run,
            ResultScope::Subject(_) => false,
        };
        Ok(self.slice(self.results().iter().filter(fits), query))
    }
    fn count_user_results(&self, scope: ResultScope, query: &Query) -> Result<i64, QueryError> {
        Ok(self.list_user_results(scope, query)?.items.len() as i64)
    }
    fn task_result(
        &self,
        run: RunNumber,
        seq: Seq,
        ordinal: Ordinal,
    ) -> Result<Option<TaskResult>, StoreError> {
        let key = (run, seq, ordinal);
        Ok(self.task_results.iter().find(|result| (result.run, result.seq, result.ordinal) == key).cloned())
    }
    fn list_task_results(
        &self,
        scope: TaskResultScope,
        query: &Query,
    ) -> Result<Slice<TaskResult>, QueryError> {
        let fits = |result: &&TaskResult| match scope {
            TaskResultScope::User(run, seq) => (result.run, result.seq) == (run, seq),
            TaskResultScope::Run(run) => result.run == run,
            TaskResultScope::Report(run, ordinal) => (result.run, result.ordinal) == (run, ordinal),
            TaskResultScope::Task { workflow, version, ordinal } => {
                (result.workflow, result.version, result.ordinal) == (workflow, Some(version), ordinal)
            }
        };
        Ok(self.slice(self.task_results.iter().filter(fits), query))
    }
    fn count_task_results(&self, scope: TaskResultScope, query: &Query) -> Result<i64, QueryError> {
        Ok(self.list_task_results(scope, query)?.items.len() as i64)
    }
    fn task_report(&self, run: RunNumber, ordinal: Ordinal) -> Result<Option<TaskReport>, StoreError> {
        Ok(self.reports.iter().find(|report| (report.run.number, report.ordinal) == (run, ordinal)).cloned())
    }
    fn list_task_reports(&self, workflow: i64, query: &Query) -> Result<Slice<TaskReport>, QueryError> {
        Ok(self.slice(self.reports.iter().filter(|report| report.run.workflow == workflow), query))
    }
    fn count_task_reports(&self, workflow: i64, query: &Query) -> Result<i64, QueryError> {
        Ok(self.list_task_reports(workflow, query)?.items.len() as i64)
    }
    fn user_summary(
        &self,
        workflow: i64,
        run: Option<RunNumber>,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<RunCounters, StoreError> {
        let mut counters = RunCounters::default();
        for result in self
            .results()
            .iter()
            .filter(|result| result.workflow == workflow && run.is_none_or(|run| run == result.run))
        {
            if (start..end).contains(&result.scheduled) {
                counters.count(result.status, result.tasks, 1);
            }
        }
        Ok(counters)
    }
    fn run_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<(Status, i64)>, StoreError> {
        let within = |run: &&Run| run.workflow == workflow && (start..end).contains(&run.scheduled);
        Ok(self.runs.iter().filter(within).map(|run| (run.status, 1)).collect())
    }
    fn report_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<ReportCounters, StoreError> {
        let mut counters = ReportCounters::default();
        for report in self.reports.iter().filter(|report| report.run.workflow == workflow) {
            if (start..end).contains(&report.run.scheduled) {
                counters.add(&report.counters);
            }
        }
        Ok(counters)
    }
    fn create_result(
        &self,
        run: RunNumber,
        result: &NewResult,
        _: Timestamp,
        _: Actor,
    ) -> Result<Option<UserResult>, StoreError> {
        let Some(of) = Results::run(self, run)? else { return Ok(None) };
        let new = UserResult {
            run,
            seq: self.results().len() as i64 + 1,
            epoch: of.epoch,
            workflow: of.workflow,
            subject: result.subject,
            reported: true,
            status: result.status,
            scheduled: result.scheduled,
            started: result.started,
            completed: result.completed,
            execution_type: result.execution_type,
            version: result.version,
            tasks: result.tasks,
        };
        self.results().push(new.clone());
        Ok(Some(new))
    }
    fn update_result(
        &self,
        run: RunNumber,
        seq: Seq,
        patch: &ResultPatch,
        _: Timestamp,
        _: Actor,
    ) -> Result<bool, StoreError> {
        let mut results = self.results();
        let found = results.iter_mut().find(|result| (result.run, result.seq) == (run, seq));
        let Some(result) = found.filter(|result| result.reported || result.status.is_finished()) else {
            return Ok(false);
        };
        result.status = patch.status.unwrap_or(result.status);
        result.completed = patch.completed.unwrap_or(result.completed);
        result.tasks.failed = patch.failed.unwrap_or(result.tasks.failed);
        Ok(true)
    }
    fn delete_result(&self, run: RunNumber, seq: Seq, _: Timestamp, _: Actor) -> Result<bool, StoreError> {
        let mut results = self.results();
        let place = results.iter().position(|result| (result.run, result.seq) == (run, seq));
        let Some(place) =
            place.filter(|place| results[*place].reported || results[*place].status.is_finished())
        else {
            return Ok(false);
        };
        results.remove(place);
        Ok(true)
    }
    fn set_result_subject(
        &self,
        run: RunNumber,
        seq: Seq,
        expect: Option<UserId>,
        subject: Option<UserId>,
        _: Timestamp,
        _: Actor,
    ) -> Result<bool, StoreError> {
        let mut results = self.results();
        let found = results.iter_mut().find(|result| (result.run, result.seq) == (run, seq));
        let Some(result) = found.filter(|result| result.reported && result.subject == expect) else {
            return Ok(false);
        };
        result.subject = subject;
        Ok(true)
    }
    fn create_task_result(&self, result: &TaskResult, _: Actor) -> Result<Option<TaskResult>, StoreError> {
        Ok(Some(TaskResult { ordinal: 9, ..result.clone() }))
    }
}

impl Engine for Fake {
    fn due_between(
        &self,
        _: TimeAttribute,
        _: Option<Timestamp>,
        _: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        unreachable!()
    }
    fn next_due(&self, _: TimeAttribute, _: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        unreachable!()
    }
    fn changed_since(&self, _: i64) -> Result<(Vec<i64>, i64), StoreError> {
        unreachable!()
    }
    fn last_change(&self) -> Result<i64, StoreError> {
        unreachable!()
    }
    fn members_of_any(&self, _: &[GroupId], _: &[i64]) -> Result<Vec<i64>, StoreError> {
        unreachable!()
    }
    fn unused_occasions(&self, _: i64, _: &[Subject]) -> Result<Vec<Subject>, StoreError> {
        unreachable!()
    }
    fn admit_all(&self, _: &NewRun, _: &[i64], _: Entry) -> Result<Admission, StoreError> {
        unreachable!()
    }
    fn admit_chunk(&self, _: &NewRun, _: &[Subject], _: Timestamp) -> Result<Option<Admission>, StoreError> {
        unreachable!()
    }
    fn finish_sweep(&self, _: i64, _: i64, _: SweepCursor, _: Timestamp) -> Result<bool, StoreError> {
        unreachable!()
    }
    fn record_skipped(&self, _: i64, _: &[Skipped], _: Timestamp) -> Result<(), StoreError> {
        unreachable!()
    }
    fn list_skipped(&self, _: i64, _: i64, _: usize) -> Result<Vec<(Skipped, UserId, String)>, StoreError> {
        unreachable!()
    }
    fn quarantine(&self, _: i64, _: &Quarantine, _: Entry) -> Result<(), StoreError> {
        unreachable!()
    }
    fn release(&self, _: i64, _: QuarantineApproval, _: Entry) -> Result<bool, StoreError> {
        unreachable!()
    }
    fn lease(&self, _: u64, _: i64, _: Timestamp) -> Result<Option<Lease>, StoreError> {
        unreachable!()
    }
    fn queued_work(&self, _: Timestamp) -> Result<QueuedWork, StoreError> {
        unreachable!()
    }
    fn take_over(&self, _: Timestamp) -> Result<u64, StoreError> {
        unreachable!()
    }
    fn load(&self, _: &Lease) -> Result<Batch, StoreError> {
        unreachable!()
    }
    fn settle(&self, _: &Lease, _: Settlement, _: Actor) -> Result<Settled, StoreError> {
        unreachable!()
    }
    fn cancel_run(&self, _: RunNumber, _: CancelReason, _: Entry) -> Result<bool, StoreError> {
        unreachable!()
    }
}

impl Tokens for Fake {
    fn installation(&self) -> Result<Installation, StoreError> {
        unreachable!()
    }
    fn mark_simulated(&self) -> Result<(), StoreError> {
        unreachable!()
    }
    fn add_token(&self, _: &Token, _: Actor) -> Result<(), StoreError> {
        unreachable!()
    }
    fn token_by_hash(&self, _: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        unreachable!()
    }
    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        unreachable!()
    }
    fn revoke_token(&self, _: CallerId, _: Timestamp, _: Actor) -> Result<bool, StoreError> {
        unreachable!()
    }
}
