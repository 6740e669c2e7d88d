//! A law: whatever is settled, reported, changed and deleted, the counters say what the rows say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use tenure_lifecycle::ids::{RunNumber, TaskDefinitionId, UserId};
use tenure_lifecycle::operations::{ActivationScope, OperationError};
use tenure_lifecycle::ports::{Query, TaskResultScope};
use tenure_lifecycle::run::{
    ExecutionType, NewResult, ReportCounters, ResultPatch, Run, RunCounters, Status, TaskChoice, TaskCounts,
    UserChoice, run_status,
};
use tenure_lifecycle::workflow::{Category, Workflow};
use tenure_testkit::{Person, System, WorkflowSpec};

const NOW: &str = "2026-03-01T08:00:00Z";

#[derive(Clone, Debug)]
enum Step {
    Create { run: usize, status: usize, day: i64, total: i64, failed: i64, unprocessed: i64 },
    Update { result: usize, status: usize, day: Option<i64>, total: i64, failed: i64, unprocessed: i64 },
    Delete { result: usize },
    Activate { users: usize },
    Preview { users: usize },
    Again { run: usize, tasks: TaskChoice, users: UserChoice },
}

fn step() -> impl Strategy<Value = Step> {
    let counts = (0..6_i64).prop_flat_map(|total| {
        (0..=total).prop_flat_map(move |failed| (Just(total), Just(failed), 0..=(total - failed)))
    });
    prop_oneof![
        (0..3_usize, 0..6_usize, -40..40_i64, counts.clone()).prop_map(
            |(run, status, day, (total, failed, unprocessed))| {
                Step::Create { run, status, day, total, failed, unprocessed }
            }
        ),
        (0..20_usize, 0..6_usize, proptest::option::of(-40..40_i64), counts).prop_map(
            |(result, status, day, (total, failed, unprocessed))| Step::Update {
                result,
                status,
                day,
                total,
                failed,
                unprocessed
            }
        ),
        (0..20_usize).prop_map(|result| Step::Delete { result }),
        (1..4_usize).prop_map(|users| Step::Activate { users }),
        (1..4_usize).prop_map(|users| Step::Preview { users }),
        (0..20_usize, any::<bool>(), any::<bool>()).prop_map(|(run, tasks, users)| Step::Again {
            run,
            tasks: if tasks { TaskChoice::All } else { TaskChoice::Failed },
            users: if users { UserChoice::All } else { UserChoice::Failed },
        }),
    ]
}

const STATUSES: [Status; 6] = [
    Status::Queued,
    Status::InProgress,
    Status::Completed,
    Status::CompletedWithErrors,
    Status::Canceled,
    Status::Failed,
];

fn day(offset: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    now + SignedDuration::from_hours(offset * 7)
}

/// New people, eleven hours later. One of them has no mail address, so that tasks fail too.
fn newcomers(system: &System, count: usize) -> Vec<UserId> {
    system.clock.set(system.lifecycle.now() + SignedDuration::from_hours(11));
    (0..count)
        .map(|place| {
            let name = format!("u{}-{place}", system.lifecycle.store.population().unwrap());
            let mail = (place != 1).then(|| format!("{name}@example.com"));
            system.person(&Person { mail, ..Person::named(&name) }).unwrap().id
        })
        .collect()
}

fn apply(system: &System, workflow: &Workflow, step: &Step) {
    let runs: Vec<RunNumber> = system.runs(workflow).unwrap().iter().map(|run| run.number).collect();
    let results: Vec<_> = runs.iter().flat_map(|run| system.results(*run).unwrap()).collect();
    match step {
        Step::Create { run, status, day: offset, total, failed, unprocessed } => {
            let new = NewResult {
                status: STATUSES[*status],
                scheduled: day(*offset),
                started: None,
                completed: None,
                execution_type: ExecutionType::OnDemand,
                version: 1,
                tasks: TaskCounts { total: *total, failed: *failed, unprocessed: *unprocessed },
                subject: None,
            };
            let run = runs[run % runs.len()];
            system.lifecycle.create_result(&system.caller, workflow, run, &new).unwrap();
        }
        Step::Update { result, status, day: offset, total, failed, unprocessed } if !results.is_empty() => {
            let before = &results[result % results.len()];
            let patch = ResultPatch {
                status: Some(STATUSES[*status]),
                scheduled: offset.map(day),
                total: Some(*total),
                failed: Some(*failed),
                unprocessed: Some(*unprocessed),
                ..ResultPatch::default()
            };
            let done = system.lifecycle.update_result(&system.caller, workflow, before, &patch);
            assert_eq!(done.is_ok(), before.reported || STATUSES[*status].is_finished(), "{done:?}");
        }
        Step::Delete { result } if !results.is_empty() => {
            system.lifecycle.delete_result(&system.caller, &results[result % results.len()]).unwrap();
        }
        Step::Activate { users } => {
            system.activate(workflow, &newcomers(system, *users)).unwrap();
            system.drain().unwrap();
        }
        Step::Preview { users } => {
            let ids = newcomers(system, *users);
            system.lifecycle.preview(&system.caller, workflow.id, &ids).unwrap();
            system.drain().unwrap();
        }
        Step::Again { run, tasks, users } => {
            let all = system.runs(workflow).unwrap();
            let run = Box::new(all[run % all.len()].clone());
            let scope = ActivationScope::Run(run, *tasks, *users);
            // Refused where the run is not finished, was a preview, or holds nobody to repeat.
            let done = system.lifecycle.activate_with_scope(&system.caller, workflow.id, &scope);
            assert!(
                matches!(done, Ok(_) | Err(OperationError::Invalid(_) | OperationError::Conflict(_))),
                "{done:?}"
            );
            system.drain().unwrap();
        }
        Step::Update { .. } | Step::Delete { .. } => {}
    }
}

fn the_counters_say_what_the_rows_say(system: &System, workflow: &Workflow) {
    let store = &system.lifecycle.store;
    let mut all = Vec::new();
    for run in system.runs(workflow).unwrap() {
        let results = system.results(run.number).unwrap();
        let mut counted = RunCounters::default();
        for result in &results {
            counted.count(result.status, result.tasks, 1);
        }
        assert_eq!(run.counters, counted, "run {}", run.number);
        assert_eq!(run.status, run_status(&counted, false), "run {}", run.number);
        let mut successful = 0;
        let mut failed = 0;
        let mut engine = 0;
        for ordinal in 1..=2 {
            let Some(report) = store.task_report(run.number, ordinal).unwrap() else { continue };
            let query = Query { limit: 10_000, ..Query::default() };
            let tasks =
                store.list_task_results(TaskResultScope::Report(run.number, ordinal), &query).unwrap().items;
            let mut rows = ReportCounters { total: tasks.len() as i64, ..ReportCounters::default() };
            for task in &tasks {
                rows.count(task.status, 1);
            }
            assert_eq!(report.counters, rows, "report {ordinal} of run {}", run.number);
            successful += rows.successful;
            failed += rows.failed;
            engine += rows.total;
        }
        assert!(successful + failed <= engine);
        // A preview did nothing, so no summary counts what is in it.
        if run.execution_type != ExecutionType::Preview {
            all.extend(results);
        }
    }
    for (start, end) in [(-300, 300), (-5, 5), (0, 1), (-14, 0), (3, 30)] {
        let (start, end) = (day(start), day(end) + SignedDuration::from_mins(start * 7));
        let mut rows = RunCounters::default();
        for result in all.iter().filter(|result| result.scheduled >= start && result.scheduled < end) {
            rows.count(result.status, result.tasks, 1);
        }
        assert_eq!(store.user_summary(workflow.number, None, start, end).unwrap(), rows, "{start} to {end}");
        let mut by_run = RunCounters::default();
        for run in system.runs(workflow).unwrap() {
            by_run.add(&store.user_summary(workflow.number, Some(run.number), start, end).unwrap());
        }
        assert_eq!(by_run, rows, "{start} to {end}, run by run");
        let inside = |run: &&Run| {
            run.execution_type != ExecutionType::Preview && run.scheduled >= start && run.scheduled < end
        };
        let runs = system.runs(workflow).unwrap();
        let mut statuses = BTreeMap::new();
        let mut reports = ReportCounters::default();
        for run in runs.iter().filter(inside) {
            *statuses.entry(run.status).or_insert(0) += 1;
            for ordinal in 1..=20 {
                if let Some(report) = store.task_report(run.number, ordinal).unwrap() {
                    reports.add(&report.counters);
                }
            }
        }
        let summary: BTreeMap<_, _> = store
            .run_summary(workflow.number, start, end)
            .unwrap()
            .into_iter()
            .filter(|(_, runs)| *runs != 0)
            .collect();
        assert_eq!(summary, statuses, "runs, {start} to {end}");
        assert_eq!(store.report_summary(workflow.number, start, end).unwrap(), reports, "{start} to {end}");
        let activity = store.workflow_activity(start, end).unwrap();
        let is_idle = statuses.is_empty() && rows.users.total == 0;
        assert_eq!(activity.len(), usize::from(!is_idle), "{start} to {end}");
        for activity in activity {
            assert_eq!(activity.counters, rows, "{start} to {end}");
            assert_eq!(activity.runs.into_iter().collect::<BTreeMap<_, _>>(), statuses, "{start} to {end}");
        }
        let mut by_task = BTreeMap::<TaskDefinitionId, ReportCounters>::new();
        for (ordinal, task) in (1..).zip(&workflow.tasks) {
            for run in runs.iter().filter(inside) {
                if let Some(report) = store.task_report(run.number, ordinal).unwrap() {
                    by_task.entry(task.task_definition_id).or_default().add(&report.counters);
                }
            }
        }
        let activity = store.task_activity(start, end).unwrap();
        let activity: BTreeMap<_, _> = activity.iter().map(|task| (task.definition, task.counters)).collect();
        by_task.retain(|_, counters| counters.total != 0);
        assert_eq!(activity, by_task, "tasks, {start} to {end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tenure_testkit::cases(40), ..ProptestConfig::default() })]
    #[test]
    fn counters_reports_and_summaries_equal_the_rows(steps in proptest::collection::vec(step(), 1..25)) {
        let system = System::at(NOW).unwrap();
        let spec = WorkflowSpec::on_demand(Category::Joiner)
            .task("Enable user account", &[])
            .task("Send welcome email", &[])
            .task("Enable user account", &[]);
        let workflow = system.workflow(spec).unwrap();
        apply(&system, &workflow, &Step::Activate { users: 3 });
        for step in &steps {
            apply(&system, &workflow, step);
        }
        the_counters_say_what_the_rows_say(&system, &workflow);
    }
}
