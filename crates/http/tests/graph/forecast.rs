//! `tenure.forecast` and `tenure.forecastSummary`, of one workflow and of all

use serde_json::{Value as Json, json};
use tenure_lifecycle::limits::Limits;

use crate::api::Api;
use crate::company::{on_demand, scheduled, with};
use crate::dump::Dump;

const SALES: &str = "department eq 'Sales'";
const LEAVE: &str = "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950";

fn people(api: &Api, path: &str) -> Vec<(String, String, bool, Vec<String>)> {
    let told = |one: Json| {
        let reasons = one["reasons"].as_array().unwrap().iter();
        (
            one["subject"]["displayName"].as_str().unwrap().to_owned(),
            one["runDateTime"].as_str().unwrap().to_owned(),
            one["isProcessed"].as_bool().unwrap(),
            reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect(),
        )
    };
    api.all(path).into_iter().map(told).collect()
}

fn names(people: &[(String, String, bool, Vec<String>)]) -> Vec<&str> {
    people.iter().map(|(name, ..)| name.as_str()).collect()
}

fn summary(api: &Api, path: &str) -> Vec<Json> {
    api.get(path).is(200)["value"].as_array().unwrap().clone()
}

fn codes(summary: &Json) -> Vec<&str> {
    summary["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap()).collect()
}

#[test]
fn who_becomes_due_is_told_before_and_is_who_was_processed_then() {
    let api = Api::new();
    for (name, department, hired) in [
        ("late", "Sales", "2026-02-01T00:00:00Z"),
        ("ann", "Sales", "2026-03-03T09:00:00Z"),
        ("bob", "IT", "2026-03-03T00:00:00Z"),
        ("cyd", "Sales", "2026-03-08T07:59:59Z"),
        ("far", "Sales", "2026-03-08T08:00:01Z"),
    ] {
        api.person(name, department, Some(hired), true);
    }
    api.person("none", "Sales", None, true);
    let workflow = api.workflow(&scheduled("w", SALES));
    api.system.sweep().unwrap();
    let path = format!("@/workflows/{workflow}/tenure.forecast");
    let before = Dump::of(&api);
    let found = people(&api, &path);
    before.is_unchanged(&api, "a forecast");
    let out = vec!["outOfScope".to_owned()];
    assert_eq!(
        found,
        [
            ("bob".to_owned(), "2026-03-03T00:00:00Z".to_owned(), false, out),
            ("ann".to_owned(), "2026-03-03T09:00:00Z".to_owned(), true, vec![]),
            ("cyd".to_owned(), "2026-03-08T07:59:59Z".to_owned(), true, vec![]),
        ]
    );
    assert_eq!(people(&api, "@/tenure.forecast"), found, "of all workflows");
    assert_eq!(people(&api, &format!("{path}?$top=1&days=7")), found, "page by page");
    assert_eq!(names(&people(&api, &format!("{path}?days=2"))), ["bob"]);
    assert_eq!(people(&api, &format!("{path}?days=3650")).len(), 4);
    let row = api.get(&format!("{path}?$top=2")).is(200)["value"][1].clone();
    assert_eq!(row["workflow"], json!({ "id": workflow, "displayName": "w" }));
    assert_eq!(
        (&row["attribute"], &row["attributeDateTime"], &row["dueDateTime"], &row["untilDateTime"]),
        (
            &json!("employeeHireDate"),
            &json!("2026-03-03T09:00:00Z"),
            &json!("2026-03-03T09:00:00Z"),
            &Json::Null
        )
    );

    let told = summary(&api, &format!("@/workflows/{workflow}/tenure.forecastSummary?days=7"));
    let day = |date: &str, people: u64, out: u64| json!({ "date": date, "peopleCount": people, "outOfScopeCount": out, "occasionUsedCount": 0 });
    assert_eq!(
        told,
        [json!({
            "workflow": { "id": workflow, "displayName": "w", "category": "joiner" },
            "attribute": "employeeHireDate", "reasons": [], "peopleCount": 2, "isComplete": true,
            "days": [day("2026-03-03", 1, 1), day("2026-03-08", 1, 0)], "quarantine": null,
        })]
    );

    // What was foretold is what happens, when it was foretold.
    api.system.advance("2026-03-08T08:00:00Z").unwrap();
    let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults?$expand=subject"));
    let mut ran: Vec<(&str, &str)> = results
        .iter()
        .map(|one| {
            (one["subject"]["displayName"].as_str().unwrap(), one["scheduledDateTime"].as_str().unwrap())
        })
        .collect();
    ran.sort_unstable();
    assert_eq!(ran, [("ann", "2026-03-03T09:00:00Z"), ("cyd", "2026-03-08T07:59:59Z")]);
    assert_eq!(names(&people(&api, &path)), ["far"]);
}

#[test]
fn an_occasion_that_is_used_is_none_and_a_used_one_to_come_says_so() {
    let api = Api::new();
    api.person("ann", "Sales", Some("2026-03-01T08:00:00Z"), true);
    let body = scheduled("w", SALES);
    let workflow = api.workflow(&body);
    let path = format!("@/workflows/{workflow}/tenure.forecast");
    assert_eq!(names(&people(&api, &path)), ["ann"], "due, and nobody has looked yet");
    api.system.advance("2026-03-01T08:00:00Z").unwrap();
    assert_eq!(people(&api, &path), []);
    // Another version counts from another day, and the day itself is no new occasion.
    let mut other = body.clone();
    other["executionConditions"]["trigger"]["offsetInDays"] = json!(2);
    api.post(&format!("@/workflows/{workflow}/createNewVersion"), &json!({ "workflow": other })).is(200);
    let used = vec!["occasionUsed".to_owned()];
    assert_eq!(people(&api, &path), [("ann".to_owned(), "2026-03-03T08:00:00Z".to_owned(), false, used)]);
    let told = summary(&api, "@/tenure.forecastSummary");
    assert_eq!((&told[0]["peopleCount"], &told[0]["days"][0]["occasionUsedCount"]), (&json!(0), &json!(1)));
}

#[test]
fn an_interval_moves_the_moment_and_the_workflow_keeps_to_it() {
    let api = Api::new();
    for (name, hired) in [
        ("past", "2026-03-01T07:00:00Z"),
        ("hour", "2026-03-02T00:00:00Z"),
        ("later", "2026-03-02T01:00:00Z"),
    ] {
        api.person(name, "Sales", Some(hired), true);
    }
    let workflow = api.workflow(&with(scheduled("w", SALES), "@tenure.schedule", json!("interval")));
    let foretold: Vec<(String, String)> = people(&api, &format!("@/workflows/{workflow}/tenure.forecast"))
        .into_iter()
        .map(|(name, runs, ..)| (name, runs))
        .collect();
    let expected = [
        ("past", "2026-03-01T09:00:00Z"),
        ("hour", "2026-03-02T00:00:00Z"),
        ("later", "2026-03-02T03:00:00Z"),
    ]
    .map(|(name, runs)| (name.to_owned(), runs.to_owned()));
    assert_eq!(foretold, expected);
    api.system.advance("2026-03-02T12:00:00Z").unwrap();
    let results = api.all(&format!("@/workflows/{workflow}/userProcessingResults?$expand=subject"));
    let mut ran: Vec<(String, String)> = results
        .iter()
        .map(|one| {
            let text = |value: &Json| value.as_str().unwrap().to_owned();
            (text(&one["subject"]["displayName"]), text(&one["scheduledDateTime"]))
        })
        .collect();
    ran.sort_by_key(|(_, at)| at.clone());
    assert_eq!(ran, expected);
}

#[test]
fn days_of_a_window_and_days_without_a_sign_in_are_foretold_and_events_are_not() {
    let api = Api::new();
    let ann = api.person("ann", "Sales", Some("2026-03-10T00:00:00Z"), true);
    let signed = json!({ "signInActivity": { "lastSuccessfulSignInDateTime": "2026-02-03T10:00:00Z" } });
    api.patch(&format!("users/{ann}"), &signed).is(204);
    let of = |name: &str, trigger: Json| {
        let mut body = scheduled(name, SALES);
        body["executionConditions"]["trigger"] = trigger;
        let id = api.workflow(&body);
        let path = format!("@/workflows/{id}");
        (
            people(&api, &format!("{path}/tenure.forecast?days=10")),
            summary(&api, &format!("{path}/tenure.forecastSummary")),
        )
    };
    let kind = |name: &str| format!("#microsoft.graph.identityGovernance.{name}");
    let (window, _) = of(
        "window",
        json!({
            "@odata.type": kind("timeBasedAttributeTriggerV2"), "attribute": "employeeHireDate",
            "operator": { "@odata.type": kind("operatorEqualTo"), "offsetInDays": 5, "eventTiming": "before" },
        }),
    );
    assert_eq!(window, [("ann".to_owned(), "2026-03-05T00:00:00Z".to_owned(), true, vec![])]);
    let (idle, _) = of(
        "idle",
        json!({
            "@odata.type": kind("userInactivityTrigger"), "inactivityPeriodInDays": 30,
        }),
    );
    assert_eq!(idle, [("ann".to_owned(), "2026-03-05T10:00:00Z".to_owned(), true, vec![])]);
    let (event, told) = of(
        "event",
        json!({
            "@odata.type": kind("attributeChangeTrigger"), "triggerAttributes": [{ "name": "jobTitle" }],
        }),
    );
    assert_eq!(
        (event, codes(&told[0]), &told[0]["attribute"]),
        (vec![], vec!["notForeseeable"], &Json::Null)
    );
}

#[test]
fn what_is_not_run_by_itself_says_so_and_still_says_for_whom_it_would_be() {
    let api = Api::new();
    api.person("ann", "Sales", Some("2026-03-02T00:00:00Z"), true);
    let workflow = api.workflow(&scheduled("w", SALES));
    let hand = api.workflow(&on_demand("by hand"));
    let of = |id: &str| summary(&api, &format!("@/workflows/{id}/tenure.forecastSummary"))[0].clone();
    assert_eq!(codes(&of(&hand)), ["onDemandOnly"]);
    let path = format!("@/workflows/{workflow}/tenure.forecast");
    let set = |body: Json| api.patch(&format!("@/workflows/{workflow}"), &body).is(204);
    set(json!({ "isSchedulingEnabled": false }));
    assert_eq!(codes(&of(&workflow)), ["schedulingDisabled"]);
    assert_eq!(
        (names(&people(&api, &path)), names(&people(&api, "@/tenure.forecast"))),
        (vec!["ann"], vec![])
    );
    set(json!({ "isEnabled": false }));
    let told = of(&workflow);
    assert_eq!(
        (codes(&told), &told["peopleCount"]),
        (vec!["workflowDisabled", "schedulingDisabled"], &json!(1))
    );
    let all = summary(&api, "@/tenure.forecastSummary");
    let names: Vec<&Json> = all.iter().map(|one| &one["workflow"]["displayName"]).collect();
    assert_eq!(names, ["w", "by hand"]);
}

#[test]
fn the_day_on_which_too_many_leave_is_foretold() {
    let limits = Limits { leavers_at_most: 2, leavers_percent: 0.0, ..Limits::default() };
    let api = Api::with_limits(limits);
    for (place, hired) in ["02T00", "02T06", "04T10", "04T20", "05T09", "08T00"].iter().enumerate() {
        api.person(&format!("p{place}"), "Sales", Some(&format!("2026-03-{hired}:00:00Z")), true);
    }
    let mut body = scheduled("w", SALES);
    body["category"] = json!("leaver");
    body["tasks"][0]["taskDefinitionId"] = json!(LEAVE);
    let workflow = api.workflow(&body);
    let of = || summary(&api, &format!("@/workflows/{workflow}/tenure.forecastSummary"))[0].clone();
    let told = of();
    assert_eq!(told["quarantine"]["quarantinedDateTime"], "2026-03-05T09:00:00Z", "{told}");
    let reason = told["quarantine"]["quarantineReason"].as_str().unwrap();
    assert!(reason.starts_with("3 people are due and 0 were admitted"), "{reason}");
    assert_eq!(told["days"][2]["peopleCount"], 1);
    api.system.advance("2026-03-05T08:59:59Z").unwrap();
    assert_eq!(of()["quarantine"]["quarantinedDateTime"], "2026-03-05T09:00:00Z", "those before count");
    api.system.advance("2026-03-05T09:00:00Z").unwrap();
    let told = of();
    assert_eq!((codes(&told), &told["quarantine"]), (vec!["quarantined"], &Json::Null));
    assert_eq!(told["peopleCount"], 2, "who waits, and who is to come");
}

#[test]
fn what_cannot_be_meant_is_named() {
    let api = Api::new();
    let workflow = api.workflow(&scheduled("w", SALES));
    for path in [format!("@/workflows/{workflow}/tenure.forecast"), "@/tenure.forecast".to_owned()] {
        for (option, named) in [
            ("days=0", "days"),
            ("days=3651", "days"),
            ("days=-1", "days"),
            ("days=one", "days"),
            ("days=1&days=2", "days"),
            ("$top=0", "$top"),
            ("$count=true", "$count"),
            ("$skiptoken=x", "$skiptoken"),
            ("$filter=isProcessed eq true", "isProcessed"),
            ("$expand=subject", "subject"),
        ] {
            api.get(&format!("{path}?{option}")).refused(400, named);
        }
    }
    api.get("@/tenure.forecastSummary?$top=1").refused(400, "$top");
    let nobody = "ffff0000-0000-4000-8000-000000000000";
    api.get(&format!("@/workflows/{nobody}/tenure.forecast")).refused(404, nobody);
    let on = api.get("@/tenure.forecast?$select=subject&days=3650").is(200);
    assert_eq!(on["value"], json!([]));
}
