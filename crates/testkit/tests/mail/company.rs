//! A small company that writes mails, and the way to its mail server.

use serde_json::Value as Json;
use tenure_lifecycle::directory::{User, Value, attribute};
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::UserId;
use tenure_lifecycle::operations::{NewPerson, Organization};
use tenure_lifecycle::ports::{NoCalls, QueuedWork, Together};
use tenure_lifecycle::run::TaskResult;
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_notify::{Smtp, SmtpConfig, Tls};
use tenure_testkit::{Person, System, WorkflowSpec};

pub(crate) const NOW: &str = "2026-03-02T09:00:00Z";

/// A company called Contoso.
pub(crate) fn contoso() -> System {
    let organization =
        Organization { display_name: "Contoso".to_owned(), verified_domains: vec!["contoso.com".to_owned()] };
    let system = System::at(NOW).unwrap();
    system.set_up(|lifecycle| lifecycle.with_organization(organization)).unwrap()
}

/// The way to the mail server at that port.
pub(crate) fn smtp(system: &System, port: u16) -> Together<Smtp, NoCalls> {
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        user: None,
        password: None,
        tls: Tls::None,
        from: "People team <people@example.com>".to_owned(),
    };
    Together { mail: Smtp::new(config, system.clock.clone()).unwrap(), calls: NoCalls }
}

/// Processes everything that can be processed now, with mail by that way.
pub(crate) fn drain(system: &System, mail: &Together<Smtp, NoCalls>) -> QueuedWork {
    Worker::new(&system.lifecycle, mail, 1).drain().unwrap()
}

/// Creates somebody with these text attributes and dates.
pub(crate) fn person(system: &System, name: &str, manager: Option<UserId>, set: &[(&str, &str)]) -> User {
    let own = format!("{name}@contoso.com");
    let basics = [("displayName", name), ("userPrincipalName", own.as_str()), ("mail", own.as_str())];
    let set = basics.iter().filter(|(name, _)| !set.iter().any(|(other, _)| other == name)).chain(set);
    let set = set.map(|(name, text)| {
        let attribute = attribute(name).unwrap();
        let date = name.ends_with("Date") || name.ends_with("DateTime");
        let text = || Value::Text((*text).to_owned());
        (attribute, if date { Value::DateTime(set_date(name, &text())) } else { text() })
    });
    let new = NewPerson { set: set.collect(), manager, ..NewPerson::default() };
    system.lifecycle.create_user(&system.caller, new).unwrap()
}

fn set_date(name: &str, value: &Value) -> jiff::Timestamp {
    let Value::Text(text) = value else { panic!("{name} is written as text") };
    text.parse().unwrap()
}

/// A workflow with that one task, and arguments of it.
pub(crate) fn workflow(
    system: &System,
    category: Category,
    task: &str,
    arguments: &[(&str, &str)],
) -> Workflow {
    system.workflow(WorkflowSpec::on_demand(category).task(task, arguments)).unwrap()
}

/// Somebody with a mail address and nothing else.
pub(crate) fn plain(system: &System, name: &str) -> UserId {
    system.person(&Person::named(name)).unwrap().id
}

/// Moves the clock to the repeats that are due before `until`, and processes them.
pub(crate) fn step_until(system: &System, mail: &Together<Smtp, NoCalls>, until: jiff::Timestamp) {
    while let QueuedWork::At(at) = drain(system, mail) {
        if at > until {
            break;
        }
        system.clock.set(at);
    }
    system.clock.set(until);
}

/// The result of the only task of the first person of a run.
pub(crate) fn task_result(system: &System, run: i64, seq: i64) -> TaskResult {
    system.task_results(run, seq).unwrap().remove(0)
}

/// The addresses that a mail was delivered to.
pub(crate) fn recipients(arrived: &Json) -> Vec<&str> {
    arrived["recipients"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}
