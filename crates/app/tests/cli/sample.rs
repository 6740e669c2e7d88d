//! A few people, groups and workflows to test with.

use serde_json::{Value as Json, json};

use crate::harness::Server;

/// Creates a person; without a mail address if `mail` is `None`.
pub(crate) fn user(server: &Server, name: &str, mail: Option<&str>) -> String {
    let mut person = json!({
        "displayName": name,
        "userPrincipalName": format!("{name}@example.com"),
        "mailNickname": name,
        "accountEnabled": false,
        "department": "Sales",
    });
    if let Some(mail) = mail {
        person["mail"] = json!(mail);
    }
    server.create("/v1.0/users", &person)
}

/// Creates a group.
pub(crate) fn group(server: &Server, name: &str) -> String {
    let group = json!({
        "displayName": name,
        "mailEnabled": false,
        "mailNickname": name,
        "securityEnabled": true,
    });
    server.create("/v1.0/groups", &group)
}

/// Creates a joiner workflow: enable, add to the group, welcome mail.
pub(crate) fn joiner(
    server: &Server,
    name: &str,
    group: &str,
    offset_in_days: i32,
    scheduled: bool,
) -> String {
    server.create(
        "/v1.0/identityGovernance/lifecycleWorkflows/workflows",
        &joiner_document(name, group, offset_in_days, scheduled),
    )
}

fn joiner_document(name: &str, group: &str, offset_in_days: i32, scheduled: bool) -> Json {
    json!({
        "category": "joiner",
        "displayName": name,
        "isEnabled": true,
        "isSchedulingEnabled": scheduled,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
            "scope": {
                "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
                "rule": "(department eq 'Sales')"
            },
            "trigger": {
                "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
                "timeBasedAttribute": "employeeHireDate",
                "offsetInDays": offset_in_days
            }
        },
        "tasks": [
            {
                "displayName": "Enable user account",
                "taskDefinitionId": "6fc52c9d-398b-4305-9763-15f42c1676fc",
                "isEnabled": true,
                "arguments": []
            },
            {
                "displayName": "Add user to groups",
                "taskDefinitionId": "22085229-5809-45e8-97fd-270d28d66910",
                "isEnabled": true,
                "arguments": [{ "name": "groupID", "value": group }]
            },
            {
                "displayName": "Send welcome email",
                "taskDefinitionId": "70b29d51-b59a-4773-9280-8841dfd3f2ea",
                "isEnabled": true,
                "continueOnError": true,
                "arguments": []
            }
        ]
    })
}
