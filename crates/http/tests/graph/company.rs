//! A small company with a history, made through the API.

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::{Api, ids};

pub(crate) const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";
pub(crate) const WELCOME: &str = "70b29d51-b59a-4773-9280-8841dfd3f2ea";
pub(crate) const ADD_TO_GROUPS: &str = "22085229-5809-45e8-97fd-270d28d66910";
const NAMESPACE: &str = "#microsoft.graph.identityGovernance";

/// A workflow that runs on demand only and enables accounts.
pub(crate) fn on_demand(name: &str) -> Json {
    json!({
        "category": "joiner", "displayName": name, "description": "made by a test", "isEnabled": true,
        "executionConditions": { "@odata.type": format!("{NAMESPACE}.onDemandExecutionOnly") },
        "tasks": [{ "displayName": "Enable", "taskDefinitionId": ENABLE, "arguments": [] }],
    })
}

/// A workflow that runs on the hire date of those whom the rule describes.
pub(crate) fn scheduled(name: &str, rule: &str) -> Json {
    let mut workflow = on_demand(name);
    workflow["isSchedulingEnabled"] = json!(true);
    workflow["executionConditions"] = json!({
        "@odata.type": format!("{NAMESPACE}.triggerAndScopeBasedConditions"),
        "scope": { "@odata.type": format!("{NAMESPACE}.ruleBasedSubjectSet"), "rule": rule },
        "trigger": {
            "@odata.type": format!("{NAMESPACE}.timeBasedAttributeTrigger"),
            "timeBasedAttribute": "employeeHireDate", "offsetInDays": 0,
        },
    });
    workflow
}

/// A result that somebody reports, completed.
pub(crate) fn reported() -> Json {
    json!({
        "completedDateTime": "2026-03-02T09:01:00Z", "failedTasksCount": 0, "processingStatus": "completed",
        "scheduledDateTime": "2026-03-02T09:00:00Z", "startedDateTime": "2026-03-02T09:00:05Z",
        "totalTasksCount": 3, "totalUnprocessedTasksCount": 0, "workflowExecutionType": "onDemand",
        "workflowVersion": 1,
    })
}

/// The same with another value.
pub(crate) fn with(mut body: Json, property: &str, value: Json) -> Json {
    body[property] = value;
    body
}

impl Api {
    /// Creates a workflow and gives its id.
    pub(crate) fn workflow(&self, body: &Json) -> String {
        self.post("@/workflows", body).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Creates somebody and gives their id.
    pub(crate) fn person(&self, name: &str, department: &str, hire: Option<&str>, has_mail: bool) -> String {
        let body = json!({
            "displayName": name, "userPrincipalName": format!("{name}@example.com"), "accountEnabled": false,
            "department": department, "employeeHireDate": hire,
            "mail": has_mail.then(|| format!("{name}@example.com")),
        });
        self.post("users", &body).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Creates a group and gives its id.
    pub(crate) fn group(&self, name: &str) -> String {
        let body = json!({
            "displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true,
        });
        self.post("groups", &body).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Runs a workflow for people, without processing them.
    pub(crate) fn activate(&self, workflow: &str, subjects: &[&str]) {
        let subjects: Vec<Json> = subjects.iter().map(|id| json!({ "id": id })).collect();
        self.post(&format!("@/workflows/{workflow}/activate"), &json!({ "subjects": subjects })).is(204);
    }
}

/// A company whose workflow *Joiners* has run five times. Newest run first:
///
/// | run | version | how | who |
/// |---|---|---|---|
/// | 4 | 2 | on demand | ann, queued |
/// | 3 | 2 | on demand | dee (completed), eve (completedWithErrors) |
/// | 2 | 1 | scheduled 2026-03-03 | cyd (completed) |
/// | 1 | 1 | scheduled 2026-03-02 | ann (completed), bob (failed) |
/// | 0 | 1 | on demand 2026-03-01 | dee (completed), eve (failed), three who were reported |
pub(crate) struct Company {
    pub(crate) api: Api,
    /// The workflow's id.
    pub(crate) workflow: String,
    /// `@/workflows/{workflow}` or, once it is deleted, below `deletedItems`.
    pub(crate) base: String,
    pub(crate) staff: String,
    pub(crate) ann: String,
    pub(crate) bob: String,
    pub(crate) dee: String,
    pub(crate) eve: String,
    /// The ids of the runs, oldest first.
    pub(crate) runs: Vec<String>,
    /// The ids of the results that were reported, in run 0.
    pub(crate) reported: Vec<String>,
}

impl Company {
    pub(crate) fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        let api = Api::with_limits(limits);
        let staff = api.group("Staff");
        let ann = api.person("ann", "Sales", Some("2026-03-02T00:00:00Z"), true);
        let bob = api.person("bob", "Sales", Some("2026-03-02T00:00:00Z"), false);
        api.person("cyd", "Sales", Some("2026-03-03T00:00:00Z"), true);
        let dee = api.person("dee", "IT", None, true);
        let eve = api.person("eve", "IT", None, false);
        let mut body = scheduled("Joiners", "department eq 'Sales'");
        let task = |name, definition, arguments| json!({"displayName": name, "taskDefinitionId": definition, "arguments": arguments});
        let groups = json!([{ "name": "groupID", "value": staff }]);
        body["tasks"] = json!([
            task("Enable", ENABLE, json!([])),
            task("Welcome", WELCOME, json!([])),
            task("Staff", ADD_TO_GROUPS, groups),
        ]);
        let workflow = api.workflow(&body);
        let base = format!("@/workflows/{workflow}");
        api.activate(&workflow, &[&dee, &eve]);
        api.system.drain().unwrap();
        api.system.advance("2026-03-02T12:00:00Z").unwrap();
        api.system.advance("2026-03-03T12:00:00Z").unwrap();
        body["tasks"].as_array_mut().unwrap().pop();
        body["tasks"][1]["continueOnError"] = json!(true);
        api.post(&format!("{base}/createNewVersion"), &json!({ "workflow": body })).is(200);
        api.activate(&workflow, &[&dee, &eve]);
        api.system.drain().unwrap();
        api.activate(&workflow, &[&ann]);
        let runs = api.all(&format!("{base}/runs"));
        let runs: Vec<String> = ids(&runs).into_iter().rev().map(str::to_owned).collect();
        assert_eq!(runs.len(), 5);
        let mut company = Self { api, workflow, base, staff, ann, bob, dee, eve, runs, reported: vec![] };
        company.reported = [
            with(reported(), "subject", json!({ "id": company.bob })),
            with(with(reported(), "processingStatus", json!("queued")), "startedDateTime", Json::Null),
            with(
                with(reported(), "processingStatus", json!("failed")),
                "workflowExecutionType",
                json!("preview"),
            ),
        ]
        .map(|mut body| {
            if body["processingStatus"] == "failed" {
                body["failedTasksCount"] = json!(2);
            }
            if body["processingStatus"] == "queued" {
                body["completedDateTime"] = Json::Null;
                body["totalUnprocessedTasksCount"] = json!(3);
            }
            let path = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[0]);
            company.api.post(&path, &body).is(201)["id"].as_str().unwrap().to_owned()
        })
        .into();
        company
    }

    /// The same company after the workflow was deleted: the person who was queued is canceled.
    pub(crate) fn deleted() -> Self {
        let mut company = Self::new();
        company.api.delete(&company.base).is(204);
        company.api.system.drain().unwrap();
        company.base = format!("@/deletedItems/workflows/{}", company.workflow);
        company
    }

    /// A path below the workflow, as v1.0 and as beta.
    pub(crate) fn both(&self, path: &str) -> [String; 2] {
        let whole = format!("identityGovernance/lifecycleWorkflows{}/{path}", &self.base[1..]);
        [format!("/v1.0/{whole}"), format!("/beta/{whole}")]
    }

    /// The places of a user result: below the workflow and below its run.
    pub(crate) fn parents(&self, run: usize) -> [String; 2] {
        [
            format!("{}/userProcessingResults", self.base),
            format!("{}/runs/{}/userProcessingResults", self.base, self.runs[run]),
        ]
    }

    /// The results of a run, in directory order.
    pub(crate) fn results(&self, run: usize) -> Vec<Json> {
        self.api.all(&format!("{}/runs/{}/userProcessingResults", self.base, self.runs[run]))
    }

    /// The id of the result of a place in a run.
    pub(crate) fn result(&self, run: usize, place: usize) -> String {
        self.results(run)[place]["id"].as_str().unwrap().to_owned()
    }

    /// The path of a result below its run.
    pub(crate) fn path_of(&self, run: usize, place: usize) -> String {
        format!("{}/runs/{}/userProcessingResults/{}", self.base, self.runs[run], self.result(run, place))
    }
}
