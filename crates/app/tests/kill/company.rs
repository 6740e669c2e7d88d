//! Twenty thousand people, their groups and the workflow that is run for them: made once, copied for every run.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::harness::Server;

/// How many people there are.
pub(crate) const USERS: i64 = 20_000;
/// One in so many has a mail address: the others cannot be mailed. A run is long enough to be hit, and not made of
/// syncing files alone.
const MAIL_EVERY: i64 = 20;
/// How many people can be mailed.
pub(crate) const MAILED: i64 = USERS / MAIL_EVERY;

const WORKFLOWS: &str = "/v1.0/identityGovernance/lifecycleWorkflows/workflows";
const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";
const ADD: &str = "22085229-5809-45e8-97fd-270d28d66910";
const MAIL: &str = "70b29d51-b59a-4773-9280-8841dfd3f2ea";
const REMOVE: &str = "1953a66c-751c-45e5-8bfe-01462c70da3c";

const MAP: &str = "feed = \"hr\"\n\
    [columns]\n\
    employeeId = \"Id\"\n\
    displayName = \"Name\"\n\
    userPrincipalName = \"p{Id}@example.com\"\n\
    mail = \"Mail\"\n\
    accountEnabled = \"Active\"\n";

/// A data directory that nobody uses, and what is to be done with its copies.
pub(crate) struct Company {
    folder: TempDir,
    workflow: String,
    subjects: Json,
    /// The last audit entry before anything is run.
    pub(crate) last_entry: i64,
}

impl Company {
    /// Imports the people, puts them all into one group, and makes the workflow: it enables them, puts them into two
    /// groups, mails those it can, and takes them out of the first group. So a mail has effects before and after it.
    pub(crate) fn prepare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start_in(folder.path(), &[]);
        let mut rows = String::from("Id,Name,Mail,Active\n");
        for n in 1..=USERS {
            let mail = if n % MAIL_EVERY == 0 { address(n) } else { String::new() };
            rows.push_str(&format!("{n},Person {n},{mail},no\n"));
        }
        std::fs::write(folder.path().join("people.csv"), rows).unwrap();
        std::fs::write(folder.path().join("people.toml"), MAP).unwrap();
        let done = server.tenure(&["directory", "import", "people.csv", "--json"]).json();
        assert_eq!(done["created"], USERS, "{done}");

        let [candidates, staff, everybody] =
            ["Candidates", "Staff", "Everybody"].map(|name| group(&server, name));
        let hiring = workflow(
            &server,
            "Hiring",
            &json!([{
                "displayName": "Add user to groups",
                "taskDefinitionId": ADD,
                "isEnabled": true,
                "arguments": [{ "name": "groupID", "value": candidates }]
            }]),
        );
        let joining = workflow(
            &server,
            "Joining",
            &json!([
                {
                    "displayName": "Enable user account",
                    "taskDefinitionId": ENABLE,
                    "isEnabled": true,
                    "arguments": []
                },
                {
                    "displayName": "Add user to groups",
                    "taskDefinitionId": ADD,
                    "isEnabled": true,
                    "arguments": [{ "name": "groupID", "value": format!("{staff},{everybody}") }]
                },
                {
                    "displayName": "Send welcome email",
                    "taskDefinitionId": MAIL,
                    "isEnabled": true,
                    "continueOnError": true,
                    "arguments": []
                },
                {
                    "displayName": "Remove user from selected groups",
                    "taskDefinitionId": REMOVE,
                    "isEnabled": true,
                    "arguments": [{ "name": "groupID", "value": candidates }]
                }
            ]),
        );

        let subjects = subjects(&server.data);
        let (status, answer) = server.post(&format!("{WORKFLOWS}/{hiring}/activate"), &subjects);
        assert_eq!(status, 204, "{answer}");
        server.wait_for(&format!("{WORKFLOWS}/{hiring}/runs"), |runs| {
            runs["value"][0]["processingStatus"] == "completed"
        });
        let data = server.data.clone();
        assert!(server.stop().success());
        let last_entry =
            open(&data).query_row("SELECT max(number) FROM audit", [], |row| row.get(0)).unwrap();
        Self { folder, workflow: joining, subjects, last_entry }
    }

    /// A folder with a copy of the data directory.
    pub(crate) fn copy(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        copy(&self.folder.path().join("tenure-data"), &folder.path().join("tenure-data"));
        folder
    }

    /// Runs the workflow for everybody; returns as soon as the server has said that it will.
    pub(crate) fn activate(&self, server: &Server) {
        let (status, answer) =
            server.post(&format!("{WORKFLOWS}/{}/activate", self.workflow), &self.subjects);
        assert_eq!(status, 204, "{answer}");
    }

    /// Where the workflow's runs are.
    pub(crate) fn runs(&self) -> String {
        format!("{WORKFLOWS}/{}/runs", self.workflow)
    }
}

/// The mail address of the person with that employee id.
pub(crate) fn address(employee: i64) -> String {
    format!("p{employee}@example.com")
}

/// The database of a data directory, to look at.
pub(crate) fn open(data: &Path) -> Connection {
    Connection::open_with_flags(data.join("tenure.db"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn subjects(data: &Path) -> Json {
    let connection = open(data);
    let mut statement = connection.prepare("SELECT id FROM users ORDER BY number").unwrap();
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).unwrap();
    let subjects: Vec<Json> =
        ids.map(|id| json!({ "id": Uuid::from_bytes(id.unwrap()) .to_string() })).collect();
    json!({ "subjects": subjects })
}

fn group(server: &Server, name: &str) -> String {
    server.create(
        "/v1.0/groups",
        &json!({
            "displayName": name,
            "mailEnabled": false,
            "mailNickname": name,
            "securityEnabled": true
        }),
    )
}

fn workflow(server: &Server, name: &str, tasks: &Json) -> String {
    let document = json!({
        "category": "joiner",
        "displayName": name,
        "isEnabled": true,
        "isSchedulingEnabled": false,
        "executionConditions": {
            "@odata.type": "#microsoft.graph.identityGovernance.onDemandExecutionOnly"
        },
        "tasks": tasks
    });
    server.create(WORKFLOWS, &document)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
