//! The company that is processed: the same on both sides.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::clock::{CountingIds, Ids, ManualClock};
use tenure_lifecycle::directory::{GroupPatch, Value, attribute};
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, CallbackPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::{CallerId, GroupId, UserId};
use tenure_lifecycle::limits::Limits;
use tenure_lifecycle::operations::Lifecycle;
use tenure_lifecycle::ports::{NewGroup, NewUser, PersonWrite, Store};
use tenure_lifecycle::task::task_definitions;
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::{Argument, Category, ExecutionConditions, NewTask, NewWorkflow, Workflow};
use tenure_store::SqliteStore;
use uuid::Uuid;

/// What the workflow does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Work {
    /// Five tasks a user that find nothing to do.
    Bookkeeping,
    /// Enable, two groups added, one removed; with or without a welcome mail.
    Mixed,
    /// One mail to a server that takes 20 ms; on PostgreSQL only.
    Mail,
    /// One call of an extension that takes 20 ms; on PostgreSQL only.
    Call,
}

impl Work {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bookkeeping => "bookkeeping",
            Self::Mixed => "mixed",
            Self::Mail => "mail",
            Self::Call => "call",
        }
    }
}

/// The moment at which everything happens.
pub(crate) const NOW: i64 = 1_772_352_000_000;

pub(crate) fn now() -> Timestamp {
    tenure_lifecycle::clock::from_millis(NOW)
}

/// The id of a person by number, so that nobody has to hold a million of them.
pub(crate) fn user_id(number: u64) -> UserId {
    UserId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(number)))
}

fn group_id(number: u64) -> GroupId {
    GroupId(Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 | u128::from(number)))
}

pub(crate) fn caller() -> Caller {
    Caller {
        id: CallerId(Uuid::from_u128(0xbe)),
        name: "bench".to_owned(),
        person: None,
        application: None,
        scopes: vec!["*".to_owned()],
    }
}

/// A Tenure in that directory whose clock stands still.
pub(crate) fn open(directory: &Path) -> anyhow::Result<(Arc<SqliteStore>, Arc<Lifecycle>)> {
    let ids = Arc::new(CountingIds::default());
    let store = Arc::new(SqliteStore::open(directory, ids.as_ref())?);
    let lifecycle = on(store.clone(), ids);
    Ok((store, lifecycle))
}

/// A Tenure on a store, whose clock stands still.
pub(crate) fn on(store: Arc<dyn Store>, ids: Arc<dyn Ids>) -> Arc<Lifecycle> {
    Arc::new(Lifecycle::new(store, Arc::new(ManualClock::at(now())), ids, Limits::default()))
}

/// Makes people, groups and the workflow.
pub(crate) fn company(
    store: &dyn Store,
    lifecycle: &Lifecycle,
    users: u64,
    work: Work,
    mail: bool,
) -> anyhow::Result<Workflow> {
    for number in 1..=3 {
        let patch = GroupPatch { display_name: Some(format!("Group {number}")), ..GroupPatch::default() };
        store.create_group(&NewGroup { id: group_id(number), patch }, now(), Actor::Engine)?;
    }
    people(store, users, work)?;
    // Groups are filled by the engine itself, then everybody stands as the work expects them.
    let before: &[u64] = match work {
        Work::Bookkeeping => &[1, 2],
        Work::Mixed => &[3],
        Work::Mail | Work::Call => &[],
    };
    fill(store, lifecycle, users, before)?;
    let tasks = match work {
        Work::Bookkeeping => vec![
            task("Enable user account", &[]),
            task("Add user to groups", &[1]),
            task("Add user to groups", &[1, 2]),
            task("Remove user from selected groups", &[3]),
            task("Enable user account", &[]),
        ],
        Work::Mixed => {
            let mut tasks = vec![
                task("Enable user account", &[]),
                task("Add user to groups", &[1, 2]),
                task("Remove user from selected groups", &[3]),
            ];
            if mail {
                tasks.push(task("Send welcome email", &[]));
            }
            tasks
        }
        Work::Mail => vec![task("Send welcome email", &[])],
        Work::Call => {
            let named =
                Argument { name: "customTaskExtensionID".to_owned(), value: extension(lifecycle, None)? };
            vec![("Run a custom task extension".to_owned(), vec![named])]
        }
    };
    workflow(lifecycle, "bench", tasks)
}

pub(crate) fn people(store: &dyn Store, users: u64, work: Work) -> anyhow::Result<()> {
    let known = |name: &str| attribute(name).with_context(|| format!("there is no attribute {name}"));
    let (display, principal, mail, enabled) =
        (known("displayName")?, known("userPrincipalName")?, known("mail")?, known("accountEnabled")?);
    let mut number = 1;
    while number <= users {
        let end = (number + 4_999).min(users);
        let writes: Vec<PersonWrite> = (number..=end)
            .map(|number| {
                let address = format!("person{number}@example.com");
                PersonWrite::Create(NewUser {
                    id: user_id(number),
                    set: vec![
                        (display, Value::Text(format!("Person {number}"))),
                        (principal, Value::Text(address.clone())),
                        (mail, Value::Text(address)),
                        (enabled, Value::Boolean(work == Work::Bookkeeping)),
                    ],
                    manager: None,
                    protected: false,
                    feed: None,
                    sponsors: vec![],
                })
            })
            .collect();
        store.write_people(&writes, now(), Actor::Engine)?;
        number = end + 1;
    }
    Ok(())
}

/// Puts everybody into groups: the store's own way of adding many people is a run.
fn fill(store: &dyn Store, lifecycle: &Lifecycle, users: u64, groups: &[u64]) -> anyhow::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let workflow = workflow(lifecycle, "fill", vec![task("Add user to groups", groups)])?;
    let nothing = nothing();
    for from in (1..=users).step_by(100_000) {
        let ids: Vec<UserId> = (from..=(from + 99_999).min(users)).map(user_id).collect();
        lifecycle.activate(&caller(), workflow.id, &ids)?;
    }
    tenure_lifecycle::engine::Worker::new(lifecycle, &nothing, 1).drain()?;
    anyhow::ensure!(
        store.queued_work(now(), &tenure_lifecycle::ports::Lane::Any)?
            == tenure_lifecycle::ports::QueuedWork::Nothing,
        "the setup is not through"
    );
    Ok(())
}

/// Makes an extension, which somebody calls back or not, and gives its id.
pub(crate) fn extension(lifecycle: &Lifecycle, callback: Option<CallbackPatch>) -> anyhow::Result<String> {
    let extension = ExtensionPatch {
        display_name: Some("Badge system".to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        callback: callback.map(Some),
        ..ExtensionPatch::default()
    };
    Ok(lifecycle.create_extension(&caller(), &extension)?.id.to_string())
}

/// Nothing goes outside.
pub(crate) fn nothing() -> impl tenure_lifecycle::ports::Perform {
    struct Nothing;
    impl tenure_lifecycle::ports::SendMail for Nothing {
        fn send(
            &self,
            _mail: &tenure_lifecycle::effect::Mail,
            _key: tenure_lifecycle::ids::EffectKey,
            _deadline: std::time::Duration,
        ) -> Result<(), tenure_lifecycle::ports::Failure> {
            Ok(())
        }
    }
    tenure_lifecycle::ports::Together { mail: Nothing, calls: tenure_lifecycle::ports::NoCalls }
}

fn task(name: &str, groups: &[u64]) -> (String, Vec<Argument>) {
    let list: Vec<String> = groups.iter().map(|number| group_id(*number).to_string()).collect();
    let arguments = match list.as_slice() {
        [] => Vec::new(),
        some => vec![Argument { name: "groupID".to_owned(), value: some.join(",") }],
    };
    (name.to_owned(), arguments)
}

pub(crate) fn workflow(
    lifecycle: &Lifecycle,
    name: &str,
    tasks: Vec<(String, Vec<Argument>)>,
) -> anyhow::Result<Workflow> {
    let definitions: Vec<_> = task_definitions().collect();
    let tasks = tasks
        .into_iter()
        .enumerate()
        .map(|(place, (name, arguments))| {
            let definition = definitions
                .iter()
                .find(|definition| definition.display_name == name)
                .with_context(|| format!("there is no task {name}"))?;
            Ok(NewTask {
                task_definition_id: definition.id(),
                display_name: format!("{} {name}", place + 1),
                description: None,
                is_enabled: true,
                continue_on_error: None,
                execution_sequence: None,
                arguments,
                retry: None,
            })
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let new = NewWorkflow {
        category: Category::Joiner,
        display_name: name.to_owned(),
        description: None,
        is_enabled: true,
        is_scheduling_enabled: false,
        is_by_interval: None,
        quarantine_configuration: None,
        conditions: ExecutionConditions::OnDemandOnly,
        tasks,
    };
    Ok(lifecycle.create_workflow(&caller(), new)?)
}
