//! `…/workflows/{id}/executionScope` and `…/previewScope`

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::{Api, ids, local};
use crate::company::{on_demand, scheduled, with};

fn subjects(results: &[Json]) -> Vec<&str> {
    results.iter().map(|one| one["subject"]["id"].as_str().unwrap()).collect()
}

/// A workflow and people: one due now, one due and out of scope, one due too long ago, one due later.
fn company() -> (Api, String, Vec<String>) {
    let api = Api::new();
    let people: Vec<String> = [
        ("now", "Sales", "2026-03-01T07:00:00Z"),
        ("out", "IT", "2026-03-01T07:00:00Z"),
        ("late", "Sales", "2026-02-01T00:00:00Z"),
        ("later", "Sales", "2026-03-01T20:00:00Z"),
    ]
    .map(|(name, department, hire)| api.person(name, department, Some(hire), true))
    .into();
    let workflow = api.workflow(&scheduled("Joiners", "department eq 'Sales'"));
    (api, workflow, people)
}

#[test]
fn those_who_fit_are_listed_processed_or_not() {
    let (api, workflow, people) = company();
    let path = format!("@/workflows/{workflow}/executionScope");
    // The engine has not looked yet: no result, but who fits is known.
    let waiting = api.all(&path);
    assert_eq!(subjects(&waiting), [&people[0]]);
    assert_eq!(
        with(waiting[0].clone(), "id", Json::Null),
        json!({
            "id": null, "completedDateTime": null, "failedTasksCount": 0, "processingStatus": "queued",
            "scheduledDateTime": "2026-03-01T07:00:00Z", "startedDateTime": null, "totalTasksCount": 1,
            "totalUnprocessedTasksCount": 1, "workflowExecutionType": "scheduled", "workflowVersion": 1,
            "subject": { "id": people[0] },
        })
    );
    let id = waiting[0]["id"].as_str().unwrap();
    assert_eq!(api.get(&format!("{path}/{id}")).is(200)["subject"]["id"], json!(people[0]));
    api.get(&format!("@/workflows/{workflow}/userProcessingResults/{id}")).refused(404, id);
    api.system.advance("2026-03-01T21:00:00Z").unwrap();
    let processed = api.all(&path);
    assert_eq!(subjects(&processed), [&people[0], &people[3]], "by date");
    assert!(processed.iter().all(|one| one["processingStatus"] == "completed"));
    let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults"));
    for one in &processed {
        let id = one["id"].as_str().unwrap();
        assert!(ids(&results).contains(&id), "it is the result itself");
        assert_eq!(api.get(&format!("{path}/{id}")).is(200)["id"], id);
    }
    assert_eq!(api.get(&format!("{path}/$count")).is(200), "2");
    // Who does not fit any more is not in it, whatever has become of them.
    api.patch(&format!("users/{}", people[3]), &json!({ "department": "IT" })).is(204);
    assert_eq!(subjects(&api.all(&path)), [&people[0]]);
    api.get(&format!("{path}/{}", processed[1]["id"].as_str().unwrap())).refused(404, "");
    api.get(&format!("{path}/nonsense")).refused(404, "nonsense");
}

#[test]
fn results_of_the_scope_are_spelled_out_as_results_are() {
    let (api, workflow, people) = company();
    let scope = format!("@/workflows/{workflow}/executionScope");
    let spelled = "$expand=subject($select=id,displayName),taskProcessingResults,reprocessedRuns";
    let waiting = api.get(&format!("{scope}?{spelled}")).is(200)["value"][0].clone();
    assert_eq!(waiting["subject"]["displayName"], "now");
    assert_eq!((&waiting["taskProcessingResults"], &waiting["reprocessedRuns"]), (&json!([]), &json!([])));
    api.system.advance("2026-03-01T21:00:00Z").unwrap();
    for query in ["", "&$filter=processingStatus eq 'completed'&$orderby=scheduledDateTime"] {
        let listed = api.all(&format!("{scope}?{spelled}{query}"));
        let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults?{spelled}"));
        assert_eq!(subjects(&listed), [&people[0], &people[3]]);
        for one in &listed {
            assert!(results.contains(one) && one["taskProcessingResults"][0]["id"].is_string(), "{one}");
            let id = one["id"].as_str().unwrap();
            let got = api.get(&format!("{scope}/{id}?{spelled}")).is(200);
            assert_eq!(got["taskProcessingResults"], one["taskProcessingResults"]);
        }
    }
    api.get(&format!("{scope}?$expand=colour")).refused(400, "colour");
}

#[test]
fn pages_follow_each_other_and_options_work() {
    let api = Api::new();
    let people: Vec<String> = (0..7)
        .map(|number| api.person(&format!("p{number}"), "Sales", Some("2026-03-01T00:00:00Z"), true))
        .collect();
    let workflow = api.workflow(&scheduled("Joiners", "department eq 'Sales'"));
    for (list, of) in [("executionScope", true), ("previewScope", false)] {
        let path = format!("@/workflows/{workflow}/{list}");
        let all = api.all(&format!("{path}?$top=3"));
        let found: Vec<&str> = if of { subjects(&all) } else { ids(&all) };
        assert_eq!(found, people, "{list}");
        let page = api.get(&format!("{path}?$top=2&$count=true&$orderby=id desc")).is(200);
        assert_eq!((page["@odata.count"].as_i64(), page["value"].as_array().unwrap().len()), (Some(7), 2));
        let next = api.get(local(page["@odata.nextLink"].as_str().unwrap())).is(200);
        assert!(next["value"][0]["id"].as_str() < page["value"][1]["id"].as_str());
        api.get(&format!("{path}?$skiptoken=x")).refused(400, "$skiptoken");
        api.get(&format!("{path}?$filter=colour eq 1")).refused(400, "colour");
    }
    let filtered =
        api.get(&format!("@/workflows/{workflow}/previewScope?$filter=displayName eq 'p3'")).is(200);
    assert_eq!(ids(filtered["value"].as_array().unwrap()), [&people[3]]);
}

#[test]
fn who_would_be_processed_is_shown_for_workflows_that_are_not_scheduled_too() {
    let (api, workflow, people) = company();
    api.patch(&format!("@/workflows/{workflow}"), &json!({ "isSchedulingEnabled": false })).is(204);
    let path = format!("@/workflows/{workflow}");
    assert_eq!(api.get(&format!("{path}/executionScope")).is(200)["value"], json!([]));
    assert_eq!(api.get(&format!("{path}/executionScope/$count")).is(200), "0");
    let page = api.get(&format!("{path}/previewScope?$select=id,displayName")).is(200);
    assert_eq!(
        page["value"],
        json!([{ "@odata.type": "#microsoft.graph.user", "id": people[0], "displayName": "now", "@tenure.protected": false }])
    );
    assert_eq!(api.get(&format!("{path}/previewScope/$count")).is(200), "1");
    assert_eq!(api.get(&format!("{path}/previewScope/{}", people[0])).is(200)["displayName"], "now");
    api.get(&format!("{path}/previewScope/{}", people[1])).refused(404, &people[1]);
    let expanded = api.get(&format!("{path}?$expand=previewScope")).is(200);
    assert_eq!(ids(expanded["previewScope"].as_array().unwrap()), [&people[0]]);
    let selected = api.get(&format!("{path}?$select=id&$expand=previewScope")).is(200);
    assert_eq!(selected["previewScope"].as_array().unwrap().len(), 1);
    // As in Graph, whoever may read the workflow sees who it would be for; to see more of them takes more.
    let token = api.token(&["LifecycleWorkflows-Workflow.Read.All"]);
    let ask = |path: &str| api.ask("GET", path).token(&token).send();
    let bare = json!([{ "@odata.type": "#microsoft.graph.user", "id": people[0] }]);
    assert_eq!(ask(&format!("{path}/previewScope")).is(200)["value"], bare);
    assert_eq!(ask(&format!("{path}?$expand=previewScope")).is(200)["previewScope"], bare);
    assert_eq!(ask(&format!("{path}/previewScope/{}", people[0])).is(200).get("displayName"), None);
    for query in ["$filter=department eq 'Sales'", "$select=displayName", "$orderby=displayName"] {
        ask(&format!("{path}/previewScope?{query}")).refused(400, query.split(['=', ' ']).nth(1).unwrap());
        ask(&format!("{path}?$expand=previewScope({query})"))
            .refused(400, query.split(['=', ' ']).nth(1).unwrap());
    }
    let token = api.token(&["LifecycleWorkflows-Workflow.ReadBasic.All"]);
    api.ask("GET", &format!("{path}/previewScope")).token(&token).send().refused(403, "Workflow.Read.All");
    let on_demand = api.workflow(&on_demand("w"));
    assert_eq!(api.get(&format!("@/workflows/{on_demand}/previewScope")).is(200)["value"], json!([]));
}

#[test]
fn without_a_window_everybody_of_the_past_fits() {
    let api = Api::with_limits(Limits { catch_up_days: None, ..Limits::default() });
    let old = api.person("old", "Sales", Some("1999-01-01T00:00:00Z"), true);
    let workflow = api.workflow(&scheduled("Joiners", "department eq 'Sales'"));
    assert_eq!(ids(&api.all(&format!("@/workflows/{workflow}/previewScope"))), [&old]);
}
