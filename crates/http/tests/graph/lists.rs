//! Every list keeps the [law](crate::law): one table a resource, from seed-surface §1, behaviour §8 and the docs.

use serde_json::json;

use crate::api::Api;
use crate::company::{Company, on_demand, scheduled, with};
use crate::custom_task_extensions::badge;
use crate::law::Holds::{Id, Member, Number, Text, Time, Truth};
use crate::law::{EQUALITY, EXECUTION_TYPES, Promise, SIX, STATUSES, check, filtered, ordered, shown};

const CATEGORIES: crate::law::Holds = Member(&["joiner", "leaver", "mover"]);

const RUN: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("completedDateTime", Time, SIX),
    ordered("startedDateTime", Time, SIX),
    ordered("scheduledDateTime", Time, SIX),
    ordered("lastUpdatedDateTime", Time, SIX),
    ordered("processingStatus", STATUSES, EQUALITY),
    ordered("workflowExecutionType", EXECUTION_TYPES, EQUALITY),
];

const USER_RESULT: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("completedDateTime", Time, SIX),
    ordered("startedDateTime", Time, SIX),
    ordered("scheduledDateTime", Time, SIX),
    ordered("processingStatus", STATUSES, EQUALITY),
    ordered("workflowExecutionType", EXECUTION_TYPES, SIX),
    filtered("subject/id", Id, EQUALITY),
    shown("failedTasksCount", Number),
    shown("totalTasksCount", Number),
    shown("totalUnprocessedTasksCount", Number),
    shown("workflowVersion", Number),
];

const TASK_RESULT: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("createdDateTime", Time, SIX),
    ordered("startedDateTime", Time, SIX),
    ordered("completedDateTime", Time, SIX),
    ordered("processingStatus", STATUSES, EQUALITY),
    filtered("subject/id", Id, EQUALITY),
    shown("failureReason", Text),
    shown("processingInfo", Text),
];

const REPORT: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("runId", Id, EQUALITY),
    ordered("completedDateTime", Time, SIX),
    ordered("startedDateTime", Time, SIX),
    ordered("lastUpdatedDateTime", Time, SIX),
    ordered("processingStatus", STATUSES, EQUALITY),
    ordered("failedUsersCount", Number, SIX),
    ordered("successfulUsersCount", Number, SIX),
    ordered("totalUsersCount", Number, SIX),
    ordered("unprocessedUsersCount", Number, SIX),
    filtered("task/id", Id, EQUALITY),
    filtered("taskDefinition/id", Id, EQUALITY),
];

const WORKFLOW: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("category", CATEGORIES, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("createdDateTime", Time, SIX),
    ordered("lastModifiedDateTime", Time, SIX),
    ordered("deletedDateTime", Time, SIX),
    ordered("isEnabled", Truth, EQUALITY),
    ordered("isSchedulingEnabled", Truth, EQUALITY),
    ordered("nextScheduleRunDateTime", Time, SIX),
    ordered("version", Number, SIX),
    ordered("createdBy/id", Id, EQUALITY),
    ordered("lastModifiedBy/id", Id, EQUALITY),
    shown("description", Text),
];

const VERSION: &[Promise] = &[
    ordered("versionNumber", Number, SIX),
    ordered("category", CATEGORIES, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("createdDateTime", Time, SIX),
    ordered("lastModifiedDateTime", Time, SIX),
    ordered("isEnabled", Truth, EQUALITY),
    ordered("isSchedulingEnabled", Truth, EQUALITY),
    ordered("createdBy/id", Id, EQUALITY),
    ordered("lastModifiedBy/id", Id, EQUALITY),
];

const TASK: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("executionSequence", Number, SIX),
    ordered("isEnabled", Truth, EQUALITY),
    ordered("continueOnError", Truth, EQUALITY),
    ordered("taskDefinitionId", Id, EQUALITY),
];

const DEFINITION: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("continueOnError", Truth, EQUALITY),
    ordered("version", Number, SIX),
];

const TEMPLATE: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("category", CATEGORIES, EQUALITY),
    shown("description", Text),
];

const EXTENSION: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("createdDateTime", Time, SIX),
    ordered("lastModifiedDateTime", Time, SIX),
    ordered("createdBy/id", Id, EQUALITY),
    ordered("lastModifiedBy/id", Id, EQUALITY),
    shown("replyMode", Text),
];

const USER: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("userPrincipalName", Text, EQUALITY),
    ordered("department", Text, EQUALITY),
    ordered("mail", Text, EQUALITY),
    ordered("accountEnabled", Truth, EQUALITY),
    ordered("employeeHireDate", Time, SIX),
    ordered("employeeLeaveDateTime", Time, SIX),
    ordered("createdDateTime", Time, SIX),
    ordered("employeeOrgData/costCenter", Text, EQUALITY),
];

const GROUP: &[Promise] = &[
    ordered("id", Id, EQUALITY),
    ordered("displayName", Text, EQUALITY),
    ordered("description", Text, EQUALITY),
    ordered("mailNickname", Text, EQUALITY),
    ordered("mailEnabled", Truth, EQUALITY),
    ordered("securityEnabled", Truth, EQUALITY),
    ordered("visibility", Text, EQUALITY),
    ordered("createdDateTime", Time, SIX),
];

#[test]
fn runs_keep_the_law() {
    for company in [Company::new(), Company::deleted()] {
        check(&company.api, &format!("{}/runs", company.base), "id", RUN);
    }
}

#[test]
fn user_results_keep_the_law() {
    for company in [Company::new(), Company::deleted()] {
        for path in company.parents(0) {
            check(&company.api, &path, "id", USER_RESULT);
        }
    }
}

#[test]
fn task_results_keep_the_law_wherever_they_are_reached() {
    for company in [Company::new(), Company::deleted()] {
        let tasks = company.api.all(&format!("{}/tasks", company.base));
        let old = company.api.all(&format!("{}/versions/1/tasks", company.base));
        let reports = company.api.all(&format!("{}/taskReports", company.base));
        let (task, old) = (tasks[0]["id"].as_str().unwrap(), old[1]["id"].as_str().unwrap());
        // Newest run first; the second newest has two people.
        let report = reports[2]["id"].as_str().unwrap();
        for parent in [
            format!("runs/{}", company.runs[1]),
            format!("userProcessingResults/{}", company.result(1, 1)),
            format!("runs/{}/userProcessingResults/{}", company.runs[1], company.result(1, 1)),
            format!("tasks/{task}"),
            format!("versions/1/tasks/{old}"),
            format!("taskReports/{report}"),
        ] {
            let path = format!("{}/{parent}/taskProcessingResults", company.base);
            check(&company.api, &path, "id", TASK_RESULT);
        }
    }
}

#[test]
fn task_reports_keep_the_law() {
    for company in [Company::new(), Company::deleted()] {
        check(&company.api, &format!("{}/taskReports", company.base), "id", REPORT);
    }
}

#[test]
fn workflows_and_what_they_are_made_of_keep_the_law() {
    let company = Company::new();
    let api = &company.api;
    api.workflow(&on_demand("On demand"));
    let paused = api.workflow(&on_demand("paused"));
    api.patch(&format!("@/workflows/{paused}"), &json!({ "isEnabled": false })).is(204);
    let mut leavers = on_demand("Leavers");
    leavers["category"] = json!("leaver");
    leavers["tasks"][0]["taskDefinitionId"] = json!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950");
    api.workflow(&leavers);
    check(api, "@/workflows", "id", WORKFLOW);
    check(api, &format!("{}/versions", company.base), "versionNumber", VERSION);
    for path in ["tasks", "versions/1/tasks"] {
        check(api, &format!("{}/{path}", company.base), "id", TASK);
    }
    for name in ["a", "b", "c"] {
        let id = api.workflow(&scheduled(name, "department eq 'HR'"));
        api.system.clock.advance(jiff::SignedDuration::from_mins(1));
        api.delete(&format!("@/workflows/{id}")).is(204);
    }
    check(api, "@/deletedItems/workflows", "id", WORKFLOW);
    check(api, "@/taskDefinitions", "id", DEFINITION);
    check(api, "@/workflowTemplates", "id", TEMPLATE);
    for name in ["Badge", "keys", "badge"] {
        api.post("@/customTaskExtensions", &with(badge(), "displayName", json!(name))).is(201);
        api.system.advance("2026-04-01T08:00:00Z").unwrap();
    }
    check(api, "@/customTaskExtensions", "id", EXTENSION);
}

#[test]
fn people_groups_and_members_keep_the_law() {
    let api = Api::new();
    let mut people = vec![];
    for (name, department) in
        [("Zoe", "Sales"), ("ann", "sales"), ("Émile", "IT"), ("o'neil", "IT"), ("bob", "")]
    {
        let name =
            api.person(name, department, (name != "bob").then_some("2026-03-02T00:00:00.5Z"), name < "b");
        people.push(name);
        api.system.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    let change = json!({
        "accountEnabled": true, "employeeLeaveDateTime": "2026-12-31T00:00:00Z", "department": null,
        "employeeOrgData": { "costCenter": "C-17" },
    });
    api.patch(&format!("users/{}", people[2]), &change).is(204);
    check(&api, "users", "id", USER);
    let groups: Vec<String> = ["Staff", "alumni", "Board"].map(|name| api.group(name)).into();
    api.patch(
        &format!("groups/{}", groups[1]),
        &json!({ "description": "left us", "visibility": "private" }),
    )
    .is(204);
    check(&api, "groups", "id", GROUP);
    for person in &people {
        let link =
            json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{person}") });
        api.post(&format!("groups/{}/members/$ref", groups[0]), &link).is(204);
    }
    for group in &groups[1..] {
        let link = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{}", people[0]) });
        api.post(&format!("groups/{group}/members/$ref"), &link).is(204);
    }
    check(&api, &format!("groups/{}/members", groups[0]), "id", USER);
    check(&api, &format!("users/{}/memberOf", people[0]), "id", GROUP);
    check(&api, "users/Zoe@example.com/memberOf", "id", GROUP);
}
