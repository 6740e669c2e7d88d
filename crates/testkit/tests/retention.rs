//! History is kept for ever, unless the organisation says for how long.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "ledger/mod.rs"]
mod ledger;

use jiff::Timestamp;
use tenure_lifecycle::engine::keep_house;
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::ports::{Query, ResultScope};
use tenure_lifecycle::run::Status;
use tenure_lifecycle::workflow::{Category, TimeAttribute, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-10T12:00:00Z";

fn keep_for(system: &System, days: Option<i64>) {
    let patch = SettingsPatch { history_retention_in_days: Some(days), ..SettingsPatch::default() };
    system.lifecycle.update_settings(&system.caller, &patch).unwrap();
}

fn keep_all_house(system: &System) {
    while keep_house(&system.lifecycle, system.lifecycle.now()).unwrap() {}
}

fn count(system: &System, sql: &str) -> i64 {
    system.number(sql).unwrap()
}

/// Everybody joins, and joins by hand once more a month later.
fn company() -> (System, Workflow) {
    let system = System::at(NOW).unwrap();
    let hire = Some(NOW.parse().unwrap());
    let people: Vec<_> = (0..5)
        .map(|place| system.person(&Person { hire, ..Person::named(&format!("p{place}")) }).unwrap().id)
        .collect();
    let spec =
        WorkflowSpec::scheduled(Category::Joiner, TimeAttribute::EmployeeHireDate, 0, "userType ne 'x'")
            .task("Enable user account", &[])
            .task("Send welcome email", &[]);
    let workflow = system.workflow(spec).unwrap();
    system.advance("2026-03-10T12:00:01Z").unwrap();
    system.advance("2026-04-10T12:00:00Z").unwrap();
    system.activate(&workflow, &people[..2]).unwrap();
    system.drain().unwrap();
    (system, workflow)
}

#[test]
fn nothing_is_taken_away_unless_somebody_says_so() {
    let (system, workflow) = company();
    system.advance("2036-03-10T12:00:00Z").unwrap();
    keep_all_house(&system);
    assert_eq!(system.runs(&workflow).unwrap().len(), 2);
    assert_eq!(system.results(system.runs(&workflow).unwrap()[1].number).unwrap().len(), 5);
}

#[test]
fn what_is_older_goes_from_every_list_and_number_and_nobody_is_processed_again() {
    let (system, workflow) = company();
    keep_for(&system, Some(30));
    keep_all_house(&system);
    let runs = system.runs(&workflow).unwrap();
    assert_eq!((runs.len(), runs[0].counters.users.total), (1, 2));
    let store = &system.lifecycle.store;
    let (start, end) = (Timestamp::MIN, Timestamp::MAX);
    assert_eq!(store.user_summary(workflow.number, None, start, end).unwrap().users.total, 2);
    assert_eq!(store.run_summary(workflow.number, start, end).unwrap(), [(Status::Completed, 1)]);
    assert_eq!(store.report_summary(workflow.number, start, end).unwrap().successful, 4);
    let all = ResultScope::Workflow(workflow.number);
    assert_eq!(store.count_user_results(all, &Query::default()).unwrap(), 2);
    let query = Query { limit: 100, ..Query::default() };
    assert_eq!(store.list_user_results(all, &query).unwrap().items.len(), 2);
    for (sql, rows) in [
        ("SELECT count(*) FROM user_results", 2),
        ("SELECT count(*) FROM task_results", 4),
        ("SELECT count(*) FROM task_reports", 2),
        ("SELECT CAST(sum(total) AS bigint) FROM task_days", 4),
        ("SELECT count(*) FROM past_runs WHERE rest = 1", 0),
        // Who did it, and to how many; and what the run changed stays on record.
        ("SELECT count(*) FROM audit WHERE activity = 39 AND before = '5'", 1),
        ("SELECT count(*) FROM audit WHERE run = 1 AND activity = 2", 5),
    ] {
        assert_eq!(count(&system, sql), rows, "{sql}");
    }
    ledger::balances(&system);
    // The occasions stay used.
    assert_eq!(system.sweep().unwrap().admitted, 0);
    // The rest goes when its time comes.
    system.advance("2026-05-10T12:00:01Z").unwrap();
    assert!(system.runs(&workflow).unwrap().is_empty());
    assert_eq!(count(&system, "SELECT count(*) FROM user_results"), 0);
}

#[test]
fn a_run_goes_when_it_is_over_for_so_many_days_and_not_before() {
    let (system, workflow) = company();
    keep_for(&system, Some(30));
    // The first was over on 10 March at 12:00:01, the second on 10 April at 12:00.
    for (now, left) in [("2026-05-10T11:59:59Z", 1), ("2026-05-10T12:00:00.001Z", 0)] {
        system.clock.set(now.parse().unwrap());
        keep_all_house(&system);
        assert_eq!(system.runs(&workflow).unwrap().len(), left, "{now}");
    }
}

#[test]
fn a_run_of_which_somebody_is_still_processed_stays() {
    let (system, workflow) = company();
    let people = system.people(1).unwrap();
    let run = system.activate(&workflow, &people).unwrap();
    keep_for(&system, Some(1));
    system.clock.set("2026-06-10T12:00:00Z".parse().unwrap());
    keep_all_house(&system);
    let left: Vec<_> = system.runs(&workflow).unwrap().iter().map(|run| run.number).collect();
    assert_eq!(left, [run]);
    ledger::balances(&system);
}

#[test]
fn a_crash_in_between_leaves_nothing_half_told() {
    let (system, workflow) = company();
    keep_for(&system, Some(30));
    // The run is out of every list, and its results wait to be taken away.
    let now = system.lifecycle.now();
    let month_ago = now - jiff::SignedDuration::from_hours(30 * 24);
    assert!(system.lifecycle.store.forget_history(Some(month_ago), now).unwrap());
    assert_eq!(count(&system, "SELECT count(*) FROM past_runs WHERE rest = 1"), 1);
    let system = system.crashed().unwrap();
    assert_eq!(system.runs(&workflow).unwrap().len(), 1);
    keep_for(&system, None);
    keep_all_house(&system);
    assert_eq!(count(&system, "SELECT count(*) FROM user_results"), 2, "what was begun is done");
    ledger::balances(&system);
}
