//! Pages while others write: whoever was there at the start is seen once, whatever comes in between.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::api::{Api, local};
use crate::company::{on_demand, reported, with};

/// Reads a list page by page and writes after each; every row of the beginning has to be there once.
fn check(api: &Api, path: &str, mut write: impl FnMut(usize)) {
    let id = |item: &Json| item["id"].as_str().unwrap().to_owned();
    let before: Vec<String> = api.all(path).iter().map(id).collect();
    assert!(before.len() > 8, "{path}");
    let mut seen: HashMap<String, usize> = HashMap::new();
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut next = Some(format!("{path}{separator}$top=3"));
    let mut pages = 0;
    while let Some(path) = next {
        let page = api.get(&path).is(200);
        for item in page["value"].as_array().unwrap() {
            *seen.entry(id(item)).or_default() += 1;
        }
        next = page["@odata.nextLink"].as_str().map(|link| local(link).to_owned());
        if pages < 20 {
            write(pages);
        }
        pages += 1;
    }
    assert!(seen.values().all(|times| *times == 1), "{path} shows rows twice");
    let missing: Vec<&String> = before.iter().filter(|id| !seen.contains_key(*id)).collect();
    assert!(missing.is_empty(), "{path} leaves out {missing:?}");
}

/// Names that fall before, between and behind those of the beginning.
fn name(place: usize) -> String {
    format!("{}{place}", ["a", "m", "z", "M"][place % 4])
}

#[test]
fn people_and_groups() {
    for order in [
        "",
        "?$orderby=displayName",
        "?$orderby=displayName desc",
        "?$orderby=createdDateTime desc",
        "?$orderby=employeeHireDate",
        "?$orderby=employeeHireDate desc",
        "?$orderby=userPrincipalName",
        "?$orderby=id desc",
        "?$filter=startsWith(displayName,'m') or accountEnabled eq false",
    ] {
        let api = Api::new();
        let hired = |place: usize| {
            (!place.is_multiple_of(3)).then_some(["2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z"][place % 2])
        };
        for place in 0..10 {
            api.person(&format!("m{place}"), "Sales", hired(place), false);
        }
        check(&api, &format!("users{order}"), |page| {
            for place in 0..3 {
                let place = 100 + page * 3 + place;
                api.person(&name(place), "IT", hired(place), false);
            }
        });
    }
    for order in ["", "?$orderby=displayName desc", "?$orderby=visibility,displayName"] {
        let api = Api::new();
        for place in 0..10 {
            api.group(&format!("m{place}"));
        }
        check(&api, &format!("groups{order}"), |page| drop(api.group(&name(100 + page))));
    }
}

#[test]
fn members() {
    let api = Api::new();
    let group = api.group("Staff");
    let add = |name: &str| {
        let person = api.person(name, "Sales", None, false);
        let link = json!({ "@odata.id": format!("https://x/v1.0/users/{person}") });
        api.post(&format!("groups/{group}/members/$ref"), &link).is(204);
    };
    for place in 0..10 {
        add(&format!("m{place}"));
    }
    for (round, order) in ["", "?$orderby=displayName desc"].into_iter().enumerate() {
        check(&api, &format!("groups/{group}/members{order}"), |page| add(&name(100 + round * 100 + page)));
    }
}

#[test]
fn workflows() {
    for order in ["", "?$orderby=displayName", "?$orderby=displayName desc", "?$orderby=createdDateTime desc"]
    {
        let api = Api::new();
        for place in 0..10 {
            api.workflow(&on_demand(&format!("m{place}")));
        }
        check(&api, &format!("@/workflows{order}"), |page| drop(api.workflow(&on_demand(&name(100 + page)))));
    }
}

#[test]
fn runs_results_and_reports() {
    for list in [
        "runs",
        "runs?$orderby=scheduledDateTime desc",
        "runs?$orderby=lastUpdatedDateTime",
        "userProcessingResults",
        "userProcessingResults?$orderby=scheduledDateTime",
        "userProcessingResults?$filter=processingStatus ne 'failed'&$orderby=startedDateTime desc",
        "taskReports",
        "taskReports?$orderby=startedDateTime",
    ] {
        let api = Api::new();
        let person = api.person("ann", "Sales", None, false);
        let workflow = api.workflow(&on_demand("w"));
        let go = || {
            api.system.clock.advance(jiff::SignedDuration::from_secs(1));
            api.activate(&workflow, &[&person]);
            api.system.drain().unwrap();
        };
        (0..10).for_each(|_| go());
        check(&api, &format!("@/workflows/{workflow}/{list}"), |_| go());
    }
}

#[test]
fn results_and_task_results_of_one_run() {
    let api = Api::new();
    let person = api.person("ann", "Sales", None, false);
    let workflow = api.workflow(&on_demand("w"));
    api.activate(&workflow, &[&person]);
    api.system.drain().unwrap();
    let runs = api.all(&format!("@/workflows/{workflow}/runs"));
    let run = format!("@/workflows/{workflow}/runs/{}", runs[0]["id"].as_str().unwrap());
    let results = format!("{run}/userProcessingResults");
    let report = |place: usize| {
        let at = format!("2026-03-0{}T09:00:00Z", 1 + place % 3);
        let id = api.post(&results, &with(reported(), "scheduledDateTime", json!(at))).is(201)["id"].clone();
        let body = json!({ "createdDateTime": at, "processingStatus": "completed" });
        api.post(&format!("{results}/{}/taskProcessingResults", id.as_str().unwrap()), &body).is(201);
    };
    (0..10).for_each(report);
    for path in [
        results.clone(),
        format!("{results}?$orderby=scheduledDateTime desc"),
        format!("{run}/taskProcessingResults"),
        format!("{run}/taskProcessingResults?$orderby=createdDateTime"),
    ] {
        check(&api, &path, report);
    }
}

#[test]
fn a_writer_beside_the_reader() {
    let api = Api::new();
    for place in 0..30 {
        api.person(&format!("m{place}"), "Sales", None, false);
    }
    let (lifecycle, caller) = (api.system.lifecycle.clone(), api.system.caller.clone());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut place = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) && place < 2_000 {
                place += 1;
                let value = |text: String| tenure_lifecycle::directory::Value::Text(text);
                let attribute = |name: &str| tenure_lifecycle::directory::attribute(name).unwrap();
                let set = vec![
                    (attribute("displayName"), value(name(place))),
                    (attribute("userPrincipalName"), value(format!("{}@x.com", name(place)))),
                ];
                let new = tenure_lifecycle::operations::NewPerson { set, ..Default::default() };
                lifecycle.create_user(&caller, new).unwrap();
            }
        });
        for order in ["", "&$orderby=displayName", "&$orderby=createdDateTime desc"] {
            check(&api, &format!("users?$filter=department eq 'Sales' or department eq null{order}"), |_| ());
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
