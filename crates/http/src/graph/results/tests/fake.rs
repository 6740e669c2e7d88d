//! A store with one live and one deleted workflow, a run of two people and one reported result, and a way to ask.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use tenure_lifecycle::clock::{CountingIds, ManualClock};
use tenure_lifecycle::directory::feed::{Feed, FeedError, FeedReader};
use tenure_lifecycle::directory::{Attributes, User};
use tenure_lifecycle::ids::{Address, CallerId, Epoch, TaskDefinitionId, TaskId, UserId, WorkflowId};
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{Query, Slice};
use tenure_lifecycle::run::{
    ExecutionType, ReportCounters, Run, RunCounters, Status, TaskCounts, TaskReport, TaskResult, UserResult,
};
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::{Category, ExecutionConditions, SweepCursor, Task, Version, Workflow};
use uuid::Uuid;

use super::super::routes;
use crate::Server;
use crate::odata::Options;
use crate::request::Request;

pub(super) const EPOCH: Epoch = Epoch(0x0abc_def0);
const LCW: &str = "identityGovernance/lifecycleWorkflows";

pub(super) struct Fake {
    pub(super) workflows: Vec<Workflow>,
    pub(super) versions: HashMap<i64, Vec<Version>>,
    pub(super) users: Vec<User>,
    pub(super) runs: Vec<Run>,
    results: Mutex<Vec<UserResult>>,
    pub(super) task_results: Vec<TaskResult>,
    pub(super) reports: Vec<TaskReport>,
    /// The filter of the last list.
    filter: Mutex<Option<String>>,
}

pub(super) fn user_id(n: u128) -> UserId {
    UserId(Uuid::from_u128(0xa1e2_c3d4_0000_4000_8000_0000_0000_0000 + n))
}

pub(super) fn run_id(run: i64) -> String {
    Address::Run(run).public(EPOCH).to_string()
}

pub(super) fn result_id(run: i64, seq: i64) -> String {
    Address::UserResult(run, seq).public(EPOCH).to_string()
}

pub(super) fn task_result_id(run: i64, seq: i64, ordinal: i64) -> String {
    Address::TaskResult(run, seq, ordinal).public(EPOCH).to_string()
}

pub(super) fn report_id(run: i64, ordinal: i64) -> String {
    Address::TaskReport(run, ordinal).public(EPOCH).to_string()
}

pub(super) fn workflow_id(number: i64) -> WorkflowId {
    WorkflowId(Uuid::from_u128(0x5f0c_1d7e_0000_4000_8000_0000_0000_0000 + number as u128))
}

pub(super) fn task_id(version: i64, place: i64) -> TaskId {
    TaskId(Uuid::from_u128(0xf1e2_d3c4_0000_4000_8000_0000_0000_0000 + (version * 10 + place) as u128))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn tasks(version: i64) -> Vec<Task> {
    let task = |place| Task {
        id: task_id(version, place),
        execution_sequence: place,
        task_definition_id: TaskDefinitionId(Uuid::from_u128(0x6fc5_2c9d_398b_4305_9763_15f4_2c16_76fc)),
        display_name: format!("task {place} of version {version}"),
        description: None,
        is_enabled: true,
        continue_on_error: false,
        arguments: vec![],
    };
    vec![task(1), task(2)]
}

fn workflow(number: i64, deleted: Option<Timestamp>) -> Workflow {
    let start = at("2026-03-01T00:00:00Z");
    Workflow {
        number,
        id: workflow_id(number),
        revision: 1,
        category: Category::Joiner,
        display_name: "Joiners".to_owned(),
        description: None,
        is_enabled: true,
        is_scheduling_enabled: false,
        created: start,
        created_by: CallerId(Uuid::nil()),
        modified: start,
        modified_by: CallerId(Uuid::nil()),
        deleted,
        version: 2,
        conditions: ExecutionConditions::OnDemandOnly,
        tasks: tasks(2),
        quarantine: None,
        approval: None,
        cursor: SweepCursor::default(),
    }
}

fn version(of: &Workflow, number: i64) -> Version {
    Version {
        number,
        created: of.created,
        created_by: of.created_by,
        modified: of.modified,
        modified_by: of.modified_by,
        category: of.category,
        display_name: of.display_name.clone(),
        description: None,
        is_enabled: true,
        is_scheduling_enabled: false,
        conditions: of.conditions.clone(),
        tasks: tasks(number),
    }
}

fn user(number: i64) -> User {
    let attributes =
        json!({ "displayName": format!("Person {number}"), "userPrincipalName": format!("p{number}@x") });
    User {
        number,
        id: user_id(number as u128),
        version: 1,
        account_enabled: Some(true),
        employee_hire_date: None,
        employee_leave_date_time: None,
        created: Timestamp::UNIX_EPOCH,
        hire_change: 0,
        leave_change: 0,
        created_change: 0,
        manager: None,
        protected: false,
        deleted: None,
        attributes: Attributes::from_stored(attributes.to_string()),
    }
}

impl Fake {
    /// Workflow 1 with run 1 (version 1): person 1 failed, person 2 in progress, one reported about nobody;
    /// workflow 2, deleted, with run 2 of nobody.
    pub(super) fn new() -> Self {
        let workflows = vec![workflow(1, None), workflow(2, Some(at("2026-03-03T00:00:00Z")))];
        let versions = workflows.iter().map(|of| (of.number, vec![version(of, 2), version(of, 1)])).collect();
        let run = |number| Run {
            number,
            epoch: EPOCH,
            workflow: number,
            version: 1,
            execution_type: ExecutionType::Preview,
            scheduled: at("2026-03-02T09:00:00Z"),
            started: None,
            completed: None,
            updated: at("2026-03-02T09:00:00Z"),
            status: Status::Canceling,
            cancel: None,
            counters: RunCounters::default(),
        };
        let result = |seq, subject: Option<u128>, reported, status| UserResult {
            run: 1,
            seq,
            epoch: EPOCH,
            workflow: 1,
            subject: subject.map(user_id),
            reported,
            status,
            scheduled: at("2026-03-02T09:00:00Z"),
            started: None,
            completed: None,
            execution_type: ExecutionType::Scheduled,
            version: 1,
            tasks: TaskCounts { total: 2, failed: i64::from(status == Status::Failed), unprocessed: 0 },
        };
        let task_result = |seq, ordinal, version, status| TaskResult {
            run: 1,
            seq,
            ordinal,
            epoch: EPOCH,
            workflow: 1,
            version,
            subject: if seq == 3 { None } else { Some(user_id(seq as u128)) },
            created: at("2026-03-02T09:00:00Z"),
            started: None,
            completed: None,
            status,
            failure_reason: None,
            processing_info: None,
        };
        Self {
            workflows,
            versions,
            users: vec![user(1), user(3)],
            runs: vec![run(1), run(2)],
            results: Mutex::new(vec![
                result(1, Some(1), false, Status::Failed),
                result(2, Some(2), false, Status::InProgress),
                result(3, None, true, Status::Completed),
            ]),
            task_results: vec![
                task_result(1, 1, Some(1), Status::Failed),
                task_result(1, 2, Some(1), Status::Canceled),
                task_result(3, 3, None, Status::Completed),
            ],
            reports: vec![TaskReport {
                run: run(1),
                ordinal: 1,
                counters: ReportCounters { total: 2, successful: 0, failed: 1, in_progress: 1 },
                started: None,
                completed: None,
                last_updated: at("2026-03-02T09:00:00Z"),
            }],
            filter: Mutex::new(None),
        }
    }

    pub(super) fn results(&self) -> MutexGuard<'_, Vec<UserResult>> {
        self.results.lock().unwrap()
    }

    /// A page; the mark is the number of items before it. Filters are kept, not evaluated.
    pub(super) fn slice<'a, T: Clone + 'a>(
        &self,
        items: impl Iterator<Item = &'a T>,
        query: &Query,
    ) -> Slice<T> {
        *self.filter.lock().unwrap() = query.filter.as_ref().map(ToString::to_string);
        let from: usize = query.after.as_ref().map_or(0, |mark| mark.parse().unwrap());
        let mut items: Vec<T> = items.skip(from).cloned().collect();
        let next = (items.len() > query.limit).then(|| (from + query.limit).to_string());
        items.truncate(query.limit);
        Slice { items, next }
    }
}

struct NoFeeds;

impl FeedReader for NoFeeds {
    fn read<'a>(&self, _: &str, _: Box<dyn Read + Send + 'a>) -> Result<Feed<'a>, FeedError> {
        unreachable!()
    }
}

/// A server on the fake.
pub(super) struct System {
    server: Arc<Server>,
    fake: Arc<Fake>,
}

impl System {
    pub(super) fn new() -> Self {
        let fake = Arc::new(Fake::new());
        let clock = Arc::new(ManualClock::at(at("2026-03-05T00:00:00Z")));
        let lifecycle =
            Lifecycle::new(fake.clone(), clock, Arc::new(CountingIds::default()), Limits::default());
        let server = Server {
            lifecycle: Arc::new(lifecycle),
            feeds: Arc::new(NoFeeds),
            simulation: None,
            spool: std::path::PathBuf::new(),
        };
        Self { server: Arc::new(server), fake }
    }

    pub(super) fn filter(&self) -> Option<String> {
        self.fake.filter.lock().unwrap().clone()
    }

    /// Asks for a path below workflow 1; the answer is its status and its JSON, or text.
    pub(super) fn ask(&self, method: &str, path: &str, body: Json, prefer: &str) -> (u16, Json) {
        self.ask_at(method, &format!("{LCW}/workflows/{}/{path}", workflow_id(1)), body, prefer)
    }

    pub(super) fn get(&self, path: &str) -> (u16, Json) {
        self.ask("GET", path, Json::Null, "")
    }

    /// Reads below the deleted workflow 2.
    pub(super) fn get_deleted(&self, path: &str) -> (u16, Json) {
        self.ask_at("GET", &format!("{LCW}/deletedItems/workflows/{}/{path}", workflow_id(2)), Json::Null, "")
    }

    pub(super) fn ask_at(&self, method: &str, path: &str, body: Json, prefer: &str) -> (u16, Json) {
        let (path, options) = path.split_once('?').unwrap_or((path, ""));
        let table = routes();
        let answer = table.find(&method.parse::<Method>().unwrap(), path).and_then(|found| {
            let mut headers = HeaderMap::new();
            headers.insert("prefer", prefer.parse().unwrap());
            let request = Request {
                server: Arc::clone(&self.server),
                caller: Caller {
                    id: CallerId(Uuid::nil()),
                    name: "test".to_owned(),
                    scopes: vec!["*".to_owned()],
                },
                base: "http://host/v1.0".to_owned(),
                path: format!("/v1.0/{path}"),
                context_path: found.context,
                parameters: found.parameters,
                arguments: found.arguments,
                options: Options::parse(options, &headers)?,
                headers,
                body: if body.is_null() { vec![] } else { body.to_string().into_bytes() },
                upload: None,
                deleted: found.route.deleted,
            };
            (found.route.handler)(&request)
        });
        match answer {
            Ok(answer) => {
                let text = String::from_utf8(answer.body).unwrap();
                (answer.status.as_u16(), serde_json::from_str(&text).unwrap_or(Json::String(text)))
            }
            Err(error) => {
                (error.status.as_u16(), json!({ "message": error.message, "target": error.target }))
            }
        }
    }
}
