//! `…/workflowTemplates`

use serde_json::{Value as Json, json};

use crate::api::{Api, ids};

const ONBOARD: &str = "4e06785d-7c1d-4b24-b9e1-bba2b890c58b";
const PATHS: [&str; 2] = [
    "/v1.0/identityGovernance/lifecycleWorkflows/workflowTemplates",
    "/beta/identityGovernance/lifecycleWorkflows/workflowTemplates",
];

#[test]
fn templates_are_listed_with_their_tasks_and_conditions() {
    let api = Api::new();
    for path in PATHS {
        let all = api.all(path);
        assert_eq!(all.len(), 15);
        assert_eq!(api.get(&format!("{path}/$count")).is(200), "15");
        for template in &all {
            assert!(!template["tasks"].as_array().unwrap().is_empty(), "{template}");
            assert!(template["executionConditions"]["@odata.type"].is_string(), "{template}");
            assert!(template["tasks@odata.context"].as_str().unwrap().ends_with("/tasks"), "{template}");
            let got = api.get(&format!("{path}/{}", template["id"].as_str().unwrap())).is(200);
            assert_eq!(got["tasks"], template["tasks"]);
        }
        let leavers =
            api.all(&format!("{path}?$filter=category eq 'leaver'&$orderby=displayName desc&$top=2"));
        assert_eq!(leavers.len(), 8);
        assert_eq!(leavers[0]["displayName"], "Unsponsored guest cleanup (preview)");
        assert_eq!(api.get(&format!("{path}/$count?$filter=category eq 'mover'")).is(200), "4");
        let found = api.all(&format!("{path}?$search=%22onboard%22&$select=displayName"));
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].as_object().unwrap().len(), 1);
        for missing in ["nonsense", "00000000-0000-4000-8000-0000000000ff"] {
            api.get(&format!("{path}/{missing}")).refused(404, missing);
        }
        api.post(path, &json!({})).refused(405, "GET");
        api.delete(&format!("{path}/{ONBOARD}")).refused(405, "GET");
    }
}

#[test]
fn a_template_is_as_graph_publishes_it() {
    let api = Api::new();
    let mut template = api.get(&format!("@/workflowTemplates/{ONBOARD}")).is(200);
    let context = template.as_object_mut().unwrap().shift_remove("@odata.context").unwrap();
    let path = "http://localhost/v1.0/$metadata#identityGovernance/lifecycleWorkflows/workflowTemplates";
    assert_eq!(context, format!("{path}/$entity"));
    let task = |id: &str,
                place: i64,
                name: &str,
                about: &str,
                category: &str,
                definition: &str,
                arguments: Json| {
        json!({
            "id": id, "category": category, "continueOnError": false, "description": about, "displayName": name,
            "executionSequence": place, "isEnabled": true, "taskDefinitionId": definition, "arguments": arguments,
        })
    };
    assert_eq!(
        template,
        json!({
            "id": ONBOARD,
            "category": "joiner",
            "description": "Work on the first day.",
            "displayName": "Onboard new hire employee",
            "executionConditions": {
                "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
                "scope": {
                    "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                    "rule": "department eq 'Marketing'",
                },
                "trigger": {
                    "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                    "timeBasedAttribute": "employeeHireDate",
                    "offsetInDays": 0,
                },
            },
            "tasks@odata.context": format!("{path}('{ONBOARD}')/tasks"),
            "tasks": [
                task("e18f3208-311c-46a3-a27b-d9c15cd595bc", 1, "Enable user account",
                    "Allows sign-in for the user.", "joiner,leaver", "6fc52c9d-398b-4305-9763-15f42c1676fc", json!([])),
                task("e9551045-4302-499f-9108-60b9e23c067a", 2, "Send welcome email",
                    "Mails a welcome text to the new employee.", "joiner", "70b29d51-b59a-4773-9280-8841dfd3f2ea",
                    json!([])),
                task("560acd0c-321e-4e7e-9f31-ff8899c55878", 3, "Add user to groups",
                    "Puts the user into the groups named.", "joiner,leaver,mover",
                    "22085229-5809-45e8-97fd-270d28d66910", json!([{ "name": "groupID", "value": "" }])),
            ],
        })
    );
}

#[test]
fn each_kind_of_trigger_is_shown() {
    let api = Api::new();
    let templates = api.all("@/workflowTemplates");
    let trigger = |name: &str| {
        let template = templates.iter().find(|template| template["displayName"] == name).unwrap();
        let mut trigger = template["executionConditions"]["trigger"].clone();
        trigger.as_object_mut().unwrap().shift_remove("@odata.type");
        trigger
    };
    assert_eq!(trigger("Employee group membership changes"), json!({ "changeType": "add" }));
    assert_eq!(
        trigger("Employee job profile change"),
        json!({ "triggerAttributes": [{ "name": "department" }] })
    );
    assert_eq!(trigger("Offboard inactive users"), json!({ "inactivityPeriodInDays": 120 }));
    assert_eq!(trigger("Unsponsored guest cleanup (preview)"), json!({ "minimumRequiredSponsors": 0 }));
    let on_demand: Vec<&Json> = templates
        .iter()
        .filter(|template| template["executionConditions"]["scope"].is_null())
        .map(|template| &template["displayName"])
        .collect();
    assert_eq!(on_demand, ["Real-time employee job change", "Real-time employee termination"]);
}

#[test]
fn tasks_of_a_template_are_read_and_have_no_results() {
    let api = Api::new();
    for path in PATHS {
        let tasks = format!("{path}/{ONBOARD}/tasks");
        let all = api.all(&tasks);
        assert_eq!(all.len(), 3);
        assert_eq!(api.get(&format!("{tasks}/$count")).is(200), "3");
        let last = api.all(&format!("{tasks}?$orderby=executionSequence desc&$top=1"));
        assert_eq!(last[0]["arguments"], json!([{ "name": "groupID", "value": "" }]));
        let id = ids(&all)[0];
        assert_eq!(api.get(&format!("{tasks}/{id}")).is(200)["displayName"], "Enable user account");
        let results = format!("{tasks}/{id}/taskProcessingResults");
        assert_eq!(
            api.get(&format!("{results}?$filter=processingStatus eq 'failed'")).is(200)["value"],
            json!([])
        );
        assert_eq!(api.get(&format!("{results}/$count")).is(200), "0");
        for below in
            ["", "/task", "/subject", "/subject/mailboxSettings", "/subject/serviceProvisioningErrors"]
        {
            api.get(&format!("{results}/x{below}")).refused(404, "processing result 'x'");
        }
        let resumed =
            json!({ "source": "x", "type": "lifecycleEvent", "data": { "operationStatus": "Completed" } });
        api.post(&format!("{results}/x/resume"), &resumed).refused(409, "never processed");
        for missing in ["nonsense", "00000000-0000-4000-8000-0000000000ff"] {
            api.get(&format!("{tasks}/{missing}")).refused(404, missing);
            api.get(&format!("{tasks}/{missing}/taskProcessingResults")).refused(404, missing);
            api.get(&format!("{path}/{missing}/tasks")).refused(404, missing);
        }
    }
}
