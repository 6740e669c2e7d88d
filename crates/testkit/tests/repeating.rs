//! Every effect performed twice: what is done a second time changes nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ledger;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use tenure_lifecycle::directory::{
    AccessPackagePatch, GroupPatch, LicenseChange, PolicyPatch, RequestKind, UserPatch, Value, attribute,
};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::EffectKey;
use tenure_lifecycle::operations::WantedPackage;
use tenure_lifecycle::ports::{
    CallOut, CallReply, CallRequest, Failure, Perform, QueuedWork, SendMail, Together,
};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::Category;
use tenure_notify::{CallBook, Outbox};
use tenure_testkit::{Person, System, WorkflowSpec};

use ledger::{balances, rows};

const NOW: &str = "2026-03-02T09:00:00Z";

/// Performs everything twice, under the same key.
struct Twice<'a>(&'a dyn Perform);

impl SendMail for Twice<'_> {
    fn send(&self, mail: &Mail, key: EffectKey, deadline: Duration) -> Result<(), Failure> {
        self.0.send(mail, key, deadline)?;
        self.0.send(mail, key, deadline)
    }
}

impl CallOut for Twice<'_> {
    fn call(
        &self,
        request: CallRequest<'_>,
        key: EffectKey,
        deadline: Duration,
    ) -> Result<CallReply, Failure> {
        let again = CallRequest { extension: request.extension, body: request.body };
        self.0.call(request, key, deadline)?;
        self.0.call(again, key, deadline)
    }
}

/// The files of a folder.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// What is stored, and the files outside, of a run with mails and calls, each performed once or twice.
fn run(twice: bool) -> (Vec<String>, BTreeSet<String>) {
    let system = System::at(NOW).unwrap();
    let extension = ExtensionPatch {
        display_name: Some("Badges".to_owned()),
        endpoint: Some(EndpointPatch::Http { target_url: Some("https://badges.example.com/".to_owned()) }),
        authentication: Some(AuthenticationPatch { kind: Authentication::None, secret: None }),
        client: Some(ClientPatch { maximum_retries: Some(Some(1)), ..ClientPatch::default() }),
        ..ExtensionPatch::default()
    };
    let extension = system.lifecycle.create_extension(&system.caller, &extension).unwrap().id.to_string();
    let spec = WorkflowSpec::on_demand(Category::Joiner)
        .task("Enable user account", &[])
        .task("Send welcome email", &[])
        .task("Run a custom task extension", &[("customTaskExtensionID", &extension)])
        .task("Send welcome email", &[]);
    let workflow = system.workflow(spec).unwrap();
    let people = system.people(5).unwrap();
    system.activate(&workflow, &people).unwrap();
    let outside = tempfile::tempdir().unwrap();
    let performer = Together {
        mail: Outbox::new(outside.path().to_owned(), system.clock.clone()),
        calls: CallBook::new(outside.path().to_owned()),
    };
    let twofold = Twice(&performer);
    let performer: &dyn Perform = if twice { &twofold } else { &performer };
    assert_eq!(Worker::new(&system.lifecycle, performer, 1).drain().unwrap(), QueuedWork::Nothing);
    balances(&system);
    (rows(&system), files(outside.path()))
}

#[test]
fn a_mail_and_a_call_done_twice_are_there_once() {
    let once = run(false);
    assert_eq!(once.1.len(), 15, "{:?}", once.1);
    assert_eq!(run(true), once);
}

/// What tasks change: accounts, attributes and memberships.
fn directory(system: &System) -> Vec<String> {
    let mut all = Vec::new();
    for sql in [
        "SELECT number, account_enabled, deleted, manager, attributes FROM users ORDER BY number",
        "SELECT 'in', m.user, m.grp FROM memberships m ORDER BY m.user, m.grp",
        "SELECT 'vouches for', sponsor, agent FROM agent_sponsors ORDER BY agent, sponsor",
        "SELECT 'has licence', l.user, l.sku FROM licenses l ORDER BY l.user, l.sku",
        "SELECT 'has package', a.user, a.package, a.ended FROM package_assignments a ORDER BY a.number",
    ] {
        all.extend(system.look(sql).unwrap().rows.into_iter().map(|row| format!("{row:?}")));
    }
    all
}

#[test]
fn a_task_done_twice_leaves_the_directory_as_it_was_left_the_first_time() {
    const UPDATES: &str = r#"[{"attribute":"city","value":"Oslo"}]"#;
    for (category, task, named) in [
        (Category::Joiner, "Enable user account", &[] as &[&str]),
        (Category::Leaver, "Disable user account", &[]),
        (Category::Joiner, "Add user to groups", &["groupID"]),
        (Category::Leaver, "Remove user from selected groups", &["groupID"]),
        (Category::Leaver, "Remove user from all groups", &[]),
        (Category::Joiner, "Assign licenses to user", &["licenses"]),
        (Category::Leaver, "Remove licenses from user", &["licenses"]),
        (Category::Leaver, "Remove all licenses for user", &[]),
        (Category::Leaver, "Revoke all refresh tokens for user", &[]),
        (
            Category::Joiner,
            "Request user access package assignment",
            &["accessPackageId", "assignmentPolicyId"],
        ),
        (Category::Leaver, "Remove access package assignment for user", &["accessPackageId"]),
        (Category::Leaver, "Cancel pending access package assignment requests for user", &[]),
        (Category::Leaver, "Remove all access package assignments for user", &[]),
        (Category::Mover, "Update user attributes", &["attributeUpdates"]),
        (Category::Joiner, "Add user to Teams", &["teamID"]),
        (Category::Leaver, "Remove user from selected Teams", &["teamID"]),
        (Category::Leaver, "Remove user from all Teams", &[]),
        (Category::Leaver, "Transfer agent identity", &[]),
    ] {
        let system = System::at(NOW).unwrap();
        let (lifecycle, caller) = (&system.lifecycle, &system.caller);
        let groups = ["Staff", "Project"].map(|name| system.group(name).unwrap().id);
        let people: Vec<_> =
            ["ann", "ben"].map(|name| system.person(&Person::named(name)).unwrap().id).into();
        lifecycle.add_member(caller, groups[0], people[0]).unwrap();
        let somewhere = (attribute("usageLocation").unwrap(), Value::Text("NO".to_owned()));
        let patch = UserPatch { set: vec![somewhere], ..UserPatch::default() };
        for person in &people {
            lifecycle.update_user(caller, *person, &patch).unwrap();
        }
        let sku = lifecycle.create_sku(caller, None, "DESKTOP", None).unwrap().id;
        let give = LicenseChange { add: vec![sku], remove: vec![] };
        lifecycle.assign_licenses(caller, people[0], &give).unwrap();
        let name = Some("Sales".to_owned());
        let new = AccessPackagePatch { display_name: name.clone(), ..AccessPackagePatch::default() };
        let package = lifecycle.create_access_package(caller, new).unwrap().id;
        let new = PolicyPatch { display_name: name, ..PolicyPatch::default() };
        let policy = lifecycle.create_assignment_policy(caller, package, new).unwrap().id;
        let wanted = WantedPackage { user: people[0], package, policy };
        lifecycle.request_package(caller, RequestKind::AdminAdd, wanted).unwrap();
        let unified = GroupPatch {
            display_name: Some("Team".to_owned()),
            mail_enabled: Some(true),
            mail_nickname: Some(Some("team".to_owned())),
            group_types: Some(vec!["Unified".to_owned()]),
            ..GroupPatch::default()
        };
        let team = lifecycle.make_team(caller, &lifecycle.create_group(caller, unified).unwrap()).unwrap().id;
        lifecycle.add_member(caller, team, people[0]).unwrap();
        let boss = system.person(&Person::named("boss")).unwrap().id;
        for person in &people {
            lifecycle.set_manager(caller, *person, Some(boss)).unwrap();
        }
        lifecycle.create_agent(caller, "helper", true, &people[..1]).unwrap();
        let value = |name: &str| match name {
            "teamID" => team.to_string(),
            "groupID" => groups.map(|group| group.to_string()).join(","),
            "licenses" => sku.to_string(),
            "accessPackageId" => package.to_string(),
            "assignmentPolicyId" => policy.to_string(),
            _ => UPDATES.to_owned(),
        };
        let arguments: Vec<(&str, String)> = named.iter().map(|name| (*name, value(name))).collect();
        let arguments: Vec<(&str, &str)> =
            arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let workflow = system.workflow(WorkflowSpec::on_demand(category).task(task, &arguments)).unwrap();
        let done = || {
            let run = system.activate(&workflow, &people).unwrap();
            assert_eq!(system.drain().unwrap(), QueuedWork::Nothing);
            assert_eq!(system.run(run).unwrap().status, Status::Completed, "{task}");
            balances(&system);
            directory(&system)
        };
        let once = done();
        assert_eq!(done(), once, "{task}");
    }
}
