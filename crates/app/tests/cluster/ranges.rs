//! History that is not kept goes by ranges of runs, a month each, with their partitions.

use std::sync::Arc;

use tenure_lifecycle::engine::keep_house;
use tenure_lifecycle::ids::{RunNumber, UserId};
use tenure_lifecycle::operations::SettingsPatch;
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{Database, System, WorkflowSpec};

use crate::harness::postgres::Postgres;

/// Somebody who is processed again and again.
struct History {
    system: System,
    workflow: Workflow,
    people: Vec<UserId>,
}

impl History {
    fn of(postgres: &Postgres) -> Self {
        let server = format!("host=127.0.0.1 port={} user=postgres dbname=postgres", postgres.port);
        let database = Arc::new(Database::on(&server).unwrap());
        let system = System::on(database, "2026-03-01T12:00:00Z").unwrap();
        let patch = SettingsPatch { history_retention_in_days: Some(Some(30)), ..SettingsPatch::default() };
        system.lifecycle.update_settings(&system.caller, &patch).unwrap();
        let people = system.people(3).unwrap();
        let workflow = system
            .workflow(WorkflowSpec::on_demand(Category::Joiner).task("Enable user account", &[]))
            .unwrap();
        Self { system, workflow, people }
    }

    fn run_at(&self, at: &str) -> RunNumber {
        self.system.advance(at).unwrap();
        let run = self.system.activate(&self.workflow, &self.people).unwrap();
        self.system.drain().unwrap();
        run
    }

    fn keep_house_at(&self, at: &str) {
        self.system.advance(at).unwrap();
        while keep_house(&self.system.lifecycle, self.system.lifecycle.now()).unwrap() {}
    }

    fn runs(&self) -> Vec<RunNumber> {
        self.system.runs(&self.workflow).unwrap().into_iter().map(|run| run.number).collect()
    }

    fn count(&self, sql: &str) -> i64 {
        self.system.number(&format!("SELECT count(*) FROM {sql}")).unwrap()
    }

    /// How many partitions there are.
    fn partitions(&self) -> i64 {
        self.count("pg_class WHERE relispartition AND relkind = 'r' AND relnamespace = current_schema()::regnamespace")
    }
}

#[test]
fn a_month_goes_at_once_when_none_of_its_runs_is_kept() {
    let postgres = Postgres::start(&["fsync=off"]);
    let history = History::of(&postgres);
    let first = history.run_at("2026-03-02T12:00:00Z");
    let second = history.run_at("2026-03-20T12:00:00Z");
    let third = history.run_at("2026-04-10T12:00:00Z");
    assert_eq!(history.partitions(), 4);

    // The first is not shown any more, and waits for the second.
    history.keep_house_at("2026-04-15T12:00:00Z");
    assert_eq!(history.runs(), [third, second]);
    assert_eq!((history.partitions(), history.count("user_results")), (4, 9));
    assert_eq!(history.count("past_runs WHERE rest = 1"), 1);

    history.keep_house_at("2026-04-25T12:00:00Z");
    assert_eq!(history.runs(), [third]);
    assert_eq!((history.partitions(), history.count("user_results")), (2, 3));
    assert_eq!((history.count("task_results"), history.count("past_runs WHERE rest = 1")), (3, 0));
    assert_eq!(history.system.results(third).unwrap().len(), 3);

    // The newest goes too, and no number is given twice.
    history.keep_house_at("2026-06-25T12:00:00Z");
    assert_eq!((history.runs(), history.count("user_results")), (vec![], 0));
    assert_eq!(history.count("run_ranges"), 1);
    let fourth = history.run_at("2026-06-26T12:00:00Z");
    assert!(first < second && second < third && third < fourth, "{first} {second} {third} {fourth}");
    assert_eq!(history.system.results(fourth).unwrap().len(), 3);
}

#[test]
fn nobody_waits_for_a_run_that_does_not_come_to_its_end() {
    let postgres = Postgres::start(&["fsync=off"]);
    let history = History::of(&postgres);
    history.run_at("2026-03-02T12:00:00Z");
    let stuck = history.run_at("2026-03-03T12:00:00Z");
    history.system.tamper(&format!("UPDATE runs SET completed = NULL WHERE number = {stuck}")).unwrap();
    history.keep_house_at("2026-05-15T12:00:00Z");
    assert_eq!(history.count("user_results"), 6, "it may still come");
    history.keep_house_at("2026-06-15T12:00:00Z");
    assert_eq!(history.runs(), [stuck]);
    assert_eq!((history.count("user_results"), history.count("task_results")), (3, 3));
    assert_eq!(history.partitions(), 2);
}
