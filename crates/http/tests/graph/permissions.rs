//! Who may do what: the table of behaviour §17 and of the API page, one request of each class.

use serde_json::{Value as Json, json};

use crate::company::{Company, WELCOME, on_demand, reported};
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
/// A deleted group by its id alone, which may be somebody's.
const READ_DELETED_GROUP: &[&str] =
    &["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const IMPORT: &[&str] = &["Directory.ReadWrite.All"];
const EXTENSIONS: &[&str] = &[
    "LifecycleWorkflows-CustomExt.Read.All",
    "LifecycleWorkflows-CustomExt.ReadWrite.All",
    "LifecycleWorkflows.Read.All",
    "LifecycleWorkflows.ReadWrite.All",
];
const WRITE_EXTENSIONS: &[&str] =
    &["LifecycleWorkflows-CustomExt.ReadWrite.All", "LifecycleWorkflows.ReadWrite.All"];
const READ_SKUS: &[&str] = &[
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_SKUS: &[&str] = &["Organization.ReadWrite.All", "Directory.ReadWrite.All"];
const READ_LICENSES: &[&str] = &[
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const ASSIGN_LICENSES: &[&str] =
    &["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
const READ_TEAMS: &[&str] = &[
    "Team.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_TEAMS: &[&str] = &["Team.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"];
const JOINED_TEAMS: &[&str] = &[
    "Team.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const READ_TEAM_MEMBERS: &[&str] = &[
    "TeamMember.Read.All",
    "TeamMember.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_TEAM_MEMBERS: &[&str] = &[
    "TeamMember.ReadWrite.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
];
const READ_AGENTS: &[&str] = &[
    "AgentIdentity.Read.All",
    "AgentIdentity.ReadWrite.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_AGENTS: &[&str] =
    &["AgentIdentity.ReadWrite.All", "Application.ReadWrite.All", "Directory.ReadWrite.All"];
const REVOKE_SESSIONS: &[&str] =
    &["User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
const AGENTS: &str = "servicePrincipals/microsoft.graph.agentIdentity";
const READ_ENTITLEMENTS: &[&str] = &["EntitlementManagement.Read.All", "EntitlementManagement.ReadWrite.All"];
const WRITE_ENTITLEMENTS: &[&str] = &["EntitlementManagement.ReadWrite.All"];
const READ_SIGN_IN: &[&str] =
    &["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"];
const WRITE_SIGN_IN: &[&str] = &["UserAuthenticationMethod.ReadWrite.All"];
const READ_ROLES: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE_ROLES: &[&str] = &["RoleManagement.ReadWrite.Directory"];
const EM: &str = "identityGovernance/entitlementManagement";
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
    "LicenseAssignment.Read.All",
    "LicenseAssignment.ReadWrite.All",
    "Team.ReadBasic.All",
    "Team.Create",
    "TeamMember.Read.All",
    "TeamMember.ReadWrite.All",
    "AgentIdentity.Read.All",
    "AgentIdentity.ReadWrite.All",
    "User.RevokeSessions.All",
    "EntitlementManagement.Read.All",
    "EntitlementManagement.ReadWrite.All",
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
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
    let preview = json!({ "preview": true });
    let welcome = api.all(&format!("{base}/tasks"))[1]["id"].as_str().unwrap().to_owned();
    let extension = api.post("@/customTaskExtensions", &badge()).is(201)["id"].as_str().unwrap().to_owned();
    let (staff, ann) = (&company.staff, &company.ann);
    let about = json!({ "subject": { "id": ann } });
    let gone = api.person("gone", "IT", None, true);
    api.delete(&format!("users/{gone}")).is(204);
    let board = api.group("Board");
    api.delete(&format!("groups/{board}")).is(204);
    let organization = api.all("organization")[0]["id"].as_str().unwrap().to_owned();
    let application = api.post("applications", &json!({ "displayName": "a" })).is(201);
    let (application, app_id) = (application["id"].as_str().unwrap(), application["appId"].as_str().unwrap());
    let sku = api.post("subscribedSkus", &json!({ "skuPartNumber": "E3" })).is(201);
    let sku = sku["id"].as_str().unwrap();
    api.patch(&format!("users/{ann}"), &json!({ "usageLocation": "DE" })).is(204);
    let licenses = json!({ "addLicenses": [{ "skuId": sku }], "removeLicenses": [] });
    let team = api.post("teams", &json!({ "displayName": "Crew" })).is(201);
    let team = team["id"].as_str().unwrap();
    let sponsored = json!({ "displayName": "Agent", "sponsors@odata.bind": [format!("users/{ann}")] });
    let agent = api.post(AGENTS, &sponsored).is(201);
    let agent = format!("servicePrincipals/{}", agent["id"].as_str().unwrap());
    let package = api.package("Sales", false);
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
        ("POST", format!("{base}/tenure.explain"), about.clone(), REPORTS),
        ("POST", format!("{base}/runs/{}/tenure.undo", company.runs[1]), preview.clone(), WRITE),
        (
            "POST",
            format!("{base}/userProcessingResults/{}/tenure.undo", company.result(1, 1)),
            preview,
            WRITE,
        ),
        ("GET", format!("{base}/tenure.previewPopulation"), nothing.clone(), REPORTS),
        (
            "POST",
            format!("{base}/tenure.previewPopulation"),
            json!({ "subjects": [about["subject"]] }),
            REPORTS,
        ),
        ("GET", format!("{base}/tenure.forecast"), nothing.clone(), REPORTS),
        ("GET", format!("{base}/tenure.forecastSummary"), nothing.clone(), REPORTS),
        ("GET", "@/tenure.forecast".to_owned(), nothing.clone(), REPORTS),
        ("GET", "@/tenure.forecastSummary".to_owned(), nothing.clone(), REPORTS),
        ("POST", format!("{base}/tasks/{welcome}/tenure.previewMail"), about.clone(), READ),
        ("POST", format!("@/taskDefinitions/{WELCOME}/tenure.previewMail"), about, READ),
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
        ("GET", format!("{DELETED_USERS}/$count"), nothing.clone(), READ_USERS),
        ("GET", format!("{DELETED_USERS}/{gone}"), nothing.clone(), READ_USERS),
        ("GET", format!("directory/deletedItems/{gone}/microsoft.graph.user"), nothing.clone(), READ_USERS),
        ("GET", DELETED_GROUPS.to_owned(), nothing.clone(), READ_GROUPS),
        ("GET", format!("{DELETED_GROUPS}/$count"), nothing.clone(), READ_GROUPS),
        ("GET", format!("{DELETED_GROUPS}/{board}"), nothing.clone(), READ_GROUPS),
        (
            "GET",
            format!("directory/deletedItems/{board}/microsoft.graph.group"),
            nothing.clone(),
            READ_GROUPS,
        ),
        ("GET", format!("directory/deletedItems/{board}"), nothing.clone(), READ_DELETED_GROUP),
        ("GET", "organization".to_owned(), nothing.clone(), READ_ORGANIZATION),
        ("GET", format!("organization/{organization}"), nothing.clone(), READ_ORGANIZATION),
        ("GET", "applications".to_owned(), nothing.clone(), READ_APPLICATIONS),
        ("GET", "applications/$count".to_owned(), nothing.clone(), READ_APPLICATIONS),
        ("GET", format!("applications/{application}"), nothing.clone(), READ_APPLICATIONS),
        ("GET", format!("applications(appId='{app_id}')"), nothing.clone(), READ_APPLICATIONS),
        ("POST", "applications".to_owned(), json!({ "displayName": "a" }), WRITE_APPLICATIONS),
        ("GET", "auditLogs/directoryAudits".to_owned(), nothing.clone(), AUDIT_LOG),
        ("GET", "subscribedSkus".to_owned(), nothing.clone(), READ_SKUS),
        ("GET", format!("subscribedSkus/{sku}"), nothing.clone(), READ_SKUS),
        ("POST", "subscribedSkus".to_owned(), json!({ "skuPartNumber": "E5" }), WRITE_SKUS),
        ("PATCH", format!("subscribedSkus/{sku}"), json!({ "skuPartNumber": "E4" }), WRITE_SKUS),
        ("POST", format!("users/{ann}/assignLicense"), licenses, ASSIGN_LICENSES),
        ("GET", format!("users/{ann}/licenseDetails"), nothing.clone(), READ_LICENSES),
        ("GET", "teams".to_owned(), nothing.clone(), READ_TEAMS),
        ("GET", format!("groups/{team}/team"), nothing.clone(), READ_TEAMS),
        ("POST", "teams".to_owned(), json!({ "displayName": "Deck" }), WRITE_TEAMS),
        ("GET", format!("users/{ann}/joinedTeams"), nothing.clone(), JOINED_TEAMS),
        ("GET", format!("teams/{team}/members"), nothing.clone(), READ_TEAM_MEMBERS),
        ("GET", AGENTS.to_owned(), nothing.clone(), READ_AGENTS),
        ("GET", format!("{agent}/sponsors"), nothing.clone(), READ_AGENTS),
        ("GET", format!("users/{ann}/tenure.sponsoredAgents"), nothing.clone(), READ_AGENTS),
        ("POST", AGENTS.to_owned(), sponsored, WRITE_AGENTS),
        ("PATCH", agent.clone(), json!({ "accountEnabled": false }), WRITE_AGENTS),
        ("GET", format!("users/{ann}/sponsors"), nothing.clone(), READ_USERS),
        ("POST", format!("users/{ann}/revokeSignInSessions"), json!({}), REVOKE_SESSIONS),
        ("GET", format!("groups/{staff}/members/$count"), nothing.clone(), READ_GROUPS),
        ("PATCH", format!("groups/{staff}"), json!({ "description": "x" }), WRITE_GROUPS),
        ("GET", format!("{EM}/accessPackages"), nothing.clone(), READ_ENTITLEMENTS),
        (
            "GET",
            format!("{EM}/accessPackages/{}/assignmentPolicies", package.0),
            nothing.clone(),
            READ_ENTITLEMENTS,
        ),
        ("GET", format!("{EM}/assignments"), nothing.clone(), READ_ENTITLEMENTS),
        ("GET", format!("{EM}/assignmentRequests/$count"), nothing.clone(), READ_ENTITLEMENTS),
        ("POST", format!("{EM}/accessPackages"), json!({ "displayName": "x" }), WRITE_ENTITLEMENTS),
        (
            "PATCH",
            format!("{EM}/accessPackages/{}", package.0),
            json!({ "isHidden": true }),
            WRITE_ENTITLEMENTS,
        ),
        (
            "PUT",
            format!("{EM}/assignmentPolicies/{}", package.1),
            json!({ "displayName": "x" }),
            WRITE_ENTITLEMENTS,
        ),
        ("GET", format!("users/{ann}/authentication/methods"), nothing.clone(), READ_SIGN_IN),
        (
            "GET",
            format!("users/{ann}/authentication/temporaryAccessPassMethods"),
            nothing.clone(),
            READ_SIGN_IN,
        ),
        ("GET", "roleManagement/directory/roleAssignments".to_owned(), nothing.clone(), READ_ROLES),
        ("GET", "roleManagement/directory/roleDefinitions".to_owned(), nothing.clone(), READ_ROLES),
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
    let made = |path: &str, body: &Json| api.post(path, body).is(201)["id"].as_str().unwrap().to_owned();
    let team = made("groups", &json!({ "displayName": "Crew", "groupTypes": ["Unified"] }));
    let sku = made("subscribedSkus", &json!({ "skuPartNumber": "E3" }));
    let application = made("applications", &json!({ "displayName": "a" }));
    let agent = made(
        AGENTS,
        &json!({ "displayName": "Agent", "sponsors@odata.bind": [format!("users/{}", company.ann)] }),
    );
    let agent = format!("servicePrincipals/{agent}");
    let (bob, members) = (&company.bob, format!("teams/{team}/members"));
    let member = json!({ "user@odata.bind": format!("users('{bob}')") });
    let (package, policy) = api.package("Sales", false);
    let add = json!({ "requestType": "adminAdd", "assignment": {
        "targetId": dee, "accessPackageId": package, "assignmentPolicyId": policy,
    } });
    let empty = api.package("Empty", false).0;
    let role = json!({
        "principalId": dee, "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "directoryScopeId": "/",
    });
    let phone = json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile" });
    let sign_in = format!("users/{dee}/authentication");
    let cases: Vec<(&str, String, Json, &[&str], u16)> = vec![
        ("POST", format!("{EM}/assignmentRequests"), add, WRITE_ENTITLEMENTS, 201),
        ("DELETE", format!("{EM}/accessPackages/{empty}"), Json::Null, WRITE_ENTITLEMENTS, 204),
        ("DELETE", format!("{EM}/assignmentPolicies/{policy}"), Json::Null, WRITE_ENTITLEMENTS, 409),
        ("POST", format!("{EM}/assignmentRequests/x/cancel"), Json::Null, WRITE_ENTITLEMENTS, 404),
        ("POST", format!("{sign_in}/temporaryAccessPassMethods"), json!({}), WRITE_SIGN_IN, 201),
        ("POST", format!("{sign_in}/phoneMethods"), phone, WRITE_SIGN_IN, 201),
        ("DELETE", format!("{sign_in}/emailMethods/{dee}"), Json::Null, WRITE_SIGN_IN, 404),
        ("POST", "roleManagement/directory/roleAssignments".to_owned(), role, WRITE_ROLES, 201),
        ("DELETE", "roleManagement/directory/roleAssignments/x".to_owned(), Json::Null, WRITE_ROLES, 404),
        ("POST", format!("{result}/subject/$ref"), link.clone(), ALL, 204),
        ("DELETE", format!("{result}/subject/$ref"), Json::Null, ALL, 204),
        ("DELETE", result, Json::Null, ALL, 204),
        ("POST", format!("groups/{staff}/members/$ref"), link.clone(), WRITE_MEMBERS, 204),
        ("DELETE", format!("groups/{staff}/members/{dee}/$ref"), Json::Null, WRITE_MEMBERS, 204),
        ("PUT", format!("groups/{team}/team"), Json::Null, WRITE_TEAMS, 201),
        ("POST", members.clone(), member, WRITE_TEAM_MEMBERS, 201),
        ("DELETE", format!("{members}/{bob}"), Json::Null, WRITE_TEAM_MEMBERS, 204),
        ("DELETE", format!("subscribedSkus/{sku}"), Json::Null, WRITE_SKUS, 204),
        ("DELETE", format!("applications/{application}"), Json::Null, WRITE_APPLICATIONS, 204),
        ("POST", format!("users/{dee}/sponsors/$ref"), link.clone(), WRITE_USERS, 204),
        ("DELETE", format!("users/{dee}/sponsors/{bob}/$ref"), Json::Null, WRITE_USERS, 204),
        ("POST", format!("{agent}/sponsors/$ref"), link.clone(), WRITE_AGENTS, 204),
        ("DELETE", format!("{agent}/sponsors/{bob}/$ref"), Json::Null, WRITE_AGENTS, 204),
        ("DELETE", agent, Json::Null, WRITE_AGENTS, 204),
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
