//! `$expand` with options inside, wherever there is something to spell out.

use serde_json::{Value as Json, json};

use tenure_lifecycle::limits::Profile;

use crate::api::{Api, ids};
use crate::company::{Company, on_demand, reported, scheduled, with};

fn names(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["displayName"].as_str().unwrap()).collect()
}

#[test]
fn tasks_of_workflows_and_versions_are_chosen_inside() {
    let company = Company::new();
    let api = &company.api;
    api.workflow(&on_demand("Second"));
    let inside =
        "tasks($filter=executionSequence gt 1;$orderby=displayName desc;$select=displayName;$count=true)";
    for path in
        [format!("{}/versions/1", company.base), format!("{}/versions/1", company.base.to_uppercase())]
    {
        let version = api.get(&format!("{path}?$expand={inside}")).is(200);
        assert_eq!(version["tasks"], json!([{ "displayName": "Welcome" }, { "displayName": "Staff" }]));
        assert_eq!(version["tasks@odata.count"], 2);
    }
    let workflow =
        api.get(&format!("{}?$expand=tasks($top=1;$select=displayName)&$select=id", company.base)).is(200);
    assert_eq!(workflow["tasks"], json!([{ "displayName": "Enable" }]));
    assert!(workflow.get("displayName").is_none());
    let page = api.get("@/workflows?$orderby=displayName&$expand=tasks($select=displayName;$skip=1),createdBy($select=id)").is(200);
    let tasks: Vec<_> = page["value"].as_array().unwrap().iter().map(|one| names(&one["tasks"])).collect();
    assert_eq!(tasks, [vec!["Welcome"], vec![]]);
    assert!(page["value"][0]["createdBy"]["id"].is_string());
}

#[test]
fn task_results_of_a_page_of_people_are_chosen_inside() {
    let company = Company::new();
    let api = &company.api;
    let list = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[1]);
    // ann completed all three; bob's mail failed and ended him.
    let ask = |inside: &str| {
        let page = api.get(&format!("{list}?$expand=taskProcessingResults({inside})&$select=id")).is(200);
        let people = page["value"].as_array().unwrap().clone();
        people
            .into_iter()
            .map(|person| person["taskProcessingResults"].as_array().unwrap().clone())
            .collect::<Vec<_>>()
    };
    let counts = |inside: &str| ask(inside).iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(counts(""), [3, 3]);
    assert_eq!(counts("$filter=processingStatus eq 'FAILED'"), [0, 1]);
    assert_eq!(counts("$filter=processingStatus ne 'completed';$top=1"), [0, 1]);
    assert_eq!(counts(&format!("$filter=subject eq {}", company.ann)), [3, 0]);
    assert_eq!(counts(&format!("$filter=subject/id in ('{}')", company.bob)), [0, 3]);
    let failed = &ask(
        "$filter=processingStatus eq 'failed';$expand=subject($select=displayName;$expand=manager),task($select=displayName);$select=id",
    )[1][0];
    assert_eq!(failed["task"], json!({ "displayName": "Welcome" }));
    assert_eq!(failed["subject"]["displayName"], "bob");
    assert_eq!(failed["subject"]["manager"], Json::Null);
    assert!(failed.get("processingStatus").is_none());
    let newest = ask("$orderby=startedDateTime desc,id;$top=2");
    assert!(newest.iter().all(|results| results.len() == 2));
    let page = api.get(&format!("{list}?$expand=taskProcessingResults($count=true;$top=1)")).is(200);
    assert_eq!(page["value"][0]["taskProcessingResults@odata.count"], 3);
    assert!(page["value"][0].get("taskProcessingResults@odata.nextLink").is_none());
}

#[test]
fn beyond_what_is_looked_at_a_link_leads_on_with_the_same_filter() {
    let company = Company::new();
    let api = &company.api;
    let path = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[0]);
    let id = &company.reported[0];
    for place in 0..130 {
        let status = if place % 2 == 0 { "completed" } else { "failed" };
        let body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": status });
        api.post(&format!("{path}/{id}/taskProcessingResults"), &body).is(201);
    }
    let expand = "taskProcessingResults($filter=processingStatus eq 'failed';$select=id)";
    let result = api.get(&format!("{path}/{id}?$expand={expand}")).is(200);
    let mut found = ids(result["taskProcessingResults"].as_array().unwrap()).len();
    assert_eq!(found, 50);
    let link = result["taskProcessingResults@odata.nextLink"].as_str().unwrap();
    let rest = api.get(crate::api::local(link)).is(200);
    found += ids(rest["value"].as_array().unwrap()).len();
    assert_eq!(found, 65);
    for whole in ["$orderby=id", "$count=true", "$skip=1"] {
        let path = format!("{path}/{id}?$expand=taskProcessingResults({whole})");
        api.get(&path).refused(400, whole.split('=').next().unwrap());
    }
    let fits = api.get(&format!("{path}?$expand=taskProcessingResults($top=100)")).is(200);
    assert!(
        fits["value"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one.get("taskProcessingResults@odata.nextLink").is_none())
    );
}

#[test]
fn later_members_are_hidden_inside_too() {
    let company = Company::with_limits(Profile::Strict.limits());
    let api = &company.api;
    let path = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[0]);
    let id = api.post(&path, &with(reported(), "processingStatus", json!("completed"))).is(201)["id"].clone();
    let path = format!("{path}/{}", id.as_str().unwrap());
    let body = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "quarantined" });
    api.post(&format!("{path}/taskProcessingResults"), &body).is(201);
    for (filter, fits) in
        [("eq 'quarantined'", true), ("eq 'unknownFutureValue'", true), ("eq 'failed'", false)]
    {
        let path = format!("{path}?$expand=taskProcessingResults($filter=processingStatus {filter})");
        let seen = api.get(&path).is(200);
        let expected = if fits { json!("unknownFutureValue") } else { Json::Null };
        assert_eq!(seen["taskProcessingResults"][0]["processingStatus"], expected, "{filter}");
    }
    let asked = api.ask("GET", &format!("{path}?$expand=taskProcessingResults"));
    let seen = asked.header("prefer", "include-unknown-enum-members").send().is(200);
    assert_eq!(seen["taskProcessingResults"][0]["processingStatus"], "quarantined");
}

#[test]
fn one_thing_takes_a_select_and_what_is_spelled_out_inside_it() {
    let api = Api::new();
    let [ann, bob] = ["ann", "bob"].map(|name| api.person(name, "Sales", None, true));
    api.ask("PUT", &format!("users/{ann}/manager/$ref"))
        .json(&json!({ "@odata.id": format!("https://x/v1.0/users/{bob}") }))
        .send()
        .is(204);
    let workflow = api.workflow(&on_demand("w"));
    api.activate(&workflow, &[&ann, &bob]);
    api.system.drain().unwrap();
    let results = format!("@/workflows/{workflow}/userProcessingResults");
    let page = api
        .get(&format!("{results}?$expand=subject($select=displayName;$expand=manager($select=displayName))"))
        .is(200);
    let names: Vec<_> = page["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["subject"]["displayName"].clone(), one["subject"]["manager"]["displayName"].clone()))
        .collect();
    assert_eq!(names, [(json!("ann"), json!("bob")), (json!("bob"), Json::Null)]);
    let people =
        api.get("users?$expand=manager($select=id)&$select=displayName&$orderby=displayName").is(200);
    assert_eq!(people["value"][0]["manager"]["id"], json!(bob));
    let reports = api
        .get(&format!(
            "@/workflows/{workflow}/taskReports?$expand=task($select=id),taskDefinition($select=id)"
        ))
        .is(200);
    assert_eq!(reports["value"][0]["task"].as_object().unwrap().len(), 1);
    assert_eq!(reports["value"][0]["taskDefinition"].as_object().unwrap().len(), 1);
    let runs = api
        .get(&format!("@/workflows/{workflow}/runs?$expand=reprocessedRuns($count=true;$top=5;$orderby=id)"))
        .is(200);
    assert_eq!(runs["value"][0]["reprocessedRuns@odata.count"], 0);
    for (path, named) in [
        ("users?$expand=manager($top=1)".to_owned(), "$top"),
        ("users?$expand=manager($expand=manager)".to_owned(), "'manager'"),
        ("users?$expand=manager($select=shoe)".to_owned(), "'shoe'"),
        (format!("{results}?$expand=subject($filter=id eq 'x')"), "$filter"),
        (format!("{results}?$expand=taskProcessingResults($filter=shoe eq 1)"), "'shoe'"),
        (format!("{results}?$expand=taskProcessingResults($expand=shoe)"), "'shoe'"),
        (format!("{results}?$expand=taskProcessingResults($levels=2)"), "$levels"),
        (format!("@/workflows/{workflow}/runs?$expand=reprocessedRuns($filter=shoe eq 1)"), "'shoe'"),
        ("@/workflows?$expand=tasks($orderby=shoe)".to_owned(), "'shoe'"),
    ] {
        api.get(&path).refused(400, named);
    }
}

#[test]
fn runs_that_repeat_another_are_chosen_inside() {
    let api = Api::with_limits(Profile::Strict.limits());
    let person = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&on_demand("w"));
    let path = format!("@/workflows/{workflow}");
    api.activate(&workflow, &[&person]);
    api.system.drain().unwrap();
    let runs = api.all(&format!("{path}/runs"));
    let first = runs[0]["id"].as_str().unwrap();
    for _ in 0..3 {
        let scope = json!({
            "@odata.type": "#microsoft.graph.identityGovernance.activateRunScope",
            "run": { "id": first }, "taskScope": "allTasks", "userScope": "allUsers",
        });
        api.post(&format!("{path}/activateWithScope"), &json!({ "scope": scope })).is(204);
        api.system.drain().unwrap();
    }
    let again = api.all(&format!("{path}/runs/{first}/reprocessedRuns"));
    assert_eq!(again.len(), 3);
    for (inside, expected) in [
        ("", 3),
        ("$filter=workflowExecutionType eq 'activatedWithScope'", 3),
        ("$filter=workflowExecutionType eq 'unknownFutureValue';$top=2", 2),
        ("$filter=workflowExecutionType eq 'onDemand'", 0),
        ("$orderby=scheduledDateTime desc;$skip=1;$count=true", 2),
    ] {
        for list in ["runs", "userProcessingResults"] {
            let list = api.get(&format!("{path}/{list}?$expand=reprocessedRuns({inside})")).is(200);
            let items = list["value"].as_array().unwrap();
            assert_eq!(items.len(), 4, "{inside}");
            // The oldest is the last; nobody has repeated the others.
            for (place, item) in items.iter().enumerate() {
                let found = item["reprocessedRuns"].as_array().unwrap();
                assert_eq!(found.len(), if place == 3 { expected } else { 0 }, "{inside}");
                assert!(found.iter().all(|run| run["workflowExecutionType"] == "unknownFutureValue"));
            }
        }
    }
}

#[test]
fn people_who_would_be_processed_are_chosen_by_what_is_not_shown_too() {
    let api = Api::new();
    let hired = Some("2026-03-01T00:00:00Z");
    let workflow = api.workflow(&scheduled("w", "department ne null"));
    for place in 0..6 {
        api.person(&format!("p{place}"), ["Sales", "IT"][place % 2], hired, true);
    }
    let path = format!("@/workflows/{workflow}");
    let inside = "$filter=department eq 'it';$orderby=displayName desc;$top=2;$count=true";
    let shown = api.get(&format!("{path}?$expand=previewScope({inside})")).is(200);
    assert_eq!(names(&shown["previewScope"]), ["p5", "p3"]);
    assert_eq!(shown["previewScope@odata.count"], 3);
    assert!(shown["previewScope"][0].get("department").is_none());
    let selected = api.get(&format!("{path}?$expand=previewScope($select=department;$top=1)")).is(200);
    assert_eq!(selected["previewScope"][0]["department"], "Sales");
    let list = format!("{path}/previewScope?$filter=department eq 'it'");
    assert_eq!(names(&json!(api.all(&list))), ["p1", "p3", "p5"]);
    assert_eq!(api.get(&list.replace('?', "/$count?")).is(200), "3");
    for place in 6..110 {
        api.person(&format!("p{place}"), "Sales", hired, true);
    }
    let many = api.get(&format!("{path}?$expand=previewScope($select=displayName)")).is(200);
    assert_eq!(names(&many["previewScope"]).len(), 100);
    let link = many["previewScope@odata.nextLink"].as_str().unwrap();
    let rest = api.get(crate::api::local(link)).is(200);
    assert_eq!(names(&rest["value"]).len(), 10);
    assert!(rest["value"][0].get("id").is_none());
    for whole in ["$filter=department eq 'IT'", "$count=true", "$orderby=displayName"] {
        let named = whole.split('=').next().unwrap();
        api.get(&format!("{path}?$expand=previewScope({whole})")).refused(400, named);
    }
}
