//! `/auditLogs/directoryAudits`

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{Company, on_demand};

const AUDITS: &str = "auditLogs/directoryAudits";

fn names(items: &[Json]) -> Vec<&str> {
    items.iter().map(|item| item["activityDisplayName"].as_str().unwrap()).collect()
}

#[test]
fn an_entry_says_who_did_what_to_whom() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    api.patch(&format!("users/{ann}"), &json!({ "department": "HR" })).is(204);
    let all = api.all(AUDITS);
    assert_eq!(names(&all)[..2], ["Update user", "Add user"]);
    let id = all[0]["id"].as_str().unwrap();
    let got = api.get(&format!("{AUDITS}/{id}")).is(200);
    assert!(got["@odata.context"].as_str().unwrap().ends_with("#auditLogs/directoryAudits/$entity"));
    let actor = &got["initiatedBy"]["app"]["servicePrincipalId"];
    assert!(actor.is_string());
    assert_eq!(
        all[0],
        json!({
            "id": id, "category": "UserManagement", "correlationId": null, "result": "success", "resultReason": "",
            "activityDisplayName": "Update user", "activityDateTime": crate::api::NOW,
            "loggedByService": "Core Directory", "operationType": "Update",
            "initiatedBy": { "user": null, "app": {
                "appId": null, "displayName": "test", "servicePrincipalId": actor, "servicePrincipalName": null } },
            "targetResources": [{
                "id": ann, "displayName": "ann", "type": "User", "userPrincipalName": "ann@example.com",
                "groupType": null,
                "modifiedProperties": [{ "displayName": "department", "oldValue": "\"IT\"", "newValue": "\"HR\"" }],
            }],
            "additionalDetails": [],
        })
    );
    for foreign in ["x", "1", "Directory_00000000-0000-0000-0000-000000000000_1", &format!("{id}9999")] {
        api.get(&format!("{AUDITS}/{foreign}")).refused(404, foreign);
    }
}

#[test]
fn what_a_run_did_belongs_to_its_workflow() {
    let company = Company::new();
    let api = &company.api;
    let all = api.all(&format!("{AUDITS}?$filter=loggedByService eq 'Lifecycle Workflows'"));
    let enabled = all.iter().find(|one| one["activityDisplayName"] == "Update user").unwrap();
    assert!(company.runs.iter().any(|run| enabled["correlationId"] == json!(run)));
    let details: Vec<&str> = enabled["additionalDetails"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["key"].as_str().unwrap())
        .collect();
    assert_eq!(details, ["runId", "userProcessingResultId", "taskProcessingResultId"]);
    assert_eq!(enabled["initiatedBy"]["app"]["displayName"], "Tenure");
    assert_eq!(
        enabled["targetResources"][0]["modifiedProperties"],
        json!([{ "displayName": "accountEnabled", "oldValue": "false", "newValue": "true" }])
    );
    let run = company.runs[1].as_str();
    let of_run = api.all(&format!("{AUDITS}?$filter=correlationId eq '{run}'"));
    assert!(!of_run.is_empty() && of_run.iter().all(|one| one["correlationId"] == json!(run)));
    let created = all.iter().find(|one| one["activityDisplayName"] == "Create workflow").unwrap();
    assert_eq!(
        (&created["targetResources"][0]["id"], &created["targetResources"][0]["displayName"]),
        (&json!(company.workflow), &json!("Joiners"))
    );
    assert_eq!(created["category"], "WorkflowManagement");
    let joined = all.iter().find(|one| one["activityDisplayName"] == "Add member to group").unwrap();
    assert_eq!(
        (&joined["targetResources"][0]["type"], &joined["targetResources"][1]["id"]),
        (&json!("User"), &json!(company.staff))
    );
}

#[test]
fn every_filter_finds_what_it_names_and_pages_end() {
    let company = Company::new();
    let api = &company.api;
    let all = api.all(&format!("{AUDITS}?$top=999"));
    let times: Vec<&str> = all.iter().map(|one| one["activityDateTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let by = |filter: &str| api.all(&format!("{AUDITS}?$top=3&$filter={filter}"));
    let expect = |filter: &str, fits: &dyn Fn(&Json) -> bool| {
        let expected: Vec<&Json> = all.iter().filter(|one| fits(one)).collect();
        assert!(!expected.is_empty(), "{filter}");
        assert_eq!(by(filter).iter().collect::<Vec<_>>(), expected, "{filter}");
    };
    let is = |one: &Json, name: &str, text: &str| one[name] == json!(text);
    let about = |one: &Json, id: &str| {
        one["targetResources"].as_array().unwrap().iter().any(|target| target["id"] == json!(id))
    };
    let time = |one: &Json| one["activityDateTime"].as_str().unwrap().to_owned();
    expect("category eq 'WorkflowManagement'", &|one| is(one, "category", "WorkflowManagement"));
    expect("activityDisplayName eq 'add USER'", &|one| is(one, "activityDisplayName", "Add user"));
    expect("startsWith(activityDisplayName,'Add')", &|one| {
        one["activityDisplayName"].as_str().unwrap().starts_with("Add")
    });
    expect("loggedByService eq 'Core Directory'", &|one| is(one, "loggedByService", "Core Directory"));
    expect("result eq 'success'", &|_| true);
    expect("operationType eq 'Assign'", &|one| is(one, "operationType", "Assign"));
    expect("activityDateTime ge 2026-03-02T00:00:00Z", &|one| time(one).as_str() >= "2026-03-02");
    expect("activityDateTime lt 2026-03-02T00:00:00Z and category eq 'UserManagement'", &|one| {
        time(one).as_str() < "2026-03-02" && is(one, "category", "UserManagement")
    });
    expect(&format!("activityDateTime eq {}", times[0]), &|one| time(one) == times[0]);
    expect(&format!("not (activityDateTime ge {})", times[0]), &|one| time(one) != times[0]);
    for id in [&company.ann, &company.staff, &company.workflow] {
        expect(&format!("targetResources/any(t:t/id eq '{id}')"), &|one| about(one, id));
    }
    expect(
        &format!("targetResources/any(x:x/id eq '{}' or x/id eq '{}')", company.ann, company.bob),
        &|one| about(one, &company.ann) || about(one, &company.bob),
    );
    expect("targetResources/any(t:t/userPrincipalName eq 'ANN@example.com')", &|one| {
        about(one, &company.ann)
    });
    let caller = all.iter().find_map(|one| one["initiatedBy"]["app"]["servicePrincipalId"].as_str()).unwrap();
    expect(&format!("initiatedBy/app/servicePrincipalId eq '{caller}'"), &|one| {
        one["initiatedBy"]["app"]["servicePrincipalId"] == json!(caller)
    });
    assert!(by(&format!("initiatedBy/user/id eq '{caller}'")).is_empty());
    assert!(by("targetResources/any(t:t/id eq '00000000-0000-0000-0000-000000000000')").is_empty());
    let mut backwards = all.clone();
    backwards.reverse();
    assert_eq!(api.all(&format!("{AUDITS}?$top=4&$orderby=activityDateTime asc")), backwards);
    assert_eq!(api.all(&format!("{AUDITS}?$top=4&$orderby=activityDateTime desc")), all);
    let mut sorted = names(&all);
    sorted.sort_by_key(|name| name.to_lowercase());
    let ordered = api.all(&format!("{AUDITS}?$top=4&$orderby=activityDisplayName"));
    assert_eq!(names(&ordered), sorted);
    assert_eq!(ids(&all).into_iter().collect::<BTreeSet<_>>().len(), all.len());
    for (option, named) in [
        ("$filter=targetResources/any(t:t/displayName eq 'x')", "targetResources/displayName"),
        ("$filter=targetResources/any()", "targetResources"),
        ("$filter=targetResources/any(t:not (t/id eq 'x'))", "targetResources"),
        ("$filter=resultReason eq 'x'", "resultReason"),
        ("$filter=initiatedBy/user/id gt 'x'", "initiatedBy/user/id"),
        ("$orderby=category", "category"),
        ("$search=x", "$search"),
        ("$expand=x", "$expand"),
        ("$select=x", "$select"),
    ] {
        api.get(&format!("{AUDITS}?{option}")).refused(400, named);
    }
}

#[test]
fn entries_that_come_meanwhile_do_not_disturb_the_pages() {
    let company = Company::new();
    let api = &company.api;
    let expected = api.all(&format!("{AUDITS}?$top=999"));
    let mut found = vec![];
    let mut next = Some(format!("{AUDITS}?$top=5"));
    while let Some(path) = next {
        let page = api.get(&path).is(200);
        found.extend(page["value"].as_array().unwrap().iter().cloned());
        next = page["@odata.nextLink"].as_str().map(|link| crate::api::local(link).to_owned());
        api.patch(&format!("users/{}", company.ann), &json!({ "city": format!("City {}", found.len()) }))
            .is(204);
    }
    assert_eq!(ids(&found), ids(&expected));
}

#[test]
fn what_was_erased_stays_erased() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    api.patch(&format!("users/{ann}"), &json!({ "department": "HR" })).is(204);
    api.system.tamper("DELETE FROM audit_values").unwrap();
    let entry = &api.all(AUDITS)[0];
    assert_eq!(
        entry["targetResources"][0]["modifiedProperties"],
        json!([{ "displayName": "department", "oldValue": null, "newValue": null }])
    );
    api.delete(&format!("users/{ann}")).is(204);
    api.delete(&format!("directory/deletedItems/{ann}")).is(204);
    let entry = &api.all(AUDITS)[0];
    assert_eq!(entry["activityDisplayName"], "Hard Delete user");
    assert_eq!(
        (&entry["targetResources"][0]["id"], &entry["targetResources"][0]["displayName"]),
        (&json!(ann), &Json::Null)
    );
}

#[test]
fn texts_of_workflows_and_tasks_are_kept_as_they_were() {
    let api = Api::new();
    let workflow = api.workflow(&on_demand("w"));
    let path = format!("@/workflows/{workflow}");
    let task = api.all(&format!("{path}/tasks"))[0].clone();
    let (id, name) = (task["id"].as_str().unwrap(), task["displayName"].to_string());
    api.patch(&path, &json!({ "displayName": "v", "description": "why" })).is(204);
    api.patch(&path, &json!({ "displayName": "v" })).is(204);
    api.patch(&format!("{path}/tasks/{id}"), &json!({ "displayName": "open" })).is(204);
    let all = api.all(&format!("{AUDITS}?$filter=category ne 'TokenManagement'"));
    assert_eq!(names(&all)[..3], ["Update task", "Update workflow", "Create workflow"]);
    let changed = |place: usize| all[place]["targetResources"][0]["modifiedProperties"].clone();
    assert_eq!(
        changed(0),
        json!([{ "displayName": format!("tasks('{id}')/displayName"), "oldValue": name, "newValue": "\"open\"" }])
    );
    assert_eq!(
        changed(1),
        json!([
            { "displayName": "displayName", "oldValue": "\"w\"", "newValue": "\"v\"" },
            { "displayName": "description", "oldValue": "\"made by a test\"", "newValue": "\"why\"" },
        ])
    );
}

#[test]
fn a_manager_is_named_by_id() {
    let api = Api::new();
    let (ann, bob) = (api.person("ann", "IT", None, true), api.person("bob", "IT", None, true));
    let link = json!({ "@odata.id": format!("https://x/users/{bob}") });
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link).send().is(204);
    api.delete(&format!("users/{ann}/manager/$ref")).is(204);
    let all = api.all(&format!("{AUDITS}?$filter=activityDisplayName eq 'Set user manager'"));
    let property = |one: &Json| one["targetResources"][0]["modifiedProperties"][0].clone();
    let id = format!("\"{bob}\"");
    assert_eq!(property(&all[0]), json!({ "displayName": "manager", "oldValue": id, "newValue": null }));
    assert_eq!(property(&all[1]), json!({ "displayName": "manager", "oldValue": null, "newValue": id }));
}
