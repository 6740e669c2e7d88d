//! The system under test.

use std::sync::Arc;

use tempfile::TempDir;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::{Clock as _, CountingIds, Ids, ManualClock, RandomIds};
use tenure_lifecycle::directory::{Group, GroupPatch, User};
use tenure_lifecycle::engine::{Simulation, Step, SweepReport, Worker, sweep_all};
use tenure_lifecycle::ids::{CallerId, RunNumber, UserId};
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::{Lifecycle, NewPerson, OperationError};
use tenure_lifecycle::ports::{Endpoints, Query, QueuedWork, ResultScope, Store, TaskResultScope};
use tenure_lifecycle::run::{Run, TaskResult, UserResult};
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::Workflow;
use tenure_notify::{CallPolicy, Calls, Vault};

use crate::{Database, Deliveries, Person, Power, WorkflowSpec};

/// Anything that goes wrong in a test system is the test's failure.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A whole Tenure.
pub struct System {
    /// The operations, on a real store.
    pub lifecycle: Arc<Lifecycle>,
    /// The store itself.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<ManualClock>,
    /// What went outside.
    pub deliveries: Arc<Deliveries>,
    /// What every call of the store needs.
    pub power: Arc<Power>,
    /// Who calls.
    pub caller: Caller,
    /// The data directory.
    pub directory: Arc<TempDir>,
    /// Where the store is.
    pub database: Arc<Database>,
}

impl System {
    /// A new, empty one whose clock stands at that time.
    pub fn at(now: &str) -> Outcome<Self> {
        Self::with_limits(now, Limits::default())
    }

    /// The same with other limits.
    pub fn with_limits(now: &str, limits: Limits) -> Outcome<Self> {
        Self::with(limits, Arc::new(CountingIds::default()), Arc::new(Database::fresh()?), now)
    }

    fn with(limits: Limits, ids: Arc<dyn Ids>, database: Arc<Database>, now: &str) -> Outcome<Self> {
        let directory = Arc::new(tempfile::tempdir()?);
        let deliveries = Arc::new(Deliveries::default());
        let clock = Arc::new(ManualClock::at(now.parse()?));
        let vault = Vault::open(&directory.path().join("secret-key"))?;
        // Calls are written down by the deliveries.
        let endpoints = Calls::new(CallPolicy::default(), vault, None, clock.clone()).written_down();
        Self::open((directory, database), clock, limits, ids, deliveries, Arc::new(endpoints))
    }

    fn open(
        (directory, database): (Arc<TempDir>, Arc<Database>),
        clock: Arc<ManualClock>,
        limits: Limits,
        ids: Arc<dyn Ids>,
        deliveries: Arc<Deliveries>,
        endpoints: Arc<dyn Endpoints>,
    ) -> Outcome<Self> {
        let power = Arc::new(Power::default());
        let store = database.open(directory.path(), ids.as_ref(), power.clone())?;
        let lifecycle = Lifecycle::new(store.clone(), clock.clone(), ids, limits).with_endpoints(endpoints);
        let lifecycle = Arc::new(lifecycle);
        let caller = Caller {
            id: CallerId(uuid::Uuid::from_u128(0xca11)),
            name: "test".to_owned(),
            person: None,
            application: None,
            scopes: vec!["*".to_owned()],
        };
        Ok(Self { lifecycle, store, clock, deliveries, power, caller, directory, database })
    }

    /// Has everything that the store holds in files of the data directory.
    pub fn checkpoint(&self) -> Outcome<()> {
        self.database.write_down(self.directory.path())
    }

    /// A new one on that database, which others may be on too.
    pub fn on(database: Arc<Database>, now: &str) -> Outcome<Self> {
        Self::with(Limits::default(), Arc::new(RandomIds), database, now)
    }

    /// What a process finds that starts after this one was killed just now: the files as they are, the world outside
    /// as it is, and the time. It has taken over every lease.
    pub fn crashed(self) -> Outcome<Self> {
        let next = self.copy(self.deliveries.clone())?;
        // It is as dead as its leases are old.
        next.tamper("UPDATE leases SET ends = 0")?;
        next.store.take_over(next.lifecycle.now())?;
        Ok(next)
    }

    /// The same in a world of its own, which goes its own way from now on.
    pub fn twin(&self) -> Outcome<Self> {
        self.copy(Arc::new(self.deliveries.copy()))
    }

    /// The files as they are, in another directory, opened anew.
    fn copy(&self, deliveries: Arc<Deliveries>) -> Outcome<Self> {
        let left = Arc::new(tempfile::tempdir()?);
        std::fs::copy(self.directory.path().join("secret-key"), left.path().join("secret-key"))?;
        let database = Arc::new(self.database.copy(self.directory.path(), left.path())?);
        let lifecycle = &self.lifecycle;
        let clock = Arc::new(ManualClock::at(self.clock.now()));
        let (limits, ids) = (lifecycle.limits.clone(), lifecycle.ids.clone());
        let next = Self::open((left, database), clock, limits, ids, deliveries, lifecycle.endpoints.clone())?;
        let (administrators, organization) =
            (lifecycle.administrators.clone(), lifecycle.organization.clone());
        next.set_up(|next| next.with_administrators(administrators).with_organization(organization))
    }

    /// The same with administrators who are told of quarantines.
    pub fn with_administrators(self, administrators: Vec<String>) -> Outcome<Self> {
        self.set_up(|lifecycle| lifecycle.with_administrators(administrators))
    }

    /// The same, set up in another way.
    pub fn set_up(self, change: impl FnOnce(Lifecycle) -> Lifecycle) -> Outcome<Self> {
        let Self { lifecycle, store, clock, deliveries, power, caller, directory, database } = self;
        let lifecycle = Arc::into_inner(lifecycle).ok_or("somebody else uses the system already")?;
        Ok(Self {
            lifecycle: Arc::new(change(lifecycle)),
            store,
            clock,
            deliveries,
            power,
            caller,
            directory,
            database,
        })
    }

    /// The worker.
    pub fn worker(&self) -> Worker<'_> {
        Worker::new(&self.lifecycle, self.deliveries.as_ref(), 1)
    }

    /// Processes everything that can be processed now.
    pub fn drain(&self) -> Outcome<QueuedWork> {
        Ok(self.worker().drain()?)
    }

    /// Processes one range.
    pub fn step(&self) -> Outcome<Step> {
        Ok(self.worker().step()?)
    }

    /// Looks who is due.
    pub fn sweep(&self) -> Outcome<SweepReport> {
        Ok(sweep_all(&self.lifecycle, self.lifecycle.now())?)
    }

    /// Moves the clock, with everything that falls due on the way.
    pub fn advance(&self, to: &str) -> Outcome<()> {
        let simulation = Simulation::new(self.lifecycle.clone(), self.deliveries.clone(), self.clock.clone());
        Ok(simulation.advance(to.parse()?)?)
    }

    /// Creates a person.
    pub fn person(&self, person: &Person) -> Result<User, OperationError> {
        let new = NewPerson { set: person.attributes(), protected: person.protected, ..NewPerson::default() };
        self.lifecycle.create_user(&self.caller, new)
    }

    /// Creates that many people and gives their ids.
    pub fn people(&self, count: usize) -> Result<Vec<UserId>, OperationError> {
        (0..count).map(|place| Ok(self.person(&Person::named(&format!("person{place}")))?.id)).collect()
    }

    /// Creates a group.
    pub fn group(&self, name: &str) -> Result<Group, OperationError> {
        let patch = GroupPatch { display_name: Some(name.to_owned()), ..GroupPatch::default() };
        self.lifecycle.create_group(&self.caller, patch)
    }

    /// Creates a workflow.
    pub fn workflow(&self, spec: WorkflowSpec) -> Result<Workflow, OperationError> {
        self.lifecycle.create_workflow(&self.caller, spec.0)
    }

    /// Runs a workflow for people, without processing them.
    pub fn activate(&self, workflow: &Workflow, subjects: &[UserId]) -> Result<RunNumber, OperationError> {
        Ok(self.lifecycle.activate(&self.caller, workflow.id, subjects)?.run)
    }

    /// A person as they are now.
    pub fn user(&self, id: UserId) -> Result<User, OperationError> {
        self.lifecycle.user(&id.to_string())
    }

    /// Names of the groups a person is in.
    pub fn groups_of(&self, id: UserId) -> Outcome<Vec<String>> {
        let query = Query { limit: 1_000, ..Query::default() };
        let groups = self.lifecycle.store.member_of(self.user(id)?.number, &query)?;
        Ok(groups.items.into_iter().map(|group| group.display_name).collect())
    }

    /// A run.
    pub fn run(&self, number: RunNumber) -> Outcome<Run> {
        Ok(self.lifecycle.store.run(number)?.ok_or("there is no such run")?)
    }

    /// The runs of a workflow, newest first.
    pub fn runs(&self, workflow: &Workflow) -> Outcome<Vec<Run>> {
        let query = Query { limit: 1_000, ..Query::default() };
        Ok(self.lifecycle.store.list_runs(workflow.number, &query)?.items)
    }

    /// All user results of a run.
    pub fn results(&self, run: RunNumber) -> Outcome<Vec<UserResult>> {
        let query = Query { limit: 1_000_000, ..Query::default() };
        Ok(self.lifecycle.store.list_user_results(ResultScope::Run(run), &query)?.items)
    }

    /// The task results of one user result.
    pub fn task_results(&self, run: RunNumber, seq: i64) -> Outcome<Vec<TaskResult>> {
        let query = Query { limit: 1_000, ..Query::default() };
        Ok(self.lifecycle.store.list_task_results(TaskResultScope::User(run, seq), &query)?.items)
    }

    /// Who acts in tests that write to the store directly.
    pub fn actor(&self) -> Actor {
        Actor::Caller(self.caller.id)
    }
}
