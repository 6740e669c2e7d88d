//! Who may do what: the table of behaviour §17 and of the API page, one request of each class.

use serde_json::{Value as Json, json};

use crate::company::{Company, on_demand, reported};
use crate::custom_task_extensions::badge;
use crate::dump::Dump;

const LIST: &[&str] = &[
    "LifecycleWorkflows-Workflow.ReadBasic.All",
    "LifecycleWorkflows-Workflow.Read.All",
    "LifecycleWorkflows-Workflow.ReadWrite.All",
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
];
const READ: &[&str] = &[
    "LifecycleWorkflows-Workflow.Read.All",
    "LifecycleWorkflows-Workflow.ReadWrite.All",
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
];
const WRITE: &[&str] = &["LifecycleWorkflows-Workflow.ReadWrite.All", "LifecycleWorkflows.ReadWrite.All"];
const ACTIVATE: &[&str] = &["LifecycleWorkflows-Workflow.Activate", "LifecycleWorkflows.ReadWrite.All"];
const REPORTS: &[&str] = &[
    "LifecycleWorkflows-Reports.Read.All",
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
];
const ALL: &[&str] = &["LifecycleWorkflows.ReadWrite.All"];
const CATALOGUE: &[&str] = &["LifecycleWorkflows.Read.All", "LifecycleWorkflows.ReadWrite.All"];
const READ_USERS: &[&str] =
    &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const WRITE_USERS: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
const READ_GROUPS: &[&str] = &[
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_GROUPS: &[&str] = &["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const WRITE_MEMBERS: &[&str] =
    &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
const MEMBER_OF: &[&str] = &[
    "User.Read.All",
    "User.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const DELETE_USERS: &[&str] = &["User.ReadWrite.All", "User.DeleteRestore.All", "Directory.ReadWrite.All"];
const READ_ORGANIZATION: &[&str] =
    &["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const READ_APPLICATIONS: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const WRITE_APPLICATIONS: &[&str] = &["Application.ReadWrite.All", "Directory.ReadWrite.All"];
const AUDIT_LOG: &[&str] = &["AuditLog.Read.All"];
const DELETED_USERS: &str = "directory/deletedItems/microsoft.graph.user";
const DELETED_GROUPS: &str = "directory/deletedItems/microsoft.graph.group";
const IMPORT: &[&str] = &["Directory.ReadWrite.All"];
const EXTENSIONS: &[&str] = &[
    "LifecycleWorkflows-CustomExt.Read.All",
    "LifecycleWorkflows-CustomExt.ReadWrite.All",
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
];
const WRITE_EXTENSIONS: &[&str] =
    &["LifecycleWorkflows-CustomExt.ReadWrite.All", "LifecycleWorkflows.ReadWrite.All"];
const ADMINISTRATOR: &[&str] = &[];

/// Every scope there is.
const SCOPES: &[&str] = &[
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
    "LifecycleWorkflows-Workflow.ReadBasic.All",
    "LifecycleWorkflows-Workflow.Read.All",
    "LifecycleWorkflows-Workflow.ReadWrite.All",
    "LifecycleWorkflows-Workflow.Activate",
    "LifecycleWorkflows-Reports.Read.All",
    "LifecycleWorkflows-CustomExt.Read.All",
    "LifecycleWorkflows-CustomExt.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read",
    "User.DeleteRestore.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "AuditLog.Read.All",
];

#[test]
fn each_operation_asks_for_its_scopes_and_for_no_others() {
    let company = Company::new();
    let api = &company.api;
    let tokens: Vec<(&str, String)> = SCOPES.iter().map(|scope| (*scope, api.token(&[scope]))).collect();
    let base = &company.base;
    let results = format!("{base}/runs/{}/userProcessingResults", company.runs[0]);
    let result = format!("{results}/{}", company.reported[1]);
    let task = api.all(&format!("{base}/tasks"))[0]["id"].as_str().unwrap().to_owned();
    let extension = api.post("@/customTaskExtensions", &badge()).is(201)["id"].as_str().unwrap().to_owned();
    let (staff, ann) = (&company.staff, &company.ann);
    let gone = api.person("gone", "IT", None, true);
    api.delete(&format!("users/{gone}")).is(204);
    let nothing = Json::Null;
    let version = json!({ "workflow": on_demand("v") });
    let subjects = json!({ "subjects": [{ "id": ann }] });
    let link = json!({ "@odata.id": format!("https://x/users/{ann}") });
    let task_result = json!({ "createdDateTime": "2026-03-02T09:00:00Z", "processingStatus": "completed" });
    let times = "(startDateTime=2026-03-01T00:00:00Z,endDateTime=2026-03-08T00:00:00Z)";
    let cases: Vec<(&str, String, Json, &[&str])> = vec![
        ("GET", "@/workflows".to_owned(), nothing.clone(), LIST),
        ("GET", "@/workflows/$count".to_owned(), nothing.clone(), LIST),
        ("GET", "@/deletedItems/workflows".to_owned(), nothing.clone(), LIST),
        ("GET", "@/workflows?$expand=tasks".to_owned(), nothing.clone(), READ),
        ("GET", "@/workflows?$select=executionConditions".to_owned(), nothing.clone(), READ),
        ("GET", base.clone(), nothing.clone(), READ),
        ("GET", format!("{base}/tasks/{task}"), nothing.clone(), READ),
        ("GET", format!("{base}/versions/1/tasks"), nothing.clone(), READ),
        ("POST", "@/workflows".to_owned(), on_demand("new"), WRITE),
        ("PATCH", base.clone(), json!({ "description": "x" }), WRITE),
        ("PATCH", format!("{base}/tasks/{task}"), json!({ "description": "x" }), WRITE),
        ("POST", format!("{base}/activate"), subjects, ACTIVATE),
        ("GET", format!("{base}/runs"), nothing.clone(), REPORTS),
        ("GET", results.clone(), nothing.clone(), REPORTS),
        ("GET", format!("{base}/userProcessingResults/summary{times}"), nothing.clone(), REPORTS),
        ("GET", format!("{}/subject", company.path_of(1, 1)), nothing.clone(), REPORTS),
        ("GET", format!("{base}/taskReports?$expand=task"), nothing.clone(), REPORTS),
        ("GET", format!("{base}/tenure.skipped"), nothing.clone(), REPORTS),
        ("POST", results.clone(), reported(), ALL),
        ("PATCH", result.clone(), json!({ "failedTasksCount": 0 }), ALL),
        ("POST", format!("{result}/taskProcessingResults"), task_result, ALL),
        ("GET", "@/taskDefinitions".to_owned(), nothing.clone(), CATALOGUE),
        ("GET", "@/workflowTemplates".to_owned(), nothing.clone(), CATALOGUE),
        ("GET", "@".to_owned(), nothing.clone(), CATALOGUE),
        ("GET", "@/deletedItems".to_owned(), nothing.clone(), LIST),
        ("GET", format!("{base}/administrationScopeTargets"), nothing.clone(), READ),
        ("GET", "@/insights".to_owned(), nothing.clone(), REPORTS),
        ("GET", format!("@/insights/workflowsProcessedSummary{times}"), nothing.clone(), REPORTS),
        ("GET", format!("@/insights/topTasksProcessedSummary{times}"), nothing.clone(), REPORTS),
        ("GET", "@/customTaskExtensions".to_owned(), nothing.clone(), EXTENSIONS),
        ("GET", format!("@/customTaskExtensions/{extension}"), nothing.clone(), EXTENSIONS),
        ("POST", "@/customTaskExtensions".to_owned(), badge(), WRITE_EXTENSIONS),
        (
            "PATCH",
            format!("@/customTaskExtensions/{extension}"),
            json!({ "displayName": "x" }),
            WRITE_EXTENSIONS,
        ),
        ("GET", "@/settings".to_owned(), nothing.clone(), CATALOGUE),
        ("PATCH", "@/settings".to_owned(), json!({}), ALL),
        ("GET", "users".to_owned(), nothing.clone(), READ_USERS),
        ("GET", format!("users/{ann}"), nothing.clone(), READ_USERS),
        ("PATCH", format!("users/{ann}"), json!({ "city": "Bonn" }), WRITE_USERS),
        ("PUT", format!("users/{}/manager/$ref", company.bob), link, WRITE_USERS),
        ("GET", format!("users/{ann}/memberOf"), nothing.clone(), MEMBER_OF),
        ("GET", "groups".to_owned(), nothing.clone(), READ_GROUPS),
        ("GET", "users/delta".to_owned(), nothing.clone(), READ_USERS),
        ("GET", "groups/delta".to_owned(), nothing.clone(), READ_GROUPS),
        ("GET", DELETED_USERS.to_owned(), nothing.clone(), READ_USERS),
        ("GET", format!("directory/deletedItems/{gone}"), nothing.clone(), READ_USERS),
        ("GET", DELETED_GROUPS.to_owned(), nothing.clone(), READ_GROUPS),
        ("GET", "organization".to_owned(), nothing.clone(), READ_ORGANIZATION),
        ("GET", "applications".to_owned(), nothing.clone(), READ_APPLICATIONS),
        ("POST", "applications".to_owned(), json!({ "displayName": "a" }), WRITE_APPLICATIONS),
        ("GET", "auditLogs/directoryAudits".to_owned(), nothing.clone(), AUDIT_LOG),
        ("GET", format!("groups/{staff}/members/$count"), nothing.clone(), READ_GROUPS),
        ("PATCH", format!("groups/{staff}"), json!({ "description": "x" }), WRITE_GROUPS),
        ("GET", "tenure.tokens".to_owned(), nothing.clone(), ADMINISTRATOR),
        ("POST", "tenure.tokens".to_owned(), json!({ "name": "x", "scopes": ["*"] }), ADMINISTRATOR),
        ("POST", "tenure.advanceClock".to_owned(), json!({ "to": "2026-03-03T12:00:00Z" }), ADMINISTRATOR),
        ("GET", "tenure.status".to_owned(), nothing.clone(), SCOPES),
        // Last, for what it does to the workflow.
        ("POST", format!("{base}/createNewVersion"), version, WRITE),
    ];
    let before = Dump::of(api);
    let ask = |method: &str, path: &str, body: &Json| {
        let ask = api.ask(method, path);
        if body.is_null() { ask } else { ask.json(body) }
    };
    for (method, path, body, accepted) in &cases {
        ask(method, path, body).without_token().send().refused(401, "token");
        for (scope, token) in tokens.iter().filter(|(scope, _)| !accepted.contains(scope)) {
            let named = accepted.first().unwrap_or(&"*");
            let answer = ask(method, path, body).token(token).send();
            assert_eq!(answer.status, 403, "{method} {path} with {scope}");
            answer.refused(403, named);
        }
    }
    before.is_unchanged(api, "a caller without the scope");
    for (method, path, body, accepted) in &cases {
        for (scope, token) in tokens.iter().filter(|(scope, _)| accepted.contains(scope)) {
            let answer = ask(method, path, body).token(token).send();
            assert!((200..300).contains(&answer.status), "{method} {path} with {scope}: {answer:?}");
        }
        let answer = ask(method, path, body).send();
        assert!((200..300).contains(&answer.status), "{method} {path}: {answer:?}");
    }
}

#[test]
fn what_can_be_done_only_once_asks_for_its_scopes_too() {
    let company = Company::new();
    let api = &company.api;
    let (base, staff, dee) = (&company.base, &company.staff, &company.dee);
    let extension = api.post("@/customTaskExtensions", &badge()).is(201)["id"].as_str().unwrap().to_owned();
    let result = format!("{base}/userProcessingResults/{}", company.reported[1]);
    let deleted = format!("@/deletedItems/workflows/{}", company.workflow);
    let gone = api.person("gone", "IT", None, true);
    api.delete(&format!("users/{gone}")).is(204);
    let link = json!({ "@odata.id": format!("https://x/users/{}", company.bob) });
    let cases: Vec<(&str, String, Json, &[&str], u16)> = vec![
        ("POST", format!("{result}/subject/$ref"), link.clone(), ALL, 204),
        ("DELETE", format!("{result}/subject/$ref"), Json::Null, ALL, 204),
        ("DELETE", result, Json::Null, ALL, 204),
        ("POST", format!("groups/{staff}/members/$ref"), link, WRITE_MEMBERS, 204),
        ("DELETE", format!("groups/{staff}/members/{dee}/$ref"), Json::Null, WRITE_MEMBERS, 204),
        ("DELETE", format!("@/customTaskExtensions/{extension}"), Json::Null, WRITE_EXTENSIONS, 204),
        ("DELETE", format!("groups/{staff}"), Json::Null, WRITE_GROUPS, 204),
        ("POST", "groups".to_owned(), json!({ "displayName": "g" }), WRITE_GROUPS, 201),
        (
            "POST",
            "users".to_owned(),
            json!({"displayName": "u", "userPrincipalName": "u@x"}),
            WRITE_USERS,
            201,
        ),
        ("DELETE", "users/u@x".to_owned(), Json::Null, DELETE_USERS, 204),
        ("POST", format!("directory/deletedItems/{staff}/restore"), json!({}), WRITE_GROUPS, 200),
        ("POST", format!("directory/deletedItems/{gone}/restore"), json!({}), DELETE_USERS, 200),
        ("DELETE", format!("users/{gone}"), Json::Null, DELETE_USERS, 204),
        ("DELETE", format!("directory/deletedItems/{gone}"), Json::Null, DELETE_USERS, 204),
        ("DELETE", base.clone(), Json::Null, WRITE, 204),
        ("POST", format!("{deleted}/restore"), Json::Null, WRITE, 200),
        // With the scope they get as far as what is wrong with the request itself.
        ("POST", format!("{base}/clearQuarantine"), Json::Null, WRITE, 409),
        ("POST", "directory/tenure.import".to_owned(), Json::Null, IMPORT, 415),
        ("DELETE", "tenure.tokens/x".to_owned(), Json::Null, ADMINISTRATOR, 404),
    ];
    let tokens: Vec<(&str, String)> = SCOPES.iter().map(|scope| (*scope, api.token(&[scope]))).collect();
    for (method, path, body, accepted, status) in &cases {
        let ask = || if body.is_null() { api.ask(method, path) } else { api.ask(method, path).json(body) };
        let before = Dump::of(api);
        ask().without_token().send().refused(401, "token");
        for (_, token) in tokens.iter().filter(|(scope, _)| !accepted.contains(scope)) {
            ask().token(token).send().refused(403, accepted.first().unwrap_or(&"*"));
        }
        before.is_unchanged(api, path);
        let good = tokens.iter().find(|(scope, _)| accepted.first() == Some(scope));
        let answer = ask().token(good.map_or(&api.admin, |(_, token)| token)).send();
        assert_eq!(answer.status, *status, "{method} {path}: {answer:?}");
    }
}
