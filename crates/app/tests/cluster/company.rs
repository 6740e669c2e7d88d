//! People, a workflow, and servers for them.

use std::path::PathBuf;

use postgres::{Client, NoTls};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::harness::Server;
use crate::harness::postgres::Postgres;

const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";
const ADD: &str = "22085229-5809-45e8-97fd-270d28d66910";

const MAP: &str = "feed = \"hr\"\n\
    [columns]\n\
    employeeId = \"Id\"\n\
    displayName = \"Name\"\n\
    userPrincipalName = \"p{Id}@example.com\"\n\
    accountEnabled = \"Active\"\n\
    employeeHireDate = \"Hire\"\n";

/// A company on a PostgreSQL.
pub(crate) struct Company {
    pub(crate) postgres: Postgres,
    folder: TempDir,
}

/// A group to be.
pub(crate) fn group(name: &str) -> Json {
    json!({ "displayName": name, "mailNickname": "g", "mailEnabled": false, "securityEnabled": true })
}

impl Company {
    pub(crate) fn new(postgres: Postgres) -> Self {
        Self { postgres, folder: tempfile::tempdir().unwrap() }
    }

    /// A connection of ours.
    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.postgres.url(), NoTls).unwrap()
    }

    /// Another server on it.
    pub(crate) fn server(&self, name: &str) -> Server {
        self.server_at(name, &self.postgres.url())
    }

    /// The same, which reaches the database another way.
    pub(crate) fn server_at(&self, name: &str, url: &str) -> Server {
        let folder = self.folder(name);
        std::fs::create_dir_all(&folder).unwrap();
        let key = self.key();
        let own = folder.join("tenure-data").join("secret-key");
        if key.exists() && !own.exists() {
            std::fs::create_dir_all(folder.join("tenure-data")).unwrap();
            std::fs::copy(&key, own).unwrap();
        }
        let server = Server::start_in(&folder, &["--database", url]);
        if !key.exists() {
            std::fs::copy(server.data.join("secret-key"), key).unwrap();
        }
        server
    }

    /// The folder of the server of that name.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("secret-key")
    }
}

/// Imports that many people, who are hired on that day.
pub(crate) fn import(server: &Server, people: usize, hired: &str) {
    let mut rows = String::from("Id,Name,Active,Hire\n");
    for n in 1..=people {
        rows.push_str(&format!("{n},Person {n},no,{hired}\n"));
    }
    std::fs::write(server.folder.join("people.csv"), rows).unwrap();
    std::fs::write(server.folder.join("people.toml"), MAP).unwrap();
    let done = server.tenure(&["directory", "import", "people.csv", "--json"]).json();
    assert_eq!(done["created"], people, "{done}");
}

/// The workflow, for whoever it is run for.
pub(crate) fn on_demand(server: &Server) -> String {
    workflow(server, json!({ "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly" }))
}

/// Has the workflow run for everybody; gives the path of the run.
pub(crate) fn activate(server: &Server) -> String {
    let workflow = on_demand(server);
    activate_for_all(server, &workflow)
}

/// Has a workflow run for everybody; gives the path of the run.
pub(crate) fn activate_for_all(server: &Server, workflow: &str) -> String {
    let mut subjects = vec![];
    let mut next = Some("/v1.0/users?$top=999&$select=id".to_owned());
    while let Some(path) = next {
        let (_, page) = server.get(&path);
        subjects.extend(page["value"].as_array().unwrap().iter().map(|user| json!({ "id": user["id"] })));
        let link = page["@odata.nextLink"].as_str();
        next = link.map(|link| link.split_once("/v1.0").map(|(_, path)| format!("/v1.0{path}")).unwrap());
    }
    let path = format!("{WORKFLOWS}/{workflow}/activate");
    let (status, answer) = server.post(&path, &json!({ "subjects": subjects }));
    assert!(status < 300, "{status}: {answer}");
    let (_, runs) = server.get(&format!("{WORKFLOWS}/{workflow}/runs"));
    format!("{WORKFLOWS}/{workflow}/runs/{}", runs["value"][0]["id"].as_str().unwrap())
}

/// Has the workflow run for whoever is hired today.
pub(crate) fn joiners(server: &Server) {
    let conditions = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.triggerAndScopeBasedConditions",
        "scope": {
            "@odata.type": "#microsoft.graph.identityGovernance.ruleBasedSubjectSet",
            "rule": "(userType ne 'nobody')"
        },
        "trigger": {
            "@odata.type": "#microsoft.graph.identityGovernance.timeBasedAttributeTrigger",
            "timeBasedAttribute": "employeeHireDate",
            "offsetInDays": 0
        }
    });
    workflow(server, conditions);
}

/// The number of a server among the processes: the one that has connections from its process.
pub(crate) fn process(server: &Server) -> i64 {
    let said = server.log();
    let number = said.rsplit("process=").next().and_then(|rest| rest.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number: {said}"))
}

/// A workflow that enables people and puts them into a group.
fn workflow(server: &Server, conditions: Json) -> String {
    let staff = server.create("/v1.0/groups", &group("Staff"));
    server.create(
        WORKFLOWS,
        &json!({
            "displayName": "Joining",
            "category": "joiner",
            "isEnabled": true,
            "isSchedulingEnabled": conditions["scope"].is_object(),
            "executionConditions": conditions,
            "tasks": [
                {
                    "displayName": "Enable user account",
                    "taskDefinitionId": ENABLE,
                    "isEnabled": true,
                    "executionSequence": 1,
                    "arguments": []
                },
                {
                    "displayName": "Add user to groups",
                    "taskDefinitionId": ADD,
                    "isEnabled": true,
                    "executionSequence": 2,
                    "arguments": [{ "name": "groupID", "value": staff }]
                }
            ]
        }),
    )
}
