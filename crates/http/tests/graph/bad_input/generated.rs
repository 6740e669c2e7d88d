//! Bodies and query strings made up at random, most of them nearly right.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Names and values that mean something somewhere.
const NAMES: &[&str] = &[
    "id",
    "displayName",
    "description",
    "category",
    "isEnabled",
    "isSchedulingEnabled",
    "executionConditions",
    "scope",
    "trigger",
    "rule",
    "offsetInDays",
    "timeBasedAttribute",
    "tasks",
    "taskDefinitionId",
    "arguments",
    "name",
    "value",
    "workflow",
    "subjects",
    "@odata.id",
    "@odata.type",
    "processingStatus",
    "scheduledDateTime",
    "startedDateTime",
    "completedDateTime",
    "createdDateTime",
    "totalTasksCount",
    "failedTasksCount",
    "totalUnprocessedTasksCount",
    "workflowExecutionType",
    "workflowVersion",
    "failureReason",
    "subject",
    "task",
    "userPrincipalName",
    "accountEnabled",
    "employeeHireDate",
    "otherMails",
    "assignedPlans",
    "employeeOrgData",
    "manager@odata.bind",
    "members@odata.bind",
    "groupTypes",
    "visibility",
    "mailEnabled",
    "emailSettings",
    "senderDomain",
    "workflowScheduleIntervalInHours",
    "quarantineConfiguration",
    "conditions",
    "threshold",
    "percentage",
    "matchMode",
    "endpointConfiguration",
    "subscriptionId",
    "authenticationConfiguration",
    "resourceId",
    "clientConfiguration",
    "timeoutInMilliseconds",
    "callbackConfiguration",
    "timeoutDuration",
    "authorizedApps",
    "authorizedApps@odata.bind",
    "replyMode",
    "administrationScopeTargets",
    "administrationScopeTargets@odata.bind",
    "to",
    "scopes",
    "ttlSeconds",
    "@tenure.protected",
    "",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("completed".to_owned()),
        Just("joiner".to_owned()),
        Just("onDemand".to_owned()),
        Just("2026-03-02T09:00:00Z".to_owned()),
        Just("-009999-01-01T00:00:00Z".to_owned()),
        Just("9999-12-31T23:59:59.999Z".to_owned()),
        Just("00000000-0000-4000-8000-000000000008".to_owned()),
        Just("#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions".to_owned()),
        Just("#microsoft.graph.identityGovernance.ruleBasedSubjectSet".to_owned()),
        Just("#microsoft.graph.identityGovernance.timeBasedAttributeTrigger".to_owned()),
        Just("department eq 'Sales'".to_owned()),
        Just("https://x/users/ann@example.com".to_owned()),
        Just("a\0b\u{7f}\r\n".to_owned()),
        "\\PC{0,20}",
        any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-3..3_i64).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            vec((prop::sample::select(NAMES), inner), 0..6).prop_map(|members| {
                Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

/// A change of a body: where, which member, its value.
type Change = (prop::sample::Index, &'static str, Json);

/// A body.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    Bytes(Vec<u8>),
    Value(Json),
    /// What the route wants, and something else somewhere.
    NearlyRight(Vec<Change>),
}

impl Sent {
    /// The bytes that are sent to that path.
    pub(super) fn to(&self, path: &str) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Value(value) => value.to_string().into_bytes(),
            Self::NearlyRight(changes) => {
                let mut body = right(path);
                for (place, name, value) in changes {
                    change(&mut body, *place, name, value.clone());
                }
                body.to_string().into_bytes()
            }
        }
    }
}

fn change(body: &mut Json, place: prop::sample::Index, name: &str, value: Json) {
    let Some(members) = body.as_object_mut() else { return };
    let keys: Vec<String> = members.keys().cloned().collect();
    if keys.is_empty() {
        members.insert(name.to_owned(), value);
        return;
    }
    let key = keys[place.index(keys.len())].clone();
    match members.get_mut(&key) {
        Some(Json::Array(items)) if items.first().is_some_and(Json::is_object) => items[0][name] = value,
        Some(Json::Object(inner)) => drop(inner.insert(name.to_owned(), value)),
        _ => drop(members.insert(key, value)),
    }
}

/// What a route wants.
fn right(path: &str) -> Json {
    let ends = |end: &str| path.ends_with(end);
    if ends("activate") {
        json!({ "subjects": [{ "id": "00000000-0000-4000-8000-000000000008" }] })
    } else if ends("workflows") || ends("createNewVersion") {
        crate::company::scheduled("w", "department eq 'Sales'")
    } else if ends("$ref") {
        json!({ "@odata.id": "https://x/users/ann@example.com" })
    } else if ends("taskProcessingResults") {
        json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed", "failureReason": "x" })
    } else if path.contains("userProcessingResults") {
        crate::company::reported()
    } else if ends("settings") {
        let limits = json!({ "conditions": [{ "threshold": 7 }], "matchMode": "any" });
        json!({
            "workflowScheduleIntervalInHours": 5, "emailSettings": { "senderDomain": "contoso.com" },
            "quarantineConfiguration": limits,
        })
    } else if path.contains("customTaskExtensions") {
        crate::custom_task_extensions::badge()
    } else if ends("tenure.tokens") {
        json!({ "name": "x", "scopes": ["*"], "ttlSeconds": 5 })
    } else if ends("tenure.advanceClock") {
        json!({ "to": "2026-03-04T00:00:00Z" })
    } else if path.contains("groups") {
        json!({ "displayName": "x", "mailEnabled": false, "groupTypes": [], "visibility": "private" })
    } else if path.contains("users") {
        json!({ "displayName": "x", "department": "IT", "otherMails": [], "employeeOrgData": {} })
    } else {
        json!({ "displayName": "x", "description": "y" })
    }
}

/// Any body.
pub(super) fn sent() -> impl Strategy<Value = Sent> {
    let change = (any::<prop::sample::Index>(), prop::sample::select(NAMES), value());
    prop_oneof![
        1 => vec(any::<u8>(), 0..64).prop_map(Sent::Bytes),
        1 => value().prop_map(Sent::Value),
        4 => vec(change, 0..3).prop_map(Sent::NearlyRight),
    ]
}

const WORDS: &[&str] = &[
    "id",
    "displayName",
    "processingStatus",
    "subject/id",
    "subject",
    "scheduledDateTime",
    "task/id",
    "otherMails",
    "category",
    "version",
    "isEnabled",
    "eq",
    "ne",
    "gt",
    "le",
    "in",
    "and",
    "or",
    "not",
    "has",
    "(",
    ")",
    ",",
    "null",
    "'x'",
    "'failed'",
    "true",
    "5",
    "-1",
    "2026-03-02T09:00:00Z",
    "00000000-0000-4000-8000-000000000008",
    "any(x:x eq 'y')",
    "startsWith(",
    "/",
    "desc",
    "*",
    "'",
    "$select=id",
    ";",
    "tasks",
    "manager",
    "taskProcessingResults",
];

/// Any query string.
pub(super) fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(
        [
            "$filter",
            "$orderby",
            "$select",
            "$expand",
            "$top",
            "$skip",
            "$skiptoken",
            "$count",
            "$search",
            "$format",
            "%24filter",
            "dryRun",
            "x",
        ]
        .as_slice(),
    );
    let words = vec(prop::sample::select(WORDS), 0..8).prop_map(|words| words.join(" "));
    let value = prop_oneof![
        4 => words,
        1 => any::<String>(),
        1 => (0..2_000_u32).prop_map(|number| number.to_string()),
        1 => "[A-Za-z0-9_-]{0,40}",
    ];
    vec((name, value), 0..4).prop_map(|options| {
        let encode = |text: &str| -> String {
            text.bytes()
                .map(|byte| {
                    if byte.is_ascii_alphanumeric() {
                        char::from(byte).to_string()
                    } else {
                        format!("%{byte:02X}")
                    }
                })
                .collect()
        };
        options.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
    })
}
