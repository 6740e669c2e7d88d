//! The results port: runs, results, reports and summaries.

use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::ids::{Ordinal, RunNumber, Seq, UserId};
use tenure_lifecycle::ports::{Query, QueryError, ResultScope, Results, Slice, StoreError, TaskResultScope};
use tenure_lifecycle::run::{
    NewResult, ReportCounters, ResultPatch, Run, RunCounters, Status, TaskReport, TaskResult, UserResult,
};

use super::rows::database;
use super::{Store, reported, runs, slots, summary, task_reports, task_results, user_results};

impl Results for Store {
    fn run(&self, number: RunNumber) -> Result<Option<Run>, StoreError> {
        self.read(|connection| {
            let sql = format!("SELECT {} FROM {} r WHERE r.number = ?1", runs::RUN, slots::RUNS);
            let mut statement = connection.prepare_cached(&sql).map_err(database)?;
            let mut rows = statement.query([number]).map_err(database)?;
            rows.next().map_err(database)?.map(runs::run).transpose()
        })
    }

    fn list_runs(&self, workflow: i64, query: &Query) -> Result<Slice<Run>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(runs::runs_segment(workflow, mark)));
            let collection = runs::collection(&segment);
            collection.slice_by(connection, query, &runs::INDEXED, &[workflow.into()], runs::run)
        })
    }

    fn count_runs(&self, workflow: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(runs::runs_segment(workflow, mark)));
            runs::collection(&segment).count(connection, query)
        })
    }

    fn list_reprocessed(
        &self,
        of: RunNumber,
        seq: Option<Seq>,
        query: &Query,
    ) -> Result<Slice<Run>, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(runs::reprocessed_segment(of, seq, mark)));
            runs::collection(&segment).slice(connection, query, runs::run)
        })
    }

    fn count_reprocessed(&self, of: RunNumber, seq: Option<Seq>, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            let segment = |_: &_, mark: Option<&_>| Ok(Some(runs::reprocessed_segment(of, seq, mark)));
            runs::collection(&segment).count(connection, query)
        })
    }

    fn is_reprocessed(&self, of: RunNumber, seq: Option<Seq>, run: RunNumber) -> Result<bool, StoreError> {
        self.read(|connection| runs::is_reprocessed(connection, of, seq, run))
    }

    fn reprocessed(&self, of: &[(RunNumber, Option<Seq>)]) -> Result<Vec<(usize, Run)>, StoreError> {
        self.read(|connection| runs::reprocessed(connection, of))
    }

    fn user_result(&self, run: RunNumber, seq: Seq) -> Result<Option<UserResult>, StoreError> {
        self.read(|connection| user_results::find(connection, run, seq))
    }

    fn list_user_results(&self, scope: ResultScope, query: &Query) -> Result<Slice<UserResult>, QueryError> {
        self.read(|connection| {
            user_results::with_collection(scope, query.filter.as_ref(), |collection, item| {
                collection.slice(connection, query, item)
            })
        })
    }

    fn count_user_results(&self, scope: ResultScope, query: &Query) -> Result<i64, QueryError> {
        if query.filter.is_none() {
            // Counted already.
            let found = match scope {
                ResultScope::Run(run) => Some(self.run(run)?.map_or(0, |run| run.counters.users.total)),
                ResultScope::Workflow(workflow) => {
                    let all = self.user_summary(workflow, None, Timestamp::MIN, Timestamp::MAX)?;
                    let previews = self.read(|connection| summary::previewed(connection, workflow))?;
                    Some(all.users.total + previews)
                }
                ResultScope::Subject(_) => None,
            };
            if let Some(count) = found {
                return Ok(count);
            }
        }
        self.read(|connection| {
            user_results::with_collection(scope, query.filter.as_ref(), |collection, _| {
                collection.count(connection, query)
            })
        })
    }

    fn task_result(
        &self,
        run: RunNumber,
        seq: Seq,
        ordinal: Ordinal,
    ) -> Result<Option<TaskResult>, StoreError> {
        self.read(|connection| task_results::find(connection, run, seq, ordinal))
    }

    fn list_task_results(
        &self,
        scope: TaskResultScope,
        query: &Query,
    ) -> Result<Slice<TaskResult>, QueryError> {
        self.read(|connection| {
            task_results::with_collection(scope, |collection, item| collection.slice(connection, query, item))
        })
    }

    fn first_task_results(
        &self,
        users: &[(RunNumber, Seq)],
        each: usize,
    ) -> Result<Vec<Slice<TaskResult>>, StoreError> {
        self.read(|connection| task_results::first(connection, users, each))
    }

    fn count_task_results(&self, scope: TaskResultScope, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            task_results::with_collection(scope, |collection, _| collection.count(connection, query))
        })
    }

    fn task_report(&self, run: RunNumber, ordinal: Ordinal) -> Result<Option<TaskReport>, StoreError> {
        self.read(|connection| task_reports::find(connection, run, ordinal))
    }

    fn list_task_reports(&self, workflow: i64, query: &Query) -> Result<Slice<TaskReport>, QueryError> {
        self.read(|connection| {
            task_reports::with_collection(workflow, |collection, item| {
                collection.slice(connection, query, item)
            })
        })
    }

    fn count_task_reports(&self, workflow: i64, query: &Query) -> Result<i64, QueryError> {
        self.read(|connection| {
            task_reports::with_collection(workflow, |collection, _| collection.count(connection, query))
        })
    }

    fn user_summary(
        &self,
        workflow: i64,
        run: Option<RunNumber>,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<RunCounters, StoreError> {
        self.read(|connection| summary::users(connection, workflow, run, start, end))
    }

    fn run_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<(Status, i64)>, StoreError> {
        self.read(|connection| summary::runs(connection, workflow, start, end))
    }

    fn report_summary(
        &self,
        workflow: i64,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<ReportCounters, StoreError> {
        self.read(|connection| summary::reports(connection, workflow, start, end))
    }

    fn create_result(
        &self,
        run: RunNumber,
        result: &NewResult,
        at: Timestamp,
        actor: Actor,
    ) -> Result<Option<UserResult>, StoreError> {
        let result = result.clone();
        self.writer.write(move |connection| reported::create(connection, run, &result, at, actor))
    }

    fn update_result(
        &self,
        run: RunNumber,
        seq: Seq,
        patch: &ResultPatch,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        let patch = patch.clone();
        self.writer.write(move |connection| reported::update(connection, (run, seq), &patch, at, actor))
    }

    fn delete_result(
        &self,
        run: RunNumber,
        seq: Seq,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        self.writer.write(move |connection| reported::delete(connection, (run, seq), at, actor))
    }

    fn set_result_subject(
        &self,
        run: RunNumber,
        seq: Seq,
        expect: Option<UserId>,
        subject: Option<UserId>,
        at: Timestamp,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        self.writer.write(move |connection| {
            reported::set_subject(connection, (run, seq), expect, subject, at, actor)
        })
    }

    fn create_task_result(
        &self,
        result: &TaskResult,
        actor: Actor,
    ) -> Result<Option<TaskResult>, StoreError> {
        let result = result.clone();
        self.writer.write(move |connection| reported::create_task(connection, &result, actor))
    }
}
