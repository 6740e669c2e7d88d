//! Every effect performed twice: what is done a second time changes nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ledger;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tenure_lifecycle::effect::Mail;
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::extension::{
    Authentication, AuthenticationPatch, ClientPatch, EndpointPatch, ExtensionPatch,
};
use tenure_lifecycle::ids::EffectKey;
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
    let path = system.directory.path().join("tenure.db");
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut all = Vec::new();
    for sql in [
        "SELECT number || ' ' || account_enabled || ' ' || coalesce(deleted, '') || ' ' || coalesce(manager, '')
                || ' ' || attributes FROM users ORDER BY number",
        "SELECT user || ' in ' || grp FROM memberships ORDER BY user, grp",
        "SELECT user || ' has ' || sku FROM licenses ORDER BY user, sku",
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        all.extend(lines.map(Result::unwrap));
    }
    all
}

#[test]
fn a_task_done_twice_leaves_the_directory_as_it_was_left_the_first_time() {
    let groups =
        |system: &System| ["Staff", "Project"].map(|name| system.group(name).unwrap().id.to_string());
    for (category, task, argument) in [
        (Category::Joiner, "Enable user account", None),
        (Category::Leaver, "Disable user account", None),
        (Category::Joiner, "Add user to groups", Some("groupID")),
        (Category::Leaver, "Remove user from selected groups", Some("groupID")),
        (Category::Leaver, "Remove user from all groups", None),
        (Category::Leaver, "Remove all licenses for user", None),
        (Category::Leaver, "Revoke all refresh tokens for user", None),
        (Category::Leaver, "Cancel pending access package assignment requests for user", None),
        (Category::Leaver, "Remove all access package assignments for user", None),
    ] {
        let system = System::at(NOW).unwrap();
        let groups = groups(&system);
        let people: Vec<_> =
            ["ann", "ben"].map(|name| system.person(&Person::named(name)).unwrap().id).into();
        let staff = system.lifecycle.group(&groups[0]).unwrap().id;
        system.lifecycle.add_member(&system.caller, staff, people[0]).unwrap();
        let both = groups.join(",");
        let arguments: Vec<(&str, &str)> = argument.iter().map(|name| (*name, both.as_str())).collect();
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
