//! `…/userProcessingResults/summary(…)` and `usersSummary(…)` (seed-surface §3.6, §3.7)

use serde_json::{Value as Json, json};

use crate::company::Company;

const ALL: &str = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";

fn numbers(mut summary: Json) -> Json {
    summary.as_object_mut().unwrap().remove("@odata.context");
    summary
}

/// What the rows scheduled in `[start, end)` say.
fn counted(rows: &[Json], start: &str, end: &str) -> Json {
    let mut sums = [0; 5];
    for row in rows.iter().filter(|row| (start..end).contains(&row["scheduledDateTime"].as_str().unwrap())) {
        let status = row["processingStatus"].as_str().unwrap();
        sums[0] += row["failedTasksCount"].as_i64().unwrap();
        sums[1] += i64::from(["failed", "completedWithErrors"].contains(&status));
        sums[2] += i64::from(status == "completed");
        sums[3] += row["totalTasksCount"].as_i64().unwrap();
        sums[4] += 1;
    }
    let [failed_tasks, failed_users, successful_users, total_tasks, total_users] = sums;
    json!({
        "failedTasks": failed_tasks, "failedUsers": failed_users, "successfulUsers": successful_users,
        "totalTasks": total_tasks, "totalUsers": total_users,
    })
}

#[test]
fn a_summary_is_bare_and_says_what_the_rows_say() {
    for company in [Company::new(), Company::deleted()] {
        for (name, kind) in [
            ("summary", "userSummary"),
            ("microsoft.graph.identityGovernance.summary", "userSummary"),
            ("usersSummary", "usersProcessingSummary"),
            ("microsoft.graph.identityGovernance.usersSummary", "usersProcessingSummary"),
            ("userSsummary", "usersProcessingSummary"),
        ] {
            for run in [None, Some(0), Some(1), Some(4)] {
                let (parent, rows) = match run {
                    None => ("userProcessingResults".to_owned(), company.api.all(&company.parents(0)[0])),
                    Some(run) => {
                        (format!("runs/{}/userProcessingResults", company.runs[run]), company.results(run))
                    }
                };
                for path in company.both(&format!("{parent}/{name}{ALL}")) {
                    let answer = company.api.get(&path).is(200);
                    let context = answer["@odata.context"].as_str().unwrap();
                    assert!(
                        context.ends_with(&format!("/$metadata#microsoft.graph.identityGovernance.{kind}"))
                    );
                    assert_eq!(numbers(answer), counted(&rows, "2026-03-01", "2026-03-08"), "{path}");
                }
            }
        }
    }
}

#[test]
fn the_start_is_inclusive_and_the_end_is_not() {
    let company = Company::new();
    let rows = company.api.all(&company.parents(0)[0]);
    for (start, end) in [
        ("2026-03-02T00:00:00Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T00:00:00.001Z", "2026-03-02T09:00:00.001Z"),
        ("2026-03-02T09:00:00Z", "2026-03-03T00:00:00Z"),
        ("2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z"),
        ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2026-03-01T08:00:00Z", "2026-03-03T12:00:00Z"),
    ] {
        let path = format!("{}/summary(startDateTime={start},endDateTime={end})", company.parents(0)[0]);
        let trimmed = |text: &str| text.replace('Z', "");
        let rows: Vec<Json> = rows
            .iter()
            .map(|row| {
                let mut row = row.clone();
                row["scheduledDateTime"] = json!(trimmed(row["scheduledDateTime"].as_str().unwrap()));
                row
            })
            .collect();
        assert_eq!(
            numbers(company.api.get(&path).is(200)),
            counted(&rows, &trimmed(start), &trimmed(end)),
            "{path}"
        );
    }
}

#[test]
fn times_are_read_as_clients_write_them() {
    let company = Company::new();
    let expected = numbers(company.api.get(&format!("{}/summary{ALL}", company.parents(0)[0])).is(200));
    assert_eq!(expected["totalUsers"], 11);
    for times in [
        // The Python SDK: no comma, percent-encoded, with offset and fraction.
        "(startDateTime=2026-03-01T00%3A00%3A00%2B00%3A00endDateTime=2026-03-08T00%3A00%3A00%2B00%3A00)",
        "(startDateTime=2026-03-01T00%3A00%3A00.000000%2B00%3A00endDateTime=2026-03-08T00%3A00%3A00.000000%2B00%3A00)",
        "(startDateTime=2026-03-01T00:00:00+00:00,endDateTime=2026-03-08T00:00:00+00:00)",
        "(startDateTime='2026-03-01T00:00:00Z',endDateTime='2026-03-08T00:00:00Z')",
        "(endDateTime=2026-03-08T01:00:00%2B01:00, startDateTime=2026-03-01T01:00:00%2B01:00)",
        "(STARTDATETIME=2026-03-01,enddatetime=2026-03-08)",
        "(startDateTime=2026-03-01T00:00:00.0000000Z,endDateTime=2026-03-08T00:00:00.0000000Z)",
        "%28startDateTime%3D2026-03-01T00:00:00Z%2CendDateTime%3D2026-03-08T00:00:00Z%29",
    ] {
        for name in ["summary", "usersSummary"] {
            let path = format!("{}/{name}{times}", company.parents(0)[0]);
            assert_eq!(numbers(company.api.get(&path).is(200)), expected, "{times}");
        }
    }
    // Boilerplate of the page, without effect on a single value.
    let path = format!(
        "{}/summary{ALL}?$count=true&$filter=failedTasks eq 1&$orderby=x&$expand=y",
        company.parents(0)[0]
    );
    assert_eq!(numbers(company.api.get(&path).is(200)), expected);
}

#[test]
fn times_that_are_missing_or_wrong_are_named() {
    let company = Company::new();
    for (times, named) in [
        ("()", "startDateTime"),
        ("", "startDateTime"),
        ("(startDateTime=2026-03-01T00:00:00Z)", "endDateTime"),
        ("(endDateTime=2026-03-01T00:00:00Z)", "startDateTime"),
        ("(startDateTime=soon,endDateTime=2026-03-08T00:00:00Z)", "startDateTime"),
        ("(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-02-30T00:00:00Z)", "endDateTime"),
        ("(startDateTime=2026-03-01T00:00:00,endDateTime=2026-03-08T00:00:00Z)", "startDateTime"),
        ("(startDateTime=2026-03-08T00:00:00Z,endDateTime=2026-03-01T00:00:00Z)", "startDateTime"),
        ("(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z,top=3)", "top"),
        ("(startDateTime=,endDateTime=)", "startDateTime"),
    ] {
        for collection in ["userProcessingResults", "runs", "taskReports"] {
            let path = format!("{}/{collection}/summary{times}", company.base);
            company.api.get(&path).refused(400, named);
        }
    }
}
