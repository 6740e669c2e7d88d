//! Files to play: workflows and people who come and go.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::harness::{Done, tenure_in};

const NAMESPACE: &str = "#microsoft.graph.identityGovernance";
pub(crate) const ENABLE: &str = "6fc52c9d-398b-4305-9763-15f42c1676fc";
pub(crate) const DISABLE: &str = "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950";
pub(crate) const WELCOME: &str = "70b29d51-b59a-4773-9280-8841dfd3f2ea";

/// A workflow of one task for everybody, on a date of theirs.
pub(crate) fn workflow(name: &str, category: &str, attribute: &str, task: &str) -> Json {
    json!({
        "category": category, "displayName": name, "isEnabled": true, "isSchedulingEnabled": true,
        "executionConditions": {
            "@odata.type": format!("{NAMESPACE}.triggerAndScopeBasedConditions"),
            "scope": { "@odata.type": format!("{NAMESPACE}.ruleBasedSubjectSet"), "rule": "userType eq 'Member'" },
            "trigger": {
                "@odata.type": format!("{NAMESPACE}.timeBasedAttributeTrigger"),
                "timeBasedAttribute": attribute, "offsetInDays": 0,
            },
        },
        "tasks": [{ "displayName": "Do it", "taskDefinitionId": task, "arguments": [] }],
    })
}

pub(crate) fn joiner() -> Json {
    workflow("Join", "joiner", "employeeHireDate", ENABLE)
}

pub(crate) fn leaver() -> Json {
    workflow("Leave", "leaver", "employeeLeaveDateTime", DISABLE)
}

/// A folder with workflows and files of people.
pub(crate) struct Files {
    pub(crate) folder: TempDir,
}

impl Files {
    pub(crate) fn new(workflows: &[Json]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("workflows")).unwrap();
        for (place, workflow) in workflows.iter().enumerate() {
            let file = folder.path().join(format!("workflows/{place}.json"));
            fs::write(file, workflow.to_string()).unwrap();
        }
        let map = "feed = \"hr\"\n[columns]\nemployeeId = \"id\"\ndisplayName = \"name\"\n\
                   userPrincipalName = \"{name}@example.com\"\nemployeeHireDate = \"first\"\n\
                   employeeLeaveDateTime = \"last\"\n[defaults]\nuserType = \"Member\"\n";
        fs::write(folder.path().join("map.toml"), map).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of people: name, first day, last day.
    pub(crate) fn people(&self, name: &str, people: &[(&str, &str, &str)]) -> PathBuf {
        let mut text = "id,name,first,last\n".to_owned();
        for (place, (name, first, last)) in people.iter().enumerate() {
            text.push_str(&format!("{place},{name},{first},{last}\n"));
        }
        let file = self.path().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    /// Plays on an empty directory.
    pub(crate) fn play(&self, from: &str, to: &str, more: &[&str]) -> Done {
        let arguments =
            ["simulate", "--from", from, "--to", to, "--workflows", "workflows", "--map", "map.toml"];
        Done::of(&mut tenure_in(self.path(), &[&arguments, more].concat()))
    }
}

/// What happened, as lines: the day, the workflow, who, how; in the order in which it is told.
pub(crate) fn told(document: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let list = |value: &Json| value.as_array().unwrap().clone();
    let mut lines = Vec::new();
    for day in list(&document["days"]) {
        let date = text(&day["date"]);
        for one in list(&day["quarantined"]) {
            lines.push(format!("{date} {} held back", text(&one["workflow"])));
        }
        for one in list(&day["results"]) {
            let (workflow, name) = (text(&one["workflow"]), text(&one["subject"]["displayName"]));
            lines.push(format!("{date} {workflow} {name} {}", text(&one["status"])));
        }
        for one in list(&day["skipped"]) {
            let (workflow, name) = (text(&one["workflow"]), text(&one["subject"]["displayName"]));
            lines.push(format!("{date} {workflow} {name} skipped {}", text(&one["reason"])));
        }
    }
    lines
}
