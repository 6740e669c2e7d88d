//! `POST …/workflows/{id}/activateWithScope`, and `reprocessedRuns`

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::{Api, ids};
use crate::company::{Company, on_demand};
use crate::dump::Dump;

fn scope(kind: &str, more: Json) -> Json {
    let mut scope = json!({ "@odata.type": format!("#microsoft.graph.identityGovernance.{kind}") });
    scope.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "scope": scope })
}

/// The newest run of a company's workflow.
fn newest(company: &Company) -> Json {
    company.api.all(&format!("{}/runs", company.base)).remove(0)
}

fn subjects(company: &Company, run: &Json) -> Vec<String> {
    let path = format!("{}/runs/{}/userProcessingResults", company.base, run["id"].as_str().unwrap());
    let subject = |result: Json| result["subject"]["id"].as_str().unwrap().to_owned();
    company.api.all(&path).into_iter().map(subject).collect()
}

#[test]
fn users_and_groups_are_run_for() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/activateWithScope", company.base);
    let users = json!({ "users": [{ "id": company.bob }, { "id": company.dee }, { "id": company.bob }] });
    api.post(&path, &scope("activateUserScope", users)).is(204);
    let run = newest(&company);
    assert_eq!(subjects(&company, &run), [company.bob.clone(), company.dee.clone()]);
    assert_eq!(run["workflowExecutionType"], "activatedWithScope");
    assert_eq!(
        run["activatedOnScope"],
        json!({ "@odata.type": "#microsoft.graph.identityGovernance.activateUserScope" })
    );
    // As the parameter table of Graph's page has it, in lower case as its example has it.
    let lower = path.replace("activateWithScope", "activatewithscope");
    api.post(&lower, &json!({ "subjects": [{ "id": company.eve }] })).is(204);
    assert_eq!(subjects(&company, &newest(&company)), [company.eve.as_str()]);
    // The type without its leading #, as one of Graph's examples writes it.
    let mut group = scope("activateGroupScope", json!({ "group": { "id": company.staff } }));
    group["scope"]["@odata.type"] = json!("microsoft.graph.identityGovernance.activateGroupScope");
    api.post(&path, &group).is(204);
    let members: Vec<Json> = api.all(&format!("groups/{}/members?$select=id", company.staff));
    assert!(!members.is_empty());
    let run = newest(&company);
    let mut expected = ids(&members).into_iter().map(str::to_owned).collect::<Vec<_>>();
    expected.sort();
    let mut found = subjects(&company, &run);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn only_what_failed_is_run_again_for_those_for_whom_it_did() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/activateWithScope", company.base);
    // Run 1: ann completed, bob failed at his welcome, so the third task was not reached.
    let failed =
        json!({ "taskScope": "failedTasks", "userScope": "FailedUsers", "run": { "id": company.runs[1] } });
    api.post(&path, &scope("activateRunScope", failed)).is(204);
    let run = newest(&company);
    let id = run["id"].as_str().unwrap();
    assert_eq!(subjects(&company, &run), [company.bob.as_str()]);
    assert_eq!((&run["totalUsersCount"], &run["totalTasksCount"]), (&json!(1), &json!(2)));
    assert_eq!(
        run["activatedOnScope"],
        json!({
            "@odata.type": "#microsoft.graph.identityGovernance.activateRunScope",
            "taskScope": "failedTasks", "userScope": "failedUsers",
        })
    );
    let tasks = |state: &str| -> Vec<String> {
        let results = api.all(&format!("{}/runs/{id}/taskProcessingResults", company.base));
        assert!(results.iter().all(|one| one["processingStatus"] == state), "{results:?}");
        results.iter().map(|one| one["task"]["displayName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(tasks("queued"), ["Welcome", "Staff"], "the version that failed has them");
    let results = format!("{}/runs/{id}/userProcessingResults?$expand=taskProcessingResults", company.base);
    let expanded = api.get(&results).is(200)["value"][0]["taskProcessingResults"].clone();
    let names: Vec<&Json> =
        expanded.as_array().unwrap().iter().map(|one| &one["task"]["displayName"]).collect();
    assert_eq!(names, ["Welcome", "Staff"]);
    api.patch(&format!("users/{}", company.bob), &json!({ "mail": "bob@example.com" })).is(204);
    api.system.drain().unwrap();
    assert_eq!(tasks("completed"), ["Welcome", "Staff"]);
    let run = api.get(&format!("{}/runs/{id}", company.base)).is(200);
    assert_eq!((&run["processingStatus"], &run["successfulUsersCount"]), (&json!("completed"), &json!(1)));
    let staff = api.all(&format!("groups/{}/members?$select=id", company.staff));
    assert!(ids(&staff).contains(&company.bob.as_str()));
    // Each task's report counts those it is for.
    let reports = api.all(&format!("{}/taskReports?$filter=runId eq '{id}'", company.base));
    let totals: Vec<&Json> = reports.iter().map(|report| &report["totalUsersCount"]).collect();
    assert_eq!(totals, [0, 1, 1].map(|count| json!(count)).iter().collect::<Vec<_>>());

    // The run that was repeated, and each of the results it was repeated for, say so.
    let of = format!("{}/runs/{}", company.base, company.runs[1]);
    assert_eq!(ids(&api.all(&format!("{of}/reprocessedRuns"))), [id]);
    assert_eq!(api.get(&format!("{of}/reprocessedRuns/$count")).is(200), "1");
    assert_eq!(api.get(&format!("{of}/reprocessedRuns/{id}")).is(200)["id"], id);
    api.get(&format!("{of}/reprocessedRuns/{}", company.runs[0])).refused(404, &company.runs[0]);
    assert_eq!(
        ids(api.get(&format!("{of}?$expand=reprocessedRuns")).is(200)["reprocessedRuns"].as_array().unwrap()),
        [id]
    );
    let (ann, bob) = (company.path_of(1, 0), company.path_of(1, 1));
    assert_eq!(ids(&api.all(&format!("{bob}/reprocessedRuns"))), [id]);
    assert_eq!(api.get(&format!("{bob}/reprocessedRuns/{id}")).is(200)["id"], id);
    assert!(api.all(&format!("{ann}/reprocessedRuns")).is_empty());
    api.get(&format!("{ann}/reprocessedRuns/{id}")).refused(404, id);
    let page = api.get(&format!("{of}/userProcessingResults?$expand=reprocessedRuns")).is(200);
    let repeats: Vec<usize> = page["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reprocessedRuns"].as_array().unwrap().len())
        .collect();
    assert_eq!(repeats, [0, 1]);
}

#[test]
fn results_are_run_again_with_all_tasks_of_the_present_version() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/activateWithScope", company.base);
    let results = json!([{ "id": company.result(1, 1) }, { "id": company.result(0, 1) }]);
    let again = json!({ "taskScope": "allTasks", "processingResults": results });
    api.post(&path, &scope("activateProcessingResultScope", again)).is(204);
    let run = newest(&company);
    assert_eq!(subjects(&company, &run), [company.bob.clone(), company.eve.clone()]);
    assert_eq!(run["totalTasksCount"], 4, "version 2 has two tasks");
    for of in [0, 1] {
        let path = format!("{}/runs/{}/reprocessedRuns", company.base, company.runs[of]);
        assert_eq!(ids(&api.all(&path)), [run["id"].as_str().unwrap()]);
    }
    // Only the results that were named are repeated.
    for (run, place, repeated) in [(1, 1, true), (1, 0, false), (0, 1, true), (0, 0, false)] {
        let path = format!("{}/reprocessedRuns/$count", company.path_of(run, place));
        assert_eq!(api.get(&path).is(200), if repeated { "1" } else { "0" }, "run {run}, place {place}");
    }
    // Everybody, all tasks.
    let all = json!({ "taskScope": "allTasks", "userScope": "allUsers", "run": { "id": company.runs[3] } });
    api.post(&path, &scope("activateRunScope", all)).is(204);
    assert_eq!(subjects(&company, &newest(&company)), [company.dee.clone(), company.eve.clone()]);
}

#[test]
fn what_cannot_be_run_again_is_refused_by_name_and_nothing_is_changed() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/activateWithScope", company.base);
    let gone = "00000000-0000-4000-8000-000000000001";
    let before = Dump::of(api);
    let run = |id: &str, tasks: &str, users: &str| {
        scope("activateRunScope", json!({ "run": { "id": id }, "taskScope": tasks, "userScope": users }))
    };
    let results = |ids: &[&str], tasks: &str| {
        let results: Vec<Json> = ids.iter().map(|id| json!({ "id": id })).collect();
        scope("activateProcessingResultScope", json!({ "taskScope": tasks, "processingResults": results }))
    };
    let (one, other) = (company.result(1, 1), company.result(3, 1));
    for (body, status, named) in [
        (json!({}), 400, "scope"),
        (json!({ "scope": {} }), 400, "scope/@odata.type"),
        (scope("activateEverybody", json!({})), 400, "scope/@odata.type"),
        (scope("activateUserScope", json!({})), 400, "scope/users"),
        (scope("activateUserScope", json!({ "users": [] })), 400, "scope/users"),
        (scope("activateUserScope", json!({ "users": [{ "id": gone }] })), 406, "scope/users/0/id"),
        (scope("activateUserScope", json!({ "users": [], "colour": 1 })), 400, "scope/colour"),
        (scope("activateGroupScope", json!({})), 400, "scope/group"),
        (scope("activateGroupScope", json!({ "group": { "id": gone } })), 400, "scope/group/id"),
        (run(gone, "allTasks", "allUsers"), 400, "scope/run/id"),
        (run(&one, "allTasks", "allUsers"), 400, "scope/run/id"),
        (run(&company.runs[1], "someTasks", "allUsers"), 400, "scope/taskScope"),
        (run(&company.runs[1], "allTasks", "nobody"), 400, "scope/userScope"),
        (run(&company.runs[4], "allTasks", "allUsers"), 409, "not finished"),
        (run(&company.runs[2], "failedTasks", "failedUsers"), 400, "scope/run"),
        (run(&company.runs[2], "failedTasks", "allUsers"), 400, "scope/run"),
        (results(&[], "allTasks"), 400, "scope/processingResults"),
        (results(&[gone], "allTasks"), 400, "scope/processingResults/0/id"),
        (results(&[&company.reported[0]], "allTasks"), 400, "scope/processingResults/0"),
        (results(&[&one, &other], "failedTasks"), 400, "scope/processingResults/1"),
        (results(&[&company.result(4, 0)], "allTasks"), 409, "scope/processingResults/0"),
    ] {
        api.post(&path, &body).refused(status, named);
    }
    before.is_unchanged(api, "a refused activateWithScope");
}

#[test]
fn a_group_may_hold_only_so_many() {
    let api = Api::with_limits(Limits { subjects_per_scope: 1, ..Limits::default() });
    let workflow = api.workflow(&on_demand("w"));
    let group = api.group("Staff");
    let path = format!("@/workflows/{workflow}/activateWithScope");
    let body = scope("activateGroupScope", json!({ "group": { "id": group } }));
    api.post(&path, &body).refused(400, "scope/group");
    for name in ["a", "b"] {
        let id = api.person(name, "IT", None, true);
        let link = json!({ "@odata.id": format!("https://host/v1.0/users/{id}") });
        api.post(&format!("groups/{group}/members/$ref"), &link).is(204);
    }
    api.post(&path, &body).refused(400, "more than 1");
    api.patch(&format!("@/workflows/{workflow}"), &json!({ "isEnabled": false })).is(204);
    api.post(&path, &body).refused(400, "isEnabled");
}
