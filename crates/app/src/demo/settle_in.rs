//! Moving the company into an empty store, by the ways that real ones take, and running what is due.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use tenure_connectors::csv::CsvFeed;
use tenure_lifecycle::audit::Actor;
use tenure_lifecycle::directory::{GroupPatch, User, UserPatch, Value, attribute};
use tenure_lifecycle::engine::{Worker, sweep_all};
use tenure_lifecycle::ids::{GroupId, UserId};
use tenure_lifecycle::operations::{Import, Lifecycle};
use tenure_lifecycle::ports::{NewGroup, Perform, PersonWrite, WriteError};
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::{ExecutionConditions, Workflow};

use super::company::Company;
use super::people_file;
use crate::workflow_file;

/// The workflows, as files in the repository.
const WORKFLOWS: [(&str, &str); 6] = [
    ("prepare-new-hire.yaml", include_str!("../../../../examples/workflows/prepare-new-hire.yaml")),
    ("onboard-new-hire.yaml", include_str!("../../../../examples/workflows/onboard-new-hire.yaml")),
    ("join-engineering.yaml", include_str!("../../../../examples/workflows/join-engineering.yaml")),
    ("end-first-week.yaml", include_str!("../../../../examples/workflows/end-first-week.yaml")),
    ("offboard-leaver.yaml", include_str!("../../../../examples/workflows/offboard-leaver.yaml")),
    ("grant-project-access.yaml", include_str!("../../../../examples/workflows/grant-project-access.yaml")),
];
/// People for whom somebody asks for access to the project.
const ASKING: usize = 3;
/// Memberships written at once.
const AT_ONCE: usize = 16;
/// People written at once.
const CHUNK: usize = 1_000;

/// Moves the company in, runs what is due, and gives the workflows.
pub(crate) fn settle_in(
    company: &Company,
    lifecycle: &Lifecycle,
    performer: &dyn Perform,
    caller: &Caller,
    folder: &Path,
) -> anyhow::Result<Vec<Workflow>> {
    let people = import(company, lifecycle, caller, folder)?;
    open_accounts(company, &people, lifecycle, caller)?;
    let groups = make_groups(company, &people, lifecycle, caller)?;
    let workflows = make_workflows(&groups, lifecycle, caller)?;
    ask_for_access(company, &people, &workflows, lifecycle, caller)?;
    sweep_all(lifecycle, lifecycle.now())?;
    Worker::new(lifecycle, performer, 0).drain()?;
    Ok(workflows)
}

/// Imports the HR file; gives everybody in the order of the company.
fn import(
    company: &Company,
    lifecycle: &Lifecycle,
    caller: &Caller,
    folder: &Path,
) -> anyhow::Result<Vec<User>> {
    let file = people_file::write(company, folder)?;
    let report = lifecycle.import(
        caller,
        &Import {
            reader: &CsvFeed,
            map: people_file::MAP,
            open: &|| Ok(Box::new(File::open(&file)?)),
            dry_run: false,
        },
    )?;
    ensure!(
        report.created == company.people.len() as u64,
        "of {} people only {} could be imported: {:?}",
        company.people.len(),
        report.created,
        report.rejections.first()
    );
    let mut people = Vec::with_capacity(company.people.len());
    for chunk in company.people.chunks(CHUNK) {
        let ids: Vec<&str> = chunk.iter().map(|person| person.employee_id.as_str()).collect();
        for (id, found) in ids.iter().zip(lifecycle.store.people_by_employee_id(&ids)?) {
            people.push(found.with_context(|| format!("{id} was imported and is not there"))?.user);
        }
    }
    Ok(people)
}

/// Those who have started can sign in, the others cannot yet; and nobody may touch the protected.
fn open_accounts(
    company: &Company,
    people: &[User],
    lifecycle: &Lifecycle,
    caller: &Caller,
) -> anyhow::Result<()> {
    let enabled = attribute("accountEnabled").context("there is no accountEnabled")?;
    let writes: Vec<PersonWrite> = company
        .people
        .iter()
        .zip(people)
        .map(|(person, user)| PersonWrite::Update {
            user: user.number,
            patch: UserPatch {
                set: vec![(enabled, Value::Boolean(person.is_settled))],
                manager: None,
                protected: person.is_protected.then_some(true),
            },
            feed: "hr".to_owned(),
        })
        .collect();
    for chunk in writes.chunks(CHUNK) {
        lifecycle.store.write_people(chunk, lifecycle.now(), Actor::Caller(caller.id))?;
    }
    Ok(())
}

fn make_groups(
    company: &Company,
    people: &[User],
    lifecycle: &Lifecycle,
    caller: &Caller,
) -> anyhow::Result<HashMap<String, GroupId>> {
    let actor = Actor::Caller(caller.id);
    let mut ids = HashMap::new();
    let mut memberships = Vec::new();
    for group in &company.groups {
        let patch = GroupPatch {
            display_name: Some(group.name.clone()),
            description: Some(Some(group.description.clone())),
            mail_enabled: Some(false),
            mail_nickname: Some(Some(group.name.to_lowercase().replace(' ', "-"))),
            security_enabled: Some(true),
            protected: Some(group.is_protected),
            ..GroupPatch::default()
        };
        let id = GroupId(lifecycle.ids.fresh());
        lifecycle.store.create_group(&NewGroup { id, patch }, lifecycle.now(), actor)?;
        ids.insert(group.name.clone(), id);
        memberships.extend(group.members.iter().map(|place| (id, people[*place].id)));
    }
    add_members(&memberships, lifecycle, actor)?;
    Ok(ids)
}

/// Several at a time: the store commits together what waits together.
fn add_members(memberships: &[(GroupId, UserId)], lifecycle: &Lifecycle, actor: Actor) -> anyhow::Result<()> {
    let add = |part: &[(GroupId, UserId)]| {
        part.iter().try_for_each(|(group, user)| {
            lifecycle.store.add_member(*group, *user, lifecycle.now(), actor).map(drop)
        })
    };
    let part = memberships.len().div_ceil(AT_ONCE).max(1);
    let added: Result<(), WriteError> = std::thread::scope(|scope| {
        let threads: Vec<_> = memberships.chunks(part).map(|part| scope.spawn(move || add(part))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(WriteError::Missing)))
    });
    Ok(added?)
}

fn make_workflows(
    groups: &HashMap<String, GroupId>,
    lifecycle: &Lifecycle,
    caller: &Caller,
) -> anyhow::Result<Vec<Workflow>> {
    let make = |(name, yaml): &(&str, &str)| {
        let new = workflow_file::parse(yaml, groups).with_context(|| (*name).to_owned())?;
        lifecycle.create_workflow(caller, new).with_context(|| (*name).to_owned())
    };
    WORKFLOWS.iter().map(make).collect()
}

/// Runs every workflow that only runs on demand for a few people of Research.
fn ask_for_access(
    company: &Company,
    people: &[User],
    workflows: &[Workflow],
    lifecycle: &Lifecycle,
    caller: &Caller,
) -> anyhow::Result<()> {
    let settled =
        company.people.iter().zip(people).filter(|(person, _)| person.is_settled && !person.is_protected);
    let (research, others): (Vec<_>, Vec<_>) =
        settled.partition(|(person, _)| person.department == "Research");
    let asking: Vec<_> = research.into_iter().chain(others).take(ASKING).map(|(_, user)| user.id).collect();
    for workflow in workflows {
        if workflow.conditions == ExecutionConditions::OnDemandOnly {
            lifecycle.activate(caller, workflow.id, &asking)?;
        }
    }
    Ok(())
}

/// The day it is, by the clock of the store.
pub(crate) fn today(at: Timestamp) -> jiff::civil::Date {
    at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use tenure_lifecycle::clock::CountingIds;
    use tenure_lifecycle::limits::Limits;
    use tenure_lifecycle::workflow::validate_workflow;

    use super::*;

    #[test]
    fn every_sample_workflow_is_one() {
        let company = Company::of(20, jiff::civil::date(2026, 3, 1));
        let ids = CountingIds::default();
        let groups = company
            .groups
            .iter()
            .map(|group| (group.name.clone(), GroupId(tenure_lifecycle::clock::Ids::fresh(&ids))))
            .collect();
        for (name, yaml) in WORKFLOWS {
            let workflow =
                workflow_file::parse(yaml, &groups).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            validate_workflow(&workflow, &Limits::default(), &ids)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let files =
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/workflows")).unwrap();
        assert_eq!(files.count(), WORKFLOWS.len());
    }
}
