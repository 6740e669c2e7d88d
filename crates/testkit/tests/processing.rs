//! People are processed, and what is recorded is what happened.

use tenure_lifecycle::directory::{UserPatch, Value, attribute};
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ports::{Failure, NoCalls, QueuedWork, Together};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-01T08:00:00Z";

#[test]
fn a_joiner_is_enabled_put_into_groups_and_welcomed() {
    let system = System::at(NOW).unwrap();
    let (staff, old) = (system.group("Staff").unwrap(), system.group("Candidates").unwrap());
    let ann = system.person(&Person::named("ann")).unwrap();
    system.lifecycle.add_member(&system.caller, old.id, ann.id).unwrap();
    let workflow = system
        .workflow(
            WorkflowSpec::on_demand(Category::Joiner)
                .task("Enable user account", &[])
                .task("Add user to groups", &[("groupID", &staff.id.to_string())])
                .task("Remove user from selected groups", &[("groupID", &old.id.to_string())])
                .task("Send welcome email", &[]),
        )
        .unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    assert_eq!(system.run(run).unwrap().status, Status::Queued);
    assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);

    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
    assert_eq!(system.groups_of(ann.id).unwrap(), ["Staff"]);
    let mails = system.deliveries.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].to.address.as_str(), mails[0].subject.as_str()),
        ("ann@example.com", "Welcome, ann")
    );
    let run = system.run(run).unwrap();
    assert_eq!(run.status, Status::Completed);
    assert_eq!((run.counters.users.total, run.counters.users.successful), (1, 1));
    assert_eq!(
        (run.counters.tasks.total, run.counters.tasks.failed, run.counters.tasks.unprocessed),
        (4, 0, 0)
    );
    let results = system.results(run.number).unwrap();
    assert_eq!((results.len(), results[0].status, results[0].subject), (1, Status::Completed, Some(ann.id)));
    let tasks = system.task_results(run.number, 1).unwrap();
    assert!(tasks.iter().all(|task| task.status == Status::Completed && task.processing_info.is_none()));
    assert_eq!(tasks.len(), 4);
}

#[test]
fn a_failed_task_ends_the_user_and_what_follows_stays_unprocessed() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person { mail: None, ..Person::named("ann") }).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    system.drain().unwrap();
    let results = system.results(run).unwrap();
    assert_eq!(results[0].status, Status::Failed);
    assert_eq!((results[0].tasks.total, results[0].tasks.failed, results[0].tasks.unprocessed), (2, 1, 1));
    let tasks = system.task_results(run, 1).unwrap();
    assert_eq!(tasks[0].failure_reason.as_deref(), Some("the user has no mail address"));
    assert_eq!((tasks[1].status, tasks[1].started), (Status::Queued, None));
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(false));
    assert_eq!(system.run(run).unwrap().status, Status::Failed);
}

#[test]
fn with_continue_on_error_the_next_task_is_run() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person { mail: None, ..Person::named("ann") }).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .continuing()
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    system.drain().unwrap();
    assert_eq!(system.results(run).unwrap()[0].status, Status::CompletedWithErrors);
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
    assert_eq!(system.run(run).unwrap().status, Status::CompletedWithErrors);
}

#[test]
fn a_mail_that_may_go_later_is_tried_again_under_the_same_key() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Send welcome email", &[])
        .task("Enable user account", &[]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    let QueuedWork::At(at) = system.drain().unwrap() else { panic!("a retry is expected") };
    assert_eq!(system.results(run).unwrap()[0].status, Status::InProgress);
    assert!(system.deliveries.mails().is_empty());
    system.clock.set(at);
    assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
    assert_eq!(system.deliveries.mails().len(), 1);
    assert_eq!(system.results(run).unwrap()[0].status, Status::Completed);
}

#[test]
fn a_mail_that_never_goes_fails_after_the_set_attempts() {
    let limits = tenure_lifecycle::limits::Limits { attempts: 5, ..Default::default() };
    let system = System::with_limits(NOW, limits).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[])).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    for _ in 0..5 {
        system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    }
    while let QueuedWork::At(at) = system.drain().unwrap() {
        system.clock.set(at);
    }
    let tasks = system.task_results(run, 1).unwrap();
    assert_eq!(tasks[0].failure_reason.as_deref(), Some("given up after 5 attempts: the server is away"));
    assert_eq!(system.run(run).unwrap().status, Status::Failed);
}

#[test]
fn protected_people_and_groups_are_refused_by_every_task() {
    let system = System::at(NOW).unwrap();
    let guarded = system.group("Break glass").unwrap();
    let patch = tenure_lifecycle::directory::GroupPatch { protected: Some(true), ..Default::default() };
    system.lifecycle.update_group(&system.caller, guarded.id, &patch).unwrap();
    let open = system.group("Open").unwrap();
    let boss = system.person(&Person { protected: true, ..Person::named("boss") }).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    for group in [&guarded, &open] {
        system.lifecycle.add_member(&system.caller, group.id, ann.id).unwrap();
    }
    let leaver = system
        .workflow(WorkflowSpec::on_demand(Category::Leaver).task("Remove user from all groups", &[]))
        .unwrap();
    let run = system.activate(&leaver, &[boss.id, ann.id]).unwrap();
    system.drain().unwrap();
    let reasons: Vec<_> =
        [1, 2].map(|seq| system.task_results(run, seq).unwrap()[0].failure_reason.clone().unwrap()).to_vec();
    assert_eq!(reasons[0], "the user is protected: no task may touch them");
    assert_eq!(reasons[1], "the user is still in protected groups: Break glass");
    assert_eq!(system.groups_of(ann.id).unwrap(), ["Break glass"]);
}

#[test]
fn activating_again_finds_nothing_to_do_and_says_so() {
    let system = System::at(NOW).unwrap();
    let ids = system.people(3).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[])).unwrap();
    system.activate(&workflow, &ids).unwrap();
    system.drain().unwrap();
    let again = system.activate(&workflow, &[ids[1], ids[1], ids[0]]).unwrap();
    system.drain().unwrap();
    assert_eq!(system.results(again).unwrap().len(), 2);
    let tasks = system.task_results(again, 1).unwrap();
    assert_eq!(tasks[0].processing_info.as_deref(), Some("the account is already enabled"));
}

#[test]
fn a_batch_that_breaks_is_given_back_and_has_another_turn() {
    struct Broken;
    impl tenure_lifecycle::ports::SendMail for Broken {
        fn send(
            &self,
            _mail: &tenure_lifecycle::effect::Mail,
            _key: tenure_lifecycle::ids::EffectKey,
            _deadline: std::time::Duration,
        ) -> Result<(), Failure> {
            panic!("broken")
        }
    }
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[])).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    let broken = Together { mail: Broken, calls: NoCalls };
    let broken = tenure_lifecycle::engine::Worker::new(&system.lifecycle, &broken, 2);
    let broke = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| broken.step()));
    assert!(broke.is_err());
    let tenure_lifecycle::engine::Step::Idle(QueuedWork::At(at)) = broken.step().unwrap() else {
        panic!("another turn is expected")
    };
    system.clock.set(at);
    system.drain().unwrap();
    assert_eq!(system.run(run).unwrap().status, Status::Completed);
    assert_eq!(system.deliveries.mails().len(), 1);
}

#[test]
fn a_name_that_is_taken_is_refused_as_such() {
    let system = System::at(NOW).unwrap();
    system.person(&Person::named("ann")).unwrap();
    let again = system.person(&Person::named("ann"));
    assert!(matches!(again, Err(tenure_lifecycle::operations::OperationError::Conflict(_))), "{again:?}");
    assert_eq!(system.lifecycle.store.population().unwrap(), 1);
}

#[test]
fn somebody_whose_mail_waits_is_processed_by_other_runs_at_once() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let welcome =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[])).unwrap();
    let enable =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[])).unwrap();
    let waiting = system.activate(&welcome, &[ann.id]).unwrap();
    system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    let QueuedWork::At(at) = system.drain().unwrap() else { panic!("a retry is expected") };
    let other = system.activate(&enable, &[ann.id]).unwrap();
    system.drain().unwrap();
    assert_eq!(system.run(other).unwrap().status, Status::Completed);
    assert_eq!(system.user(ann.id).unwrap().account_enabled, Some(true));
    assert_eq!(system.run(waiting).unwrap().status, Status::InProgress);
    system.clock.set(at);
    system.drain().unwrap();
    assert_eq!(system.run(waiting).unwrap().status, Status::Completed);
}

#[test]
fn a_mail_that_is_tried_again_is_the_same_mail_under_the_same_key() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let workflow =
        system.workflow(WorkflowSpec::on_demand(Category::Joiner).task("Send welcome email", &[])).unwrap();
    system.activate(&workflow, &[ann.id]).unwrap();
    for _ in 0..2 {
        system.deliveries.fail_next(Failure::Retryable("the server is away".to_owned()));
    }
    for _ in 0..2 {
        let QueuedWork::At(at) = system.drain().unwrap() else { panic!("a retry is expected") };
        let mail = (attribute("mail").unwrap(), Value::Text("other@example.com".to_owned()));
        let patch = UserPatch { set: vec![mail], ..UserPatch::default() };
        system.lifecycle.update_user(&system.caller, ann.id, &patch).unwrap();
        system.clock.set(at);
    }
    system.drain().unwrap();
    let mails = system.deliveries.mails();
    assert_eq!(mails.iter().map(|mail| mail.to.address.as_str()).collect::<Vec<_>>(), ["ann@example.com"]);
    let tried = system.deliveries.tried();
    assert_eq!(tried.len(), 3);
    assert!(tried.iter().all(|key| *key == tried[0]), "{tried:?}");
}

#[test]
fn a_call_that_is_tried_again_has_the_same_key() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap();
    let extension = ExtensionPatch {
        display_name: Some("Badges".to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        client: Some(ClientPatch { maximum_retries: Some(Some(2)), ..ClientPatch::default() }),
        ..ExtensionPatch::default()
    };
    let extension = system.lifecycle.create_extension(&system.caller, &extension).unwrap().id.to_string();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Run a custom task extension", &[("customTaskExtensionID", &extension)]);
    let workflow = system.workflow(spec).unwrap();
    let run = system.activate(&workflow, &[ann.id]).unwrap();
    system.deliveries.fail_next(Failure::Retryable("the endpoint is away".to_owned()));
    let QueuedWork::At(at) = system.drain().unwrap() else { panic!("a retry is expected") };
    system.clock.set(at);
    system.drain().unwrap();
    assert_eq!(system.run(run).unwrap().status, Status::Completed);
    let tried = system.deliveries.tried();
    assert_eq!((tried.len(), tried.first()), (2, tried.last()));
}

#[test]
fn a_result_may_say_much() {
    let system = System::at(NOW).unwrap();
    let ann = system.person(&Person::named("ann")).unwrap().id;
    let mut random: u64 = 1;
    for _ in 0..80 {
        // Nothing that could be packed.
        let mut next = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{random:016x}")
        };
        let group = system.group(&[next(), next(), next(), next()].concat()).unwrap().id;
        system.lifecycle.add_member(&system.caller, group, ann).unwrap();
    }
    let spec = WorkflowSpec::on_demand(Category::Leaver).task("Remove user from all groups", &[]);
    let workflow = system.workflow(spec).unwrap();
    for _ in 0..2 {
        let run = system.lifecycle.preview(&system.caller, workflow.id, &[ann]).unwrap().run;
        assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
        let results = system.task_results(run, 1).unwrap();
        let said = results[0].processing_info.as_deref().unwrap_or_default();
        assert!(said.len() > 80 * 64, "{said}");
    }
    assert_eq!(system.number("SELECT count(*) FROM texts").unwrap(), 1, "it is kept once");
}
