//! `…/insights/…(startDateTime=…,endDateTime=…)` (behaviour §10)

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::company::{Company, WELCOME, on_demand, with};

const RANGES: [(&str, &str); 6] = [
    ("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z"),
    ("2026-03-01T08:00:00Z", "2026-03-02T09:00:00Z"),
    ("2026-03-02T00:00:00Z", "2026-03-02T00:00:00.001Z"),
    ("2026-03-02T00:00:01Z", "2026-03-03T23:00:00Z"),
    ("2020-01-01T06:00:00Z", "2030-01-01T06:00:00Z"),
    ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
];

/// Which of the rows are scheduled in a range.
fn within(rows: Vec<Json>, (start, end): (&str, &str)) -> Vec<Json> {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let inside = |row: &Json| {
        let at = moment(row["scheduledDateTime"].as_str().unwrap());
        moment(start) <= at && at < moment(end)
    };
    rows.into_iter().filter(inside).collect()
}

fn is(row: &Json, statuses: &[&str]) -> bool {
    statuses.contains(&row["processingStatus"].as_str().unwrap())
}

const FAILED: &[&str] = &["failed", "completedWithErrors"];

/// A company with a second workflow, for people who leave, that has run and was deleted.
fn world() -> (Company, Vec<String>) {
    let company = Company::new();
    let leaver = with(on_demand("Leavers"), "category", json!("leaver"));
    let id = company.api.workflow(&leaver);
    company.api.activate(&id, &[&company.ann, &company.dee]);
    company.api.system.drain().unwrap();
    company.api.delete(&format!("@/workflows/{id}")).is(204);
    company.api.workflow(&on_demand("Never run"));
    let bases = vec![company.base.clone(), format!("@/deletedItems/workflows/{id}")];
    (company, bases)
}

fn ask(company: &Company, function: &str, (start, end): (&str, &str)) -> Json {
    let mut first = Json::Null;
    for base in ["/v1.0", "/beta"] {
        for name in [function.to_owned(), format!("microsoft.graph.identityGovernance.{function}")] {
            let path = format!("{base}/identityGovernance/lifecycleWorkflows/insights/{name}");
            let mut body =
                company.api.get(&format!("{path}(startDateTime={start},endDateTime={end})")).is(200);
            let context = body.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
            body["context"] = json!(context.as_str().unwrap().split_once('#').unwrap().1);
            assert!(first.is_null() || first == body, "{path}");
            first = body;
        }
    }
    first
}

fn numbers<const N: usize>(kind: &str, numbers: [(&str, usize); N]) -> Json {
    let mut body: serde_json::Map<String, Json> =
        numbers.into_iter().map(|(name, number)| (name.to_owned(), json!(number))).collect();
    body.insert("context".to_owned(), json!(format!("microsoft.graph.identityGovernance.{kind}")));
    Json::Object(body)
}

#[test]
fn the_numbers_are_those_of_the_rows() {
    let (company, bases) = world();
    for range in RANGES {
        let list = |name: &str| -> Vec<Json> {
            bases.iter().flat_map(|base| within(company.api.all(&format!("{base}/{name}")), range)).collect()
        };
        let (runs, users) = (list("runs"), list("userProcessingResults"));
        let how_many = |rows: &[Json], statuses: &[&str]| rows.iter().filter(|row| is(row, statuses)).count();
        let sum = |name: &str| users.iter().map(|row| row[name].as_u64().unwrap() as usize).sum::<usize>();
        let tasks = sum("totalTasksCount") - sum("failedTasksCount") - sum("totalUnprocessedTasksCount");
        assert_eq!(
            ask(&company, "workflowsProcessedSummary", range),
            numbers(
                "workflowsInsightsSummary",
                [
                    ("failedRuns", how_many(&runs, FAILED)),
                    ("failedTasks", sum("failedTasksCount")),
                    ("failedUsers", how_many(&users, FAILED)),
                    ("successfulRuns", how_many(&runs, &["completed"])),
                    ("successfulTasks", tasks),
                    ("successfulUsers", how_many(&users, &["completed"])),
                    ("totalRuns", runs.len()),
                    ("totalTasks", sum("totalTasksCount")),
                    ("totalUsers", users.len()),
                ]
            ),
            "{range:?}"
        );
        let of = |base: &str| within(company.api.all(&format!("{base}/runs")), range);
        let (joiner, leaver) = (of(&bases[0]), of(&bases[1]));
        assert_eq!(
            ask(&company, "workflowsProcessedByCategory", range),
            numbers(
                "workflowsInsightsByCategory",
                [
                    ("failedJoinerRuns", how_many(&joiner, FAILED)),
                    ("failedLeaverRuns", how_many(&leaver, FAILED)),
                    ("failedMoverRuns", 0),
                    ("successfulJoinerRuns", how_many(&joiner, &["completed"])),
                    ("successfulLeaverRuns", how_many(&leaver, &["completed"])),
                    ("successfulMoverRuns", 0),
                    ("totalJoinerRuns", joiner.len()),
                    ("totalLeaverRuns", leaver.len()),
                    ("totalMoverRuns", 0),
                ]
            ),
            "{range:?}"
        );
    }
}

#[test]
fn workflows_come_with_the_most_people_first() {
    let (company, bases) = world();
    for range in RANGES {
        let mut expected = vec![];
        for (base, name, category, version) in
            [(&bases[0], "Joiners", "joiner", 2), (&bases[1], "Leavers", "leaver", 1)]
        {
            let runs = within(company.api.all(&format!("{base}/runs")), range);
            let users = within(company.api.all(&format!("{base}/userProcessingResults")), range);
            if runs.is_empty() && users.is_empty() {
                continue;
            }
            let how_many =
                |rows: &[Json], statuses: &[&str]| rows.iter().filter(|row| is(row, statuses)).count();
            expected.push(json!({
                "failedRuns": how_many(&runs, FAILED),
                "failedUsers": how_many(&users, FAILED),
                "successfulRuns": how_many(&runs, &["completed"]),
                "successfulUsers": how_many(&users, &["completed"]),
                "totalRuns": runs.len(),
                "totalUsers": users.len(),
                "workflowCategory": category,
                "workflowDisplayName": name,
                "workflowId": base.rsplit('/').next().unwrap(),
                "workflowVersion": version,
            }));
        }
        let found = ask(&company, "topWorkflowsProcessedSummary", range);
        assert_eq!(found["value"], json!(expected), "{range:?}");
        let context = "Collection(microsoft.graph.identityGovernance.topWorkflowsInsightsSummary)";
        assert_eq!(found["context"], context);
    }
    let all = "@/insights/topWorkflowsProcessedSummary(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-04-01T00:00:00Z)";
    let paged = company.api.all(&format!("{all}?$top=1&$select=workflowDisplayName&$orderby=totalUsers"));
    assert_eq!(
        json!(paged),
        json!([{ "workflowDisplayName": "Leavers" }, { "workflowDisplayName": "Joiners" }])
    );
}

#[test]
fn tasks_are_counted_by_what_they_do() {
    let (company, bases) = world();
    for range in RANGES {
        let mut expected = BTreeMap::<String, [i64; 3]>::new();
        for base in &bases {
            let runs = within(company.api.all(&format!("{base}/runs")), range);
            for report in company.api.all(&format!("{base}/taskReports?$expand=task")) {
                if runs.iter().any(|run| run["id"] == report["runId"]) {
                    let definition = report["task"]["taskDefinitionId"].as_str().unwrap();
                    let sums = expected.entry(definition.to_owned()).or_default();
                    for (sum, name) in sums.iter_mut().zip(["total", "successful", "failed"]) {
                        *sum += report[format!("{name}UsersCount")].as_i64().unwrap();
                    }
                }
            }
        }
        let found = ask(&company, "topTasksProcessedSummary", range);
        let found = found["value"].as_array().unwrap();
        let totals: Vec<i64> = found.iter().map(|task| task["totalTasks"].as_i64().unwrap()).collect();
        assert!(totals.is_sorted_by(|a, b| a >= b), "{range:?}: {totals:?}");
        let found: BTreeMap<String, [i64; 3]> = found
            .iter()
            .map(|task| {
                assert_eq!(task.as_object().unwrap().len(), 8, "{task}");
                let number = |name: &str| {
                    assert_eq!(task[format!("{name}Tasks")], task[format!("{name}Users")]);
                    task[format!("{name}Tasks")].as_i64().unwrap()
                };
                if task["taskDefinitionId"] == WELCOME {
                    assert_eq!(task["taskDefinitionDisplayName"], "Send welcome email");
                }
                let id = task["taskDefinitionId"].as_str().unwrap().to_owned();
                (id, ["total", "successful", "failed"].map(number))
            })
            .collect();
        assert_eq!(found, expected, "{range:?}");
    }
}

#[test]
fn a_time_that_is_none_is_named() {
    let api = crate::api::Api::new();
    for (arguments, named) in [
        ("startDateTime=2026-03-01T00:00:00Z", "endDateTime"),
        ("startDateTime=soon,endDateTime=2026-03-08T00:00:00Z", "startDateTime"),
        ("startDateTime=2026-03-08T00:00:00Z,endDateTime=2026-03-01T00:00:00Z", "startDateTime"),
    ] {
        for function in [
            "topTasksProcessedSummary",
            "topWorkflowsProcessedSummary",
            "workflowsProcessedByCategory",
            "workflowsProcessedSummary",
        ] {
            api.get(&format!("@/insights/{function}({arguments})")).refused(400, named);
        }
    }
    let ends = "startDateTime=0001-01-01T00:00:00Z,endDateTime=9999-12-31T23:59:59Z";
    assert_eq!(api.get(&format!("@/insights/workflowsProcessedSummary({ends})")).is(200)["totalRuns"], 0);
}
