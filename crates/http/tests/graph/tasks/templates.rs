//! Every template, turned into a workflow and run.

use serde_json::{Value as Json, json};

use super::world::link;
use crate::api::Api;

const SKU: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";

/// What the arguments and conditions of templates are filled with.
struct Filling {
    group: String,
    team: String,
    package: (String, String),
    extension: String,
}

impl Filling {
    fn new(api: &Api) -> Self {
        api.sku(SKU, "SPE_E3", &Json::Null);
        Self {
            group: api.group("Staff"),
            team: api.team("Crew"),
            package: api.package("Sales", false),
            extension: api.extension(),
        }
    }

    /// A workflow as a client makes it of a template.
    fn workflow(&self, template: &Json) -> Json {
        let mut body = template.clone();
        let members = body.as_object_mut().unwrap();
        members.retain(|name, _| name != "id" && !name.contains("@odata."));
        body["isEnabled"] = json!(true);
        // Nobody watches for events yet, so not every one could be.
        body["isSchedulingEnabled"] = json!(false);
        for task in body["tasks"].as_array_mut().unwrap() {
            task.as_object_mut().unwrap().shift_remove("id");
            for argument in task["arguments"].as_array_mut().unwrap() {
                if argument["value"] == "" {
                    argument["value"] = json!(self.argument(argument["name"].as_str().unwrap()));
                }
            }
        }
        let conditions = &mut body["executionConditions"];
        if let Some(group) = conditions.pointer_mut("/scope/groups/0/id") {
            assert_eq!(*group, "");
            *group = json!(self.group);
        }
        if let Some(attributes) = conditions.pointer_mut("/trigger/triggerAttributes")
            && *attributes == json!([])
        {
            *attributes = json!([{ "name": "jobTitle" }]);
        }
        body
    }

    fn argument(&self, name: &str) -> &str {
        match name {
            "groupID" => &self.group,
            "teamID" => &self.team,
            "accessPackageId" => &self.package.0,
            "assignmentPolicyId" => &self.package.1,
            other => {
                assert_eq!(other, "customTaskExtensionID", "nothing else is left empty");
                &self.extension
            }
        }
    }

    /// Somebody for whom each task of the template has something to do.
    fn person(&self, api: &Api, template: &Json, place: usize) -> String {
        let is_joiner = template["category"] == "joiner";
        let person = api.somebody(&format!("person{place}"), &[("accountEnabled", json!(!is_joiner))]);
        let (boss, other) =
            (api.somebody(&format!("boss{place}"), &[]), api.somebody(&format!("other{place}"), &[]));
        api.manages(&boss, &person);
        api.agent("Orders", &[&person, &other]);
        if is_joiner {
            return person;
        }
        api.license(SKU, &person);
        for group in [&self.group, &self.team] {
            api.join(group, &person);
        }
        // One template gives the package, the others take it.
        let gives = template.to_string().contains(super::access_packages::REQUEST);
        if !gives {
            api.assign(&self.package, &person).is(201);
        }
        person
    }
}

#[test]
fn each_becomes_a_workflow_whose_tasks_are_completed() {
    let api = Api::new();
    let filling = Filling::new(&api);
    let templates = api.all("@/workflowTemplates");
    assert_eq!(templates.len(), 15);
    for (place, listed) in templates.iter().enumerate() {
        let template = api.get(&format!("@/workflowTemplates/{}", listed["id"].as_str().unwrap())).is(200);
        let name = &template["displayName"];
        let body = filling.workflow(&template);
        let id = api.workflow(&body);
        let made = api.get(&format!("@/workflows/{id}")).is(200);
        for property in ["category", "displayName", "description", "executionConditions"] {
            assert_eq!(made[property], body[property], "{name}: {property}");
        }
        let person = filling.person(&api, &template, place);
        let came = api.process(&id, &person);
        assert_eq!(came.status, "completed", "{name}: {came:#?}");
        let planned = body["tasks"].as_array().unwrap();
        assert_eq!(came.tasks.len(), planned.len(), "{name}: {came:#?}");
        for (result, task) in came.tasks.iter().zip(planned) {
            assert_eq!(result["task"]["taskDefinitionId"], task["taskDefinitionId"], "{name}: {result}");
            assert_eq!(result["processingStatus"], "completed", "{name}: {result}");
            // It did something: whoever has nothing to do says so. Every team was a group that was left before.
            let said = &result["processingInfo"];
            assert!(said.is_null() || said == "the user is in no team", "{name}: {result}");
        }
        let run =
            api.all(&format!("@/workflows/{id}/runs?$filter=workflowExecutionType ne 'preview'")).remove(0);
        assert_eq!(
            (&run["processingStatus"], &run["totalTasksCount"], &run["totalUnprocessedTasksCount"]),
            (&json!("completed"), &json!(planned.len()), &json!(0)),
            "{name}"
        );
    }
}

#[test]
fn what_is_left_empty_has_to_be_filled_in() {
    let api = Api::new();
    let filling = Filling::new(&api);
    let mut empty = 0;
    for template in api.all("@/workflowTemplates") {
        let full = filling.workflow(&template);
        for (place, task) in template["tasks"].as_array().unwrap().iter().enumerate() {
            for (which, argument) in task["arguments"].as_array().unwrap().iter().enumerate() {
                if argument["value"] == "" {
                    empty += 1;
                    let mut body = full.clone();
                    body["tasks"][place]["arguments"][which]["value"] = json!("");
                    let named = format!("'tasks/{place}/arguments'");
                    api.post("@/workflows", &body).refused(400, &named);
                }
            }
        }
    }
    assert_eq!(empty, 12);
    let template = |name: &str| {
        let found = api.all(&format!("@/workflowTemplates?$filter=displayName eq '{name}'"));
        filling.workflow(&found[0])
    };
    let mut body = template("Employee group membership changes");
    body["executionConditions"]["scope"]["groups"] = json!([{ "id": "" }]);
    api.post("@/workflows", &body).refused(400, "executionConditions/scope/groups");
    let mut body = template("Transition agent sponsorships when a sponsor changes roles");
    body["executionConditions"]["trigger"]["triggerAttributes"] = json!([]);
    api.post("@/workflows", &body).refused(400, "executionConditions/trigger/triggerAttributes");
}

#[test]
fn a_guest_without_sponsor_is_removed_and_the_manager_told_of_who_was_inactive() {
    let api = Api::new();
    let filling = Filling::new(&api);
    let of = |name: &str| {
        let found = api.all(&format!("@/workflowTemplates?$filter=displayName eq '{name}'"));
        api.workflow(&filling.workflow(&found[0]))
    };
    let guest = api.somebody("guest", &[("userType", json!("Guest"))]);
    api.process(&of("Unsponsored guest cleanup (preview)"), &guest).did(&[("Delete user", &[&guest])]);
    api.get(&format!("users/{guest}")).refused(404, &guest);
    let (ann, boss) = (api.somebody("ann", &[("accountEnabled", json!(true))]), api.somebody("boss", &[]));
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link(&boss)).send().is(204);
    let came = api.process(&of("Offboard inactive users"), &ann);
    assert_eq!(came.status, "completed");
    came.told(&[("Update user", &[&ann]), ("Send mail", &[&ann])]);
    assert_eq!(api.property(&ann, "accountEnabled"), false);
    assert_eq!(api.system.deliveries.mails()[0].to.address, "boss@example.com");
}
