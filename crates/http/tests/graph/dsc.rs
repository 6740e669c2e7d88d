//! What Microsoft365DSC sends, in its order and spelling: filters and keys in PascalCase, a new version for each update, and
//! applications as plain ids; then what it reads back.

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};
use crate::company::{ENABLE, WELCOME};

const BETA: &str = "/beta/identityGovernance/lifecycleWorkflows";
const NAME: &str = "Onboard pre-hire employee";

fn task(name: &str, definition: &str, sequence: i64, arguments: &Json) -> Json {
    json!({
        "DisplayName": name, "Description": "by configuration", "Category": "joiner,leaver,mover", "IsEnabled": true,
        "ExecutionSequence": sequence, "ContinueOnError": true, "TaskDefinitionId": definition,
        "Arguments": arguments,
    })
}

fn workflow(description: &str, offset: i64) -> Json {
    json!({
        "DisplayName": NAME, "Description": description, "Category": "joiner", "IsEnabled": true,
        "IsSchedulingEnabled": false,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
            "Scope": {
                "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                "Rule": "(not (country eq 'America'))",
            },
            "Trigger": {
                "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                "OffsetInDays": offset, "TimeBasedAttribute": "employeeHireDate",
            },
        },
        "Tasks": [
            task("Enable", ENABLE, 1, &json!([])),
            task("Welcome", WELCOME, 2, &json!([{ "Name": "customSubject", "Value": "Hello" }])),
        ],
    })
}

/// The one of that name, as it is looked for before anything is done.
fn found(api: &Api, list: &str, name: &str) -> Option<Json> {
    let page = api.get(&format!("{BETA}/{list}?$filter=DisplayName eq '{name}'")).is(200);
    let id = page["value"].get(0)?["id"].as_str()?.to_owned();
    Some(api.get(&format!("{BETA}/{list}/{id}")).is(200))
}

#[test]
fn a_workflow_is_made_changed_read_back_and_removed() {
    let api = Api::new();
    assert!(found(&api, "workflows", NAME).is_none());
    api.post(&format!("{BETA}/workflows"), &workflow("first", -7)).is(201);
    let made = found(&api, "workflows", NAME).unwrap();
    let id = made["id"].as_str().unwrap();

    let new_version = format!("{BETA}/workflows/{id}/microsoft.graph.identityGovernance.createNewVersion");
    api.post(&new_version, &json!({ "workflow": workflow("second", -5) })).is(200);
    let changed = found(&api, "workflows", NAME).unwrap();
    assert_eq!(
        (&changed["id"], &changed["version"], &changed["description"]),
        (&made["id"], &json!(2), &json!("second"))
    );
    assert_eq!(
        changed["executionConditions"],
        json!({
            "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
            "scope": {
                "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                "rule": "(not (country eq 'America'))",
            },
            "trigger": {
                "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                "timeBasedAttribute": "employeeHireDate", "offsetInDays": -5,
            },
        })
    );
    let tasks = api.all(&format!("{BETA}/workflows/{id}/tasks"));
    let read: Vec<Json> = tasks
        .iter()
        .map(|task| {
            json!({
                "DisplayName": task["displayName"], "IsEnabled": task["isEnabled"],
                "ContinueOnError": task["continueOnError"], "ExecutionSequence": task["executionSequence"],
                "TaskDefinitionId": task["taskDefinitionId"], "Arguments": task["arguments"],
                "Description": task["description"],
            })
        })
        .collect();
    assert_eq!(
        json!(read),
        json!([
            {
                "DisplayName": "Enable", "IsEnabled": true, "ContinueOnError": true, "ExecutionSequence": 1,
                "TaskDefinitionId": ENABLE, "Arguments": [], "Description": "by configuration",
            },
            {
                "DisplayName": "Welcome", "IsEnabled": true, "ContinueOnError": true, "ExecutionSequence": 2,
                "TaskDefinitionId": WELCOME, "Arguments": [{ "name": "customSubject", "value": "Hello" }],
                "Description": "by configuration",
            },
        ])
    );
    api.delete(&format!("{BETA}/workflows/{id}")).is(204);
    assert!(found(&api, "workflows", NAME).is_none());
}

#[test]
fn an_extension_names_its_applications_by_plain_ids() {
    let api = Api::new();
    let name = "Badge system";
    assert!(found(&api, "customTaskExtensions", name).is_none());
    api.post("/v1.0/applications", &json!({ "displayName": "Badge caller" })).is(201);
    let apps = api.get("/v1.0/applications?$filter=DisplayName eq 'Badge caller'").is(200);
    let app = apps["value"][0]["id"].clone();
    let extension = |description: &str| {
        json!({
            "displayName": name, "description": description,
            "endpointConfiguration": {
                "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
                "subscriptionId": "11112222-3333-4444-5555-666677778888", "resourceGroupName": "rg",
                "logicAppWorkflowName": "badge", "url": null,
            },
            "clientConfiguration": {
                "@odata.type": "#microsoft.graph.customExtensionClientConfiguration",
                "maximumRetries": 1, "timeoutInMilliseconds": 1000,
            },
            "authenticationConfiguration": { "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" },
            "callbackConfiguration": {
                "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
                "timeoutDuration": "PT34M", "authorizedApps": [app],
            },
        })
    };
    api.post(&format!("{BETA}/customTaskExtensions"), &extension("first")).is(201);
    let made = found(&api, "customTaskExtensions", name).unwrap();
    let path = format!("{BETA}/customTaskExtensions/{}", made["id"].as_str().unwrap());
    api.patch(&path, &extension("second")).is(204);
    let read = found(&api, "customTaskExtensions", name).unwrap();
    assert_eq!(read["description"], "second");
    assert_eq!(read["callbackConfiguration"]["timeoutDuration"], "PT34M");
    assert_eq!(read["callbackConfiguration"]["authorizedApps"], json!([{ "id": app }]));
    assert_eq!(read["endpointConfiguration"]["logicAppWorkflowName"], "badge");
    assert_eq!(read["clientConfiguration"]["maximumRetries"], 1);
    api.delete(&path).is(204);
    assert!(ids(&api.all(&format!("{BETA}/customTaskExtensions"))).is_empty());
}

#[test]
fn the_settings_are_written_as_a_whole() {
    let api = Api::new();
    let settings = json!({
        "WorkflowScheduleIntervalInHours": 10,
        "EmailSettings": { "SenderDomain": "contoso.example", "UseCompanyBranding": true },
    });
    api.patch(&format!("{BETA}/settings"), &settings).is(204);
    let read = api.get(&format!("{BETA}/settings")).is(200);
    assert_eq!(read["workflowScheduleIntervalInHours"], 10);
    assert_eq!(
        read["emailSettings"],
        json!({ "senderDomain": "contoso.example", "useCompanyBranding": true })
    );
}
