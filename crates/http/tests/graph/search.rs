//! `$search` on everything that has a name.

use serde_json::{Value as Json, json};

use crate::api::{Api, local};
use crate::company::{Company, on_demand, with};

fn names(api: &Api, path: &str) -> Vec<String> {
    let mut names: Vec<String> =
        api.all(path).iter().map(|item| item["displayName"].as_str().unwrap().to_owned()).collect();
    names.sort_unstable();
    names
}

#[test]
fn workflows_are_found_by_name_and_description() {
    let api = Api::new();
    for (name, description) in [("Joiners", "for Sales"), ("Leavers", "sales too"), ("Movers", "HR")] {
        api.workflow(&with(on_demand(name), "description", json!(description)));
    }
    for (search, expected) in [
        ("\"displayName:JOIN\"", vec!["Joiners"]),
        ("sales", vec!["Joiners", "Leavers"]),
        ("\"description:sales\" AND \"displayName:leave\"", vec!["Leavers"]),
        ("\"displayName:join\" OR \"displayName:move\"", vec!["Joiners", "Movers"]),
        ("NOT sales", vec!["Movers"]),
        ("\"displayName:ers\"&$filter=displayName ne 'Movers'", vec!["Joiners", "Leavers"]),
        ("\"displayName:ers\"&$top=1&$orderby=displayName desc", vec!["Joiners", "Leavers", "Movers"]),
    ] {
        assert_eq!(names(&api, &format!("@/workflows?$search={search}")), expected, "{search}");
    }
    assert_eq!(api.get("@/workflows/$count?$search=sales").is(200), "2");
    api.get("@/workflows?$search=\"shoe:4\"").refused(400, "'shoe'");
    api.get("@/workflows?$search=").refused(400, "$search");
}

#[test]
fn people_and_groups_are_found_with_and_without_the_header_of_graph() {
    let api = Api::new();
    for name in ["Ann Smith", "Bob o'Neil", "Cyd SMITHERS"] {
        let body = json!({
            "displayName": name, "userPrincipalName": format!("{}@x.com", &name[..3]), "accountEnabled": true,
            "mailNickname": "x",
        });
        api.post("users", &body).is(201);
    }
    api.group("Smiths");
    for (path, expected) in [
        ("users?$search=\"displayName:smith\"", vec!["Ann Smith", "Cyd SMITHERS"]),
        ("users?$search=\"displayName:o'neil\"", vec!["Bob o'Neil"]),
        ("users?$search=\"displayName:smith\" AND \"userPrincipalName:cyd\"", vec!["Cyd SMITHERS"]),
        (
            "users?$search=\"displayName:smith\"&$orderby=displayName desc&$top=1",
            vec!["Ann Smith", "Cyd SMITHERS"],
        ),
        ("groups?$search=\"displayName:smith\"", vec!["Smiths"]),
        ("groups?%24search=%22displayName%3Asmith%22", vec!["Smiths"]),
    ] {
        assert_eq!(names(&api, path), expected, "{path}");
    }
    let asked = api.ask("GET", "users?$search=\"displayName:smith\"&$count=true&$top=1");
    let page = asked.header("consistencylevel", "eventual").send().is(200);
    assert_eq!(page["@odata.count"], 2);
    let link = page["@odata.nextLink"].as_str().unwrap();
    assert_eq!(api.get(local(link)).is(200)["value"].as_array().unwrap().len(), 1);
    api.get(&local(link).replace("smith", "bob")).refused(400, "$skiptoken");
    assert_eq!(api.get("users/$count?$search=\"displayName:smith\"").is(200), "2");
    api.get("users?$search=\"accountEnabled:true\"").refused(400, "'accountEnabled'");
}

#[test]
fn what_has_no_name_refuses_it() {
    let company = Company::new();
    for list in ["runs", "userProcessingResults", "taskReports"] {
        company.api.get(&format!("{}/{list}?$search=x", company.base)).refused(400, "$search");
    }
    let versions = company.api.get(&format!("{}/versions?$search=JOINERS", company.base)).is(200);
    assert_eq!(versions["value"].as_array().map(Vec::len), Some(2));
    let tasks = company.api.get(&format!("{}/tasks?$search=\"displayName:welc\"", company.base)).is(200);
    assert_eq!(tasks["value"][0]["displayName"], Json::from("Welcome"));
}
