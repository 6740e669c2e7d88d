//! Somebody else writes in between, at every moment there is: between any two calls of the store, and before anything that is done
//! outside. Whenever it is, everybody is processed once, and nothing is done on the strength of what is so no more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "ledger/mod.rs"]
mod ledger;

use std::sync::Arc;

use tenure_lifecycle::directory::{Group, UserPatch, Value, attribute};
use tenure_lifecycle::engine::Worker;
use tenure_lifecycle::ids::{RunNumber, UserId};
use tenure_lifecycle::operations::{Lifecycle, WorkflowPatch};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::token::Caller;
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Call, Deliveries, Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";

/// What somebody else needs to do something.
#[derive(Clone)]
struct Other {
    lifecycle: Arc<Lifecycle>,
    caller: Caller,
    deliveries: Arc<Deliveries>,
}

/// When somebody else did what they did, in the calls that were made.
struct Moment {
    before: usize,
    calls: Vec<Call>,
}

impl Moment {
    /// Whether that was before the plan that the first thing outside came of was on disk.
    fn was_before_the_plan_was_frozen(&self) -> bool {
        let outside = self.calls.iter().position(|call| *call == Call::Outside);
        let calls = &self.calls[..outside.unwrap_or(self.calls.len())];
        // Calls are counted from 1.
        calls.iter().rposition(|call| *call == Call::Write).is_some_and(|frozen| self.before <= frozen + 1)
    }
}

/// Lets `interfere` happen at every moment of processing what `stage` has made ready; then everything is processed and `hold` says
/// whether it is as it should be. Gives how many moments there were.
fn at_every_moment<T>(
    stage: impl Fn(&System) -> T,
    interfere: impl Fn(&Other, &T) + Send + Sync + Clone + 'static,
    hold: impl Fn(&System, &T, &Moment),
) -> usize
where
    T: Clone + Send + 'static,
{
    for before in 1.. {
        let system = System::at(NOW).unwrap();
        let staged = stage(&system);
        let other = Other {
            lifecycle: system.lifecycle.clone(),
            caller: system.caller.clone(),
            deliveries: system.deliveries.clone(),
        };
        let (interfere, given) = (interfere.clone(), staged.clone());
        let performer = system.power.over(system.deliveries.as_ref());
        let work = || {
            system.sweep().unwrap();
            Worker::new(&system.lifecycle, &performer, 1).with_batch(2).drain().unwrap();
        };
        let (came, calls) = system.power.interfered_with(before, move || interfere(&other, &given), work);
        if !came {
            return before - 1;
        }
        // Whoever was put off has their turn.
        for _ in 0..5 {
            system.clock.set(system.lifecycle.now() + jiff::SignedDuration::from_secs(70));
            system.sweep().unwrap();
            system.drain().unwrap();
        }
        hold(&system, &staged, &Moment { before, calls });
        ledger::balances(&system);
        nothing_is_lost(&system, before);
    }
    unreachable!("processing comes to an end")
}

/// Every change of somebody begins where the one before it ended: none was made on the strength of what was so no more.
fn nothing_is_lost(system: &System, moment: usize) {
    let sql = "SELECT count(*) FROM (
        SELECT coalesce(a.before, v.before) AS before,
               lag(coalesce(a.after, v.after)) OVER (PARTITION BY target, attribute ORDER BY a.number) AS earlier,
               row_number() OVER (PARTITION BY target, attribute ORDER BY a.number) AS nth
          FROM audit a LEFT JOIN audit_values v ON v.number = a.number
         WHERE a.activity = 2 AND a.attribute IS NOT NULL) changes
        WHERE nth > 1 AND before IS DISTINCT FROM earlier";
    let broken = system.number(sql).unwrap();
    assert_eq!(broken, 0, "moment {moment}");
}

fn statuses(system: &System, workflow: &Workflow) -> Vec<Status> {
    let runs = system.runs(workflow).unwrap();
    let results = runs.iter().flat_map(|run| system.results(run.number).unwrap());
    results.map(|result| result.status).collect()
}

fn named(spec: WorkflowSpec, name: &str) -> WorkflowSpec {
    let mut spec = spec;
    name.clone_into(&mut spec.0.display_name);
    spec
}

#[test]
fn one_person_in_several_runs_is_processed_by_one_at_a_time() {
    let stage = |system: &System| -> (UserId, RunNumber, RunNumber) {
        let ann = system.person(&Person::named("ann")).unwrap().id;
        let joiner = WorkflowSpec::on_demand(Category::Joiner)
            .task("Enable user account", &[])
            .task("Send welcome email", &[])
            .task(
                "Update user attributes",
                &[("attributeUpdates", r#"[{"attribute":"city","value":"Oslo"}]"#)],
            );
        let leaver = WorkflowSpec::on_demand(Category::Leaver).task("Disable user account", &[]).task(
            "Update user attributes",
            &[("attributeUpdates", r#"[{"attribute":"city","value":"Bonn"}]"#)],
        );
        let joiner = system.workflow(named(joiner, "joiner")).unwrap();
        let leaver = system.workflow(named(leaver, "leaver")).unwrap();
        (ann, system.activate(&joiner, &[ann]).unwrap(), system.activate(&leaver, &[ann]).unwrap())
    };
    // Another worker takes up whatever it finds.
    let interfere = |other: &Other, _: &_| {
        Worker::new(&other.lifecycle, other.deliveries.as_ref(), 2).drain().unwrap();
    };
    let moments = at_every_moment(stage, interfere, |system, (ann, joined, left), moment| {
        for run in [joined, left] {
            assert_eq!(system.run(*run).unwrap().status, Status::Completed, "moment {}", moment.before);
        }
        assert_eq!(system.deliveries.mails().len(), 1);
        // Whichever came last had its way with both.
        let user = system.user(*ann).unwrap();
        let last = (user.account_enabled, user.text("city"));
        assert!(
            [(Some(true), Some("Oslo")), (Some(false), Some("Bonn")), (Some(false), Some("Oslo"))]
                .contains(&last)
        );
    });
    assert!(moments > 10, "{moments}");
}

#[test]
fn a_manager_who_changes_while_mails_are_planned_is_the_one_who_is_written_to() {
    let stage = |system: &System| {
        let [ann, old, new] =
            ["ann", "old", "new"].map(|name| system.person(&Person::named(name)).unwrap().id);
        system.lifecycle.set_manager(&system.caller, ann, Some(old)).unwrap();
        let spec = WorkflowSpec::on_demand(Category::Leaver)
            .task("Disable user account", &[])
            .task("Send email before user\u{2019}s last day", &[]);
        let workflow = system.workflow(spec).unwrap();
        system.activate(&workflow, &[ann]).unwrap();
        (ann, new, workflow)
    };
    let interfere = |other: &Other, (ann, new, _): &(UserId, UserId, Workflow)| {
        other.lifecycle.set_manager(&other.caller, *ann, Some(*new)).unwrap();
    };
    at_every_moment(stage, interfere, |system, (_, _, workflow), moment| {
        assert_eq!(statuses(system, workflow), [Status::Completed]);
        let mails = system.deliveries.mails();
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
        let manager =
            if moment.was_before_the_plan_was_frozen() { "new@example.com" } else { "old@example.com" };
        assert_eq!(to, [manager], "moment {} of {:?}", moment.before, moment.calls);
    });
}

#[test]
fn a_manager_whose_address_changes_while_mails_are_planned_is_written_to_where_they_are() {
    let stage = |system: &System| {
        let [ann, boss] = ["ann", "boss"].map(|name| system.person(&Person::named(name)).unwrap().id);
        system.lifecycle.set_manager(&system.caller, ann, Some(boss)).unwrap();
        let spec = WorkflowSpec::on_demand(Category::Leaver)
            .task("Disable user account", &[])
            .task("Send email before user\u{2019}s last day", &[]);
        let workflow = system.workflow(spec).unwrap();
        system.activate(&workflow, &[ann]).unwrap();
        (boss, workflow)
    };
    let interfere = |other: &Other, (boss, _): &(UserId, Workflow)| {
        let mail = (attribute("mail").unwrap(), Value::Text("elsewhere@example.com".to_owned()));
        let patch = UserPatch { set: vec![mail], ..UserPatch::default() };
        other.lifecycle.update_user(&other.caller, *boss, &patch).unwrap();
    };
    at_every_moment(stage, interfere, |system, (_, workflow), moment| {
        assert_eq!(statuses(system, workflow), [Status::Completed]);
        let mails = system.deliveries.mails();
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
        let before = moment.was_before_the_plan_was_frozen();
        assert_eq!(to, [if before { "elsewhere@example.com" } else { "boss@example.com" }]);
    });
}

#[test]
fn nobody_is_put_into_a_group_that_is_deleted() {
    let stage = |system: &System| {
        let people = system.people(3).unwrap();
        let group = system.group("Staff").unwrap();
        let spec = WorkflowSpec::on_demand(Category::Joiner)
            .task("Add user to groups", &[("groupID", &group.id.to_string())]);
        let workflow = system.workflow(spec).unwrap();
        system.activate(&workflow, &people).unwrap();
        (group, workflow)
    };
    let interfere = |other: &Other, (group, _): &(Group, Workflow)| {
        other.lifecycle.delete_group(&other.caller, group.id).unwrap();
    };
    at_every_moment(stage, interfere, |system, (group, workflow), moment| {
        let group = group.number;
        let added_after = system.number(&format!(
            "SELECT count(*) FROM audit WHERE activity = 4 AND object = {group} AND run IS NOT NULL
                AND number > (SELECT number FROM audit WHERE activity = 8 AND target = {group})"
        ));
        assert_eq!(added_after.unwrap(), 0, "moment {}", moment.before);
        let members =
            system.number(&format!("SELECT count(*) FROM memberships WHERE grp = {group}")).unwrap();
        let statuses = statuses(system, workflow);
        let completed = statuses.iter().filter(|status| **status == Status::Completed).count();
        let failed = statuses.iter().filter(|status| **status == Status::Failed).count();
        assert_eq!((completed + failed, completed as i64), (3, members), "moment {}", moment.before);
    });
}

/// A workflow that somebody is due for by themselves: it enables the account, writes a mail and sets the city.
fn due(system: &System) -> (UserId, Workflow) {
    let hire = Some(NOW.parse().unwrap());
    let ann = system.person(&Person { hire, ..Person::named("ann") }).unwrap().id;
    (ann, system.workflow(on_hire("Oslo")).unwrap())
}

fn on_hire(city: &str) -> WorkflowSpec {
    let updates = format!(r#"[{{"attribute":"city","value":"{city}"}}]"#);
    WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
        .task("Enable user account", &[])
        .task("Send welcome email", &[])
        .task("Update user attributes", &[("attributeUpdates", &updates)])
}

#[test]
fn whoever_waits_while_the_version_changes_is_processed_once_by_one_of_them() {
    let interfere = |other: &Other, (_, workflow): &(UserId, Workflow)| {
        let new = on_hire("Bonn").0;
        other.lifecycle.create_new_version(&other.caller, workflow.id, new, None).unwrap();
    };
    at_every_moment(due, interfere, |system, (ann, workflow), moment| {
        let statuses = statuses(system, workflow);
        let completed = statuses.iter().filter(|status| **status == Status::Completed).count();
        assert_eq!(completed, 1, "moment {}: {statuses:?}", moment.before);
        assert!(statuses.iter().all(|status| [Status::Completed, Status::Canceled].contains(status)));
        assert_eq!(system.deliveries.mails().len(), 1, "moment {}", moment.before);
        let user = system.user(*ann).unwrap();
        assert!(matches!(user.text("city"), Some("Oslo" | "Bonn")) && user.account_enabled == Some(true));
    });
}

#[test]
fn whoever_waits_while_the_workflow_is_disabled_is_processed_wholly_or_not_at_all() {
    let interfere = |other: &Other, (_, workflow): &(UserId, Workflow)| {
        let patch = WorkflowPatch { is_enabled: Some(false), ..WorkflowPatch::default() };
        other.lifecycle.update_workflow(&other.caller, workflow.id, patch, None).unwrap();
    };
    at_every_moment(due, interfere, |system, (ann, workflow), moment| {
        let is_whole = statuses(system, workflow) == [Status::Completed];
        let user = system.user(*ann).unwrap();
        assert_eq!(user.account_enabled, Some(is_whole), "moment {}", moment.before);
        assert_eq!(user.text("city").is_some(), is_whole, "moment {}", moment.before);
        assert_eq!(system.deliveries.mails().len(), usize::from(is_whole), "moment {}", moment.before);
        // Whoever was not yet settled when it was disabled is not processed, though they were planned.
        assert!(!is_whole || !moment.was_before_the_plan_was_frozen(), "moment {}", moment.before);
    });
}

#[test]
fn whoever_is_deleted_while_they_are_processed_is_touched_no_more() {
    let interfere = |other: &Other, (ann, _): &(UserId, Workflow)| {
        other.lifecycle.delete_user(&other.caller, *ann).unwrap();
    };
    at_every_moment(due, interfere, |system, (_, workflow), moment| {
        let touched = system.number(
            "SELECT count(*) FROM audit WHERE activity = 2 AND run IS NOT NULL
                AND number > (SELECT number FROM audit WHERE activity = 3)",
        );
        assert_eq!(touched.unwrap(), 0, "moment {}", moment.before);
        assert!(statuses(system, workflow).iter().all(|status| status.is_finished()));
    });
}
