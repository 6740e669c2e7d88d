//! Where operations are asked: a company with a history, and things made for those that destroy them.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;
use tenure_surface::{Operation, Version};

use super::waiting::waiting;
use crate::api::Api;
use crate::company::{Company, WELCOME, on_demand, reported, scheduled, with};

/// An id that nothing has.
pub(super) const NOBODY: &str = "ffff0000-0000-4000-8000-000000000000";

/// Where one operation is asked.
pub(super) struct Place<'a> {
    pub(super) api: &'a Api,
    pub(super) path: String,
    /// What stands for the names in an example of a body.
    pub(super) names: HashMap<&'static str, String>,
}

/// A company whose workflow lives, one whose workflow was deleted, and one whose workflow is in quarantine.
pub(super) struct Places {
    version: Version,
    live: Company,
    deleted: Company,
    quarantined: (Api, String),
    /// A kind of licence that the company has.
    sku: String,
    /// An access package and its policy that the living company has.
    package: (String, String),
    /// The id that an application of the living company signs in with.
    app_id: String,
    /// Ids that lists gave, by their path.
    first: HashMap<(bool, String), Option<String>>,
    made: usize,
}

impl Places {
    pub(super) fn new(version: Version) -> Self {
        let (live, mut deleted) = (Company::new(), Company::new());
        // So that there is something to list; whether this works yet, the walk itself will say.
        let api = &live.api;
        api.ask("PUT", &format!("users/{}/manager/$ref", live.ann))
            .json(&json!({ "@odata.id": format!("users/{}", live.bob) }))
            .send()
            .is(204);
        api.post("@/customTaskExtensions", &extension(0)).is(201);
        let sku = furnish(&live);
        for company in [&live, &deleted] {
            let scope = json!({ "scope": {
                "@odata.type": "#microsoft.graph.identityGovernance.activateRunScope", "run": { "id": company.runs[1] },
                "taskScope": "allTasks", "userScope": "allUsers",
            } });
            company.api.post(&format!("{}/activateWithScope", company.base), &scope).is(204);
        }
        deleted.delete();
        let application = live.api.post("applications", &json!({ "displayName": "Ticket system" })).is(201);
        let package = live.api.package("Sales", false);
        live.api.assign(&package, &live.ann).is(201);
        sign_in(&live.api, &live.ann);
        live.api.post("roleManagement/directory/roleAssignments", &role(&live.ann)).is(201);
        Self {
            version,
            live,
            deleted,
            quarantined: quarantined(),
            package,
            app_id: application["appId"].as_str().unwrap().to_owned(),
            sku,
            first: HashMap::new(),
            made: 0,
        }
    }

    /// Where to ask an operation.
    pub(super) fn of(&mut self, operation: &Operation) -> Place<'_> {
        self.made += 1;
        let of_its_own = self.made_for(operation);
        let deleted = operation.written.starts_with("@deleted") && !of_its_own.contains_key("workflow-id");
        let quarantine = operation.written == "@live/ig.clearQuarantine";
        let path = if quarantine {
            format!("/{}{}", self.version, operation.path().replace("{workflow-id}", &self.quarantined.1))
        } else {
            self.path(operation, deleted, &of_its_own)
        };
        let mut names = HashMap::from([("unique", format!("{}", self.made))]);
        if operation.request.is_some() {
            names.insert("user-id", self.newcomer(deleted));
        }
        names.insert("subscribedSku-id", self.sku.clone());
        names.insert("queued-run", self.live.runs[4].clone());
        names.insert("accessPackage-id", self.package.0.clone());
        names.insert("accessPackageAssignmentPolicy-id", self.package.1.clone());
        if operation.written == "@live/ig.cancelProcessing" {
            let api = &self.company(false).api;
            api.activate(&self.live.workflow, &[&names["user-id"]]);
            let runs = api.get(&format!("{}/runs", self.live.base)).is(200);
            names.insert("queued-run", runs["value"][0]["id"].as_str().unwrap().to_owned());
        }
        let api = if quarantine { &self.quarantined.0 } else { &self.company(deleted).api };
        Place { api, path, names }
    }

    fn company(&self, deleted: bool) -> &Company {
        if deleted { &self.deleted } else { &self.live }
    }

    /// The whole path, its parameters replaced from the left by what is there.
    fn path(
        &mut self,
        operation: &Operation,
        deleted: bool,
        of_its_own: &HashMap<&'static str, String>,
    ) -> String {
        let pattern = operation
            .path()
            .replace("{startDateTime}", "2026-03-01T00:00:00Z")
            .replace("{endDateTime}", "2026-03-31T00:00:00Z")
            .replace("{appId}", &self.app_id);
        let mut path = format!("/{}", self.version);
        for segment in pattern.split('/').skip(1) {
            let parameter = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
            let value = match parameter {
                None => segment.to_owned(),
                Some(name) => match of_its_own.get(name) {
                    Some(id) => id.clone(),
                    None => self.known(name, &path, deleted).unwrap_or_else(|| NOBODY.to_owned()),
                },
            };
            path = format!("{path}/{value}");
        }
        path
    }

    /// The id of something that is at the path.
    fn known(&mut self, name: &str, path: &str, deleted: bool) -> Option<String> {
        let company = self.company(deleted);
        let collection = path.rsplit('/').next().unwrap_or_default();
        match (collection, name) {
            ("workflows", _) => return Some(company.workflow.clone()),
            ("users", _) => return Some(company.ann.clone()),
            ("groups", _) => return Some(company.staff.clone()),
            ("runs", _) => return Some(company.runs[1].clone()),
            // Of that run, which was processed again.
            ("userProcessingResults" | "subjectProcessingResults", _) => return Some(company.result(1, 0)),
            _ => {}
        }
        let key = (deleted, path.to_owned());
        if !self.first.contains_key(&key) {
            let answer = self.company(deleted).api.get(path);
            let item = answer.body["value"].get(0).unwrap_or(&answer.body);
            let id = match &item["versionNumber"] {
                Json::Number(number) => Some(number.to_string()),
                _ => item["id"].as_str().map(str::to_owned),
            };
            self.first.insert(key.clone(), id.filter(|_| answer.status == 200));
        }
        self.first[&key].clone()
    }

    /// What an operation that destroys or changes much has for itself.
    fn made_for(&mut self, operation: &Operation) -> HashMap<&'static str, String> {
        let Self { live, made, .. } = self;
        let api = &live.api;
        let text = |json: &Json| json["id"].as_str().unwrap_or(NOBODY).to_owned();
        let workflow = || api.workflow(&on_demand(&format!("made {made}")));
        let person = || api.person(&format!("made{made}"), "IT", None, false);
        let one = |name, id| HashMap::from([(name, id)]);
        match (operation.method, operation.written) {
            ("POST", path) if path.starts_with("@live/") && path.ends_with("/ig.resume") => {
                waiting(api, &format!("made {made}"), &person())
            }
            ("DELETE", "@live") | ("POST", "@live/ig.createNewVersion") => one("workflow-id", workflow()),
            ("DELETE", "@deleted") | ("POST", "@deleted/ig.restore") => {
                let id = workflow();
                api.delete(&format!("@/workflows/{id}")).is(204);
                one("workflow-id", id)
            }
            ("DELETE", "@lcw/customTaskExtensions/{customTaskExtension-id}") => one(
                "customTaskExtension-id",
                text(&api.post("@/customTaskExtensions", &extension(*made)).body),
            ),
            ("DELETE", "/users/{user-id}") => one("user-id", person()),
            ("DELETE", "/groups/{group-id}") => one("group-id", api.group(&format!("made{made}"))),
            (_, path) if path.starts_with("/directory/deletedItems/") && path.contains('{') => {
                let (kind, id) = if path.contains("microsoft.graph.group") {
                    ("groups", api.group(&format!("made{made}")))
                } else {
                    ("users", person())
                };
                api.delete(&format!("{kind}/{id}")).is(204);
                one("directoryObject-id", id)
            }
            ("DELETE", "/applications/{application-id}") => one(
                "application-id",
                text(&api.post("applications", &json!({ "displayName": "Made" })).is(201)),
            ),
            ("DELETE", "/subscribedSkus/{subscribedSku-id}") => {
                let body = json!({ "skuPartNumber": "MADE" });
                one("subscribedSku-id", text(&api.post("subscribedSkus", &body).is(201)))
            }
            ("GET", "/groups/{group-id}/team") => one("group-id", text(&team(api, &format!("made{made}")))),
            ("PUT", "/groups/{group-id}/team") => {
                let body = json!({ "displayName": format!("made{made}"), "groupTypes": ["Unified"] });
                one("group-id", text(&api.post("groups", &body).is(201)))
            }
            (
                "DELETE",
                "/servicePrincipals/{servicePrincipal-id}"
                | "/servicePrincipals/{servicePrincipal-id}/microsoft.graph.agentIdentity",
            ) => one("servicePrincipal-id", text(&agent(api, &[&live.ann]))),
            ("DELETE", "/identityGovernance/entitlementManagement/accessPackages/{accessPackage-id}") => {
                one("accessPackage-id", api.package(&format!("made {made}"), false).0)
            }
            (
                "DELETE",
                "/identityGovernance/entitlementManagement/assignmentPolicies/{accessPackageAssignmentPolicy-id}",
            ) => one("accessPackageAssignmentPolicy-id", api.package(&format!("made {made}"), false).1),
            ("POST", path)
                if path.ends_with("/assignmentRequests/{accessPackageAssignmentRequest-id}/cancel") =>
            {
                let package = api.package(&format!("made {made}"), true);
                one("accessPackageAssignmentRequest-id", text(&api.ask_for(&package, &person()).is(201)))
            }
            ("POST", path) if path.starts_with("/users/{user-id}/authentication/") => {
                one("user-id", person())
            }
            ("DELETE", path) if path.starts_with("/users/{user-id}/authentication/") => {
                let id = person();
                sign_in(api, &id);
                one("user-id", id)
            }
            ("DELETE", "/roleManagement/directory/roleAssignments/{unifiedRoleAssignment-id}") => one(
                "unifiedRoleAssignment-id",
                text(&api.post("roleManagement/directory/roleAssignments", &role(&person())).is(201)),
            ),
            ("POST", "@live/tasks/{task-id}/tenure.previewMail") => {
                let mut body = on_demand(&format!("made {made}"));
                body["tasks"][0]["taskDefinitionId"] = json!(WELCOME);
                let id = api.workflow(&body);
                let task = text(&api.all(&format!("@/workflows/{id}/tasks"))[0]);
                HashMap::from([("workflow-id", id), ("task-id", task)])
            }
            ("POST", "@lcw/taskDefinitions/{taskDefinition-id}/tenure.previewMail") => {
                one("taskDefinition-id", WELCOME.to_owned())
            }
            ("DELETE", "/tenure.tokens/{token-id}") => {
                let body = json!({ "name": "made", "scopes": ["*"] });
                one("token-id", text(&api.post("tenure.tokens", &body).is(201)))
            }
            (method, path)
                if method != "GET"
                    && path.contains("/userProcessingResults")
                    && !path.contains("/ig.")
                    && !path.contains("/tenure.") =>
            {
                self.reported(operation)
            }
            _ => HashMap::new(),
        }
    }

    /// A reported result, for the operations that change one.
    fn reported(&self, operation: &Operation) -> HashMap<&'static str, String> {
        if operation.written.contains("mailboxSettings") {
            return HashMap::new();
        }
        let deleted = operation.written.starts_with("@deleted");
        let company = self.company(deleted);
        let mut made = HashMap::from([("run-id", company.runs[0].clone())]);
        let results = format!("{}/runs/{}/userProcessingResults", company.base, company.runs[0]);
        let nobodys = operation.method == "POST" && operation.written.ends_with("/subject/$ref");
        let subject = if nobodys { Json::Null } else { json!({ "id": company.bob }) };
        let result = company.api.post(&results, &with(reported(), "subject", subject)).is(201);
        let result = result["id"].as_str().unwrap().to_owned();
        let task_results = format!("{results}/{result}/taskProcessingResults");
        let task_result = company
            .api
            .post(
                &task_results,
                &json!({ "processingStatus": "completed", "createdDateTime": "2026-03-02T09:00:00Z" }),
            )
            .is(201);
        made.insert("taskProcessingResult-id", task_result["id"].as_str().unwrap().to_owned());
        made.insert("userProcessingResult-id", result);
        made.insert("user-id", company.bob.clone());
        made
    }

    fn newcomer(&self, deleted: bool) -> String {
        self.company(deleted).api.person(&format!("newcomer{}", self.made), "IT", None, true)
    }
}

/// Gives a company what people hold and who vouches for whom, and gives the sku of a licence.
fn furnish(company: &Company) -> String {
    let Company { api, ann, bob, .. } = company;
    let sku = api.post("subscribedSkus", &json!({ "skuPartNumber": "ENTERPRISEPACK" })).is(201);
    let sku = sku["id"].as_str().unwrap().to_owned();
    api.patch(&format!("users/{ann}"), &json!({ "usageLocation": "DE" })).is(204);
    let assigned = json!({ "addLicenses": [{ "skuId": sku }], "removeLicenses": [] });
    api.post(&format!("users/{ann}/assignLicense"), &assigned).is(200);
    api.post(&format!("users/{ann}/sponsors/$ref"), &json!({ "@odata.id": format!("users/{bob}") })).is(204);
    let team = team(api, "Crew");
    let member = json!({ "user@odata.bind": format!("users('{ann}')") });
    api.post(&format!("teams/{}/members", team["id"].as_str().unwrap()), &member).is(201);
    agent(api, &[ann, bob]);
    sku
}

fn team(api: &Api, name: &str) -> Json {
    api.post("teams", &json!({ "displayName": name })).is(201)
}

fn agent(api: &Api, sponsors: &[&str]) -> Json {
    let links: Vec<String> = sponsors.iter().map(|id| format!("users/{id}")).collect();
    let body = json!({ "displayName": "Agent", "sponsors@odata.bind": links });
    api.post("servicePrincipals/microsoft.graph.agentIdentity", &body).is(201)
}

/// Gives somebody a way to sign in of each kind.
fn sign_in(api: &Api, user: &str) {
    for (kind, body) in [
        ("temporaryAccessPassMethods", json!({})),
        ("phoneMethods", json!({ "phoneNumber": "+1 5555551234", "phoneType": "mobile" })),
        ("emailMethods", json!({ "emailAddress": "somebody@example.com" })),
    ] {
        api.post(&format!("users/{user}/authentication/{kind}"), &body).is(201);
    }
}

/// A role for somebody.
fn role(user: &str) -> Json {
    json!({
        "principalId": user, "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "directoryScopeId": "/",
    })
}

fn extension(number: usize) -> Json {
    json!({
        "displayName": format!("Badge {number}"), "description": "made by a test",
        "endpointConfiguration": {
            "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
            "subscriptionId": "c500b67c-e9b7-4ad2-a90d-77d41385ae55", "resourceGroupName": "badges",
            "logicAppWorkflowName": "order", "url": "https://badges.example.com/order",
        },
        "authenticationConfiguration": { "@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication" },
        "clientConfiguration": {
            "@odata.type": "#microsoft.graph.customExtensionClientConfiguration",
            "timeoutInMilliseconds": 1000, "maximumRetries": 1,
        },
    })
}

/// A leaver workflow that has more people due than it may.
fn quarantined() -> (Api, String) {
    let api = Api::with_limits(Limits { leavers_at_most: 0, ..Limits::default() });
    let mut body = with(scheduled("Leavers", "department eq 'Sales'"), "category", json!("leaver"));
    body["executionConditions"]["trigger"]["timeBasedAttribute"] = json!("employeeLeaveDateTime");
    body["tasks"][0]["taskDefinitionId"] = json!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950");
    let workflow = api.workflow(&body);
    let leaver = api.person("leaver", "Sales", None, true);
    api.patch(&format!("users/{leaver}"), &json!({ "employeeLeaveDateTime": "2026-03-02T00:00:00Z" }))
        .is(204);
    api.system.advance("2026-03-02T01:00:00Z").unwrap();
    (api, workflow)
}
