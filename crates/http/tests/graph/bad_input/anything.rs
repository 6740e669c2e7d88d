//! A law: whatever comes, on every route, the answer is never an error of the server's own.

use std::cell::LazyCell;

use proptest::collection::vec;
use proptest::prelude::*;

use super::generated::{query, sent};
use crate::api::Answer;
use crate::company::Company;
use crate::custom_task_extensions::badge;

/// Every path there is, written with the ids of a company.
fn routes(company: &Company) -> Vec<String> {
    let api = &company.api;
    let tasks = api.all(&format!("{}/tasks", company.base));
    let reports = api.all(&format!("{}/taskReports", company.base));
    let result = company.result(1, 1);
    let run = format!("runs/{}", company.runs[1]);
    let task_results = api.all(&format!("{}/taskProcessingResults", company.path_of(1, 1)));
    let task_result = task_results[1]["id"].as_str().unwrap();
    let times = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";
    let (task, report) = (tasks[0]["id"].as_str().unwrap(), reports[0]["id"].as_str().unwrap());
    let first = |list: &str| api.all(list)[0]["id"].as_str().unwrap().to_owned();
    let (organization, audit) = (first("organization"), first("auditLogs/directoryAudits"));
    let made = api.post("applications", &serde_json::json!({ "displayName": "a" })).is(201);
    let application = made["id"].as_str().unwrap();
    let created = |path: &str, body: serde_json::Value| {
        api.post(path, &body).is(201)["id"].as_str().unwrap().to_owned()
    };
    let sku = created("subscribedSkus", serde_json::json!({ "skuPartNumber": "E3" }));
    let team = created("teams", serde_json::json!({ "displayName": "Crew" }));
    let links = [format!("users/{}", company.ann)];
    let agent = created(
        "servicePrincipals/microsoft.graph.agentIdentity",
        serde_json::json!({ "displayName": "Agent", "sponsors@odata.bind": links }),
    );
    let gone = api.person("gone", "IT", None, true);
    api.delete(&format!("users/{gone}")).is(204);
    let mut below = vec![String::new()];
    for name in [
        "activate",
        "createNewVersion",
        "clearQuarantine",
        "restore",
        "tenure.skipped",
        "tasks",
        "versions",
        "runs",
    ] {
        below.push(name.to_owned());
    }
    for name in [
        "versions/1",
        "versions/1/tasks",
        "versions/1/tasks/$count",
        "tasks/$count",
        "versions/$count",
        "runs/$count",
        "administrationScopeTargets",
        "versions/1/administrationScopeTargets/$count",
        "taskReports",
        "taskReports/$count",
    ] {
        below.push(name.to_owned());
    }
    below.extend([
        format!("tasks/{task}"),
        format!("versions/2/tasks/{task}"),
        format!("runs/summary{times}"),
    ]);
    below.extend([run.clone(), format!("{run}/reprocessedRuns"), format!("taskReports/summary{times}")]);
    below.extend(["", "/task", "/taskDefinition"].map(|part| format!("taskReports/{report}{part}")));
    for parent in [String::new(), format!("{run}/")] {
        let results = format!("{parent}userProcessingResults");
        below.extend([
            format!("{results}/$count"),
            format!("{results}/summary{times}"),
            format!("{results}/usersSummary{times}"),
        ]);
        for part in ["", "/$ref", "/subject", "/subject/$ref", "/reprocessedRuns", "/reprocessedRuns/$count"]
        {
            below.push(format!("{results}/{}{part}", company.reported[1]));
            below.push(format!("{results}/{result}{part}"));
        }
        below.push(format!("{results}/{result}/subject/{}/$ref", company.bob));
        below.push(results);
    }
    for parent in [
        run.clone(),
        format!("userProcessingResults/{result}"),
        format!("{run}/userProcessingResults/{result}"),
        format!("tasks/{task}"),
        format!("versions/1/tasks/{task}"),
        format!("taskReports/{report}"),
    ] {
        let parent = format!("{parent}/taskProcessingResults");
        below.extend(
            [
                "/$count".to_owned(),
                format!("/{task_result}"),
                format!("/{task_result}/task"),
                format!("/{task_result}/subject"),
            ]
            .map(|part| format!("{parent}{part}")),
        );
        if parent.contains("userProcessingResults") {
            below.push(format!("{parent}/{task_result}/task/taskProcessingResults"));
        }
        below.push(parent);
    }
    let base = &company.base;
    // What deleted workflows do not have, and others do not.
    below.retain(|below| match below.as_str() {
        "activate" | "createNewVersion" | "clearQuarantine" => !base.contains("deletedItems"),
        "restore" => base.contains("deletedItems"),
        _ => true,
    });
    let mut all: Vec<String> = below.iter().map(|below| format!("{base}/{below}")).collect();
    let extension = api.post("@/customTaskExtensions", &badge()).is(201)["id"].as_str().unwrap().to_owned();
    let (ann, staff) = (&company.ann, &company.staff);
    all.extend([
        "@/workflows".to_owned(),
        "@/workflows/$count".to_owned(),
        "@/deletedItems/workflows".to_owned(),
        "@/deletedItems/workflows/$count".to_owned(),
        "@/taskDefinitions".to_owned(),
        "@/taskDefinitions/$count".to_owned(),
        format!("@/taskDefinitions/{}", crate::company::ENABLE),
        "@/workflowTemplates".to_owned(),
        "@/workflowTemplates/$count".to_owned(),
        "@/workflowTemplates/77179007-8114-41b5-922e-2e22109df41f".to_owned(),
        "@/workflowTemplates/77179007-8114-41b5-922e-2e22109df41f/tasks".to_owned(),
        "@/customTaskExtensions".to_owned(),
        "@/customTaskExtensions/$count".to_owned(),
        format!("@/customTaskExtensions/{extension}"),
        format!("@/customTaskExtensions/{extension}/createdBy"),
        format!("@/customTaskExtensions/{extension}/lastModifiedBy/mailboxSettings"),
        format!("@/insights/topTasksProcessedSummary{times}"),
        format!("@/insights/topWorkflowsProcessedSummary{times}"),
        format!("@/insights/workflowsProcessedByCategory{times}"),
        format!("@/insights/workflowsProcessedSummary{times}"),
        "@".to_owned(),
        "@/insights".to_owned(),
        "@/deletedItems".to_owned(),
        "@/settings".to_owned(),
        "users".to_owned(),
        "users/$count".to_owned(),
        format!("users/{ann}"),
        format!("users/{ann}/manager"),
        format!("users/{ann}/manager/$ref"),
        format!("users/{ann}/memberOf"),
        format!("users/{ann}/memberOf/$count"),
        "groups".to_owned(),
        "groups/$count".to_owned(),
        "users/delta".to_owned(),
        "groups/delta()".to_owned(),
        "me".to_owned(),
        "organization".to_owned(),
        format!("organization/{organization}"),
        "applications".to_owned(),
        "applications/$count".to_owned(),
        format!("applications/{application}"),
        "auditLogs/directoryAudits".to_owned(),
        format!("auditLogs/directoryAudits/{audit}"),
        "directory/deletedItems".to_owned(),
        "directory/deletedItems/microsoft.graph.user".to_owned(),
        "directory/deletedItems/microsoft.graph.user/$count".to_owned(),
        "directory/deletedItems/microsoft.graph.group".to_owned(),
        "directory/deletedItems/microsoft.graph.group/$count".to_owned(),
        format!("directory/deletedItems/{gone}"),
        format!("directory/deletedItems/{gone}/microsoft.graph.user"),
        format!("directory/deletedItems/{gone}/restore"),
        format!("groups/{staff}"),
        format!("groups/{staff}/members"),
        format!("groups/{staff}/members/$count"),
        format!("groups/{staff}/members/$ref"),
        format!("groups/{staff}/members/{ann}/$ref"),
        "subscribedSkus".to_owned(),
        "subscribedSkus/$count".to_owned(),
        format!("subscribedSkus/{sku}"),
        format!("users/{ann}/assignLicense"),
        format!("users/{ann}/licenseDetails"),
        format!("users/{ann}/licenseDetails/$count"),
        format!("users/{ann}/sponsors"),
        format!("users/{ann}/sponsors/$count"),
        format!("users/{ann}/sponsors/$ref"),
        format!("users/{ann}/joinedTeams"),
        format!("users/{ann}/tenure.sponsoredAgents"),
        "teams".to_owned(),
        format!("teams/{team}"),
        format!("teams/{team}/members"),
        format!("teams/{team}/members/$count"),
        format!("groups/{staff}/team"),
        "servicePrincipals/microsoft.graph.agentIdentity".to_owned(),
        format!("servicePrincipals/{agent}"),
        format!("servicePrincipals/{agent}/sponsors"),
        format!("servicePrincipals/{agent}/sponsors/$count"),
        format!("servicePrincipals/{agent}/sponsors/$ref"),
        "tenure.status".to_owned(),
        "tenure.tokens".to_owned(),
        "tenure.advanceClock".to_owned(),
        "directory/tenure.import".to_owned(),
    ]);
    all
}

fn is_no_error_of_the_server(answer: Option<Answer>) -> Result<(), TestCaseError> {
    let Some(answer) = answer else { return Ok(()) };
    prop_assert!(answer.status < 500, "{answer:?}");
    if answer.status >= 400 {
        let error = &answer.body["error"];
        prop_assert!(error["code"].is_string() && error["message"].is_string(), "{answer:?}");
        prop_assert!(error["innerError"]["request-id"] == answer.header("request-id"), "{answer:?}");
    }
    Ok(())
}

/// A company whose workflow is there and one whose workflow is deleted, and what can be asked of each.
struct World {
    companies: [Company; 2],
    /// Which company, the method, the path.
    reads: Vec<(usize, String)>,
    writes: Vec<(usize, &'static str, String)>,
}

impl World {
    fn new() -> Self {
        let companies = [Company::new(), Company::deleted()];
        let (mut reads, mut writes) = (vec![], vec![]);
        for (which, company) in companies.iter().enumerate() {
            for path in routes(company) {
                // The 405 says what there is.
                let answer = company.api.ask("OPTIONS", &path).send();
                assert_eq!(answer.status, 405, "{path}");
                for method in answer.header("allow").split(", ") {
                    match method {
                        "GET" => reads.push((which, path.clone())),
                        // It takes no body, and what is restored is not deleted any more.
                        "POST" if path.ends_with("restore") => {}
                        "POST" => writes.push((which, "POST", path.clone())),
                        "PATCH" => writes.push((which, "PATCH", path.clone())),
                        "PUT" => writes.push((which, "PUT", path.clone())),
                        // What is deleted would leave little to ask for.
                        _ => assert_eq!(method, "DELETE"),
                    }
                }
            }
        }
        assert!(reads.len() > 150 && writes.len() > 50, "{} {}", reads.len(), writes.len());
        Self { companies, reads, writes }
    }
}

thread_local! {
    // Never dropped: a connection to a database cannot be closed while a thread ends.
    static WORLD: LazyCell<&'static World> = LazyCell::new(|| Box::leak(Box::new(World::new())));
}

const PIECES: &[&str] = &[
    "/",
    "users",
    "groups",
    "identityGovernance/lifecycleWorkflows",
    "workflows",
    "deletedItems",
    "taskDefinitions",
    "runs",
    "userProcessingResults",
    "summary(",
    "startDateTime=",
    "endDateTime",
    "2026-03-01T00:00:00Z",
    "(",
    ")",
    "('",
    "')",
    "'",
    "=",
    ",",
    "%2F",
    "%00",
    "%ff",
    "%",
    "+",
    "$count",
    "$ref",
    "microsoft.graph.identityGovernance.",
    "%C3%89",
    "a",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_query_on_any_route(route: prop::sample::Index, query in query()) {
        WORLD.with(|world| {
            let (which, path) = &world.reads[route.index(world.reads.len())];
            let ask = world.companies[*which].api.ask("GET", &format!("{path}?{query}"));
            is_no_error_of_the_server(ask.try_send())
        })?;
    }

    #[test]
    fn any_body_on_any_route(route: prop::sample::Index, sent in sent()) {
        WORLD.with(|world| {
            let (which, method, path) = &world.writes[route.index(world.writes.len())];
            is_no_error_of_the_server(world.companies[*which].api.ask(method, path).bytes(sent.to(path)).try_send())
        })?;
    }

    #[test]
    fn any_path(pieces in vec(prop::sample::select(PIECES), 0..12)) {
        WORLD.with(|world| {
            let api = &world.companies[0].api;
            let path = pieces.concat();
            for path in [format!("/{path}"), format!("/v1.0/{path}"), format!("@/workflows{path}")] {
                is_no_error_of_the_server(api.ask("GET", &path).try_send())?;
            }
            Ok::<(), TestCaseError>(())
        })?;
    }
}
