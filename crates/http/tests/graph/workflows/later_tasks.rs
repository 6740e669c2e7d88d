//! Tasks that are listed and that no workflow can use yet.

use serde_json::{Value as Json, json};

use crate::company::{Company, on_demand};
use crate::dump::Dump;

#[test]
fn a_workflow_that_uses_a_task_to_come_is_refused_by_its_name() {
    let company = Company::new();
    let api = &company.api;
    let definitions = api.all("@/taskDefinitions");
    let of_joiners: Vec<&Json> =
        definitions.iter().filter(|known| known["category"].as_str().unwrap().contains("joiner")).collect();
    let mut to_come = 0;
    for known in &of_joiners {
        let (id, name) = (known["id"].as_str().unwrap(), known["displayName"].as_str().unwrap());
        let arguments: Vec<Json> = known["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| json!({ "name": parameter["name"], "value": "" }))
            .collect();
        let task = json!({ "displayName": "t", "taskDefinitionId": id, "arguments": arguments });
        let mut body = on_demand("x");
        body["tasks"].as_array_mut().unwrap().push(task);
        let before = Dump::of(api);
        let answer = api.post("@/workflows", &body);
        if answer.status == 201
            || !answer.body["error"]["message"].as_str().unwrap().contains("not available yet")
        {
            continue;
        }
        to_come += 1;
        answer.refused(
            400,
            &format!("'tasks/1/taskDefinitionId' names '{name}' ({id}), a task that is not available yet"),
        );
        let version = json!({ "workflow": body });
        api.post(&format!("{}/createNewVersion", company.base), &version).refused(400, "not available yet");
        let change = json!({ "tasks": body["tasks"] });
        api.patch(&company.base, &change).refused(400, &format!("names '{name}'"));
        before.is_unchanged(api, name);
    }
    assert!(to_come > 5, "{to_come} of {}", of_joiners.len());
}
