//! `POST /directory/tenure.import`, against the people who are there

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::dump::Dump;

/// Imports a file with these rows: number, name, manager, first day.
fn import_rows(api: &Api, rows: &[String]) -> Json {
    let map = "feed = \"hr\"\n[columns]\nemployeeId = \"Id\"\ndisplayName = \"Name\"\n\
               userPrincipalName = \"{Name}@example.com\"\nmanager = \"Boss\"\nemployeeHireDate = \"Start\"\n";
    let file = format!("Id,Name,Boss,Start\n{}", rows.concat());
    let part = |name: &str, text: &str| {
        format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n{text}\r\n")
    };
    let body = format!("{}{}--x--\r\n", part("map", map), part("file", &file));
    let ask = api.ask("POST", "directory/tenure.import");
    ask.header("content-type", "multipart/form-data; boundary=x").bytes(body).send().is(200)
}

fn row(id: &str) -> String {
    format!("{id},p{id},1,\n")
}

/// Imports a file in which these people stand, by number.
fn import(api: &Api, people: &[&str]) -> Json {
    import_rows(api, &people.iter().copied().map(row).collect::<Vec<_>>())
}

fn figures(report: &Json) -> [u64; 6] {
    ["created", "changed", "unchanged", "deleted", "rejected", "missing"]
        .map(|name| report[name].as_u64().unwrap())
}

#[test]
fn an_import_leaves_deleted_people_alone() {
    let api = Api::new();
    assert_eq!(figures(&import(&api, &["1", "2", "3"])), [3, 0, 0, 0, 0, 0]);
    let two = api.get("users/p2@example.com").is(200)["id"].as_str().unwrap().to_owned();
    let one = api.get("users/p1@example.com").is(200)["id"].as_str().unwrap().to_owned();
    api.delete(&format!("users/{two}")).is(204);
    api.delete(&format!("users/{one}")).is(204);
    let before = Dump::of(&api);
    assert_eq!(figures(&import(&api, &["1", "2", "3"])), [0, 0, 1, 2, 0, 0]);
    before.is_unchanged(&api, "an import of deleted people");
    // Restored, they are the feed's again.
    for id in [&one, &two] {
        api.post(&format!("directory/deletedItems/{id}/restore"), &json!({})).is(200);
    }
    assert_eq!(figures(&import(&api, &["1", "2", "3"])), [0, 0, 3, 0, 0, 0]);
    // Deleted for good, an employee id is free: whoever has it is somebody new.
    api.delete(&format!("users/{two}")).is(204);
    api.delete(&format!("directory/deletedItems/{two}")).is(204);
    assert_eq!(figures(&import(&api, &["1", "2", "3"])), [1, 0, 2, 0, 0, 0]);
    assert_ne!(api.get("users/p2@example.com").is(200)["id"], json!(two));
}

#[test]
fn a_rejected_row_stands_for_nobody_but_whose_it_is() {
    let api = Api::new();
    let people = |ids: std::ops::Range<u32>| ids.map(|id| row(&id.to_string())).collect::<Vec<_>>();
    assert_eq!(figures(&import_rows(&api, &people(1..13)))[0], 12);
    let before = Dump::of(&api);
    // Rows of people nobody has heard of, and one person twice: six of the twelve are still missing.
    let mut rows = people(1..7);
    rows.extend((20..24).map(|id| format!("{id},p{id},1,soon\n")));
    rows.push(row("6"));
    let report = import_rows(&api, &rows);
    assert_eq!(figures(&report), [0, 0, 6, 0, 5, 6]);
    assert!(report["stopped"].as_str().unwrap().starts_with("6 people of this feed are not in the file"));
    before.is_unchanged(&api, "an import that was stopped");
    // Unreadable rows of people who are known: nobody is missing.
    let mut rows = people(1..9);
    rows.extend((9..12).map(|id| format!("{id},p{id},1,soon\n")));
    rows.push(",p12,1,\n".to_owned());
    let report = import_rows(&api, &rows);
    assert_eq!((figures(&report), &report["stopped"]), ([0, 0, 8, 0, 4, 0], &Json::Null));
}
