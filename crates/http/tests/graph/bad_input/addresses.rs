//! Ids, paths and tokens that name nothing.

use crate::company::Company;
use crate::dump::Dump;

/// What names nothing, wherever an id is expected.
const NO_IDS: &[&str] = &[
    "nonsense",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "10000000-0000-8000-8000-0000000003e7",
    "2abcdef0-0000-8000-8000-010000000001",
    "%00",
    "a%00b",
    "%27%20or%201=1%20--",
    "..",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "-1",
    "99999999999999999999999999",
    "%F0%9F%92%A9",
    "(a)",
    "'",
    "{0}",
];

#[test]
fn an_id_that_names_nothing_is_a_404_at_every_place_of_every_path() {
    let company = Company::new();
    let api = &company.api;
    let before = Dump::of(api);
    let (run, result) = (&company.runs[0], &company.reported[0]);
    let times = "summary(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";
    for id in NO_IDS {
        for base in ["@/workflows", "@/deletedItems/workflows"] {
            for below in [
                "",
                "/tasks",
                "/versions",
                "/runs",
                "/runs/$count",
                "/userProcessingResults",
                "/taskReports",
                "/tenure.skipped",
                &format!("/runs/{times}"),
                &format!("/userProcessingResults/{times}"),
                &format!("/taskReports/{times}"),
            ] {
                api.get(&format!("{base}/{id}{below}")).refused(404, "");
            }
        }
        let base = &company.base;
        for path in [
            format!("{base}/tasks/{id}"),
            format!("{base}/tasks/{id}/taskProcessingResults"),
            format!("{base}/versions/{id}"),
            format!("{base}/versions/{id}/tasks"),
            format!("{base}/versions/1/tasks/{id}"),
            format!("{base}/versions/1/tasks/{id}/taskProcessingResults"),
            format!("{base}/runs/{id}"),
            format!("{base}/runs/{id}/userProcessingResults"),
            format!("{base}/runs/{id}/userProcessingResults/{times}"),
            format!("{base}/runs/{id}/taskProcessingResults/$count"),
            format!("{base}/runs/{id}/reprocessedRuns"),
            format!("{base}/runs/{run}/userProcessingResults/{id}"),
            format!("{base}/userProcessingResults/{id}/subject"),
            format!("{base}/userProcessingResults/{id}/taskProcessingResults"),
            format!("{base}/userProcessingResults/{result}/taskProcessingResults/{id}"),
            format!("{base}/userProcessingResults/{result}/taskProcessingResults/{id}/task"),
            format!("{base}/taskReports/{id}"),
            format!("{base}/taskReports/{id}/taskDefinition"),
            format!("@/taskDefinitions/{id}"),
            format!("users/{id}"),
            format!("users/{id}/manager"),
            format!("organization/{id}"),
            format!("applications/{id}"),
            format!("auditLogs/directoryAudits/{id}"),
            format!("directory/deletedItems/{id}"),
            format!("directory/deletedItems/{id}/microsoft.graph.user"),
            format!("users/{id}/memberOf"),
            format!("users/{id}/memberOf/$count"),
            format!("groups/{id}"),
            format!("groups/{id}/members"),
            format!("no/{id}"),
        ] {
            api.get(&path).refused(404, "");
        }
        for path in [
            format!("@/workflows/{id}"),
            format!("{base}/userProcessingResults/{id}"),
            format!("{base}/userProcessingResults/{id}/$ref"),
            format!("{base}/userProcessingResults/{result}/subject/{id}/$ref"),
            format!("users/{id}"),
            format!("users/{id}/manager/$ref"),
            format!("applications/{id}"),
            format!("directory/deletedItems/{id}"),
            format!("groups/{id}"),
            format!("groups/{}/members/{id}/$ref", company.staff),
            format!("groups/{id}/members/{}/$ref", company.ann),
            format!("tenure.tokens/{id}"),
        ] {
            api.delete(&path).refused(404, "");
        }
        for path in
            [format!("@/workflows/{id}/clearQuarantine"), format!("@/deletedItems/workflows/{id}/restore")]
        {
            api.ask("POST", &path).send().refused(404, "");
        }
    }
    before.is_unchanged(api, "an id that names nothing");
}

#[test]
fn a_path_that_is_no_text_is_refused() {
    let company = Company::new();
    for path in ["users/%ff", "users/%c3%28", "%ff", "@/workflows/%80/runs"] {
        company.api.get(path).refused(400, "UTF-8");
    }
    for path in ["users/%", "users/%2", "users/%zz", "users/a%b"] {
        company.api.get(path).refused(404, "");
    }
    let long = "x".repeat(60_000);
    company.api.get(&format!("users/{long}")).refused(404, "");
    company.api.get(&format!("{}users", "a/".repeat(20_000))).refused(404, "");
}

#[test]
fn bad_tokens_open_nothing() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    let admin = &company.api.admin;
    let long = "x".repeat(20_000);
    for value in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        admin,
        &format!("Basic {admin}"),
        &format!("Bearer {admin}x"),
        &format!("Bearer {}", &admin[..admin.len() - 1]),
        &format!("Bearer {}", admin.to_uppercase()),
        &format!("Bearer \"{admin}\""),
        &format!("Bearer {admin} {admin}"),
        "Bearer ' or 1=1 --",
        &format!("Bearer {long}"),
    ] {
        for (method, path) in [("GET", "users"), ("DELETE", company.base.as_str()), ("POST", "users")] {
            let ask = company.api.ask(method, path).without_token().header("authorization", value);
            ask.send().refused(401, "token");
        }
    }
    before.is_unchanged(&company.api, "a bad token");
}

#[test]
fn methods_that_a_path_does_not_know_are_named_with_those_it_does() {
    let company = Company::new();
    let before = Dump::of(&company.api);
    for (path, allow) in [
        ("@/workflows", "GET, POST"),
        (company.base.as_str(), "GET, PATCH, DELETE"),
        ("@/taskDefinitions", "GET"),
        ("@/settings", "GET, PATCH"),
        ("users", "GET, POST"),
        ("tenure.advanceClock", "POST"),
    ] {
        for method in ["PUT", "OPTIONS", "TRACE", "BREW"] {
            let answer = company.api.ask(method, path).send();
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
            answer.refused(405, allow);
        }
    }
    before.is_unchanged(&company.api, "an unknown method");
}
