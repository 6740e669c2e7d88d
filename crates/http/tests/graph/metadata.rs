//! How much an answer tells of itself.

use serde_json::Value as Json;

use crate::api::{Answer, Api, local};
use crate::company::{Company, on_demand};

fn asked(api: &Api, path: &str, level: &str) -> Answer {
    let accept = format!("application/json;odata.metadata={level};odata.streaming=true");
    api.ask("GET", path).header("accept", &accept).send()
}

/// All names of control information in an answer.
fn control(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::Object(object) => {
            for (name, value) in object {
                if name.contains("@odata.") {
                    found.push(name.clone());
                }
                control(value, found);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| control(item, found)),
        _ => {}
    }
}

#[test]
fn every_level_is_told_by_the_content_type_and_kept() {
    let company = Company::new();
    let api = &company.api;
    api.workflow(&on_demand("Second"));
    for path in [
        "@/workflows?$top=1&$count=true&$expand=tasks".to_owned(),
        company.base.clone(),
        format!("{}/versions", company.base),
        format!("{}/runs?$top=1&$count=true", company.base),
        format!("{}?$expand=subject,taskProcessingResults", company.path_of(1, 1)),
        format!("{}/taskReports?$top=1&$count=true", company.base),
        "@/taskDefinitions?$top=1&$count=true".to_owned(),
        "users?$top=1&$count=true&$expand=manager".to_owned(),
        format!("groups/{}/members", company.staff),
    ] {
        for level in ["none", "minimal", "full"] {
            let answer = asked(api, &path, level);
            assert_eq!(
                answer.header("content-type"),
                format!("application/json; odata.metadata={level}; charset=utf-8")
            );
            let mut names = vec![];
            let body = answer.is(200);
            control(&body, &mut names);
            let whole = body["value"].as_array().and_then(|items| items.first()).unwrap_or(&body);
            match level {
                "none" => assert!(
                    names.iter().all(|name| name.ends_with("nextLink") || name.ends_with("count")),
                    "{path}: {names:?}"
                ),
                "minimal" => assert!(whole.get("@odata.id").is_none() && body["@odata.context"].is_string()),
                _ => {
                    assert!(
                        whole["@odata.type"].as_str().unwrap().starts_with("#microsoft.graph."),
                        "{path}: {body}"
                    );
                    let link = whole["@odata.id"].as_str().unwrap();
                    let entity = api.get(local(link)).is(200);
                    assert_eq!(entity["id"], whole["id"], "{link}");
                }
            }
            if path.contains("$count") {
                assert!(
                    body["@odata.count"].is_number() && body["@odata.nextLink"].is_string(),
                    "{path} {level}"
                );
            }
        }
    }
}

#[test]
fn format_counts_before_accept_and_goes_on_with_the_pages() {
    let company = Company::new();
    let api = &company.api;
    let page = asked(api, "users?$top=1&$format=application/json;odata.metadata=none", "full").is(200);
    assert!(page.get("@odata.context").is_none());
    let next = api.get(local(page["@odata.nextLink"].as_str().unwrap())).is(200);
    assert!(next.get("@odata.context").is_none() && next["@odata.nextLink"].is_string());
    let plain = asked(api, "users?$top=1&$format=json", "full").is(200);
    assert!(plain["value"][0].get("@odata.id").is_none());
    api.get("users?$format=json;odata.metadata=much").refused(400, "$format");
    assert_eq!(asked(api, "users/$count", "none").is(200), "5");
}
