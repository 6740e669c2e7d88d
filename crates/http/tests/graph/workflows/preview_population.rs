//! `…/workflows/{id}/tenure.previewPopulation`

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::Api;
use crate::company::{ADD_TO_GROUPS, ENABLE, WELCOME, on_demand, scheduled, with};
use crate::dump::Dump;

const SALES: &str = "department eq 'Sales'";
const UPDATE: &str = "2c8f4a1b-7d3e-4f9c-8a5b-6e1d2c3f4a5b";
const REMOVE_FROM_ALL: &str = "b3a31406-2a15-4c9a-b25b-a658fa5f07fc";
const DISABLE: &str = "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950";
const PASS: &str = "1b555e50-7f65-41d5-b514-5894a026d10d";
const ASSIGN: &str = "683c87a4-2ad4-420b-97d4-220d90afcd24";

fn task(name: &str, definition: &str, arguments: &[(&str, &str)]) -> Json {
    let argument = |(name, value): &(&str, &str)| json!({ "name": name, "value": value });
    let arguments: Vec<Json> = arguments.iter().map(argument).collect();
    json!({ "displayName": name, "taskDefinitionId": definition, "arguments": arguments })
}

fn names(people: &[Json]) -> Vec<&str> {
    people.iter().map(|one| one["subject"]["displayName"].as_str().unwrap()).collect()
}

/// The changes of the task at that place.
fn changes(previewed: &Json, place: usize) -> &Json {
    &previewed["tasks"][place]["changes"]
}

#[test]
fn who_would_be_processed_now_is_told_with_what_would_be_different_and_that_happens() {
    let api = Api::new();
    let [ann, bob] =
        ["ann", "bob"].map(|name| api.person(name, "Sales", Some("2026-03-01T08:00:00Z"), name == "ann"));
    api.person("out", "IT", Some("2026-03-01T08:00:00Z"), true);
    api.person("late", "Sales", Some("2026-02-01T08:00:00Z"), true);
    api.person("later", "Sales", Some("2026-03-01T08:00:01Z"), true);
    let staff = api.group("Staff");
    let mut body = scheduled("w", SALES);
    body["tasks"] = json!([
        task("Enable", ENABLE, &[]),
        task("Staff", ADD_TO_GROUPS, &[("groupID", &staff)]),
        task("City", UPDATE, &[("attributeUpdates", r#"[{"attribute":"city","value":"Oslo"}]"#)]),
        task("Welcome", WELCOME, &[]),
        task("After", ENABLE, &[]),
    ]);
    let workflow = api.workflow(&body);
    api.patch(&format!("users/{bob}"), &json!({ "city": "Rome" })).is(204);
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    let before = Dump::of(&api);
    let whole = api.get(&path).is(200);
    before.is_unchanged(&api, "a preview of all");
    assert!(api.system.deliveries.mails().is_empty());
    assert_eq!((&whole["@tenure.reasons"], &whole["@tenure.quarantineReason"]), (&json!([]), &Json::Null));
    let people = whole["value"].as_array().unwrap();
    assert_eq!(names(people), ["ann", "bob"]);
    assert_eq!(
        people[0]["subject"],
        json!({ "id": ann, "displayName": "ann", "userPrincipalName": "ann@example.com" })
    );
    assert_eq!(people[0]["dueDateTime"], "2026-03-01T08:00:00Z");
    assert_eq!(people[0]["processingStatus"], "completed");
    let property = |name: &str, before: Json, after: Json| json!([{ "kind": "property", "property": name, "before": before, "after": after }]);
    assert_eq!(changes(&people[0], 0), &property("accountEnabled", json!(false), json!(true)));
    assert_eq!(
        changes(&people[0], 1),
        &json!([{ "kind": "membership", "change": "added", "group": { "id": staff, "displayName": "Staff" } }])
    );
    assert_eq!(changes(&people[0], 2), &property("city", Json::Null, json!("Oslo")));
    assert_eq!(
        changes(&people[0], 3),
        &json!([{
            "kind": "mail", "from": { "name": null, "address": "tenure@localhost" },
            "to": { "name": "ann", "address": "ann@example.com" }, "cc": [], "subject": "Welcome, ann",
        }])
    );
    // It sees what the tasks before it would have done.
    assert_eq!(people[0]["tasks"][4]["processingInfo"], "the account is already enabled");
    // Somebody whose task would fail has the reason; what would not be run has no status.
    assert_eq!(changes(&people[1], 2), &property("city", json!("Rome"), json!("Oslo")));
    let failing = &people[1]["tasks"][3];
    assert_eq!(people[1]["processingStatus"], "failed");
    assert_eq!(
        (&failing["processingStatus"], &failing["failureReason"], &failing["changes"]),
        (&json!("failed"), &json!("the user has no mail address"), &json!([]))
    );
    assert_eq!(people[1]["tasks"][4]["processingStatus"], Json::Null);

    // They are the ones, and that is what happens to them.
    api.system.sweep().unwrap();
    api.system.drain().unwrap();
    let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults?$expand=subject"));
    let mut ran: Vec<(&Json, &Json)> =
        results.iter().map(|one| (&one["subject"]["displayName"], &one["processingStatus"])).collect();
    ran.sort_by_key(|(name, _)| name.to_string());
    assert_eq!(ran, [(&json!("ann"), &json!("completed")), (&json!("bob"), &json!("failed"))]);
    let mails = api.system.deliveries.mails();
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Welcome, ann"));
    assert_eq!(api.get(&format!("users/{ann}?$select=city,accountEnabled")).is(200)["city"], "Oslo");
    assert_eq!(api.get(&path).is(200)["value"], json!([]), "the occasions are used");
}

#[test]
fn anybody_can_be_looked_at_whether_due_or_not() {
    let api = Api::new();
    let [ann, bob] = ["ann", "bob"].map(|name| api.person(name, "IT", None, true));
    let [staff, club] = ["Staff", "Club"].map(|name| api.group(name));
    let link = json!({ "@odata.id": format!("https://x/users/{ann}") });
    for group in [&staff, &club] {
        api.post(&format!("groups/{group}/members/$ref"), &link).is(204);
    }
    let sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
    api.post("subscribedSkus", &json!({ "skuId": sku, "skuPartNumber": "SPE_E3" })).is(201);
    api.patch(&format!("users/{ann}"), &json!({ "usageLocation": "DE" })).is(204);
    let mut body = with(on_demand("w"), "category", json!("leaver"));
    body["tasks"] = json!([task("Out", REMOVE_FROM_ALL, &[]), task("Close", DISABLE, &[])]);
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    let before = Dump::of(&api);
    let subjects = json!({ "subjects": [{ "id": bob }, { "id": ann }, { "id": ann }] });
    let people = api.post(&path, &subjects).is(200)["value"].as_array().unwrap().clone();
    before.is_unchanged(&api, "a preview of some");
    assert_eq!(names(&people), ["ann", "bob"]);
    assert_eq!(people[0]["dueDateTime"], Json::Null);
    let mut left: Vec<&str> = changes(&people[0], 0)
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!((&one["kind"], &one["change"]), (&json!("membership"), &json!("removed")));
            one["group"]["displayName"].as_str().unwrap()
        })
        .collect();
    left.sort_unstable();
    assert_eq!(left, ["Club", "Staff"]);
    assert_eq!(people[1]["tasks"][1]["processingInfo"], "the account is already disabled");
    // Nobody waits for a workflow that is run on demand.
    let whole = api.get(&path).is(200);
    assert_eq!((&whole["value"], &whole["@tenure.reasons"][0]["code"]), (&json!([]), &json!("onDemandOnly")));

    let mut body = with(on_demand("v"), "displayName", json!("v"));
    body["tasks"] = json!([
        task("Licence", ASSIGN, &[("licenses", sku)]),
        task("Pass", PASS, &[("tapLifetimeMinutes", "60"), ("tapIsUsableOnce", "true")]),
    ]);
    let link = json!({ "@odata.id": format!("https://x/users/{bob}") });
    api.ask("PUT", &format!("users/{ann}/manager/$ref")).json(&link).send().is(204);
    api.patch(&format!("users/{ann}"), &json!({ "employeeHireDate": "2026-03-02T00:00:00Z" })).is(204);
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    let shown = api.post(&path, &json!({ "subjects": [{ "id": ann }] })).is(200);
    let ann = &shown["value"][0];
    assert_eq!(
        changes(ann, 0),
        &json!([{ "kind": "license", "change": "added", "license": { "id": sku, "displayName": "SPE_E3" } }])
    );
    let kinds: Vec<&Json> = changes(ann, 1).as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["temporaryAccessPass", "mail"], "{ann}");
}

#[test]
fn a_long_population_comes_in_pages_that_end() {
    let api = Api::new();
    for place in 0..7 {
        api.person(&format!("p{place}"), "Sales", Some(&format!("2026-03-01T0{}:00:00Z", 7 - place)), true);
    }
    let workflow = api.workflow(&scheduled("w", SALES));
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    let all = api.all(&path);
    assert_eq!(names(&all), ["p6", "p5", "p4", "p3", "p2", "p1", "p0"]);
    let first = api.get(&format!("{path}?$top=3")).is(200);
    assert_eq!(first["value"].as_array().unwrap()[..], all[..3]);
    assert_eq!(api.all(&format!("{path}?$top=3")), all);
    let next = first["@odata.nextLink"].as_str().unwrap();
    let next = api.get(crate::api::local(next)).is(200);
    assert_eq!(
        (names(next["value"].as_array().unwrap()), next.get("@tenure.reasons")),
        (vec!["p3", "p2", "p1"], None)
    );
}

#[test]
fn what_keeps_everybody_from_being_processed_is_told() {
    let limits = Limits { leavers_at_most: 1, leavers_percent: 0.0, ..Limits::default() };
    let api = Api::with_limits(limits);
    for name in ["ann", "bob"] {
        api.person(name, "Sales", Some("2026-03-01T08:00:00Z"), true);
    }
    let mut body = with(scheduled("w", SALES), "category", json!("leaver"));
    body["tasks"] = json!([task("Close", DISABLE, &[])]);
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    let whole = api.get(&path).is(200);
    let reason = whole["@tenure.quarantineReason"].as_str().unwrap();
    assert!(reason.starts_with("2 people are due and 0 were admitted"), "{reason}");
    assert_eq!(names(whole["value"].as_array().unwrap()), ["ann", "bob"]);
    api.system.sweep().unwrap();
    let whole = api.get(&path).is(200);
    assert_eq!(
        (&whole["@tenure.reasons"][0]["code"], &whole["@tenure.quarantineReason"]),
        (&json!("quarantined"), &Json::Null)
    );
    assert_eq!(whole["value"].as_array().unwrap().len(), 2, "they wait");
}

#[test]
fn what_happened_to_somebody_counts_as_it_does_for_a_sweep() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let mut body = scheduled("w", SALES);
    body["executionConditions"]["trigger"] = json!({
        "@odata.type": "#microsoft.graph.identityGovernance.attributeChangeTrigger",
        "triggerAttributes": [{ "name": "jobTitle" }],
    });
    let workflow = api.workflow(&body);
    api.system.sweep().unwrap();
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    assert_eq!(api.get(&path).is(200)["value"], json!([]));
    api.patch(&format!("users/{ann}"), &json!({ "jobTitle": "Lead" })).is(204);
    assert_eq!(names(&api.all(&path)), ["ann"]);
    api.system.sweep().unwrap();
    assert_eq!(api.get(&path).is(200)["value"], json!([]));
}

#[test]
fn what_cannot_be_meant_is_named() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", None, true);
    let workflow = api.workflow(&scheduled("w", SALES));
    let path = format!("@/workflows/{workflow}/tenure.previewPopulation");
    for (option, named) in [
        ("$top=0", "$top"),
        ("$skip=1", "$skip"),
        ("$filter=x eq 1", "$filter"),
        ("$skiptoken=x", "$skiptoken"),
    ] {
        api.get(&format!("{path}?{option}")).refused(400, named);
    }
    let nobody = "ffff0000-0000-4000-8000-000000000000";
    let many: Vec<Json> = (0..1_000).map(|_| json!({ "id": ann })).collect();
    for (body, named) in [
        (json!({}), "'subjects'"),
        (json!({ "subjects": [] }), "'subjects'"),
        (json!({ "subjects": many }), "'subjects'"),
        (json!({ "subjects": [{ "id": "x" }] }), "'subjects/0/id'"),
        (json!({ "subjects": [{ "id": ann }, { "id": nobody }] }), "'subjects/1/id'"),
        (json!({ "subjects": [{ "id": ann }], "top": 1 }), "'top'"),
    ] {
        api.post(&path, &body).refused(400, named);
    }
    api.post(&format!("{path}?$top=1"), &json!({ "subjects": [{ "id": ann }] })).refused(400, "$top");
    let path = format!("@/workflows/{nobody}/tenure.previewPopulation");
    api.get(&path).refused(404, nobody);
    api.post(&path, &json!({ "subjects": [{ "id": ann }] })).refused(404, nobody);
}
