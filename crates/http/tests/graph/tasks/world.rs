//! What the tests of tasks begin with: people, groups, and workflows of few tasks.

use serde_json::{Value as Json, json};

use crate::api::{Answer, Api};
use crate::company::{on_demand, with};
use crate::dump::Dump;

/// An id that nothing has.
pub(super) const NOBODY: &str = "00000000-0000-4000-8000-0000000000ff";

/// A task as a body has it.
pub(super) fn task(definition: &str, arguments: &[(&str, &str)]) -> Json {
    let argument = |(name, value): &(&str, &str)| json!({ "name": name, "value": value });
    let arguments: Vec<Json> = arguments.iter().map(argument).collect();
    json!({ "taskDefinitionId": definition, "arguments": arguments })
}

/// A workflow that runs on demand, as a body has it; its tasks are named by their places.
pub(super) fn workflow(category: &str, mut tasks: Vec<Json>) -> Json {
    for (place, task) in tasks.iter_mut().enumerate() {
        task["displayName"] = json!(format!("Task {}", place + 1));
    }
    with(with(on_demand("A workflow"), "category", json!(category)), "tasks", Json::Array(tasks))
}

/// A reference to a user.
pub(super) fn link(user: &str) -> Json {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/users/{user}") })
}

impl Api {
    /// Creates a workflow of one task and gives its id.
    pub(super) fn workflow_of(&self, category: &str, definition: &str, arguments: &[(&str, &str)]) -> String {
        self.workflow(&workflow(category, vec![task(definition, arguments)]))
    }

    /// Asks for a workflow of one task.
    pub(super) fn ask_for_task(
        &self,
        category: &str,
        definition: &str,
        arguments: &[(&str, &str)],
    ) -> Answer {
        self.post("@/workflows", &workflow(category, vec![task(definition, arguments)]))
    }

    /// Checks that a task is refused with these arguments, which are named, and that nothing is stored.
    pub(super) fn arguments_refused(
        &self,
        category: &str,
        definition: &str,
        arguments: &[(&str, &str)],
        named: &str,
    ) {
        let before = Dump::of(self);
        let answer = self.ask_for_task(category, definition, arguments);
        let message = answer.body["error"]["message"].as_str().unwrap_or_default().to_owned();
        answer.refused(400, "'tasks/0/arguments'");
        assert!(message.contains(named), "'{named}' is not named by: {message}");
        before.is_unchanged(self, named);
    }

    /// Creates somebody who can have everything; names of attributes and their values.
    pub(super) fn somebody(&self, name: &str, attributes: &[(&str, Json)]) -> String {
        let id = self.person(name, "Marketing", None, true);
        self.set(&id, &[("usageLocation", json!("DE"))]);
        self.set(&id, attributes);
        id
    }

    /// Changes attributes of somebody.
    pub(super) fn set(&self, user: &str, attributes: &[(&str, Json)]) {
        let body: Json = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.patch(&format!("users/{user}"), &body).is(204);
    }

    /// One property of somebody.
    pub(super) fn property(&self, user: &str, name: &str) -> Json {
        let top = name.split('/').next().unwrap_or(name);
        let user = self.get(&format!("users/{user}?$select={top}")).is(200);
        name.split('/').fold(user, |value, part| value[part].clone())
    }

    /// Gives somebody a manager.
    pub(super) fn manages(&self, manager: &str, user: &str) {
        self.ask("PUT", &format!("users/{user}/manager/$ref")).json(&link(manager)).send().is(204);
    }

    /// Puts somebody into a group.
    pub(super) fn join(&self, group: &str, user: &str) {
        self.post(&format!("groups/{group}/members/$ref"), &link(user)).is(204);
    }

    /// Creates a group that is like another but for some properties.
    pub(super) fn group_with(&self, name: &str, properties: &[(&str, Json)]) -> String {
        let mut body = json!({
            "displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true,
        });
        for (property, value) in properties {
            body[*property] = value.clone();
        }
        self.post("groups", &body).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Creates a team.
    pub(super) fn team(&self, name: &str) -> String {
        self.post("teams", &json!({ "displayName": name })).is(201)["id"].as_str().unwrap().to_owned()
    }

    /// Ids below a user, such as those of `memberOf`.
    pub(super) fn ids_below(&self, user: &str, list: &str) -> Vec<String> {
        let all = self.all(&format!("users/{user}/{list}"));
        all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    }
}
