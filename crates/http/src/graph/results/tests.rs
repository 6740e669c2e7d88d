//! Every method of the first specification, and what was added later, has its route.

use axum::http::Method;

use super::routes;
use crate::permission::Permission::{self, ReadReports, WriteReports};

const WORKFLOW: &str = "identityGovernance/lifecycleWorkflows/workflows/w";
const DELETED: &str = "identityGovernance/lifecycleWorkflows/deletedItems/workflows/w";
const TIMES: &str = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";

fn permission(method: &Method, path: &str) -> Result<Permission, u16> {
    routes().find(method, path).map(|found| found.route.permission).map_err(|error| error.status.as_u16())
}

fn check(method: &Method, path: &str, expected: Permission) {
    for base in [WORKFLOW, DELETED] {
        assert_eq!(permission(method, &format!("{base}/{path}")), Ok(expected), "{method} {base}/{path}");
    }
}

#[test]
fn all_twelve_methods_answer_under_workflow_and_run_deleted_or_not() {
    for parent in ["userProcessingResults", "runs/r/userProcessingResults"] {
        let one = format!("{parent}/u");
        for path in [
            parent.to_owned(),
            format!("{parent}/$count"),
            one.clone(),
            format!("{parent}/summary{TIMES}"),
            format!("{parent}/microsoft.graph.identityGovernance.summary{TIMES}"),
            format!("{parent}/usersSummary{TIMES}"),
            format!("{parent}/userSsummary{TIMES}"),
            format!("{one}/subject"),
            format!("{one}/taskProcessingResults"),
            format!("{one}/reprocessedRuns"),
            format!("{one}/reprocessedRuns/$count"),
        ] {
            check(&Method::GET, &path, ReadReports);
        }
        check(&Method::POST, parent, WriteReports);
        check(&Method::PATCH, &one, WriteReports);
        check(&Method::DELETE, &one, WriteReports);
        check(&Method::DELETE, &format!("{one}/$ref"), WriteReports);
        check(&Method::POST, &format!("{one}/subject/$ref"), WriteReports);
        check(&Method::DELETE, &format!("{one}/subject/$ref"), WriteReports);
        check(&Method::DELETE, &format!("{one}/subject/s/$ref"), WriteReports);
        check(&Method::POST, &format!("{one}/taskProcessingResults"), WriteReports);
        check(
            &Method::POST,
            &format!("{one}/taskProcessingResults/t/task/taskProcessingResults"),
            WriteReports,
        );
        assert_eq!(permission(&Method::PUT, &format!("{WORKFLOW}/{one}")), Err(405));
    }
}

#[test]
fn task_results_are_reached_from_everywhere() {
    for parent in [
        "userProcessingResults/u",
        "runs/r/userProcessingResults/u",
        "runs/r",
        "tasks/k",
        "versions/2/tasks/k",
        "taskReports/p",
    ] {
        for path in ["", "/$count", "/t", "/t/subject", "/t/task"] {
            check(&Method::GET, &format!("{parent}/taskProcessingResults{path}"), ReadReports);
        }
    }
}

#[test]
fn runs_and_reports_are_read() {
    for path in ["runs", "runs/$count", "runs/r", "runs/r/reprocessedRuns", "runs/r/reprocessedRuns/$count"] {
        check(&Method::GET, path, ReadReports);
    }
    for path in [
        "taskReports",
        "taskReports/$count",
        "taskReports/p",
        "taskReports/p/task",
        "taskReports/p/taskDefinition",
    ] {
        check(&Method::GET, path, ReadReports);
    }
    check(&Method::GET, &format!("runs/summary{TIMES}"), ReadReports);
    check(&Method::GET, &format!("taskReports/summary{TIMES}"), ReadReports);
    assert_eq!(permission(&Method::POST, &format!("{WORKFLOW}/runs")), Err(405));
}

#[test]
fn the_link_to_more_task_results_is_the_list_itself() {
    // `user_results::expand_task_results` writes this path; the paging token belongs to it.
    let list = "identityGovernance/lifecycleWorkflows/workflows('w')/userProcessingResults";
    let path = format!("{list}('u')/taskProcessingResults");
    let table = routes();
    assert_eq!(table.find(&Method::GET, &path).unwrap().context, path);
    assert_eq!(table.find(&Method::GET, list).unwrap().context, list);
}
