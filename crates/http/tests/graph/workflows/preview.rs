//! `POST …/workflows/{id}/previewWorkflow` and `…/previewTaskFailures`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{ADD_TO_GROUPS, Company, ENABLE, WELCOME, on_demand};
use crate::dump::Dump;

const REMOVE_FROM_ALL: &str = "b3a31406-2a15-4c9a-b25b-a658fa5f07fc";

#[test]
fn a_preview_says_what_would_be_done_and_does_nothing() {
    let company = Company::new();
    let api = &company.api;
    api.system.drain().unwrap();
    let summary =
        "userProcessingResults/summary(startDateTime=2026-01-01T00:00:00Z,endDateTime=2027-01-01T00:00:00Z)";
    let summed = api.get(&format!("{}/{summary}", company.base)).is(200);
    let counted = api.get(&format!("{}/userProcessingResults/$count", company.base)).is(200);
    let mails = api.system.deliveries.mails().len();
    let users = api.all("users");
    let members = api.all(&format!("groups/{}/members", company.staff));
    let subjects = json!({ "subjects": [{ "@odata.type": "#microsoft.graph.user", "id": company.ann }, { "id": company.bob }] });
    api.post(&format!("{}/previewWorkflow", company.base), &subjects).is(204);
    api.system.drain().unwrap();
    let runs = api.get(&format!("{}/runs?$filter=workflowExecutionType eq 'preview'", company.base)).is(200);
    let run = &runs["value"][0];
    assert_eq!(
        (&run["processingStatus"], &run["totalUsersCount"]),
        (&json!("completedWithErrors"), &json!(2))
    );
    let path = format!("{}/runs/{}", company.base, run["id"].as_str().unwrap());
    let results = api.all(&format!("{path}/taskProcessingResults"));
    let said: Vec<(&str, &Json, &Json)> = results
        .iter()
        .map(|one| (one["processingStatus"].as_str().unwrap(), &one["processingInfo"], &one["failureReason"]))
        .collect();
    assert_eq!(
        said,
        [
            ("completed", &json!("the account is already enabled"), &Json::Null),
            ("completed", &json!("would send the mail 'Welcome, ann' to ann@example.com"), &Json::Null),
            ("completed", &json!("the account is already enabled"), &Json::Null),
            ("failed", &Json::Null, &json!("the user has no mail address")),
        ]
    );
    assert_eq!(api.system.deliveries.mails().len(), mails, "no mail went out");
    assert_eq!(api.all("users"), users);
    assert_eq!(api.all(&format!("groups/{}/members", company.staff)), members);
    assert_eq!(api.get(&format!("{}/{summary}", company.base)).is(200), summed, "nobody counts as processed");
    let counts = [counted, api.get(&format!("{}/userProcessingResults/$count", company.base)).is(200)]
        .map(|count| count.as_str().unwrap().parse::<i64>().unwrap());
    assert_eq!(counts[1], counts[0] + 2, "but the list has them");
    // There is nothing to repeat.
    let scope = json!({ "scope": { "@odata.type": "#x.activateRunScope", "taskScope": "allTasks",
        "userScope": "allUsers", "run": { "id": run["id"] } } });
    let before = Dump::of(api);
    api.post(&format!("{}/activateWithScope", company.base), &scope).refused(400, "preview");
    before.is_unchanged(api, "repeating a preview");
}

#[test]
fn later_tasks_of_a_preview_see_what_earlier_ones_would_have_done() {
    let api = Api::new();
    let group = api.group("Staff");
    let task = |name, definition, arguments| json!({"displayName": name, "taskDefinitionId": definition, "arguments": arguments});
    let groups = json!([{ "name": "groupID", "value": group }]);
    let mut body = on_demand("w");
    body["category"] = json!("leaver");
    body["isEnabled"] = json!(false);
    body["tasks"] = json!([task("In", ADD_TO_GROUPS, groups), task("Out", REMOVE_FROM_ALL, json!([]))]);
    let workflow = api.workflow(&body);
    let ann = api.person("ann", "IT", None, true);
    api.post(&format!("@/workflows/{workflow}/previewWorkflow"), &json!({ "subjects": [{ "id": ann }] }))
        .is(204);
    api.system.drain().unwrap();
    let run = api.all(&format!("@/workflows/{workflow}/runs")).remove(0);
    let results = api
        .all(&format!("@/workflows/{workflow}/runs/{}/taskProcessingResults", run["id"].as_str().unwrap()));
    let info: Vec<&str> = results.iter().map(|one| one["processingInfo"].as_str().unwrap()).collect();
    assert_eq!(
        info,
        ["would add the user to the group 'Staff'", "would remove the user from the group 'Staff'"]
    );
    assert!(api.all(&format!("groups/{group}/members")).is_empty());
}

#[test]
fn a_preview_for_nobody_is_refused() {
    let company = Company::new();
    let api = &company.api;
    let before = Dump::of(api);
    let path = format!("{}/previewWorkflow", company.base);
    for (body, named) in [
        (json!({}), "subjects"),
        (json!({ "subjects": [] }), "subjects"),
        (json!({ "subjects": [{ "id": "00000000-0000-4000-8000-000000000001" }] }), "subjects/0/id"),
        (json!({ "subjects": [{ "id": company.ann }], "colour": 1 }), "colour"),
    ] {
        api.post(&path, &body).refused(400, named);
    }
    before.is_unchanged(api, "a refused preview");
}

#[test]
fn tasks_that_would_fail_for_everybody_are_told() {
    let api = Api::new();
    let (staff, gone) = (api.group("Staff"), api.group("Gone"));
    let ann = api.person("ann", "IT", None, false);
    let task = |name, definition, arguments| json!({"displayName": name, "taskDefinitionId": definition, "arguments": arguments});
    let group = |id: &str| json!([{ "name": "groupID", "value": id }]);
    let mut body = on_demand("w");
    body["tasks"] = json!([
        task("Enable", ENABLE, json!([])),
        task("Fine", ADD_TO_GROUPS, group(&staff)),
        task("Broken", ADD_TO_GROUPS, group(&format!("{staff},{gone}"))),
        task("Copy", WELCOME, json!([{ "name": "cc", "value": ann }])),
        task("Own", WELCOME, json!([])),
    ]);
    let workflow = api.workflow(&body);
    api.delete(&format!("groups/{gone}")).is(204);
    let path = format!("@/workflows/{workflow}/previewTaskFailures");
    let answer = api.ask("POST", &path).send().is(200);
    let context = answer["@odata.context"].as_str().unwrap();
    assert!(
        context.ends_with("#Collection(microsoft.graph.identityGovernance.previewFailedTask)"),
        "{context}"
    );
    let tasks = api.get(&format!("@/workflows/{workflow}")).is(200)["tasks"].clone();
    assert_eq!(
        answer["value"],
        json!([
            {
                "definitionId": ADD_TO_GROUPS, "failureReason": format!("the group {gone} does not exist"),
                "name": "Broken", "taskId": tasks[2]["id"],
            },
            {
                "definitionId": WELCOME,
                "failureReason": "the user who should get a copy has no mail address",
                "name": "Copy", "taskId": tasks[3]["id"],
            },
        ])
    );
    let fine = api.workflow(&on_demand("fine"));
    let answer = api.ask("POST", &format!("@/workflows/{fine}/previewTaskFailures")).send().is(200);
    assert_eq!(answer["value"], json!([]));
    assert_eq!(ids(&api.all(&format!("@/workflows/{workflow}/runs"))).len(), 0);
}
