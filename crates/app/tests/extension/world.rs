//! A server that may call this machine, with the people, extensions and workflows of a test.

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::endpoint::Endpoint;
use crate::harness::Server;

pub(crate) const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
pub(crate) const EXTENSIONS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/customTaskExtensions";

/// Calls may go to this machine, unencrypted.
pub(crate) const LOCAL: &str = "[extensions]\nallowHttp = true\nallowedNetworks = [\"127.0.0.1/32\"]\n";

const EXTENSION: &str = "4262b724-8dba-4fad-afc3-43fcbb497a0e";
const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";

/// A running server.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
}

impl World {
    /// A server that may call this machine.
    pub(crate) fn new() -> Self {
        Self::with(LOCAL, &[])
    }

    /// A server with that configuration and these arguments.
    pub(crate) fn with(configuration: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tenure.toml"), configuration).unwrap();
        Self { server: Server::start_in(folder.path(), arguments), folder }
    }

    /// The same after its server was killed and started again.
    pub(crate) fn killed_and_started(self) -> Self {
        let Self { server, folder } = self;
        server.kill();
        Self { server: Server::start_in(folder.path(), &[]), folder }
    }

    /// The same after its server was asked to stop, stopped, and was started again.
    pub(crate) fn stopped_and_started(self) -> Self {
        let Self { server, folder } = self;
        assert!(server.stop().success());
        Self { server: Server::start_in(folder.path(), &[]), folder }
    }

    /// Creates a person.
    pub(crate) fn person(&self, name: &str) -> String {
        let person = json!({
            "displayName": name,
            "userPrincipalName": format!("{name}@example.com"),
            "mail": format!("{name}@example.com"),
            "mailNickname": name,
            "accountEnabled": false,
        });
        self.server.create("/v1.0/users", &person)
    }

    /// Creates an extension.
    pub(crate) fn extension(&self, extension: &Json) -> String {
        self.server.create(EXTENSIONS, extension)
    }

    /// Creates a workflow that calls the extension and then enables the account.
    pub(crate) fn workflow(&self, extension: &str) -> String {
        self.server.create(WORKFLOWS, &calling(extension))
    }

    /// Runs a workflow for people.
    pub(crate) fn activate(&self, workflow: &str, people: &[&str]) {
        let subjects: Vec<Json> = people.iter().map(|id| json!({ "id": id })).collect();
        let (status, answer) =
            self.server.post(&format!("{WORKFLOWS}/{workflow}/activate"), &json!({ "subjects": subjects }));
        assert_eq!(status, 204, "{answer}");
    }

    /// A person for whom a new workflow with that extension is run; the workflow's id.
    pub(crate) fn run(&self, extension: &Json) -> String {
        let workflow = self.workflow(&self.extension(extension));
        let ann = self.person("ann");
        self.activate(&workflow, &[&ann]);
        workflow
    }

    /// The workflow's newest run, when it is finished.
    pub(crate) fn finished(&self, workflow: &str) -> Json {
        let runs = self.server.wait_for(&format!("{WORKFLOWS}/{workflow}/runs"), |runs| {
            runs["value"][0]["completedDateTime"].is_string()
        });
        runs["value"][0].clone()
    }

    /// How the workflow's newest run stands.
    pub(crate) fn newest_run(&self, workflow: &str) -> Json {
        self.get(&format!("{WORKFLOWS}/{workflow}/runs"))["value"][0].clone()
    }

    /// Everybody's results, each with the results of the tasks.
    pub(crate) fn results(&self, workflow: &str) -> Vec<Json> {
        let path = format!("{WORKFLOWS}/{workflow}/userProcessingResults?$expand=taskProcessingResults");
        self.get(&path)["value"].as_array().unwrap().clone()
    }

    /// The results of the tasks of the only person, when the run is finished.
    pub(crate) fn tasks(&self, workflow: &str) -> Vec<Json> {
        self.finished(workflow);
        let mut results = self.results(workflow);
        assert_eq!(results.len(), 1, "{results:?}");
        results.remove(0)["taskProcessingResults"].as_array().unwrap().clone()
    }

    /// The result of the task that calls, when the run is finished.
    pub(crate) fn call_result(&self, workflow: &str) -> Json {
        self.tasks(workflow).remove(0)
    }

    /// Why the task that calls has failed, when the run is finished.
    pub(crate) fn failure(&self, workflow: &str) -> String {
        let task = self.call_result(workflow);
        assert_eq!(task["processingStatus"], "failed", "{task}");
        task["failureReason"].as_str().unwrap().to_owned()
    }

    /// Waits until that many people of the workflow wait to be called back, their calls answered; gives their results.
    pub(crate) fn parked(&self, workflow: &str, people: usize) -> Vec<Json> {
        let path = format!("{WORKFLOWS}/{workflow}/userProcessingResults?$expand=taskProcessingResults");
        let waits = |result: &Json| {
            let info = result["taskProcessingResults"][0]["processingInfo"].as_str().unwrap_or_default();
            info.starts_with("waits to be called back until ")
        };
        let parked = self.server.wait_for(&path, |results| {
            results["value"].as_array().unwrap().iter().filter(|result| waits(result)).count() == people
        });
        parked["value"].as_array().unwrap().clone()
    }

    /// Where those answer who wait at their last task, when there are so many.
    pub(crate) fn parked_at_last(&self, workflow: &str, people: usize) -> Vec<String> {
        let path = format!("{WORKFLOWS}/{workflow}/userProcessingResults?$expand=taskProcessingResults");
        let callback = |result: &Json| {
            let last = result["taskProcessingResults"].as_array().unwrap().last().unwrap();
            let info = last["processingInfo"].as_str().unwrap_or_default();
            let (result, task) = (result["id"].as_str().unwrap(), last["id"].as_str().unwrap());
            info.starts_with("waits to be called back").then(|| {
                format!(
                    "{WORKFLOWS}/{workflow}/userProcessingResults/{result}/taskProcessingResults/{task}/resume"
                )
            })
        };
        let callbacks = |results: &Json| -> Vec<String> {
            results["value"].as_array().unwrap().iter().filter_map(callback).collect()
        };
        callbacks(&self.server.wait_for(&path, |results| callbacks(results).len() == people))
    }

    /// What the database counts.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let database = self.server.data.join("tenure.db");
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The most memory that the server has held.
    pub(crate) fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// What is at that path.
    pub(crate) fn get(&self, path: &str) -> Json {
        let (status, document) = self.server.get(path);
        assert_eq!(status, 200, "{path}: {document}");
        document
    }

    /// Answers a call as the administrator.
    pub(crate) fn resume(&self, callback: &str, status: &str) -> (u16, Json) {
        self.server.post(callback, &callback_body(status))
    }

    /// Answers a call, which has to be accepted.
    pub(crate) fn resumed(&self, callback: &str, status: &str) {
        assert_eq!(self.resume(callback, status), (204, Json::Null), "{callback}");
    }

    /// What the audit says of an activity, the newest entry first.
    pub(crate) fn audit(&self, activity: &str) -> Vec<Json> {
        let filter = format!("activityDisplayName eq '{activity}'").replace(' ', "%20");
        let path = format!("/v1.0/auditLogs/directoryAudits?$filter={filter}");
        self.get(&path)["value"].as_array().unwrap().clone()
    }
}

/// An extension at that address that does not wait and proves nothing.
pub(crate) fn plain(url: &str) -> Json {
    json!({
        "displayName": "Badge system",
        "endpointConfiguration": { "@odata.type": "#microsoft.graph.httpRequestEndpoint", "targetUrl": url },
        "authenticationConfiguration": { "@odata.type": "#tenure.noAuthentication" },
        "clientConfiguration": { "maximumRetries": 0, "timeoutInMilliseconds": 10_000 },
    })
}

/// An extension at that endpoint that waits to be called back.
pub(crate) fn waiting(endpoint: &Endpoint) -> Json {
    let mut extension = plain(&endpoint.url("/badge"));
    extension["callbackConfiguration"] = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
        "timeoutDuration": "PT1H",
    });
    extension
}

/// A workflow that calls an extension and then enables the account.
pub(crate) fn calling(extension: &str) -> Json {
    json!({
        "category": "leaver",
        "displayName": "Badge",
        "isEnabled": true,
        "isSchedulingEnabled": false,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly",
        },
        "tasks": [
            {
                "displayName": "Withdraw the badge",
                "taskDefinitionId": EXTENSION,
                "isEnabled": true,
                "arguments": [{ "name": "customTaskExtensionID", "value": extension }],
            },
            { "displayName": "Enable", "taskDefinitionId": ENABLE, "isEnabled": true, "arguments": [] },
        ],
    })
}

/// What whoever calls back says.
pub(crate) fn callback_body(status: &str) -> Json {
    json!({
        "source": "badge-system",
        "type": "lifecycleEvent",
        "data": {
            "@odata.type": "#microsoft.graph.identityGovernance.customTaskExtensionCallbackData",
            "operationStatus": status,
        },
    })
}
