//! `…/workflows/{id}/tenure.explain`

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::Api;
use crate::company::{on_demand, scheduled, with};
use crate::dump::Dump;

const RULE: &str = "department eq 'Sales' and (country eq 'DE' or not (companyName eq 'Contoso'))";

fn explained(api: &Api, workflow: &str, person: &str) -> Json {
    let body = json!({ "subject": { "id": person } });
    api.post(&format!("@/workflows/{workflow}/tenure.explain"), &body).is(200)
}

fn codes(explained: &Json) -> Vec<&str> {
    explained["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

fn said(explained: &Json) -> (&str, Vec<&str>) {
    (explained["isProcessed"].as_str().unwrap(), codes(explained))
}

#[test]
fn each_clause_tells_its_truth_and_what_it_saw() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", Some("2026-03-02T00:00:00Z"), true);
    api.patch(&format!("users/{ann}"), &json!({ "companyName": "Contoso" })).is(204);
    let workflow = api.workflow(&scheduled("w", RULE));
    let before = Dump::of(&api);
    let found = explained(&api, &workflow, &ann);
    before.is_unchanged(&api, "an explanation");
    assert_eq!(found["subject"], json!({ "id": ann, "displayName": "ann" }));
    assert_eq!(
        found["scope"],
        json!({ "text": RULE, "holds": false, "parts": [
            { "text": "department eq 'Sales'", "holds": true, "seen": "Sales", "parts": [] },
            { "text": "country eq 'DE' or not (companyName eq 'Contoso')", "holds": false, "parts": [
                { "text": "country eq 'DE'", "holds": false, "seen": null, "parts": [] },
                { "text": "not (companyName eq 'Contoso')", "holds": false, "parts": [
                    { "text": "companyName eq 'Contoso'", "holds": true, "seen": "Contoso", "parts": [] },
                ] },
            ] },
        ] })
    );
    assert_eq!(said(&found), ("no", vec!["notDueYet", "outOfScope"]));
    api.patch(&format!("users/{ann}"), &json!({ "country": "DE" })).is(204);
    let found = explained(&api, &workflow, &ann);
    assert_eq!((&found["scope"]["holds"], said(&found)), (&json!(true), ("later", vec!["notDueYet"])));
}

#[test]
fn an_occasion_is_followed_from_before_it_is_due_until_it_is_used() {
    let api = Api::new();
    let [ann, bob, cy] = ["ann", "bob", "cy"].map(|name| api.person(name, "Sales", None, true));
    let workflow = api.workflow(&scheduled("w", "department eq 'Sales'"));
    let hired = |person: &str, date: &str| {
        api.patch(&format!("users/{person}"), &json!({ "employeeHireDate": date })).is(204);
    };
    assert_eq!(said(&explained(&api, &workflow, &ann)), ("no", vec!["noOccasion"]));
    hired(&ann, "2026-03-01T09:00:00Z");
    hired(&bob, "2026-02-20T09:00:00Z");
    hired(&cy, "2026-03-01T08:00:00Z");
    let found = explained(&api, &workflow, &ann);
    assert_eq!(said(&found), ("later", vec!["notDueYet"]));
    let occasion = json!({
        "dueDateTime": "2026-03-01T09:00:00Z", "untilDateTime": null, "state": "later",
        "userProcessingResult": null,
    });
    assert_eq!(found["occasion"], occasion);
    let found = explained(&api, &workflow, &cy);
    assert_eq!((said(&found), &found["occasion"]["state"]), (("now", vec![]), &json!("due")));
    assert_eq!(said(&explained(&api, &workflow, &bob)), ("no", vec!["tooLate"]));

    api.system.advance("2026-03-01T09:00:00Z").unwrap();
    let found = explained(&api, &workflow, &ann);
    assert_eq!(said(&found), ("no", vec!["occasionUsed"]));
    let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults"));
    let own = results.iter().find(|one| one["subject"]["id"] == json!(ann)).unwrap();
    assert_eq!(found["occasion"]["userProcessingResult"]["id"], own["id"]);
    assert_eq!(found["userProcessingResults"][0]["processingStatus"], "completed");
    let found = explained(&api, &workflow, &bob);
    assert_eq!(
        found["skipped"],
        json!([{ "dueDateTime": "2026-02-20T09:00:00Z", "reason": "outsideCatchUp" }])
    );
    // Another date is another occasion; the result stays.
    hired(&ann, "2026-03-01T09:00:01Z");
    let found = explained(&api, &workflow, &ann);
    assert_eq!(said(&found), ("later", vec!["notDueYet"]));
    assert_eq!(found["occasion"]["userProcessingResult"], Json::Null);
    assert_eq!(found["userProcessingResults"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_keeps_the_workflow_back_is_named() {
    let limits = Limits { leavers_at_most: 0, leavers_percent: 0.0, ..Limits::default() };
    let api = Api::with_limits(limits);
    let ann = api.person("ann", "Sales", Some("2026-03-01T08:00:00Z"), true);
    let of = |workflow: &str| {
        let found = explained(&api, workflow, &ann);
        let (processed, codes) = said(&found);
        (processed.to_owned(), codes.join(" "))
    };
    let no = |codes: &str| ("no".to_owned(), codes.to_owned());
    assert_eq!(of(&api.workflow(&on_demand("by hand"))), no("onDemandOnly"));
    assert_eq!(explained(&api, &api.workflow(&on_demand("also")), &ann)["scope"], Json::Null);
    let body = scheduled("w", "department eq 'Sales'");
    let workflow = api.workflow(&body);
    let set = |body: Json| api.patch(&format!("@/workflows/{workflow}"), &body).is(204);
    assert_eq!(of(&workflow), ("now".to_owned(), String::new()));
    set(json!({ "isSchedulingEnabled": false }));
    assert_eq!(of(&workflow), no("schedulingDisabled"));
    set(json!({ "isEnabled": false }));
    assert_eq!(of(&workflow), no("workflowDisabled schedulingDisabled"));
    set(json!({ "isEnabled": true, "isSchedulingEnabled": true, "@tenure.schedule": "interval" }));
    assert_eq!(of(&workflow), ("later".to_owned(), "waitsForInterval".to_owned()));
    let mut idle = with(body.clone(), "displayName", json!("idle"));
    idle["tasks"][0]["isEnabled"] = json!(false);
    assert_eq!(of(&api.workflow(&idle)), no("noEnabledTasks"));
    let mut leaver = with(body, "displayName", json!("leavers"));
    leaver["category"] = json!("leaver");
    leaver["tasks"][0]["taskDefinitionId"] = json!("1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950");
    let leaver = api.workflow(&leaver);
    api.system.sweep().unwrap();
    assert_eq!(of(&leaver), no("quarantined"));
}

#[test]
fn groups_and_what_happened_are_told() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let [sales, staff] = ["sales", "staff"].map(|name| api.group(name));
    let mut body = scheduled("w", "department eq 'Sales'");
    body["executionConditions"]["scope"] = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.groupBasedSubjectSet",
        "groups": [{ "id": sales }, { "id": staff }],
    });
    body["executionConditions"]["trigger"] = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.membershipChangeTrigger", "changeType": "add",
    });
    body["category"] = json!("mover");
    body["tasks"][0] = json!({
        "displayName": "Add", "taskDefinitionId": crate::company::ADD_TO_GROUPS,
        "arguments": [{ "name": "groupID", "value": api.group("others") }],
    });
    let workflow = api.workflow(&body);
    assert_eq!(said(&explained(&api, &workflow, &ann)), ("no", vec!["nothingHappened", "outOfScope"]));
    let link = json!({ "@odata.id": format!("https://x/users/{ann}") });
    api.post(&format!("groups/{staff}/members/$ref"), &link).is(204);
    let found = explained(&api, &workflow, &ann);
    assert_eq!(said(&found), ("now", vec![]));
    let holds = |part: &Json| part["holds"].as_bool().unwrap();
    let parts: Vec<bool> = found["scope"]["parts"].as_array().unwrap().iter().map(holds).collect();
    assert_eq!((holds(&found["scope"]), parts), (true, vec![false, true]));
    assert_eq!(found["scope"]["parts"][1]["text"], json!(format!("member of {staff}")));
    api.system.sweep().unwrap();
    api.system.drain().unwrap();
    let found = explained(&api, &workflow, &ann);
    assert_eq!(said(&found), ("no", vec!["nothingHappened"]));
    assert_eq!(found["userProcessingResults"][0]["processingStatus"], "completed");
}

#[test]
fn what_happened_out_of_scope_waits_and_is_told_as_long_as_it_does() {
    let api = Api::new();
    let ann = api.person("ann", "IT", None, true);
    let mut body = scheduled("w", "department eq 'Sales'");
    body["executionConditions"]["trigger"] = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.attributeChangeTrigger",
        "triggerAttributes": [{ "name": "jobTitle" }],
    });
    let workflow = api.workflow(&body);
    api.system.sweep().unwrap();
    api.patch(&format!("users/{ann}"), &json!({ "jobTitle": "Lead" })).is(204);
    let waits = ("no", vec!["outOfScope"]);
    assert_eq!(said(&explained(&api, &workflow, &ann)), waits);
    api.system.sweep().unwrap();
    let found = explained(&api, &workflow, &ann);
    assert_eq!((said(&found), &found["occasion"]["state"]), (waits, &json!("due")));
    assert_eq!(found["skipped"][0]["reason"], "outOfScope");
    api.system.clock.advance(jiff::SignedDuration::from_hours(4));
    assert_eq!(said(&explained(&api, &workflow, &ann)), ("no", vec!["nothingHappened", "outOfScope"]));
}

#[test]
fn who_or_what_is_not_there_is_named() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&scheduled("w", "department eq 'Sales'"));
    let path = format!("@/workflows/{workflow}/tenure.explain");
    let nobody = "ffff0000-0000-4000-8000-000000000000";
    api.post(&path, &json!({ "subject": { "id": nobody } })).refused(404, nobody);
    api.post(&path, &json!({})).refused(400, "subject");
    api.post(&path, &json!({ "subject": { "id": ann }, "day": 1 })).refused(400, "day");
    let path = format!("@/workflows/{nobody}/tenure.explain");
    api.post(&path, &json!({ "subject": { "id": ann } })).refused(404, nobody);
}
