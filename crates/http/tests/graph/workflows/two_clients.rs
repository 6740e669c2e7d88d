//! Several administrators who edit the same workflow: whoever says what they have read loses nothing of the others.

use serde_json::{Value as Json, json};

use crate::api::Api;
use crate::company::on_demand;

/// Edits of each client.
const EDITS: usize = 15;

fn words(workflow: &Json) -> Vec<String> {
    workflow["description"].as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

fn empty(name: &str) -> Json {
    let mut workflow = on_demand(name);
    workflow["description"] = Json::Null;
    workflow
}

#[test]
fn one_after_the_other_the_slower_client_reads_again_and_nothing_is_lost() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&on_demand("w")));
    let (ann, ben) = (api.get(&path).header("etag").to_owned(), api.get(&path).header("etag").to_owned());
    api.ask("PATCH", &path).header("if-match", &ann).json(&json!({ "displayName": "by ann" })).send().is(204);
    let late = json!({ "displayName": "by ben", "description": "by ben" });
    api.ask("PATCH", &path).header("if-match", &ben).json(&late).send().refused(412, "changed");
    let now = api.get(&path);
    let ben = now.header("etag").to_owned();
    assert_eq!(now.is(200)["displayName"], "by ann");
    let merged = json!({ "description": "by ben" });
    api.ask("PATCH", &path).header("if-match", &ben).json(&merged).send().is(204);
    let both = api.get(&path).is(200);
    assert_eq!((&both["displayName"], &both["description"]), (&json!("by ann"), &json!("by ben")));
}

#[test]
fn at_the_same_moment_every_edit_that_was_accepted_is_there() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&empty("w")));
    // Two change the text, one gives new versions: each writes down a word of its own beside what it has read.
    let edit = |client: usize, number: usize| {
        let word = format!("{client}-{number}");
        loop {
            let read = api.get(&path);
            let tag = read.header("etag").to_owned();
            let mut workflow = read.is(200);
            let mut said = words(&workflow);
            said.push(word.clone());
            workflow["description"] = json!(said.join(" "));
            let (method, to, body) = if client == 2 {
                let mut version = on_demand("w");
                version["description"] = workflow["description"].clone();
                ("POST", format!("{path}/createNewVersion"), version)
            } else {
                ("PATCH", path.clone(), json!({ "description": workflow["description"] }))
            };
            let answer = api.ask(method, &to).header("if-match", &tag).json(&body).send();
            match answer.status {
                200 | 201 | 204 => return,
                412 => {}
                _ => drop(answer.is(204)),
            }
        }
    };
    std::thread::scope(|scope| {
        for client in 0..3 {
            let edit = &edit;
            scope.spawn(move || (0..EDITS).for_each(|number| edit(client, number)));
        }
    });
    let workflow = api.get(&path).is(200);
    assert_eq!(workflow["version"], 1 + EDITS);
    let said = words(&workflow);
    assert_eq!(said.len(), 3 * EDITS, "{said:?}");
    for client in 0..3 {
        let own: Vec<&String> = said.iter().filter(|word| word.starts_with(&format!("{client}-"))).collect();
        let wanted: Vec<String> = (0..EDITS).map(|number| format!("{client}-{number}")).collect();
        assert_eq!(own, wanted.iter().collect::<Vec<_>>(), "each once, in the order in which they were made");
    }
}

#[test]
fn of_those_who_have_read_the_same_exactly_one_is_accepted() {
    let api = Api::new();
    for round in 0..10 {
        let path = format!("@/workflows/{}", api.workflow(&on_demand(&format!("w{round}"))));
        let tag = api.get(&path).header("etag").to_owned();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..4)
                .map(|client| {
                    let (api, path, tag) = (&api, &path, &tag);
                    scope.spawn(move || {
                        let ask = api.ask(if client == 3 { "DELETE" } else { "PATCH" }, path);
                        let ask = ask.header("if-match", tag);
                        let name = json!({ "displayName": format!("by {client}") });
                        if client == 3 { ask.send().status } else { ask.json(&name).send().status }
                    })
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        let accepted = statuses.iter().filter(|status| **status == 204).count();
        assert_eq!(accepted, 1, "{statuses:?}");
        // Whoever came after the deletion finds nothing.
        assert!(statuses.iter().all(|status| matches!(status, 204 | 404 | 412)), "{statuses:?}");
    }
}

#[test]
fn whoever_sends_no_if_match_is_never_turned_away() {
    let api = Api::new();
    let path = format!("@/workflows/{}", api.workflow(&on_demand("w")));
    std::thread::scope(|scope| {
        for client in 0..12 {
            let (api, path) = (&api, &path);
            scope.spawn(move || {
                for number in 0..EDITS {
                    let said = json!({ "description": format!("{client}-{number}") });
                    api.patch(path, &said).is(204);
                    api.post(&format!("{path}/createNewVersion"), &on_demand("w")).is(200);
                }
            });
        }
    });
    assert_eq!(api.get(&path).is(200)["version"], 1 + 12 * EDITS);
}
